"""The wall's own parts, each in a process as on a wall, as fast as they can: no camera's pace."""

import functools
import itertools
import os
import time
from pathlib import Path

from benchmarks.harness.screen import SCREEN
from benchmarks.harness.worker_group import NICE, Counters, Work, rate
from wallctl.config.layout_files import shipped_layouts
from wallctl.config.po_file import catalogues
from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.messages import Demand, Tap
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.worker_clocks import Clock
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.messages import Feed, Prepare, TileOrder
from wallctl.media.decode.decoder import Decoder
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Fit, Rect
from wallctl.model.site.layout import tile_rects
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_effort import Effort
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.canvas import Canvas, CanvasPlace, canvas_bytes
from wallctl.shm.ring import Ring, RingPlace, RingWord, prepare, ring_bytes
from wallctl.shm.stream_status import PAGE_BYTES, WORDS, block_offset, clear

PASS_S = 0.008
"""The composer looks so often what has come."""


class WallParts:
    """The memory of a wall with one screen, and who waits for whom."""

    pass_s = PASS_S

    def __init__(self, layout: str, streams: int) -> None:
        self.tiles = tile_rects(shipped_layouts()[layout], SCREEN)[:streams]
        offset = HEAP_OFFSET + -(-canvas_bytes(SCREEN) // PAGE_BYTES) * PAGE_BYTES
        self.places = []
        for tile in self.tiles:
            self.places.append(RingPlace(offset, tile.size, 1))
            offset += -(-ring_bytes(tile.size) // PAGE_BYTES) * PAGE_BYTES
        self.arena = Arena.create(offset)
        self.shown = [os.eventfd(0) for _ in self.tiles]
        """Raised for a stream whose newest picture was composed."""
        for index, place in enumerate(self.places):
            clear(self.arena.words(block_offset(index), WORDS))
            prepare(Ring(self.arena, place))

    def decoding(self, index: int) -> tuple[DecodeScheduler, Status]:
        """What a stream's worker decodes with, into the ring of its tile, and what it says."""
        words, place = self.arena.words(block_offset(index), WORDS), self.places[index]
        clock = Clock()
        status = Status(words, clock)
        decoding = DecodeScheduler(Taps(self.arena), status, clock)
        decoding.demand(Demand(1, (Tap(place.size, Fit.CONTAIN, place),), Effort.FULL))
        return decoding, status

    def published(self) -> list[int]:
        """How many pictures each ring was given."""
        return [Ring(self.arena, place).words[RingWord.NEWEST] for place in self.places]

    def feed(self, file: Path, index: int) -> None:
        """Be the worker of one stream: packet by packet, waiting for each picture's pass."""
        os.nice(NICE)
        ring, (decoding, _status) = Ring(self.arena, self.places[index]), self.decoding(index)
        for _ in itertools.count():
            connection = open_file(Stream("main", str(file)))
            decoding.attach(Decoder(connection.stream), live=False)
            for coded in connection.packets():
                before = ring.words[RingWord.NEWEST]
                decoding.offer(coded, time.monotonic_ns())
                if ring.words[RingWord.NEWEST] != before:
                    os.eventfd_read(self.shown[index])
            decoding.detach()
            connection.close()

    def compose(self, counters: Counters) -> None:
        """Be the presenter: pass after pass, whenever something has come."""
        canvas = Canvas(self.arena, CanvasPlace(HEAP_OFFSET, SCREEN))
        composer = Composer(self.arena, canvas, artists(None, catalogues()))
        orders = tuple(self._tile(i, rect) for i, rect in enumerate(self.tiles))
        composer.prepare(Prepare("", SCREEN, "", version=1, tiles=orders))
        composer.commit()
        rings = [Ring(self.arena, place) for place in self.places]
        released = [0] * len(rings)
        while True:
            time.sleep(self.pass_s)
            newest = [ring.words[RingWord.NEWEST] for ring in rings]
            now_ns = time.monotonic_ns()
            composer.compose(now_ns)
            composer.presented(time.monotonic_ns())
            for i, (tile, number) in enumerate(zip(composer.tiles, newest, strict=True)):
                counters.words[i] = tile.counters.presented
                if number > released[i]:
                    released[i] = number
                    os.eventfd_write(self.shown[i], 1)

    def _tile(self, index: int, rect: Rect) -> TileOrder:
        number, feed = index + 1, Feed("main", self.places[index], index)
        return TileOrder(number, rect, f"source{number}", number, feeds=(feed,))


def wall_rate(files: list[Path], layout: str, seconds: float) -> float:
    """What the wall's parts present."""
    counters, parts = Counters(len(files)), WallParts(layout, len(files))
    works: list[Work] = [functools.partial(parts.feed, file, i) for i, file in enumerate(files)]
    return rate([*works, functools.partial(parts.compose, counters)], counters, seconds)
