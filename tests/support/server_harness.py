"""A real server with its doorkeeper, and clients at the other end of their sockets."""

import json
import time
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
import zmq

from wallctl.api.doorkeeper import Doorkeeper
from wallctl.api.doorkeeper_messages import Ask, FromDoorkeeper, Ticket, ToDoorkeeper
from wallctl.api.event_messages import Topic
from wallctl.api.protocol import Done, Receipt, Reply, write_request
from wallctl.api.request_socket import Counts
from wallctl.api.server import Server
from wallctl.model.wall.commands import command as c
from wallctl.supervisor.channel import Channel, pair

Socket = zmq.Socket[bytes]
DEADLINE_S = 5.0
DONE = Done(1, Receipt(1.0))
T = typing.TypeVar("T")


class NearLine:
    """The way to a doorkeeper in this very process, which may be exchanged for another."""

    def __init__(self, now_ns: Callable[[], int], own_uid: int | None = None) -> None:
        self._now_ns, self._own_uid = now_ns, own_uid
        self.begin()

    def begin(self) -> None:
        """A doorkeeper begins."""
        near, far = pair()
        self._near: Channel[FromDoorkeeper] = Channel(near, FromDoorkeeper)
        self._far: Channel[ToDoorkeeper] = Channel(far, ToDoorkeeper)
        self.doorkeeper = Doorkeeper(self._far, self._now_ns, self._own_uid)

    def send(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        return self._near.send(message, fds)

    def hear(self) -> Iterator[FromDoorkeeper]:
        return self._near.drain()

    def finish(self) -> None:
        while not self.doorkeeper.is_finished:
            self.doorkeeper.turn(0)

    def close(self) -> None:
        """The doorkeeper is gone, in whatever way."""
        self.doorkeeper.close()
        self._near.close()
        self._far.close()


class Served(Server):
    """A server whose doorkeeper has its turns in ``wait``, and after each thing that is sent."""

    def __init__(
        self,
        endpoint: str,
        now_ns: Callable[[], int] = time.monotonic_ns,
        *,
        waits: bool = False,
        own_uid: int | None = None,
    ) -> None:
        self.taken = 0
        """Commands so far."""
        self.line = NearLine(now_ns, own_uid)
        try:
            super().__init__(endpoint, self.line, now_ns, waits=waits)
        except BaseException:
            self.line.close()
            raise
        self.begin()

    @property
    def counts(self) -> Counts:
        """What the doorkeeper has counted."""
        return self.line.doorkeeper.counts

    def begin(self) -> None:
        super().begin()
        self.wait(0)

    def wait(self, timeout_ms: int) -> None:
        """A turn of the doorkeeper."""
        self.line.doorkeeper.turn(timeout_ms)

    def turn(self, timeout_ms: int) -> None:
        """A turn of both, in which no command comes."""
        self.wait(timeout_ms)
        assert list(self.take()) == []
        self.wait(0)

    def take(self) -> Iterator[Ask]:
        for incoming in super().take():
            self.taken += 1
            yield incoming

    def tend(self, now_ns: int) -> None:
        super().tend(now_ns)
        self.wait(0)

    def reply(self, ticket: Ticket, reply: Reply) -> None:
        super().reply(ticket, reply)
        self.wait(0)

    def publish(self, topic: Topic, body: Mapping[str, object] | msgspec.Struct) -> None:
        super().publish(topic, body)
        self.wait(0)

    def close(self) -> None:
        super().close()
        self.line.close()


class Net:
    """The clients of a test; they live until its end."""

    def __init__(self) -> None:
        self.context: zmq.Context[Socket] = zmq.Context()
        self._clients: list[Socket] = []

    def client(self, kind: int, endpoint: str, receive_max: int = 1000) -> Socket:
        """A new one, which holds so many messages that nobody has read."""
        client = self.context.socket(kind)
        self._clients.append(client)
        client.setsockopt(zmq.RCVHWM, receive_max)
        client.connect(endpoint)
        return client


@pytest.fixture
def net() -> Iterator[Net]:
    net = Net()
    yield net
    net.context.destroy(linger=0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with Served(f"ipc://{tmp_path}/control.sock") as server:
        yield server


def body(name: str, command: c.Command | None = None) -> bytes:
    """A request, with that id."""
    return write_request(name, command or c.GoHome())


def until(found: Callable[[], T | None]) -> T:
    """What ``found`` gives once it gives something."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
    raise AssertionError("it did not happen in time")


def taken(server: Served, count: int) -> list[Ask]:
    """That many commands, as soon as they are there."""
    commands: list[Ask] = []

    def turn() -> list[Ask] | None:
        server.wait(20)
        commands.extend(server.take())
        return commands if len(commands) >= count else None

    return until(turn)


def received(client: Socket) -> list[bytes]:
    """The frames of the next message."""
    assert client.poll(round(DEADLINE_S * 1000))
    return client.recv_multipart()


def is_alive(server: Served, net: Net) -> bool:
    """Whether a newcomer is served."""
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("alive"))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, DONE)
    return bool(json.loads(received(client)[0])["id"] == "alive")
