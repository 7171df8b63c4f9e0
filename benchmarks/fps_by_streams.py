"""How many streams does a wall hold? Pictures, latency and cost against the number of streams.

For each N it runs ``wallctl show`` headless on N looping clips, in the smallest square grid of a
1920x1080 screen, or of two where N is more than one can hold, and reads the report that the wall
writes. It knows of the wall only what any person does: its command line and its report.

    python benchmarks/fps_by_streams.py --streams 1,4,16 --size main
"""

import functools
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from benchmarks.harness.command import (
    Counts,
    Outcome,
    benchmark,
    codec_option,
    seconds_option,
    size_option,
)
from benchmarks.harness.footage import Footage, footage_options, picture_word
from benchmarks.harness.plot import drawn
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import median_latencies, showing
from benchmarks.harness.scaler_likeness import Scaling, scaling_of
from benchmarks.harness.screen import MOST_TILES, SCREEN_WORD
from benchmarks.harness.spread import percent
from wallctl.config.default_home_pictures import square_for
from wallctl.demo.clips import RATE_HZ
from wallctl.supervisor.usage import busy_s

MOST = 2 * MOST_TILES


class Parameters(msgspec.Struct, frozen=True):
    """What was asked for."""

    streams: tuple[int, ...]
    seconds: float
    size: str
    codec: str
    picture: str
    scene: str
    """Whose pictures: a real ``camera``'s or the ``demo``'s."""
    screen: str = SCREEN_WORD
    """The size of each."""


class Point(msgspec.Struct, frozen=True):
    """What one wall of N streams did. Rates are a second, memory is in MB (1e6 bytes)."""

    streams: int
    live: int
    """Tiles that were live at the end."""
    wanted_fps: float
    """What the clips have, all together."""
    presented_fps: float
    tile_fps_median: float
    tile_fps_least: float
    presented_percent: float
    """Of the decoded pictures, how many were shown."""
    latency_ms: dict[str, float | None]
    """p50, p95 and p99, each the median over the tiles."""
    cores: float
    """Processor seconds of all the wall's processes a second, its start included."""
    other_cores: float
    """What everything else on the machine took meanwhile, the host of a virtual one included."""
    pss_mb: float
    missed_ticks_percent: float
    scaling: Scaling


class Result(Run, frozen=True, kw_only=True):
    """A run of this benchmark, as it is kept in a file."""

    parameters: Parameters
    points: tuple[Point, ...]


# ---------------------------------------------------------------- measuring


def measure(files: list[Path], seconds: float) -> Point:
    """Run a wall of these files for so long, and tell what it did."""
    before_s = busy_s()
    screens = -(-len(files) // MOST_TILES)
    with showing(files, screens=screens) as wall:
        time.sleep(seconds)
        report = wall.report()
    scaling = scaling_of(files[0], square_for(len(files), screens))
    return point(report, len(files), busy_s() - before_s, scaling)


def point(report: dict[str, Any], streams: int, busy: float, scaling: Scaling) -> Point:
    """The figures of a report; ``busy`` is what the machine spent meanwhile, in seconds.

    A wall that was far too busy reports fewer tiles than it has: the rest showed nothing.
    """
    wall, tiles = report["wall"], report["tiles"]
    rates = [tile["fps"] for tile in tiles] + [0.0] * (streams - len(tiles))
    decoded = sum(tile["decoded"] for tile in tiles)
    presented = sum(tile["presented"] for tile in tiles)
    return Point(
        streams=streams,
        live=sum(tile["state"] == "live" for tile in tiles),
        wanted_fps=float(RATE_HZ * streams),
        presented_fps=round(sum(rates), 1),
        tile_fps_median=round(statistics.median(rates), 2),
        tile_fps_least=round(min(rates), 2),
        presented_percent=percent(presented, decoded),
        latency_ms=median_latencies(tiles),
        cores=round(wall["cpu_s"] / wall["seconds"], 2),
        other_cores=round(max(0.0, busy - wall["cpu_s"]) / wall["seconds"], 2),
        pss_mb=wall["pss_mb"],
        missed_ticks_percent=percent(wall["missed_ticks"], wall["ticks"] + wall["missed_ticks"]),
        scaling=scaling,
    )


# ---------------------------------------------------------------- telling


HEADINGS = (
    *("N", "live", "wanted", "shown fps", "median", "least", "shown %"),
    *("p50", "p95", "p99 ms", "cores", "others", "PSS MB", "missed %"),
)
WIDTHS = (3, 5, 7, 10, 7, 6, 8, 6, 6, 7, 6, 7, 8, 9)


def heading() -> str:
    """The names of the columns."""
    return _columns(HEADINGS)


def line(p: Point) -> str:
    """One point as a row of the table."""
    late = ("-" if p.latency_ms[q] is None else f"{p.latency_ms[q]:.0f}" for q in p.latency_ms)
    return _columns(
        (
            *(str(p.streams), str(p.live), f"{p.wanted_fps:.0f}", f"{p.presented_fps:.1f}"),
            *(f"{p.tile_fps_median:.2f}", f"{p.tile_fps_least:.2f}", f"{p.presented_percent:.1f}"),
            *late,
            *(f"{p.cores:.2f}", f"{p.other_cores:.2f}", f"{p.pss_mb:.0f}"),
            f"{p.missed_ticks_percent:.2f}",
        )
    )


def _columns(cells: Iterable[str]) -> str:
    return " ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


def plot(result: Result, path: Path) -> None:
    """Draw presented pictures and cores against N as a PNG."""
    counts = [p.streams for p in result.points]
    asked, on = result.parameters, result.machine
    with drawn(path, 2, (8, 7), shares_x=True) as (_figure, [above, below]):
        above.plot(counts, [p.wanted_fps for p in result.points], "--", color="0.6", label="wanted")
        above.plot(counts, [p.presented_fps for p in result.points], "o-", label="presented")
        above.set_ylabel("pictures a second")
        above.set_title(f"{asked.picture} {asked.codec}, headless, {on.cores} cores of {on.cpu}")
        below.axhline(on.cores, linestyle="--", color="0.6", label="the machine's cores")
        below.plot(counts, [p.cores for p in result.points], "o-", color="C1", label="the wall")
        below.plot(counts, [p.other_cores for p in result.points], ":", color="0.4", label="others")
        apart = [count for count in counts if 32 * count >= counts[-1]]  # so that numbers have room
        below.set(ylabel="cores in use", xlabel="streams", xticks=apart, ylim=(0, None))
        for axes in (above, below):
            axes.grid(alpha=0.3)
            axes.legend(loc="upper left")


@benchmark("N = 1 and 2 for 2 s each: only to see that it works.", streams=(1, 2), seconds=2.0)
@click.option("--streams", type=Counts(MOST), default="1,2,4,8,16,32,64,128", show_default=True)
@seconds_option(10.0)
@size_option("sub")
@codec_option
@footage_options
def main(footage: Footage, **asked: Any) -> Outcome:
    """Measure walls of N streams; print a table and keep it as JSON with a plot."""
    parameters = Parameters(**asked, picture=picture_word(asked["size"]), scene=footage.scene)
    files = footage.clips(parameters.size, parameters.codec, max(parameters.streams))
    click.echo(heading())
    points = []
    for count in parameters.streams:
        points.append(measure(files[:count], parameters.seconds))
        click.echo(line(points[-1]))
    result = Result(parameters=parameters, points=tuple(points))
    name = f"fps-by-streams-{parameters.size}-{parameters.codec}"
    return Outcome(result, name, functools.partial(plot, result))


if __name__ == "__main__":
    main()
