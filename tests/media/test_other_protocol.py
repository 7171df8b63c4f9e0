"""An address whose beginning or port is wrong: its tile says so, and blames no camera."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

WEB_PAGE = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nsorry"
RTSP = b"RTSP/1.0 400 Bad Request\r\n\r\n"
SHELL, LOGIN = b"SSH-2.0-dropbear\r\n", b"\xff\xfd\x01login: "
ANYBODY = Trust(insecure=True)
ALERT = b"\x15\x03\x01\x00\x02\x02\x46"
"""What OpenSSL answers to a line that is not encrypted: protocol_version."""


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a server that answers each caller so, whatever it says."""

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                peer.recv(1 << 16)
                peer.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("scheme", "answer"),
    [
        *(("rtsp", WEB_PAGE), ("rtsp", ALERT), ("rtsps", RTSP), ("rtsps", WEB_PAGE)),
        *(("rtsp", SHELL), ("rtsp", LOGIN), ("rtsp", bytes(range(99))), ("http", SHELL)),
        *(("http", RTSP), ("http", ALERT), ("https", RTSP), ("https", WEB_PAGE)),
    ],
)
def test_what_speaks_otherwise_than_the_address_says(scheme: str, answer: bytes) -> None:
    with answering(answer) as port:
        caller = call_of(Stream("main", f"{scheme}://127.0.0.1:{port}/1", trust=ANYBODY))
        with pytest.raises((OSError, SourceError)) as raised:
            caller.call()
    assert reason_of(raised.value) is Reason.OTHER_PROTOCOL


@pytest.mark.parametrize("answer", [b"RT", RTSP[:-2], b"$\0\0\5abc"])
def test_a_camera_that_hangs_up_in_an_answer_speaks_as_it_should(answer: bytes) -> None:
    with answering(answer) as port, pytest.raises(EOFError) as raised:
        call_of(Stream("main", f"rtsp://127.0.0.1:{port}/1")).call()
    assert reason_of(raised.value) is Reason.ENDED
