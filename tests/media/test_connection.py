"""RTSP's messages as cameras send them: cut anywhere, with packets between, and bounded."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.media.rtsp.connection import Wire
from wallctl.media.rtsp.message import (
    MOST_BODY_BYTES,
    MOST_HEAD_BYTES,
    Message,
    MessageError,
    read_head,
)

ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\nX: a\r\nX: b\r\n\r\nbody"
PACKET = b"$\0\0\x05RTSP/"


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        yield Wire(ours), theirs


def received(ends: tuple[Wire, socket.socket], data: bytes) -> Message:
    wire, camera = ends
    camera.sendall(data)
    camera.shutdown(socket.SHUT_WR)
    return wire.receive()


@pytest.mark.parametrize(
    "before", [b"", PACKET, PACKET * 3, b"\r\n", b"\0\1\xff", b"\0" + PACKET + b"\xff\r\n"]
)
def test_an_answer_between_other_things(ends: tuple[Wire, socket.socket], before: bytes) -> None:
    found = received(ends, before + ANSWER + PACKET)
    assert (found.status, found.body, found.all("x")) == (200, b"body", ["a", "b"])
    assert ends[0].rest() == PACKET


def test_lines_that_end_with_lf_alone(ends: tuple[Wire, socket.socket]) -> None:
    found = received(ends, b"RTSP/1.0 401 No\nWWW-Authenticate: Basic\n\n")
    assert (found.status, found.first("www-authenticate")) == (401, "Basic")


@pytest.mark.parametrize("data", [b"", PACKET, ANSWER[:-1], b"RTSP/1.0 2", b"$\0\xff\xff12"])
def test_a_line_that_ends_too_soon(ends: tuple[Wire, socket.socket], data: bytes) -> None:
    with pytest.raises(EOFError):
        received(ends, data)


@pytest.mark.parametrize(
    "data",
    [
        b"R" * (MOST_HEAD_BYTES + 1),
        b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY_BYTES + 1),
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 1e3\r\n\r\n",
    ],
)
def test_what_is_too_large_or_no_number(ends: tuple[Wire, socket.socket], data: bytes) -> None:
    with pytest.raises(MessageError):
        received(ends, data)


@given(st.binary(max_size=200))
def test_any_head_is_read_or_refused(head: bytes) -> None:
    try:
        found = read_head(head)
        found.encode()
        assert 0 <= found.status <= 999
        assert found.body_bytes <= MOST_BODY_BYTES
    except MessageError:
        return


def test_headers_are_exchanged() -> None:
    asked = Message("SETUP rtsp://h/a b RTSP/1.0", (("CSeq", "1"), ("authorization", "x")))
    assert asked.request == ("SETUP", "rtsp://h/a b")
    assert asked.having(Authorization=None, CSeq="2").encode() == (
        b"SETUP rtsp://h/a b RTSP/1.0\r\nCSeq: 2\r\n\r\n"
    )
