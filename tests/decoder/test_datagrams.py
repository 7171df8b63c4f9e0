"""Sources without a connection: watched by their pictures, whatever else arrives."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.support.servers.web_camera import transport_stream
from tests.support.worker_harness import Bench, until
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.stream_status import Word

SECONDS = 2
"""What an encoder sends over and over."""
PIECE = 1316
"""Bytes of a datagram: seven packets of a transport stream."""


@pytest.fixture
def sender() -> Iterator["Sender"]:
    with Sender() as one:
        yield one


class Sender:
    """An encoder that sends a transport stream to a port of this machine, over and over."""

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sends = b""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        wait_s = 0.01
        while not self._over.wait(wait_s):  # an encoder's pace
            stream = self.sends
            pieces = [stream[i : i + PIECE] for i in range(0, len(stream), PIECE)]
            wait_s = SECONDS / max(1, len(pieces))
            for piece in pieces:
                if self.sends is not stream or self._over.wait(wait_s):
                    break
                self._socket.sendto(piece, ("127.0.0.1", self.port))


pytestmark = pytest.mark.e2e  # its patience is in real seconds

OTHERS = {
    "video to another PID, sound goes on": transport_stream(seconds=SECONDS, pid=0x200, version=1),
    "both to others": transport_stream(seconds=SECONDS, pid=0x200, sound_pid=0x400),
}


@pytest.mark.parametrize("name", OTHERS)
def test_video_that_moves_is_found_again(sender: Sender, name: str) -> None:
    sender.sends = transport_stream(seconds=SECONDS)
    with Bench(f"udp://127.0.0.1:{sender.port}") as worker:
        until(lambda: worker.word(Word.PHASE), lambda phase: phase == Phase.LIVE)
        sender.sends = OTHERS[name]
        until(lambda: worker.word(Word.RECONNECTS), lambda count: count == 1, timeout_s=20)


def test_silence_is_told_as_such_where_nobody_can_hang_up(sender: Sender) -> None:
    """No picture in time, before the first one as after it."""
    with Bench(f"udp://127.0.0.1:{sender.port}") as worker:
        until(lambda: worker.word(Word.PHASE), lambda phase: phase == Phase.FAILED, timeout_s=20)
        assert worker.word(Word.REASON) == Reason.TIMED_OUT
