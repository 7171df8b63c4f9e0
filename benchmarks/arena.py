"""How fast do pictures pass from one process to another? A ring of the arena, and nothing else.

One process publishes (``begin``, a copy into the slot, ``publish``), another takes the newest
(``latest``, a copy out, ``intact``). In turns, each picture is taken before the next is written:
that is the time of one whole round trip. Freely, both go as fast as they can, as no camera does;
the reader counts what it copied out, and the copies that were torn because the writer came round
the whole ring meanwhile. A torn copy is noticed and done again; none is ever used. Nobody sleeps:
each process needs a core of its own. Told are medians over the rounds.

    python benchmarks/arena.py
"""

import mmap
import multiprocessing
import os
import statistics
import time

import click
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness.command import Outcome, benchmark, rounds_option, seconds_option
from benchmarks.harness.result import Run
from benchmarks.harness.spread import percent
from wallctl.model.base.geometry import Size
from wallctl.shm.arena import HEAP_OFFSET, Arena, picture_bytes
from wallctl.shm.ring import (
    Flag,
    Header,
    Ring,
    RingPlace,
    begin,
    latest,
    prepare,
    publish,
    ring_bytes,
)

SIZES = (Size(240, 134), Size(474, 266), Size(958, 538), Size(1920, 1080))
"""The tiles of 8x8, 4x4, 2x2 and 1x1 on a 1920x1080 screen."""
START_S = 10.0
FORK = multiprocessing.get_context("fork")


class Line:
    """A ring in shared memory, and the number of the picture that was taken last."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.arena = Arena.create(HEAP_OFFSET + ring_bytes(size))
        self.ring = Ring(self.arena, RingPlace(HEAP_OFFSET, size, 1))
        prepare(self.ring)
        self.taken = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")

    def write(self, in_turns: bool) -> None:
        """Be the writer, for ever."""
        picture = np.full(picture_bytes(self.size), 128, np.uint8)
        number, taken = 0, self.taken
        while True:
            room = begin(self.ring)
            assert room is not None
            np.copyto(room, picture)
            number += 1
            publish(self.ring, Header(self.size, Flag.NONE, number, 0, 0, 0))
            while in_turns and taken[0] != number:
                os.sched_yield()

    def read(self, seconds: float) -> "Count":
        """Be the reader, for so long from the first picture on."""
        to = np.empty(picture_bytes(self.size), np.uint8)
        last = _next(self, 0, to)
        began_ns, first = time.perf_counter_ns(), last
        ends_ns = began_ns + round(seconds * 1e9)
        copied = torn = 0
        while (now_ns := time.perf_counter_ns()) < ends_ns:
            glimpse = latest(self.ring, last)
            if glimpse is None:
                os.sched_yield()
                continue
            np.copyto(to, glimpse.pixels)
            if not glimpse.intact():
                torn += 1
                continue
            copied += 1
            last = self.taken[0] = glimpse.number
        return Count(copied, torn, last - first, (now_ns - began_ns) / 1e9)


def _next(line: Line, last: int, to: NDArray[np.uint8]) -> int:
    """Wait for a whole picture; its number."""
    give_up_s = time.monotonic() + START_S
    while time.monotonic() < give_up_s:
        glimpse = latest(line.ring, last)
        if glimpse is None:
            continue
        np.copyto(to, glimpse.pixels)
        if glimpse.intact():
            line.taken[0] = glimpse.number
            return glimpse.number
    raise click.ClickException("the writer wrote nothing")


class Count(msgspec.Struct, frozen=True):
    """What a reader got."""

    copied: int
    torn: int
    published: int
    seconds: float


class Point(msgspec.Struct, frozen=True):
    """One size of tile. Rates are a second; GB are 1e9 bytes of pictures, each counted once."""

    width_px: int
    height_px: int
    round_trips: float
    """Pictures that were published and taken, in turns."""
    round_trip_us: float
    round_trip_gb: float
    published: float
    """Freely."""
    copied: float
    copied_gb: float
    torn_percent: float
    """Of all copies that were made freely."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    seconds: float
    """Of each round."""
    rounds: int
    points: tuple[Point, ...]


def count(size: Size, seconds: float, in_turns: bool) -> Count:
    """What passes from a writer to a reader in so long."""
    line = Line(size)
    writer = FORK.Process(target=line.write, args=(in_turns,), daemon=True)
    writer.start()
    try:
        return line.read(seconds)
    finally:
        writer.kill()
        writer.join()


def measure(size: Size, seconds: float, rounds: int) -> Point:
    """One size: in turns and freely, round by round."""
    turns, free = [], []
    for _ in range(rounds):
        turns.append(count(size, seconds, True))
        free.append(count(size, seconds, False))
    trips = statistics.median(one.copied / one.seconds for one in turns)
    copied = statistics.median(one.copied / one.seconds for one in free)
    gb = picture_bytes(size) / 1e9
    return Point(
        width_px=size.w,
        height_px=size.h,
        round_trips=round(trips, 1),
        round_trip_us=round(1e6 / trips, 1),
        round_trip_gb=round(trips * gb, 2),
        published=round(statistics.median(one.published / one.seconds for one in free), 1),
        copied=round(copied, 1),
        copied_gb=round(copied * gb, 2),
        torn_percent=statistics.median(percent(one.torn, one.torn + one.copied) for one in free),
    )


def line(p: Point) -> str:
    """One size as a row of the table."""
    return (
        f"{p.width_px:>5}x{p.height_px:<5} {p.round_trips:>9.0f} {p.round_trip_us:>8.1f} "
        f"{p.round_trip_gb:>6.2f} {p.published:>11.0f} {p.copied:>9.0f} {p.copied_gb:>6.2f} "
        f"{p.torn_percent:>7.2f}"
    )


@benchmark("A moment of each: only to see that it works.", seconds=0.1, rounds=1)
@seconds_option(0.7, least=0.1)
@rounds_option()
def main(seconds: float, rounds: int) -> Outcome:
    """Measure a ring; print a table and keep it as JSON."""
    click.echo("                in turns, a second              freely, a second")
    click.echo("       tile  pictures       us     GB   published    copied     GB  torn %")
    points = []
    for size in SIZES:
        points.append(measure(size, seconds, rounds))
        click.echo(line(points[-1]))
    return Outcome(Result(seconds=seconds, rounds=rounds, points=tuple(points)), "arena")


if __name__ == "__main__":
    main()
