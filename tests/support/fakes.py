"""Stand-ins with the real interfaces: a clock, cameras that publish on demand, and root.

Everything that can be real is: the arena, its rings and canvases, channels over socket pairs. What
is faked is whoever would sit at the other end of them.
"""

import os
import socket
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from wallctl.alarm_inputs.messages import Answered
from wallctl.controller.file_poll import Heed
from wallctl.decoder.messages import Demand
from wallctl.display.compositor.ring_reader import cropped
from wallctl.display.drawing.sprite import planes
from wallctl.display.messages import Feed, ToPresenter
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.allocator import Allocator
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.canvas import Canvas, CanvasPlace, canvas_bytes
from wallctl.shm.ring import Flag, Header, Ring, RingPlace, begin, prepare, publish, ring_bytes
from wallctl.shm.stream_status import WORDS, Word, block_offset, clear
from wallctl.supervisor.channel import Channel, pair
from wallctl.supervisor.child_setup import Birth
from wallctl.supervisor.messages import (
    Alive,
    Born,
    Died,
    End,
    Ended,
    FromController,
    Keep,
    Kill,
    Retire,
    Spawn,
)

Pixels = NDArray[np.uint8]
MS = 1_000_000
SECOND = 1000 * MS
BEGAN_UNIX_NS = 1_763_820_309 * SECOND
"""2025-11-22 14:05:09 UTC."""
NO_PROCESS = 1 << 22
"""Pids from here on are above every process that lives."""


class FakeClock:
    """Monotonic ns that pass when the test says so, and a little with each look."""

    def __init__(self, look_ns: int = 0) -> None:
        self.now_ns = 1000 * SECOND
        self.look_ns = look_ns

    def __call__(self) -> int:
        self.now_ns += self.look_ns
        return self.now_ns

    def unix_ns(self) -> int:
        """The wall-clock time of the same moment."""
        return BEGAN_UNIX_NS + self.now_ns - 1000 * SECOND


def picture(size: Size, seed: int) -> Pixels:
    """Planar picture bytes that differ from those of any other seed nearly everywhere."""
    noise = np.random.default_rng(seed).integers(16, 235, size.w * size.h * 3 // 2)
    return noise.astype(np.uint8)


def planes_of(packed: Pixels, size: Size) -> list[Pixels]:
    """The planes of planar picture bytes."""
    luma, chroma = size.w * size.h, size.w * size.h // 4
    return [
        packed[:luma].reshape(size.h, size.w),
        packed[luma : luma + chroma].reshape(size.h // 2, size.w // 2),
        packed[luma + chroma : luma + 2 * chroma].reshape(size.h // 2, size.w // 2),
    ]


def bring(seen: Pixels, canvas: Pixels, changed: Sequence[Rect]) -> None:
    """Do to what is seen of a canvas what a window does that is told what changed."""
    for rect in changed:
        for old, new in zip(
            cropped(planes(seen), rect), cropped(planes(canvas), rect), strict=True
        ):
            old[...] = new


class FakeStream:
    """What presenters and the controller see of a worker: a stream's block, and one ring of it."""

    def __init__(
        self, arena: Arena, clock: FakeClock, block: int, place: RingPlace, name: str
    ) -> None:
        self._clock = clock
        self.words = arena.words(block_offset(block), WORDS)
        clear(self.words)
        self.words[Word.INTERVAL_NS] = 40 * MS
        self.ring = Ring(arena, place)
        prepare(self.ring)
        self.feed = Feed(name, place, block)

    def publish(self, pixels: Pixels, size: Size | None = None, flags: Flag = Flag.NONE) -> None:
        """One more picture of a stream that is live."""
        now_ns = self._clock.now_ns
        self.phase(Phase.STILL if flags & Flag.STILL else Phase.LIVE)
        self.words[Word.DECODED] += 1
        self.words[Word.PICTURE_NS] = now_ns
        self.words[Word.PICTURE_UNIX_NS] = self._clock.unix_ns()
        room = begin(self.ring)
        assert room is not None
        room[: len(pixels)] = pixels
        frame = self.words[Word.DECODED]
        size = size or self.ring.place.size
        publish(self.ring, Header(size, flags, frame, 0, now_ns - 5 * MS, now_ns))

    def noise(self, seed: int, size: Size | None = None, flags: Flag = Flag.NONE) -> Pixels:
        """Publish ``picture(size, seed)``, and return it."""
        pixels = picture(size or self.ring.place.size, seed)
        self.publish(pixels, size, flags)
        return pixels

    def phase(self, phase: Phase, reason: Reason = Reason.NONE) -> None:
        """What the worker says of its connection."""
        self.words[Word.PHASE], self.words[Word.REASON] = phase, reason
        self.words[Word.SINCE_UNIX_NS] = self._clock.unix_ns()


class Studio:
    """The memory of a wall of one screen, and a clock."""

    def __init__(self, size: Size, heap_bytes: int = 1 << 22) -> None:
        self.clock = FakeClock()
        self.arena = Arena.create(HEAP_OFFSET + heap_bytes)
        self._allocator = Allocator(HEAP_OFFSET, self.arena.size)
        self._streams = 0
        self.canvas_place = self.canvas(size)

    def _take(self, count: int) -> int:
        offset = self._allocator.take(count)
        assert offset is not None, "the test needs a larger heap"
        return offset

    def canvas(self, size: Size) -> CanvasPlace:
        """Room for one more canvas."""
        return CanvasPlace(self._take(canvas_bytes(size)), size)

    def mapped(self) -> Canvas:
        """The screen's canvas, as a reader maps it."""
        return Canvas(self.arena, self.canvas_place)

    def stream(self, size: Size, name: str = "main") -> FakeStream:
        """A stream that is not connected yet, with a ring for tiles of that size."""
        self._streams += 1
        place = RingPlace(self._take(ring_bytes(size)), size, self._streams)
        return FakeStream(self.arena, self.clock, self._streams - 1, place, name)


class FakeDisplay:
    """A window that keeps what it was given to show.

    As a real one it takes from each canvas only what is said to have changed: ``shown`` is what a
    viewer sees.
    """

    def __init__(self, refresh_hz: float = 50.0) -> None:
        self.refresh_hz = refresh_hz
        self.monitor = Monitor(MonitorState.THERE)
        self.is_bare = False
        self.shown: list[Pixels] = []
        self.closed = False
        self._events: list[KeyEvent] = []
        self._pointed: list[PointerEvent] = []
        self._ends = socket.socketpair()

    def show(self, canvas: Pixels, changed: Sequence[Rect]) -> None:
        seen = self.shown[-1].copy() if self.shown else np.zeros_like(canvas)
        bring(seen, canvas, changed)
        self.shown.append(seen)

    def type(self, *events: KeyEvent) -> None:
        """Somebody presses keys."""
        self._events += events

    def point(self, *events: PointerEvent) -> None:
        """Somebody uses the mouse."""
        self._pointed += events

    def pointed(self) -> list[PointerEvent]:
        events, self._pointed = self._pointed, []
        return events

    def keys(self) -> list[KeyEvent]:
        events, self._events = self._events, []
        return events

    def fileno(self) -> int:
        return self._ends[0].fileno()

    def close(self) -> None:
        self.closed = True
        for end in self._ends:
            end.close()


class FakeRoot:
    """Root as the controller's crew knows it. Children exist only as the other end of a channel."""

    def __init__(self) -> None:
        self._end, theirs = pair()
        self._channel: Channel[FromController] = Channel(self._end, FromController)
        self.birth = Birth("controller", b"", theirs)
        self.children: dict[str, Channel[ToPresenter | Demand | Heed | Answered]] = {}
        self.spawned: dict[str, Spawn] = {}
        self.retired: list[str] = []
        self.killed: list[str] = []
        self.kept: list[bytes] = []
        self.beats = 0
        self.code: int | None = None
        self._pids: dict[str, int] = {}
        self._births = 0
        self._kept_ends: dict[str, socket.socket] = {}
        """A copy of the controller's end of each channel, as root holds them."""

    def serve(self, *, give_birth: bool = True) -> None:
        """Do what the controller has asked for so far."""
        while (got := self._channel.receive()) is not None:
            message, fds = got
            self.beats += isinstance(message, Alive)
            match message:
                case Spawn():
                    self.spawned[message.name] = message
                    if give_birth:
                        self.bear(message.name)
                case Retire():
                    self.retired.append(message.name)
                    self.bury(message.name)
                case Kill():
                    self.killed.append(message.name)
                case Keep():
                    with os.fdopen(fds[0], "rb") as file:
                        file.seek(0)
                        self.kept.append(file.read())
                case Ended():
                    self.code = message.code

    def bear(self, name: str) -> None:
        """A child begins (again)."""
        controller_end, child_end = pair()
        self._pids[name] = NO_PROCESS + self._births
        self._births += 1
        self._channel.send(Born(name, self._pids[name]), [controller_end.fileno()])
        self._kept_ends[name] = controller_end
        self.children[name] = Channel(child_end, ToPresenter | Demand | Heed | Answered)

    def bury(self, name: str, cpu_s: float = 0.0, code: int = 1) -> None:
        """A child is gone, unless it was before."""
        if name not in self.children:
            return
        self.children.pop(name).close()
        self._kept_ends.pop(name).close()
        self._channel.send(Died(name, self._pids[name], code, cpu_s))

    def hang_up(self, name: str) -> None:
        """A child's end and root's copies of its channel are gone."""
        self.children.pop(name).close()
        self._kept_ends.pop(name).close()

    def tell_death(self, name: str, pid: int) -> None:
        """A child that hung up before has ended."""
        self._channel.send(Died(name, pid, 0, 0.0))

    def inherit(self) -> None:
        """The controller is gone; the next finds its own new channel and those of all children."""
        self._end.close()
        self.birth.channel.close()
        self._end, theirs = pair()
        self._channel = Channel(self._end, FromController)
        others = {name: (self._pids[name], self._kept_ends[name].dup()) for name in self.children}
        self.birth = Birth("controller", b"", theirs, others=others)

    def end(self) -> None:
        """A person wants the wall to end."""
        self.say(End())

    def say(self, message: msgspec.Struct) -> None:
        """Root says something to the controller."""
        self._channel.send(message)

    def told(self, name: str) -> list[msgspec.Struct]:
        """What the controller has sent to a child since the last call."""
        return list(self.children[name].drain())

    def says(self, name: str, message: msgspec.Struct) -> None:
        """A child says something to the controller."""
        assert self.children[name].send(message)

    def close(self) -> None:
        """Let go of all ends."""
        for channel in self.children.values():
            channel.close()
        for end in (*self._kept_ends.values(), self._end, self.birth.channel):
            end.close()
