"""What does a source cost that no tile shows? Its worker's processor time, by policy, beside that
of a shown one.

The same wall of N looping files runs three times: all shown, all hidden with their packets kept,
all hidden and warm. Rounds take turns; told are the medians.

    python benchmarks/warm.py --streams 8
"""

import statistics
import time
from pathlib import Path

import click
import msgspec

from benchmarks.harness.command import (
    Outcome,
    benchmark,
    rounds_option,
    seconds_option,
    streams_option,
)
from benchmarks.harness.footage import Footage, footage_options, picture_word
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import WORKER, running_text
from benchmarks.harness.site_file import site_text
from benchmarks.harness.turns import in_turns
from wallctl.config.default_home_pictures import square_for

SETTLE_S = 3.0
SHOWN = "shown"
HIDDEN = ("packets", "warm")


class Line(msgspec.Struct, frozen=True):
    """The streams of one size. Cores are of one stream's worker."""

    picture: str
    cores: dict[str, float]
    """By what is done with it: ``shown``, ``packets``, ``warm``."""
    ratios: dict[str, float]
    """Of each way of hiding to ``shown``."""


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    streams: int
    seconds: float
    rounds: int
    scene: str
    lines: tuple[Line, ...]


def site_of(files: list[Path], policy: str) -> str:
    """A site of one screen that shows all files, or none and keeps them by a policy."""
    is_shown = policy == SHOWN
    defaults = f'clock = false\nhidden = "{"live" if is_shown else policy}"'
    layout = square_for(len(files), 1)
    return site_text("warm", files, layout, shown=None if is_shown else (), defaults=defaults)


def cores(files: list[Path], policy: str, seconds: float) -> float:
    """What one stream's worker takes of a processor."""
    with running_text(site_of(files, policy)) as wall:
        time.sleep(SETTLE_S)
        watch = wall.watch(WORKER)
        time.sleep(seconds)
        return watch.spent().cores / len(files)


def measure(files: list[Path], picture: str, seconds: float, rounds: int) -> Line:
    """All policies in turns."""
    found = in_turns((SHOWN, *HIDDEN), lambda policy: cores(files, policy, seconds), rounds)
    middle = {policy: round(statistics.median(known), 5) for policy, known in found.items()}
    ratios = {
        policy: round(statistics.median(map(_ratio, found[policy], found[SHOWN])), 3)
        for policy in HIDDEN
    }
    return Line(picture, middle, ratios)


def _ratio(hidden: float, shown: float) -> float:
    return hidden / shown if shown else 0.0


@benchmark(
    "Two small streams for a moment: to see that it works.",
    streams=2,
    seconds=1.0,
    rounds=1,
    sizes=("sub",),
)
@streams_option(8, most=16)
@seconds_option(8.0)
@rounds_option()
@footage_options
def main(
    footage: Footage,
    streams: int,
    seconds: float,
    rounds: int,
    sizes: tuple[str, ...] = ("sub", "main"),
) -> Outcome:
    """Measure hidden streams beside shown ones; print a table and keep it as JSON."""
    click.echo(f"{'picture':>10} {'shown':>8} {'packets':>8} {'warm':>8}  ratios")
    lines = []
    for size in sizes:
        clips = footage.clips(size, "h264", streams)
        line = measure(clips, picture_word(size), seconds, rounds)
        figures = " ".join(f"{line.cores[policy]:>8.4f}" for policy in (SHOWN, *HIDDEN))
        told = ", ".join(f"{policy} {ratio:.3f}" for policy, ratio in line.ratios.items())
        click.echo(f"{line.picture:>10} {figures}  {told}")
        lines.append(line)
    result = Result(
        streams=streams,
        seconds=seconds,
        rounds=rounds,
        scene=footage.scene,
        lines=tuple(lines),
    )
    return Outcome(result, "warm")


if __name__ == "__main__":
    main()
