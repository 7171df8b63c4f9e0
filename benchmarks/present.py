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
from click.exceptions import Exit

from benchmarks.harness.command import (
    Outcome,
    benchmark,
    rounds_option,
    seconds_option,
    streams_option,
)
from benchmarks.harness.footage import Footage, footage_options, picture_word
from benchmarks.harness.program import Watch
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import PRESENTER, RunningWall, showing
from benchmarks.harness.screen import SCREEN, SCREEN_WORD
from benchmarks.harness.turns import in_turns
from benchmarks.harness.xvfb import Server, xvfb, xvfb_missing
from wallctl.display.window_placement import Blitter
from wallctl.shm.canvas import CanvasWord

SIZE = "sub"
SETTLE_S = 2.0
HEADLESS = "headless"
WAYS = (HEADLESS, Blitter.SHARED.value, Blitter.SENT.value, Blitter.SHADER.value)


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


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    streams: int
    picture: str
    screen: str
    layout: str
    seconds: float
    rounds: int
    scene: str
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


@benchmark("Two streams for a moment: only to see that it works.", streams=2, seconds=1.0, rounds=1)
@streams_option(14, most=16)
@click.option("--layout", default="4x4", show_default=True)
@seconds_option(8.0)
@rounds_option()
@click.option(
    "--way", "ways", type=click.Choice(WAYS[1:]), multiple=True, help="Default: each of them."
)
@footage_options
def main(
    footage: Footage,
    streams: int,
    layout: str,
    seconds: float,
    rounds: int,
    ways: tuple[str, ...],
) -> Outcome:
    """Measure windows beside a headless wall; print a table and keep it as JSON."""
    if missing := xvfb_missing():
        click.echo(f"nothing is measured: {missing} (on Debian: apt-get install xvfb)")
        raise Exit
    files = footage.clips(SIZE, "h264", streams)
    found = in_turns(
        (HEADLESS, *(ways or WAYS[1:])), lambda way: cost(way, files, layout, seconds), rounds
    )
    middles = tuple(middle(way, costs, found[HEADLESS]) for way, costs in found.items())
    click.echo("     way  presenter  X server   both  window     fps  missed %")
    click.echo("\n".join(line(way) for way in middles))
    result = Result(
        streams=streams,
        picture=picture_word(SIZE),
        screen=SCREEN_WORD,
        layout=layout,
        seconds=seconds,
        rounds=rounds,
        scene=footage.scene,
        ways=middles,
    )
    return Outcome(result, "present")


if __name__ == "__main__":
    main()
