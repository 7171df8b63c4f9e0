"""The client against a wall that is played by a thread with the real server."""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from tests.support.server_harness import Served
from wallctl.api.client import Client
from wallctl.api.endpoint import ControlError
from wallctl.api.event_messages import Topic
from wallctl.api.protocol import Answer, Done, Failed, Receipt, Reply
from wallctl.model.wall.commands import command as c

PNG = b"\x89PNG"


class Wall(threading.Thread):
    """Answers every command by ``answers``; does what is put into ``jobs`` between two turns."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint
        self.jobs: queue.SimpleQueue[Callable[[Served], object]] = queue.SimpleQueue()
        self.taken: list[c.Command] = []
        self._listening = threading.Event()
        self._over = threading.Event()

    def run(self) -> None:
        with Served(self.endpoint) as server:
            server.set_snapshot({"revision": 0})
            self._listening.set()
            while not self._over.is_set():
                server.wait(5)
                for incoming in server.take():
                    self.taken.append(incoming.command)
                    reply = self.reply(incoming.command, server)
                    if reply is not None:
                        server.reply(incoming.ticket, reply)
                while not self.jobs.empty():
                    self.jobs.get()(server)

    def reply(self, command: c.Command, server: Served) -> Reply | None:
        match command:
            case c.SetLayout("9x9"):
                return Failed("unknown_layout", "no layout is called '9x9'", ("3x3",))
            case c.Back():
                return None
            case c.Hello():
                return Answer(1, {"versions": [1], "events": server.events_endpoint})
            case c.Snapshot(screen):
                return Answer(1, {}, PNG if screen == "left" else None)
            case c.Status() | c.List():
                return Answer(1, {"asked": type(command).__name__})
        return Done(1, Receipt(12.5, (("left/3", "connecting"),)))

    def __enter__(self) -> "Wall":
        self.start()
        assert self._listening.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return f"ipc://{tmp_path}/control.sock"


@pytest.fixture
def wall(endpoint: str) -> Iterator[Wall]:
    with Wall(endpoint) as wall:
        yield wall


@pytest.fixture
def client(wall: Wall) -> Iterator[Client]:
    with Client(wall.endpoint) as client:
        yield client


def test_a_command_is_told_in_words_or_as_a_value(wall: Wall, client: Client) -> None:
    assert client.send("layout 3x3 @left") == Receipt(12.5, (("left/3", "connecting"),))
    assert client.send(c.SetLayout("2x2")).first_ms == 12.5
    assert wall.taken == [c.SetLayout("3x3", "left"), c.SetLayout("2x2")]


def test_the_walls_refusal_comes_as_it_was_said(client: Client) -> None:
    with pytest.raises(c.CommandError) as caught:
        client.send("layout 9x9")
    assert caught.value.code == "unknown_layout"
    assert caught.value.known == ("3x3",)


@pytest.mark.parametrize("words", ["laoyut 3x3", "status"])
def test_what_is_no_change_is_not_sent(wall: Wall, client: Client, words: str) -> None:
    with pytest.raises(c.CommandError) as caught:
        client.send(words)
    assert caught.value.code == "bad_command"
    assert wall.taken == []


def test_questions_are_answered(client: Client) -> None:
    assert client.status() == {"asked": "Status"}
    assert client.list() == {"asked": "List"}
    assert client.hello()["versions"] == [1]
    assert client.snapshot(c.Snapshot("left")) == PNG


def test_a_snapshot_without_a_picture_is_the_walls_fault(client: Client) -> None:
    with pytest.raises(ControlError, match="without its picture"):
        client.snapshot(c.Snapshot("right", clean=True))


def test_no_wall_is_told_in_time(endpoint: str) -> None:
    with (
        Client(endpoint, timeout_s=0.05) as client,
        pytest.raises(ControlError, match="is it running"),
    ):
        client.send("home")


def test_a_wall_that_does_not_answer_is_told_and_a_late_reply_is_not_mistaken(
    wall: Wall,
) -> None:
    with Client(wall.endpoint, timeout_s=0.2) as client:
        with pytest.raises(ControlError, match="is it running"):
            client.send("back")
        assert client.send("home").first_ms == 12.5


def test_a_command_for_a_wall_that_is_not_there_is_not_kept_for_it(endpoint: str) -> None:
    with Client(endpoint, timeout_s=0.05) as client:
        with pytest.raises(ControlError):
            client.send("home")
        with Wall(endpoint) as wall, Client(endpoint) as other:
            other.send("layout 2x2")
            assert wall.taken == [c.SetLayout("2x2")]


def test_something_else_at_the_place_is_told(endpoint: str) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    other = context.socket(zmq.ROUTER)
    other.bind(endpoint)

    def answer() -> None:
        identity, _ = other.recv_multipart()
        other.send_multipart([identity, b"hello"])

    thread = threading.Thread(target=answer)
    thread.start()
    with (
        Client(endpoint) as client,
        pytest.raises(ControlError, match="not understood"),
    ):
        client.send("home")
    thread.join()
    context.destroy(linger=0)


def test_events_begin_with_the_state_and_go_on(wall: Wall, client: Client) -> None:
    events = client.events()
    assert next(events).body == {"revision": 0}
    wall.jobs.put(lambda server: server.publish(Topic.TILE, {"tile": "left/1"}))
    tile = next(events)
    assert (tile.topic, tile.body) == ("tile", {"tile": "left/1"})


def test_after_a_gap_the_state_comes_anew(wall: Wall, client: Client) -> None:
    events = client.events()
    first = next(events)

    def lose_one(server: Served) -> None:
        server._lost += 1
        server.publish(Topic.TILE, {"tile": "after the gap"})

    wall.jobs.put(lose_one)
    again = next(events)
    assert again.topic == "state"
    assert again.seq == first.seq + 3


def test_a_new_wall_at_the_same_place_is_followed(endpoint: str) -> None:
    with Client(endpoint) as client:
        with Wall(endpoint):
            events = client.events()
            first = next(events)
        with Wall(endpoint):
            again = next(events)
    assert (first.topic, again.topic) == ("state", "state")
    assert first.epoch != again.epoch


def test_a_wall_that_fell_silent_is_told(client: Client) -> None:
    events = client.events(timeout_s=0.1)
    next(events)
    with pytest.raises(ControlError, match="is it running"):
        next(events)
