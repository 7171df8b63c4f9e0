"""What each tile of a wall came to show, and when, by the stamps on its canvas."""

import time

from benchmarks.harness.picture_judge import picture_in
from benchmarks.harness.running_wall import RunningWall
from benchmarks.harness.screen import SCREEN
from benchmarks.harness.stamp import UNREAD, Reader
from wallctl.model.site.layout import tile_rects
from wallctl.shm.canvas import Canvas, CanvasWord

LOOK_EVERY_S = 0.001

Seen = list[tuple[int, int]]
"""When (monotonic ns) a tile came to show which stamped frame."""


def follow_stamps(canvas: Canvas, reader: Reader, tiles: int, seconds: float) -> list[Seen]:
    """What each tile came to show, and when, for so long."""
    seen: list[Seen] = [[] for _ in range(tiles)]
    shown, luma, words = [UNREAD] * tiles, canvas.pixels[: canvas.size.h], canvas.words
    ends_s, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends_s:
        time.sleep(LOOK_EVERY_S)
        seq = words[CanvasWord.SEQ]
        if seq & 1 or words[CanvasWord.PASS] == number:
            continue
        now_ns, taken = time.monotonic_ns(), words[CanvasWord.PASS]
        frames = reader.read(luma).frames.max(axis=1).tolist()
        if words[CanvasWord.SEQ] != seq:
            continue
        number = taken
        for tile, frame in enumerate(frames):
            if frame not in (shown[tile], UNREAD):
                shown[tile] = frame
                seen[tile].append((now_ns, frame))
    return seen


def reader_of(wall: RunningWall, tiles: int) -> Reader:
    """Reads the first tiles of a wall of one screen."""
    [home] = wall.site.home
    rects = tile_rects(wall.site.layouts[home.layout], SCREEN)[:tiles]
    return Reader(picture_in(rect) for rect in rects)
