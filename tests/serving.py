"""A real server, and clients at the other end of its sockets."""

import json
import time
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from wallctl.control.protocol import Done, Receipt, write_request
from wallctl.control.server import Incoming, Server
from wallctl.model import command as c

Socket = zmq.Socket[bytes]
DEADLINE_S = 5.0
DONE = Done(1, Receipt(1.0))
T = typing.TypeVar("T")


class Net:
    """The clients of a test; they live until its end."""

    def __init__(self) -> None:
        self.context: zmq.Context[Socket] = zmq.Context()
        self._clients: list[Socket] = []

    def client(self, kind: int, endpoint: str, receive_max: int = 1000) -> Socket:
        """A new one, which holds so many messages that nobody has read."""
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
    """A request, with that id."""
    return write_request(name, command or c.GoHome())


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


def received(client: Socket) -> list[bytes]:
    """The frames of the next message."""
    assert client.poll(round(DEADLINE_S * 1000))
    return client.recv_multipart()


def is_alive(server: Server, net: Net) -> bool:
    """Whether a newcomer is served."""
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("alive"))
    (incoming,) = taken(server, 1)
    server.reply(incoming.ticket, DONE)
    return bool(json.loads(received(client)[0])["id"] == "alive")
