"""Is a presented picture whole, and wholly one of the scenes that it may show?

Judges canvases of a wall whose cameras' pictures are stamped. It knows nothing of commands.
"""

import collections
import enum
import functools
import threading
from collections.abc import Iterable

import numpy as np

from benchmarks.harness.stamp import UNREAD, Luma, Reader
from wallctl.demo.clips import SIZES
from wallctl.model.base.geometry import Fit, Rect, centred, place
from wallctl.model.wall.scene.scene import ScreenScene
from wallctl.shm.canvas import Canvas, CanvasCopy, CanvasWord

LOOK_EVERY_S = 0.002
BLACK_TO = 20
SLATE_TO = 60
"""A slate is dark; a stamped picture has white blocks, by night too."""
GRID = 12


class Finding(enum.Enum):
    """What is wrong with a tile, if anything."""

    WHOLE = "whole"
    SLATE = "slate"
    """The tile honestly says that it has no picture."""
    BLACK = "black"
    TORN = "torn"
    """Strips of two frames of one camera."""
    MIXED = "mixed"
    """Strips of two cameras, or of another than the scene's."""
    UNREADABLE = "unreadable"
    """Bright, and no strip can be read."""


FAULTS = (Finding.BLACK, Finding.TORN, Finding.MIXED, Finding.UNREADABLE)


class View:
    """Where in a canvas the tiles of a scene are looked at."""

    def __init__(self, scene: ScreenScene) -> None:
        tiles = [tile for tile in scene.tiles if tile.source is not None]
        pictures = [picture_in(tile.rect) for tile in tiles]
        self.cameras = [tile.spoken for tile in tiles]
        self._reader = Reader(pictures) if pictures else None
        share = (np.arange(GRID) + 0.5) / GRID
        self._rows = np.array([p.y + (share * p.h).astype(int) for p in pictures])[..., :, None]
        self._columns = np.array([p.x + (share * p.w).astype(int) for p in pictures])[..., None, :]

    def findings(self, luma: Luma) -> list[Finding]:
        """What each tile with a source shows."""
        if self._reader is None:
            return []
        reading, levels = self._reader.read(luma), luma[self._rows, self._columns]
        return [
            _finding(camera, set(cameras.tolist()), set(frames.tolist()), samples)
            for camera, cameras, frames, samples in zip(
                self.cameras, reading.cameras, reading.frames, levels, strict=True
            )
        ]


def picture_in(tile: Rect) -> Rect:
    """Where the small picture of a demo camera lies in a tile."""
    picture = SIZES["sub"]
    size = place(picture, picture.w / picture.h, tile.size, Fit.CONTAIN).size
    return centred(size, tile)


def _finding(camera: int, cameras: set[int], frames: set[int], levels: Luma) -> Finding:
    read = cameras - {UNREAD}
    if read:
        if read != {camera}:
            return Finding.MIXED
        return Finding.WHOLE if len(frames - {UNREAD}) == 1 else Finding.TORN
    if levels.max() <= BLACK_TO:
        return Finding.BLACK
    return Finding.SLATE if np.median(levels) <= SLATE_TO else Finding.UNREADABLE


@functools.lru_cache(256)
def view(scene: ScreenScene) -> View:
    """The view of a scene, made once."""
    return View(scene)


def judged(luma: Luma, scenes: Iterable[ScreenScene]) -> list[Finding]:
    """The findings by that scene which explains the picture best."""
    found = (view(scene).findings(luma) for scene in scenes)
    return min(found, key=lambda one: sum(finding in FAULTS for finding in one))


class Judge:
    """A thread that judges every pass of a screen that it can get hold of."""

    def __init__(self, canvas: Canvas, scene: ScreenScene) -> None:
        self._canvas = canvas
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.allowed: tuple[ScreenScene, ...] = (scene,)
        """The scenes that a pass may show now."""
        self.tiles: collections.Counter[Finding] = collections.Counter()
        self.passes = 0
        """How many were judged."""
        self.faulty = 0
        """Passes with a fault in any tile."""
        self.presented = 0
        """How many passes there were."""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        first = seen = self._canvas.words[CanvasWord.PASS]
        while not self._done.wait(LOOK_EVERY_S):
            if self._canvas.words[CanvasWord.PASS] == seen:
                continue
            before = self.allowed
            copy = self._canvas.copy()
            if copy is None:
                continue
            seen = copy.number
            self._take(copy, {*before, *self.allowed})
            self.presented = seen - first

    def _take(self, copy: CanvasCopy, scenes: set[ScreenScene]) -> None:
        findings = judged(copy.pixels[: self._canvas.size.h], scenes)
        self.tiles.update(findings)
        self.passes += 1
        self.faulty += any(finding in FAULTS for finding in findings)
