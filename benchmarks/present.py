"""What does a window cost? Processor time of a presenter and of its X server, by the way onto the
screen, beside a headless presenter.

The same wall of looping files runs on one 1920x1080 screen, 14 of them on 4x4 unless asked for
otherwise, once each way: headless, by an image in shared memory, by an image sent to the server,
and by the shader. The server is Xvfb, started here: it has no GPU, so that the shader is computed
by Mesa's llvmpipe, and putting an image costs it one copy. Rounds take turns; told are the medians.

    python benchmarks/present.py
"""

import statistics
import time
from pathlib import Path

import click
import msgspec

from benchmarks.clips import Footage, footage_options
from benchmarks.program import Watch
from benchmarks.record import Machine, machine, versions
from benchmarks.screen import SCREEN
from benchmarks.telling import keep, today
from benchmarks.wall import PRESENTER, RunningWall, showing
from benchmarks.xvfb import Server, xvfb, xvfb_missing
from wallctl.demo.clips import SIZES
from wallctl.display.window_placement import Blitter
from wallctl.shm.canvas import CanvasWord

SIZE = "sub"
SETTLE_S = 2.0
HEADLESS = "headless"
WAYS = (HEADLESS, Blitter.SHARED.value, Blitter.SENT.value, Blitter.SHADER.value)
TINY_STREAMS, TINY_SECONDS = 2, 1.0


class Cost(msgspec.Struct, frozen=True):
    """What one way takes. Cores are processor seconds in a second."""

    presenter_cores: float
    xserver_cores: float
    both_cores: float
    presented_fps: float
    """Pictures a second of all tiles."""
    missed_ticks_percent: float


class Way(msgspec.Struct, frozen=True):
    """A way onto the screen."""

    way: str
    """``headless``, or the blitter's name."""
    cost: Cost
    window_cores: float
    """How much more than headless."""


class Result(msgspec.Struct, frozen=True):
    """A run, as it is kept in a file."""

    date: str
    streams: int
    picture: str
    screen: str
    layout: str
    seconds: float
    rounds: int
    scene: str
    machine: Machine
    versions: dict[str, str]
    ways: tuple[Way, ...]


def cost(way: str, files: list[Path], layout: str, seconds: float) -> Cost:
    """Of one wall."""
    urls = [str(file) for file in files]
    if way == HEADLESS:
        with showing(urls, layout) as wall:
            return _watch(wall, len(urls), seconds)
    with (
        xvfb(SCREEN) as server,
        showing(urls, layout, display=server.display, options=("--blitter", way)) as wall,
    ):
        return _watch(wall, len(urls), seconds, server)


def _watch(wall: RunningWall, streams: int, seconds: float, server: Server | None = None) -> Cost:
    wall.wait_live(streams)
    time.sleep(SETTLE_S)
    [canvas] = wall.canvases().values()
    watches = wall.watch(PRESENTER), Watch(lambda: [server.pid] if server else [])
    passes = canvas.words[CanvasWord.PASS]
    time.sleep(seconds)
    presenter, xserver = (watch.spent() for watch in watches)
    passes = canvas.words[CanvasWord.PASS] - passes
    report = wall.report()
    ticks = report["wall"]["tick_hz"] * presenter.seconds
    return Cost(
        presenter_cores=presenter.cores,
        xserver_cores=xserver.cores,
        both_cores=presenter.cores + xserver.cores,
        presented_fps=sum(tile["fps"] for tile in report["tiles"]),
        missed_ticks_percent=max(0.0, 100 - 100 * passes / ticks),
    )


def middle(way: str, costs: list[Cost], headless: list[Cost]) -> Way:
    """The medians over the rounds; the difference to headless is taken round by round."""
    more = [a.both_cores - b.both_cores for a, b in zip(costs, headless, strict=True)]
    values = zip(*map(msgspec.structs.astuple, costs), strict=True)
    found = Cost(*(round(statistics.median(rounds), 4) for rounds in values))
    return Way(way, found, round(statistics.median(more), 4))


def line(way: Way) -> str:
    """One way as a row of the table."""
    found = way.cost
    return (
        f"{way.way:>8} {found.presenter_cores:>10.3f} {found.xserver_cores:>9.3f} "
        f"{found.both_cores:>6.3f} {way.window_cores:>7.3f} {found.presented_fps:>7.1f} "
        f"{found.missed_ticks_percent:>9.2f}"
    )


@click.command()
@click.option("--streams", type=click.IntRange(1, 16), default=14, show_default=True)
@click.option("--layout", default="4x4", show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=8.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option(
    "--way", "ways", type=click.Choice(WAYS[1:]), multiple=True, help="Default: each of them."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@click.option("--tiny", is_flag=True, help="Two streams for a moment: only to see that it works.")
@footage_options
def main(
    footage: Footage,
    streams: int,
    layout: str,
    seconds: float,
    rounds: int,
    ways: tuple[str, ...],
    out: Path | None,
    tiny: bool,
) -> None:
    """Measure windows beside a headless wall; print a table and keep it as JSON."""
    if missing := xvfb_missing():
        click.echo(f"nothing is measured: {missing} (on Debian: apt-get install xvfb)")
        return
    if tiny:
        streams, seconds, rounds = TINY_STREAMS, TINY_SECONDS, 1
    files = footage.clips(SIZE, "h264", streams)
    found: dict[str, list[Cost]] = {way: [] for way in (HEADLESS, *(ways or WAYS[1:]))}
    for _ in range(rounds):
        for way, costs in found.items():
            costs.append(cost(way, files, layout, seconds))
    middles = tuple(middle(way, costs, found[HEADLESS]) for way, costs in found.items())
    click.echo("     way  presenter  X server   both  window     fps  missed %")
    click.echo("\n".join(line(way) for way in middles))
    result = Result(
        date=today(),
        streams=streams,
        picture=f"{SIZES[SIZE].w}x{SIZES[SIZE].h}",
        screen=f"{SCREEN.w}x{SCREEN.h}",
        layout=layout,
        seconds=seconds,
        rounds=rounds,
        scene=footage.scene,
        machine=machine(),
        versions=versions(),
        ways=middles,
    )
    keep(result, "present", out)


if __name__ == "__main__":
    main()
