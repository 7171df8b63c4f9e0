"""Watches the tiles of a headless wall pass by pass, in a thread, by the counters in the clips."""

import itertools
import threading
import time
import zlib
from collections.abc import Iterable
from typing import NamedTuple, Self

from tests.support.live_wall import Eyes, LiveWall, cut_out, eventually, luma
from tests.support.servers.clips import foot, read_counter
from wallctl.model.base.geometry import Rect
from wallctl.model.site.layout import tile_rects
from wallctl.shm.canvas import CanvasCopy, CanvasWord

LOOK_EVERY_S = 0.004
LATE_S = 0.05
LOOP = 100
"""Pictures in a clip of 4 s at 25 a second."""


class Look(NamedTuple):
    """One pass of a screen. ``frames`` and ``prints`` have one entry for each tile."""

    at_ns: int
    number: int
    version: int
    frames: tuple[int | None, ...]
    """The frame number that a tile shows; ``None`` where none can be read."""
    cameras: tuple[int | None, ...]
    prints: tuple[int, ...]
    """A fingerprint of the tile's lower half, where no clock lies: it tells every change."""


class Watch:
    """All looks at one screen since the ``with`` block was entered."""

    def __init__(self, wall: LiveWall, screen: str, layout: str, count: int) -> None:
        size = next(one.size for one in wall.site.screens if one.name == screen)
        self.rects = tile_rects(wall.site.layouts[layout], size)[:count]
        self._canvas = Eyes(wall).canvases[screen]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.looks: list[Look] = []
        self._waits: list[tuple[int, float]] = []
        """When a look was due that came late, and by how many seconds."""

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(lambda: self.looks, 5)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        seen_ns, began = 0, time.monotonic()
        while not self._done.wait(LOOK_EVERY_S):
            waited_s, began = time.monotonic() - began, time.monotonic()
            if waited_s > LATE_S:
                self._waits.append((time.monotonic_ns(), waited_s))
            words = self._canvas.words
            if words[CanvasWord.COMPOSED_NS] == seen_ns:
                continue
            copy = self._canvas.copy()
            if copy is not None:
                seen_ns = copy.composed_ns
                self.looks.append(look_at(copy, self.rects))

    def since(self, at_ns: int) -> list[Look]:
        """The looks at passes composed after a time."""
        return [look for look in self.looks if look.at_ns > at_ns]

    def longest_wait_s(self, since_ns: int) -> float:
        """The longest time since then in which the machine didn't let this watch look."""
        return max((waited_s for at_ns, waited_s in self._waits if at_ns > since_ns), default=0.0)

    def reached(self, at_ns: int) -> bool:
        """Whether a pass composed after a time was seen."""
        return self.looks[-1].at_ns > at_ns

    def moved(self, tile: int, since_ns: int) -> int | None:
        """When a tile (from 0) first showed another frame than its first after ``since_ns``."""
        return next(iter(changes(self.since(since_ns), tile)[1:]), None)


def look_at(copy: CanvasCopy, rects: Iterable[Rect]) -> Look:
    """What a pass shows in each tile."""
    plane = luma(copy)
    rects = tuple(rects)
    read = [read_counter(plane, foot(rect)) for rect in rects]
    return Look(
        copy.composed_ns,
        copy.number,
        copy.version,
        tuple(found[1] if found else None for found in read),
        tuple(found[0] if found else None for found in read),
        tuple(zlib.crc32(cut_out(plane, rect)[rect.h // 2 :: 4, ::4].tobytes()) for rect in rects),
    )


def shown(looks: Iterable[Look], tile: int) -> list[tuple[int, int]]:
    """When a tile (from 0) came to show which frame, each time that it was another than before."""
    found: list[tuple[int, int]] = []
    for look in looks:
        frame = look.frames[tile]
        if frame is not None and (not found or found[-1][1] != frame):
            found.append((look.at_ns, frame))
    return found


def changes(looks: Iterable[Look], tile: int) -> list[int]:
    """When a tile (from 0) came to show each further frame, in ns."""
    return [at_ns for at_ns, _frame in shown(looks, tile)]


def longest_hold_s(looks: list[Look], tile: int) -> float:
    """The longest time for which a tile showed the same frame, from the first look to the last."""
    times = [*changes(looks, tile), looks[-1].at_ns]
    return max((b - a for a, b in itertools.pairwise(times)), default=0) / 1e9


class Tally:
    """How many frames a tile's camera gave, and how many of them were presented."""

    def __init__(self) -> None:
        self._given = self._presented = 0

    def add(self, looks: list[Look], tile: int) -> None:
        """Count from one pass to the next; where the watch itself missed a pass, nothing."""
        for before, after in itertools.pairwise(looks):
            a, b = before.frames[tile], after.frames[tile]
            if after.number == before.number + 1 and a is not None and b is not None:
                self._given += (b - a) % LOOP
                self._presented += a != b

    @property
    def share(self) -> float:
        """Presented of given, 0 to 1."""
        return self._presented / max(1, self._given)


def share_presented(looks: list[Look], tile: int) -> float:
    """How many of the frames that a tile's camera gave were presented, 0 to 1."""
    tally = Tally()
    tally.add(looks, tile)
    return tally.share
