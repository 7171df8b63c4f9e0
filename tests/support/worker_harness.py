"""A real decoder worker in a forked child, with a real arena and channel."""

import os
import signal
import socket
import time
import traceback
from collections.abc import Callable
from typing import TypeVar

from wallctl.decoder import worker
from wallctl.decoder.messages import Demand, Tap, WorkerSpec
from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_effort import Effort
from wallctl.node.child_kinds import CHILD_KINDS, WORKER
from wallctl.shm.arena import HEAP_OFFSET, Arena, picture_bytes
from wallctl.shm.ring import Glimpse, Ring, RingPlace, latest, prepare, ring_bytes
from wallctl.shm.stream_status import BLOCKS_OFFSET, WORDS, StreamFacts, Word, clear, read
from wallctl.supervisor.channel import Channel, pair
from wallctl.supervisor.child_setup import FAILED, NOT_NOW, NotNowError
from wallctl.supervisor.privileges import take

TILE = Size(320, 180)
T = TypeVar("T")


class Bench:
    """One worker at work. Use as a context manager."""

    def __init__(self, url: str | Stream, login: Login | None = None) -> None:
        self.arena = Arena.create(HEAP_OFFSET + (64 << 20))
        self.words = self.arena.words(BLOCKS_OFFSET, WORDS)
        clear(self.words)
        self._next = HEAP_OFFSET
        self._serial = 0
        self._generation = 0
        stream = url if isinstance(url, Stream) else Stream("main", url, login)
        self._spec = WorkerSpec("camera", stream, 0)
        self.born_ns = time.monotonic_ns()
        self.start()

    def start(self) -> None:
        """Fork the worker."""
        mine, its = pair()
        self.pid = os.fork()
        if self.pid == 0:
            mine.close()
            self._child(its)
        its.close()
        self.channel: Channel[Demand] = Channel(mine, Demand)

    def _child(self, end: socket.socket) -> None:
        code = FAILED
        try:
            take(CHILD_KINDS[WORKER].rights)
            worker.run(self._spec, self.arena, end)
        except NotNowError:
            code = NOT_NOW
        except BaseException:  # noqa: BLE001 - whatever it was, this process ends and says so
            traceback.print_exc()
        finally:
            os._exit(code)

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End the worker at once, wherever it is."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
            self.channel.close()

    def exit_code(self, timeout_s: float = 5) -> int:
        """The code with which the worker ends by itself."""
        status = until(lambda: os.waitpid(self.pid, os.WNOHANG), lambda got: got[0], timeout_s)[1]
        self.pid = 0
        self.channel.close()
        return os.waitstatus_to_exitcode(status)

    def tap(self, tile: Size = TILE, fit: Fit = Fit.CONTAIN) -> tuple[Tap, Ring]:
        """A new tap, and its ring as a reader sees it."""
        self._generation += 1
        place = RingPlace(self._next, tile, self._generation)
        self._next += -(-ring_bytes(tile) // 4096) * 4096
        ring = Ring(self.arena, place)
        prepare(ring)
        return Tap(tile, fit, place), ring

    def demand(self, *taps: Tap) -> int:
        """Ask for taps; the serial."""
        self._serial += 1
        assert self.channel.send(Demand(self._serial, taps, Effort.FULL if taps else Effort.NONE))
        return self._serial

    def show(self, tile: Size = TILE, fit: Fit = Fit.CONTAIN) -> Ring:
        """Ask for one new tap and nothing else."""
        tap, ring = self.tap(tile, fit)
        self.demand(tap)
        return ring

    def facts(self) -> StreamFacts:
        """What the worker says now."""
        return read(self.words)

    def word(self, word: Word) -> int:
        """One word of the block."""
        return self.words[word]


def until(look: Callable[[], T], good: Callable[[T], object] = bool, timeout_s: float = 10) -> T:
    """Look again and again until what is seen is good."""
    deadline = time.monotonic() + timeout_s
    while not good(seen := look()):
        assert time.monotonic() < deadline, f"not within {timeout_s} s; last seen: {seen}"
        time.sleep(0.002)
    return seen


def picture(ring: Ring, after: int = 0, timeout_s: float = 10) -> Glimpse:
    """The next picture of a ring."""
    got = until(lambda: latest(ring, after), lambda seen: seen is not None, timeout_s)
    assert got is not None
    assert got.pixels.size == picture_bytes(ring.place.size)
    return got
