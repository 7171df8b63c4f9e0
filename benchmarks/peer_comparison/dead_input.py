"""One camera of sixteen falls silent: what becomes of the pictures of the others, second by second?

The camera is a web server's stream that is open and brings nothing more, as when a switch loses its
power. The others are files at their own pace.
"""

import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import msgspec

from benchmarks.harness.program import CountedProgram
from benchmarks.harness.running_wall import showing
from benchmarks.peer_comparison.commands import Peer, mosaic
from benchmarks.peer_comparison.live_pace import peer_running
from wallctl.api.client import Client
from wallctl.demo.clips import RATE_HZ

LAYOUT = "4x4"
SETTLE_S, BEFORE_S, AFTER_S = 4, 2, 5
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n"
REQUEST_BYTES = 1 << 16


class Silenced(msgspec.Struct, frozen=True):
    """Pictures a second, second by second: those before the camera fell silent, those after."""

    before_fps: tuple[float, ...]
    after_fps: tuple[float, ...]


class FailingCamera:
    """Serves a clip at its own pace as an endless stream, until it falls silent."""

    def __init__(self, clip: Path) -> None:
        self._units = list(transport_units(clip))
        self._silent = threading.Event()
        self._left = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}/camera.ts"
        self._server = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._silent.set()
        self._left.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._server.join()

    def fall_silent(self) -> None:
        """Send nothing more, and hang up on nobody."""
        self._silent.set()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # whoever looks may leave, and so ends a call
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._play, args=(caller,), daemon=True).start()

    def _play(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            caller.recv(REQUEST_BYTES)
            caller.sendall(HEAD)
            began_s = time.monotonic()
            for number, unit in enumerate(self._units):
                if self._silent.wait(max(0.0, began_s + number / RATE_HZ - time.monotonic())):
                    break
                caller.sendall(unit)
            self._left.wait()


def transport_units(clip: Path) -> Iterator[bytes]:
    """A clip's pictures as MPEG transport stream, each with what goes before it."""
    written = BytesIO()
    options = {"flush_packets": "1"}
    with (
        av.open(str(clip)) as source,
        av.open(written, "w", format="mpegts", options=options) as target,
    ):
        first = source.streams.video[0]
        track = target.add_stream_from_template(first)
        for packet in source.demux(first):
            if packet.size:
                packet.stream = track
                target.mux(packet)
                yield written.getvalue()
                written.seek(0)
                written.truncate()


def silence_peer(peer: Peer, files: list[Path]) -> Silenced:
    """Pictures that a peer puts out while the last of its sixteen inputs falls silent."""
    with FailingCamera(files[-1]) as camera:
        asked = mosaic((*files[:-1], camera.url), LAYOUT, live=True)
        with peer_running(peer, asked) as program:
            program.wait_shown()
            return _silenced(camera, lambda: _put_out(program))


def silence_wall(files: list[Path]) -> Silenced:
    """The mean of the presented pictures of the fifteen tiles of a wall that should not care."""
    with (
        FailingCamera(files[-1]) as camera,
        showing((*files[:-1], camera.url), LAYOUT) as wall,
        wall.client() as client,
    ):
        wall.wait_live(len(files))
        return _silenced(camera, lambda: _others(client))


def _silenced(camera: FailingCamera, rate: Callable[[], float]) -> Silenced:
    """``rate`` takes a second, and tells the pictures a second in it."""
    time.sleep(SETTLE_S)
    before = tuple(round(rate(), 1) for _ in range(BEFORE_S))
    camera.fall_silent()
    return Silenced(before, tuple(round(rate(), 1) for _ in range(AFTER_S)))


def _put_out(program: CountedProgram) -> float:
    began_s, before = time.monotonic(), program.shown
    time.sleep(1)
    return (program.shown - before) / (time.monotonic() - began_s)


def _others(client: Client) -> float:
    """The wall tells of each tile what it presented in the last second."""
    time.sleep(1)
    return statistics.fmean(tile["fps"] for tile in client.status()["tiles"][:-1])
