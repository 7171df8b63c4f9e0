"""The server of the HTTP input on a free port, and its callers."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import pytest

from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.http_listener import AlarmServer
from wallctl.model.site.alarm_input import HttpInput, Push
from wallctl.model.site.credential import Login


@pytest.fixture
def served(raiser: Raiser) -> Iterator[Callable[..., int]]:
    """Starts servers; their ports."""
    servers: list[AlarmServer] = []

    def serve(login: Login | None = None, pushes: tuple[Push, ...] = ()) -> int:
        server = AlarmServer(HttpInput(0, login, pushes=pushes), raiser)
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        servers.append(server)
        return int(server.server_address[1])

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def post(
    port: int,
    path: str,
    body: bytes = b"",
    method: str = "POST",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, body, dict(headers))
    reply = connection.getresponse()
    told = reply.status, reply.read()
    connection.close()
    return told


def talk(port: int, *pieces: bytes) -> bytes:
    """What the server answers to a call that is sent piece by piece."""
    with socket.create_connection(("127.0.0.1", port), 5) as caller:
        for piece in pieces:
            caller.sendall(piece)
        answer = b""
        while got := caller.recv(4096):
            answer += got
        return answer
