"""How many streams can this machine hold? The largest N whose every second is shown.

A headless wall shows N looping files, each read at its own 25 pictures a second. N is held when at
most 1 % of the pictures that the files have was not presented, and no tile was given less than all.
N doubles until it is not held, then the gap is halved down to steps of 4. The start is left out: a
wall is measured once all of its tiles are live and give nothing up, if they ever do, by the rates
that its status tells for each second, and by the passes of its canvas. What a wall does with more
than it can hold, ``overload.py`` tells.

    python benchmarks/hold.py --size main --seconds 10
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from benchmarks.harness.command import Outcome, benchmark, codec_option, seconds_option, size_option
from benchmarks.harness.footage import Footage, footage_options, picture_word
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import RunningWall, shed_in, showing
from benchmarks.harness.screen import MOST_TILES
from benchmarks.harness.spread import missing_percent
from wallctl.api.client import Client
from wallctl.demo.clips import RATE_HZ
from wallctl.display.presenter import HEADLESS_HZ
from wallctl.shm.canvas import CanvasWord

LEAST, STEP = 4, 4
LOST_PERCENT = 1.0
START_S = 60.0


class Point(msgspec.Struct, frozen=True):
    """What a wall of N streams did while it was measured."""

    streams: int
    live: int
    """Tiles that were live in every look."""
    presented_fps: float
    tile_fps_least: float
    """The mean rate of the slowest tile."""
    lost_percent: float
    """Of the pictures that the files have."""
    shed: int
    """Tiles that gave something up in any look."""
    missed_ticks_percent: float
    cores: float
    """Processor seconds of the wall's processes a second."""
    other_cores: float
    """What everything else on the machine took meanwhile, this program included."""

    @property
    def held(self) -> bool:
        """Whether the wall kept up, and nothing was given up for it."""
        return self.lost_percent <= LOST_PERCENT and not self.shed


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    seconds: float
    scene: str
    picture: str
    codec: str
    held: int
    """The largest N that was held; 0 if none."""
    at_most: int
    """The largest N that was allowed; a wall that holds it may hold more."""
    points: tuple[Point, ...]
    """In the order in which they were measured."""


def search(holds: Callable[[int], bool], most: int) -> int:
    """The largest number from ``LEAST`` to ``most`` that holds, to a step; 0 if none does."""
    held, failed = 0, most + STEP
    while held < most and failed > most:
        tried = min(most, max(LEAST, 2 * held))
        if holds(tried):
            held = tried
        else:
            failed = tried
    while failed - held > STEP:
        tried = held + max(STEP, (failed - held) // 2 // STEP * STEP)
        if holds(tried):
            held = tried
        else:
            failed = tried
    return held


def measure(files: list[Path], seconds: float) -> Point:
    """Run a wall of these files; what it did once it had started."""
    with showing(files) as wall, wall.client() as client:
        wall.wait_for("tiles", lambda: len(client.status()["tiles"]) == len(files), START_S)
        wall.settle(len(files))
        return _watch(wall, client, len(files), seconds)


def _watch(wall: RunningWall, client: Client, count: int, seconds: float) -> Point:
    [canvas] = wall.canvases().values()
    rates: list[list[float]] = [[] for _ in range(count)]
    live, shed = count, 0
    began_s, watch = time.monotonic(), wall.watch()
    passes = canvas.words[CanvasWord.PASS]
    while time.monotonic() < began_s + seconds:
        time.sleep(1.0)
        tiles = client.status()["tiles"]
        live = min(live, sum(tile["state"] == "live" for tile in tiles))
        shed = max(shed, shed_in(tiles))
        for known, tile in zip(rates, tiles, strict=True):
            known.append(tile["fps"])
    passes, spent = canvas.words[CanvasWord.PASS] - passes, watch.spent()
    means = [statistics.mean(known) for known in rates]
    return Point(
        streams=count,
        live=live,
        presented_fps=round(sum(means), 1),
        tile_fps_least=round(min(means), 2),
        lost_percent=missing_percent(sum(means), RATE_HZ * count),
        shed=shed,
        missed_ticks_percent=missing_percent(passes, HEADLESS_HZ * spent.seconds),
        cores=round(spent.cores, 2),
        other_cores=round(spent.other_cores, 2),
    )


def line(p: Point) -> str:
    """One wall as a row of the table."""
    return (
        f"{p.streams:>3} {p.live:>5} {p.presented_fps:>9.1f} {p.tile_fps_least:>7.2f} "
        f"{p.lost_percent:>6.2f} {p.shed:>5} {p.missed_ticks_percent:>9.2f} {p.cores:>6.2f} "
        f"{p.other_cores:>7.2f}  {'held' if p.held else 'not held'}"
    )


@benchmark("4 streams at most: only to see that it works.", seconds=2.0, most=LEAST)
@seconds_option(10.0)
@click.option(
    "--most", type=click.IntRange(LEAST, MOST_TILES), default=MOST_TILES, show_default=True
)
@size_option("sub")
@codec_option
@footage_options
def main(seconds: float, most: int, size: str, codec: str, footage: Footage) -> Outcome:
    """Search for the most streams that are held; print each wall and keep all as JSON."""
    files = footage.clips(size, codec, most)
    points: list[Point] = []

    def holds(streams: int) -> bool:
        points.append(measure(files[:streams], seconds))
        click.echo(line(points[-1]))
        return points[-1].held

    click.echo("  N  live presented   least lost %  shed no pass %  cores  others")
    held = search(holds, most)
    click.echo(f"held: {held}{' or more' if held == most else ''}")
    result = Result(
        seconds=seconds,
        scene=footage.scene,
        picture=picture_word(size),
        codec=codec,
        held=held,
        at_most=most,
        points=tuple(points),
    )
    return Outcome(result, f"hold-{size}-{codec}")


if __name__ == "__main__":
    main()
