"""What does a pass cost? Microseconds of a presenter's composer, alone in one process.

It composes a 1920x1080 canvas of 4x4 or 8x8 live tiles of which none, half or all have a new
picture in each pass, without and with overlays: a clock, a few words, a selected tile. Publishing
the pictures is not timed. It was done by the same process just before, so they lie in its caches:
on a wall they were written by another core, and reading them costs more.

    python benchmarks/compose.py
"""

import time

import click
import msgspec
import numpy as np

from benchmarks.harness.command import Outcome, benchmark
from benchmarks.harness.result import Run
from benchmarks.harness.screen import SCREEN, SCREEN_WORD
from benchmarks.harness.spread import Spread, spread
from wallctl.config.layout_files import shipped_layouts
from wallctl.config.po_file import catalogues
from wallctl.display.compositor.composer import Composer, Place
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.messages import Feed, Prepare, TileOrder
from wallctl.display.overlays.clock import Clock
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.toast import Toast, Words
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.message_catalogue import format_wall_clock
from wallctl.model.site.layout import tile_rects
from wallctl.model.streams.health import Phase, TileState
from wallctl.shm.arena import HEAP_OFFSET, Arena, picture_bytes
from wallctl.shm.canvas import Canvas, CanvasPlace, canvas_bytes
from wallctl.shm.ring import Flag, Header, Ring, RingPlace, begin, prepare, publish, ring_bytes
from wallctl.shm.stream_status import PAGE_BYTES, WORDS, Word, block_offset, clear

LAYOUTS = ("4x4", "8x8")
CHANGED = ("none", "half", "all")
WARM_UP = 10


class Stream:
    """A live stream without a decoder: its facts, and a ring into which pictures are copied."""

    def __init__(self, arena: Arena, index: int, place: RingPlace) -> None:
        self.feed = Feed("main", place, index)
        self._words = arena.words(block_offset(index), WORDS)
        clear(self._words)
        self._words[Word.PHASE] = Phase.LIVE
        self._ring = Ring(arena, place)
        prepare(self._ring)
        noise = np.random.default_rng(index).integers(16, 236, picture_bytes(place.size))
        self._picture = noise.astype(np.uint8)

    def publish(self, now_ns: int) -> None:
        """One more picture."""
        room = begin(self._ring)
        assert room is not None
        np.copyto(room, self._picture)
        frame = self._words[Word.DECODED] = self._words[Word.DECODED] + 1
        header = Header(self._ring.place.size, Flag.NONE, frame, 0, now_ns, now_ns)
        publish(self._ring, header)
        self.stay(now_ns)

    def stay(self, now_ns: int) -> None:
        """Be as fresh as if a picture had come now."""
        self._words[Word.PICTURE_NS] = now_ns


class Screen:
    """A composer with live tiles all over its canvas."""

    def __init__(self, layout: str, overlays: bool) -> None:
        rects = tile_rects(shipped_layouts()[layout], SCREEN)
        places, end = _places(rects)
        arena = Arena.create(end)
        self.streams = [Stream(arena, i, place) for i, place in enumerate(places)]
        self.composer = Composer(
            arena, Canvas(arena, CanvasPlace(HEAP_OFFSET, SCREEN)), artists(None, catalogues())
        )
        tiles = tuple(
            TileOrder(i + 1, rect, f"camera {i + 1}", i + 1, feeds=(stream.feed,))
            for i, (rect, stream) in enumerate(zip(rects, self.streams, strict=True))
        )
        selected = 1 if overlays else None
        self.composer.prepare(Prepare("", SCREEN, "", selected, version=1, tiles=tiles))
        self.composer.commit()
        if overlays:
            _lay(self.composer)

    def turn(self, changed: int) -> int:
        """Give some streams a new picture, and compose a pass: ns that this took."""
        now_ns = time.monotonic_ns()
        for index, stream in enumerate(self.streams):
            stream.publish(now_ns) if index < changed else stream.stay(now_ns)
        began_ns = time.perf_counter_ns()
        self.composer.compose(now_ns)
        return time.perf_counter_ns() - began_ns

    def warm_up(self) -> None:
        """Compose some passes, so that all that is drawn once is drawn."""
        for _ in range(WARM_UP):
            self.turn(len(self.streams))
        states = {tile.state for tile in self.composer.tiles}
        assert states == {TileState.LIVE}, states


def _lay(composer: Composer) -> None:
    """Lay a clock and a few words over the tiles."""
    pen = composer.artist.pen
    clock = Clock(pen, SCREEN).draw(format_wall_clock(pen.clock.at(0), pen.words))
    toast = Toast(pen, SCREEN).draw(Words("四路"))
    composer.overlay(Place(Layer.CLOCK), clock[0])
    composer.overlay(Place(Layer.TOAST), toast[0])


def _places(rects: tuple[Rect, ...]) -> tuple[list[RingPlace], int]:
    """Where the tiles' rings lie behind the canvas, and where they end."""
    places, offset = [], HEAP_OFFSET + _pages(canvas_bytes(SCREEN))
    for rect in rects:
        places.append(RingPlace(offset, rect.size, 1))
        offset += _pages(ring_bytes(rect.size))
    return places, offset


def _pages(count: int) -> int:
    return -(-count // PAGE_BYTES) * PAGE_BYTES


class Point(msgspec.Struct, frozen=True):
    """One case."""

    layout: str
    tiles: int
    changed: int
    """Tiles with a new picture in each pass."""
    overlays: bool
    pass_us: Spread | None
    per_tile_us: float | None
    """The median by the changed tiles; ``None`` where none changed."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    passes: int
    screen: str
    points: tuple[Point, ...]


def measure(layout: str, overlays: bool, passes: int) -> list[Point]:
    """All shares of changed tiles, in turns."""
    screen = Screen(layout, overlays)
    screen.warm_up()
    count = len(screen.streams)
    shares = (0, count // 2, count)
    taken: dict[int, list[float]] = {changed: [] for changed in shares}
    for _ in range(passes):
        for changed in shares:
            taken[changed].append(screen.turn(changed) / 1000)
    return [_point(layout, count, changed, overlays, taken[changed]) for changed in shares]


def _point(layout: str, tiles: int, changed: int, overlays: bool, taken_us: list[float]) -> Point:
    found = spread(taken_us)
    assert found is not None
    per_tile_us = round(found.p50 / changed, 2) if changed else None
    return Point(layout, tiles, changed, overlays, found, per_tile_us)


def line(point: Point) -> str:
    """One case as a row of the table."""
    found = point.pass_us
    assert found is not None
    each = "-" if point.per_tile_us is None else f"{point.per_tile_us:.1f}"
    laid = "yes" if point.overlays else "no"
    return (
        f"{point.layout:>6} {point.changed:>8} {laid:>9} "
        f"{found.p50:>8.0f} {found.p99:>8.0f} {each:>9}"
    )


@benchmark("A few passes: only to see that it works.", passes=5)
@click.option("--passes", type=click.IntRange(min=1), default=500, show_default=True)
def main(passes: int) -> Outcome:
    """Measure composing; print a table and keep it as JSON."""
    click.echo("layout  changed  overlays   p50 us   p99 us  per tile")
    points: list[Point] = []
    for layout in LAYOUTS:
        for overlays in (False, True):
            points += measure(layout, overlays, passes)
            click.echo("\n".join(line(point) for point in points[-3:]))
    return Outcome(Result(passes=passes, screen=SCREEN_WORD, points=tuple(points)), "compose")


if __name__ == "__main__":
    main()
