"""How many streams does a wall hold? Pictures, latency and cost against the number of streams.

For each N it runs ``wallctl show`` headless on N looping clips, in the smallest square grid of a
1920x1080 screen, or of two where N is more than one can hold, and reads the report that the wall
writes. It knows of the wall only what any person does: its command line and its report.

    python benchmarks/fps_by_streams.py --streams 1,4,16 --size main
"""

import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import matplotlib as mpl
import msgspec

from benchmarks.clips import Footage, footage_options
from benchmarks.record import Machine, machine, versions
from benchmarks.scaler import Scaling, scaling_of
from benchmarks.screen import SCREEN_WORD
from benchmarks.telling import keep, today
from benchmarks.wall import showing
from wallctl.config.default_home import square_for
from wallctl.demo.clips import RATE_HZ, SIZES
from wallctl.supervisor.usage import busy_s

MOST_OF_A_SCREEN = 64
MOST = 2 * MOST_OF_A_SCREEN
TINY_STREAMS, TINY_SECONDS = (1, 2), 2.0


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


class Result(msgspec.Struct, frozen=True):
    """A run of this benchmark, as it is kept in a file."""

    date: str
    parameters: Parameters
    machine: Machine
    versions: dict[str, str]
    points: tuple[Point, ...]


class Counts(click.ParamType[tuple[int, ...]]):
    """``1,2,4``: numbers of streams, each from 1 to ``most``."""

    name = "counts"

    def __init__(self, most: int = MOST) -> None:
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The numbers in rising order, each once."""
        parts = str(value).split(",")
        if not all(part.strip().isdecimal() and 1 <= int(part) <= self._most for part in parts):
            self.fail(
                f"{value!r} is no list of numbers from 1 to {self._most}, like 1,2,4", param, ctx
            )
        return tuple(sorted({int(part) for part in parts}))


# ---------------------------------------------------------------- measuring


def measure(files: list[Path], seconds: float) -> Point:
    """Run a wall of these files for so long, and tell what it did."""
    before_s = busy_s()
    screens = -(-len(files) // MOST_OF_A_SCREEN)
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
        latency_ms={name: _middle(tiles, name) for name in ("p50", "p95", "p99")},
        cores=round(wall["cpu_s"] / wall["seconds"], 2),
        other_cores=round(max(0.0, busy - wall["cpu_s"]) / wall["seconds"], 2),
        pss_mb=wall["pss_mb"],
        missed_ticks_percent=percent(wall["missed_ticks"], wall["ticks"] + wall["missed_ticks"]),
        scaling=scaling,
    )


def percent(part: int, whole: int) -> float:
    """How many in a hundred; 0 of nothing."""
    return round(100 * part / whole, 2) if whole else 0.0


def _middle(tiles: list[dict[str, Any]], name: str) -> float | None:
    known = [tile["latency_ms"][name] for tile in tiles if tile["latency_ms"][name] is not None]
    return statistics.median(known) if known else None


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
    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415 - after its backend is chosen

    counts = [p.streams for p in result.points]
    asked, on = result.parameters, result.machine
    figure, (above, below) = pyplot.subplots(2, 1, sharex=True, figsize=(8, 7), dpi=120)
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
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


@click.command()
@click.option("--streams", type=Counts(), default="1,2,4,8,16,32,64,128", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=10.0, show_default=True)
@click.option("--size", type=click.Choice(list(SIZES)), default="sub", show_default=True)
@click.option("--codec", type=click.Choice(["h264", "hevc"]), default="h264", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@footage_options
@click.option("--tiny", is_flag=True, help="N = 1 and 2 for 2 s each: only to see that it works.")
def main(out: Path | None, footage: Footage, tiny: bool, **asked: Any) -> None:
    """Measure walls of N streams; print a table and keep it as JSON with a plot."""
    if tiny:
        asked |= {"streams": TINY_STREAMS, "seconds": TINY_SECONDS}
    size = SIZES[asked["size"]]
    parameters = Parameters(**asked, picture=f"{size.w}x{size.h}", scene=footage.scene)
    files = footage.clips(parameters.size, parameters.codec, max(parameters.streams))
    click.echo(heading())
    points = []
    for count in parameters.streams:
        points.append(measure(files[:count], parameters.seconds))
        click.echo(line(points[-1]))
    result = Result(today(), parameters, machine(), versions(), tuple(points))
    kind = f"{parameters.size}-{parameters.codec}"
    plot(result, keep(result, f"fps-by-streams-{kind}", out).with_suffix(".png"))


if __name__ == "__main__":
    main()
