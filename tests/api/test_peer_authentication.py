"""Who may connect: the kernel's word counts, and nothing that a peer says."""

import os
import socket

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.server_harness import DEADLINE_S, Net, Served, body, is_alive, taken
from wallctl.api.endpoint import ControlError
from wallctl.api.peer_authentication import answer
from wallctl.api.zmq_sockets import LIBZMQ_MIN, check_libzmq
from wallctl.model.wall.commands.actor import Actor, Origin, Role

net, server = serving.net, serving.server
OWN = 1000


def question(
    address: bytes = b"localhost:1000:1000:4711",
    domain: bytes = b"wall",
    mechanism: bytes = b"NULL",
    *credentials: bytes,
) -> list[bytes]:
    return [b"asker", b"", b"1.0", b"7", domain, address, b"who", mechanism, *credentials]


@pytest.mark.parametrize("uid", [0, OWN])
def test_the_walls_own_user_and_root_may_connect(uid: int) -> None:
    told = answer(question(b"localhost:%d:5:4711" % uid), OWN, lambda _pid: False)
    assert told == [b"asker", b"", b"1.0", b"7", b"200", b"OK", b"%d:4711" % uid, b""]


@pytest.mark.parametrize(
    "frames",
    [
        question(b"localhost:1001:1000:4711"),
        question(b"localhost:01:1000:4711"),
        question(b"localhost"),
        question(b""),
        question(b"127.0.0.1"),
        question(b"localhost:1000:1000:4711\n"),
        question(b"evil:1000:1000:4711"),
        question(b"localhost:1000:1000:4711:1"),
        question(b"localhost:-1:1000:4711"),
        question(domain=b""),
        question(mechanism=b"PLAIN"),
        question(b"localhost:1000:1000:4711", b"wall", b"PLAIN", b"user", b"word"),
        [b"asker"],
        [b"asker", b"", b"2.0", b"7", b"wall", b"localhost:1000:1000:1", b"", b"NULL"],
    ],
)
def test_anybody_else_is_refused(frames: list[bytes]) -> None:
    assert answer(frames, OWN)[4:] == [b"400", b"not your wall", b"", b""]


def test_a_caller_is_who_the_kernel_says(server: Served, net: Net) -> None:
    client = net.client(zmq.DEALER, server.endpoint)
    client.send(body("a"))
    (incoming,) = taken(server, 1)
    uid = os.getuid()
    assert incoming.actor == Actor(f"{uid}:{os.getpid()}", Role.REMOTE, Origin.CONTROL)
    assert incoming.uid == uid


@pytest.mark.parametrize("begin", [b"\x01\x00", b"\x05\x00page", b"P"])
def test_a_peer_without_a_handshake_is_not_heard(server: Served, net: Net, begin: bytes) -> None:
    """ZMTP 1.0: an identity, then messages; a web page's POST can be made to look so."""
    message = body("a")
    frame = b"\xff" + (len(message) + 1).to_bytes(8, "big") + b"\x00" + message
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(DEADLINE_S)
        raw.connect(server.endpoint.removeprefix("ipc://"))
        raw.sendall(begin + (b"OST / HTTP/1.1\r\n" + b" " * 64 if begin == b"P" else b"") + frame)
        for _ in range(20):
            server.turn(10)
    assert is_alive(server, net)


def test_an_old_library_is_refused_in_one_sentence() -> None:
    check_libzmq()
    check_libzmq(LIBZMQ_MIN)
    with pytest.raises(ControlError, match=r"^libzmq is 4\.3\.4 .* 4\.3\.5 or newer"):
        check_libzmq((4, 3, 4))


def test_a_decoder_of_the_wall_is_refused() -> None:
    told = answer(question(), OWN, lambda pid: pid == 4711)
    assert told[4:] == [b"400", b"not your wall", b"", b""]
    assert answer(question(), OWN, lambda pid: pid != 4711)[4] == b"200"
