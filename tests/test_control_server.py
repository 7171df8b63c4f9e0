"""The server against real sockets: well-meant, careless and hostile clients."""

import contextlib
import json
import os
import random
import socket
import time
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from wallctl.control.endpoint import ControlError
from wallctl.control.events import Event, Topic, read_event
from wallctl.control.protocol import BODY_MAX_BYTES, Answer, Done, Receipt, write_request
from wallctl.control.replies import KEPT_NS
from wallctl.control.server import TAKEN_PER_TURN, Incoming, Server
from wallctl.model import command as c

Socket = zmq.Socket[bytes]
DEADLINE_S = 5.0
DONE = Done(1, Receipt(1.0))


class Net:
    """The clients of a test; they live until its end."""

    def __init__(self) -> None:
        self.context: zmq.Context[Socket] = zmq.Context()
        self._clients: list[Socket] = []

    def client(self, kind: int, endpoint: str, receive_max: int = 1000) -> Socket:
        client = self.context.socket(kind)
        self._clients.append(client)
        client.setsockopt(zmq.IPV6, 1)
        client.setsockopt(zmq.RCVHWM, receive_max)
        client.connect(endpoint)
        return client


@pytest.fixture
def net() -> Iterator[Net]:
    net = Net()
    yield net
    net.context.destroy(linger=0)


@pytest.fixture(params=["ipc", "tcp"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    own = f"ipc://{tmp_path}/control.sock"
    with Server(own if request.param == "ipc" else "tcp://127.0.0.1:*") as server:
        yield server


@pytest.fixture
def tcp_server() -> Iterator[Server]:
    with Server("tcp://127.0.0.1:*") as server:
        yield server


def body(name: str, command: c.Command | None = None) -> bytes:
    return write_request(name, command or c.GoHome())


T = typing.TypeVar("T")


def until(found: Callable[[], T | None]) -> T:
    """What ``found`` gives once it gives something."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
    raise AssertionError("it did not happen in time")


def taken(server: Server, count: int) -> list[Incoming]:
    """That many commands, as soon as they are there."""
    commands: list[Incoming] = []

    def turn() -> list[Incoming] | None:
        server.wait(20)
        commands.extend(server.take())
        return commands if len(commands) >= count else None

    return until(turn)


def answered(server: Server, client: Socket) -> dict[str, typing.Any]:
    """The next reply that a client gets while the server turns."""

    def turn() -> dict[str, typing.Any] | None:
        server.wait(5)
        assert server.take() == []
        if not client.poll(5):
            return None
        return typing.cast(dict[str, typing.Any], json.loads(client.recv_multipart()[-1]))

    return until(turn)


def received(client: Socket) -> list[bytes]:
    assert client.poll(round(DEADLINE_S * 1000))
    return client.recv_multipart()


def is_alive(server: Server, net: Net) -> bool:
    """Whether a newcomer is served."""
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("alive"))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, DONE)
    return bool(json.loads(received(client)[0])["id"] == "alive")


@pytest.mark.parametrize("kind", [zmq.DEALER, zmq.REQ])
def test_a_command_is_taken_and_answered(server: Server, net: Net, kind: int) -> None:
    client = net.client(kind, server.endpoint)
    client.send(body("a", c.SetLayout("3x3")))
    (incoming,) = taken(server, 1)
    assert incoming.command == c.SetLayout("3x3")
    server.reply(incoming.ticket, DONE)
    reply = json.loads(received(client)[0])
    assert (reply["id"], reply["ok"], reply["revision"]) == ("a", True, 1)


def test_two_clients_get_each_their_own_reply(server: Server, net: Net) -> None:
    clients = [net.client(zmq.DEALER, server.endpoint) for _ in range(2)]
    for number, client in enumerate(clients):
        client.send(body("same", c.Show(str(number))))
    for incoming in reversed(taken(server, 2)):
        assert isinstance(incoming.command, c.Show)
        server.reply(incoming.ticket, Done(int(incoming.command.source), Receipt(0.0)))
    assert [json.loads(received(client)[0])["revision"] for client in clients] == [0, 1]


def test_a_snapshot_comes_as_a_second_frame(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a", c.Snapshot("left", clean=True)))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, Answer(7, {"bytes": 4}, b"\x89PNG"))
    head, picture = received(client)
    assert json.loads(head)["result"] == {"bytes": 4}
    assert picture == b"\x89PNG"


@pytest.mark.parametrize(
    "frames",
    [
        [b""],
        [b"", b""],
        [b"", body("a"), body("b")],
        [body("a"), body("b")],
        [b"x"] * 100,
        [b""] * 100,
        [b"not json"],
        [b"[" * BODY_MAX_BYTES],
    ],
)
def test_wrong_frames_get_one_error_each(server: Server, net: Net, frames: list[bytes]) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send_multipart(frames)
    reply = answered(server, client)
    assert reply["ok"] is False
    assert reply["error"]["code"] == "bad_request"
    assert server.statistics().refused == 1
    assert is_alive(server, net)
    assert not client.poll(0)


def test_every_body_of_the_json_suite_gets_one_error(tcp_server: Server, net: Net) -> None:
    suite = Path(__file__).parents[2] / "shared/media/control/JSONTestSuite"
    if not suite.is_dir():
        pytest.skip("the JSONTestSuite is not beside the repository")
    client = net.client(zmq.DEALER, tcp_server.endpoint)
    files = [p for p in sorted(suite.glob("*.json")) if p.stat().st_size <= BODY_MAX_BYTES]
    assert len(files) > 300
    for file in files:
        client.send(file.read_bytes())
        reply = answered(tcp_server, client)
        assert (reply["ok"], reply["error"]["code"]) == (False, "bad_request"), file.name
    assert tcp_server.statistics().refused == len(files)
    assert tcp_server.statistics().taken == 0
    assert is_alive(tcp_server, net)
    assert not client.poll(0)


def test_too_large_a_message_costs_its_sender_the_connection(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(b"x" * (BODY_MAX_BYTES + 1))
    assert is_alive(server, net)
    client.send(body("again"))
    assert taken(server, 1)[0].ticket.id == "again"
    assert server.statistics().refused == 0


def test_garbage_on_the_ports_harms_nobody(tcp_server: Server, net: Net) -> None:
    dice = random.Random(7)
    for endpoint in (tcp_server.endpoint, tcp_server.events_endpoint):
        port = int(endpoint.rpartition(":")[2])
        for garbage in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff\0\0\0\0\0\0\0\1\x7f\3", None):
            with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as raw:
                with contextlib.suppress(ConnectionError):
                    raw.sendall(dice.randbytes(100_000) if garbage is None else garbage)
                tcp_server.wait(1)
                assert tcp_server.take() == []
    assert is_alive(tcp_server, net)


def test_a_repeated_request_is_answered_again_and_not_done_again(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    client.send(body("a"))
    until(lambda: server.wait(5).commands or None)
    assert server.take() == []
    server.reply(incoming.ticket, DONE)
    first = received(client)
    client.send(body("a"))
    assert answered(server, client) == json.loads(first[0])
    assert server.statistics().repeated == 2
    assert not client.poll(0)


def test_after_a_minute_an_id_is_new_again(tmp_path: Path, net: Net) -> None:
    now_ns = 0
    with Server(f"ipc://{tmp_path}/control.sock", lambda: now_ns) as server:
        client = net.client(zmq.DEALER, server.endpoint)
        for _ in range(2):
            client.send(body("a"))
            (incoming,) = taken(server, 1)
            server.reply(incoming.ticket, DONE)
            now_ns += KEPT_NS


def test_a_query_may_be_asked_again_under_its_id(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    for revision in range(2):
        client.send(body("a", c.Status()))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, Answer(revision, {}))
        assert json.loads(received(client)[0])["revision"] == revision


def test_a_flood_is_taken_in_turns(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    for number in range(3 * TAKEN_PER_TURN):
        client.send(body(str(number)))
    sizes: list[int] = []

    def turn() -> bool | None:
        server.wait(20)
        sizes.append(len(server.take()))
        return sum(sizes) == 3 * TAKEN_PER_TURN or None

    assert until(turn)
    assert max(sizes) <= TAKEN_PER_TURN


def test_a_client_that_left_is_counted(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    client.close(linger=0)

    def gone() -> int | None:
        server.wait(5)
        server.reply(incoming.ticket, DONE)
        return server.statistics().gone or None

    assert until(gone) == 1
    assert is_alive(server, net)


def test_a_client_that_reads_no_replies_holds_up_nobody(server: Server, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint, receive_max=1)
    client.send(body("a", c.Snapshot()))
    (incoming,) = taken(server, 1)
    for _ in range(600):
        server.reply(incoming.ticket, Answer(1, {}, bytes(65_536)))
    assert server.statistics().gone > 0
    assert is_alive(server, net)


def next_event(server: Server, reader: Socket) -> Event:
    def turn() -> Event | None:
        server.wait(5)
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    return until(turn)


def reader_of(server: Server, net: Net, topic: bytes = b"") -> Socket:
    reader = net.client(zmq.SUB, server.events_endpoint)
    reader.setsockopt(zmq.SUBSCRIBE, topic)
    return reader


def test_a_late_reader_gets_the_state_first(server: Server, net: Net) -> None:
    server.publish(Topic.STATE, {"revision": 1})
    server.publish(Topic.TILE, {"tile": "left/1"})
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)
    state = next_event(server, reader)
    server.publish(Topic.SETTLED, {"revision": 2})
    settled = next_event(server, reader)
    assert (state.topic, state.body, state.seq) == ("state", {"revision": 2}, 3)
    assert (settled.topic, settled.seq, settled.epoch) == ("settled", 4, server.epoch)


def test_an_event_that_comes_with_a_new_reader_follows_the_state(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    reader = reader_of(server, net)

    def told() -> Event | None:
        server.publish(Topic.BEAT, {})
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).topic == "state"


def test_each_further_reader_gets_the_state_too(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 2})
    for _ in range(3):
        assert next_event(server, reader_of(server, net)).body == {"revision": 2}


def test_a_change_that_meets_a_new_reader_is_told_once(server: Server, net: Net) -> None:
    reader = reader_of(server, net, b"state")
    published = []

    def told() -> Event | None:
        server.publish(Topic.STATE, {"revision": 1})
        published.append(server.statistics().events)
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).seq in published
    assert published == list(range(1, len(published) + 1)), "each change is one event"


def test_who_reads_other_topics_gets_no_state(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    reader = reader_of(server, net, b"beat")

    def told() -> Event | None:
        server.publish(Topic.BEAT, {})
        return read_event(reader.recv_multipart()) if reader.poll(5) else None

    assert until(told).topic == "beat"


def test_a_reader_that_reads_nothing_holds_up_nobody(server: Server, net: Net) -> None:
    server.set_snapshot({"revision": 1})
    lazy = net.client(zmq.SUB, server.events_endpoint, receive_max=1)
    lazy.setsockopt(zmq.SUBSCRIBE, b"")
    next_event(server, lazy)
    for _ in range(3000):
        server.publish(Topic.TILE, {"padding": "x" * 2000})
    assert next_event(server, reader_of(server, net)).topic == "state"
    assert is_alive(server, net)


def test_waiting_hears_extra_descriptors(server: Server) -> None:
    read_fd, write_fd = os.pipe()
    try:
        assert server.wait(0, [read_fd]).fds == frozenset()
        os.write(write_fd, b"x")
        assert server.wait(1000, [read_fd]).fds == {read_fd}
        os.read(read_fd, 1)
        os.close(write_fd)
        assert server.wait(1000, [read_fd]).fds == {read_fd}
    finally:
        os.close(read_fd)
    assert server.wait(0).fds == frozenset()


def test_a_second_wall_is_refused_and_the_first_goes_on(server: Server, net: Net) -> None:
    with pytest.raises(ControlError, match="end it"):
        Server(server.endpoint)
    assert is_alive(server, net)


def test_the_socket_of_a_dead_wall_is_replaced(tmp_path: Path, net: Net) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert path.is_socket()
    for _ in range(2):
        with Server(f"ipc://{path}") as server:
            assert is_alive(server, net)
            assert path.stat().st_mode & 0o777 == 0o600


def test_events_go_to_the_next_port_or_to_a_free_one(net: Net) -> None:
    with Server("tcp://127.0.0.1:*") as server:
        port = int(server.endpoint.rpartition(":")[2])
        events = int(server.events_endpoint.rpartition(":")[2])
        assert events != port
        with Server("tcp://[::1]:*") as other:
            assert other.endpoint.startswith("tcp://[::1]:")
            assert is_alive(other, net)


def test_the_last_reply_still_leaves_when_the_wall_ends(tmp_path: Path, net: Net) -> None:
    with Server(f"ipc://{tmp_path}/control.sock") as server:
        client = net.client(zmq.DEALER, server.endpoint)
        client.send(body("bye", c.Quit()))
        (incoming,) = taken(server, 1)
        server.reply(incoming.ticket, DONE)
    assert json.loads(received(client)[0])["id"] == "bye"
