"""What does a source cost that no tile shows? Its worker's processor time, by policy, beside that
of a shown one.

The same wall of N looping files runs three times: all shown, all hidden with their packets kept,
all hidden and warm. Rounds take turns; told are the medians.

    python benchmarks/warm.py --streams 8
"""

import statistics
import tempfile
import time
from pathlib import Path

import click
import msgspec

from benchmarks.clips import Footage, footage_options
from benchmarks.record import Machine, machine, versions
from benchmarks.telling import keep, today
from benchmarks.wall import WORKER, running
from wallctl.config.default_home import square_for
from wallctl.demo.clips import SIZES

SETTLE_S = 3.0
SHOWN = "shown"
HIDDEN = ("packets", "warm")
TINY_STREAMS, TINY_SECONDS = 2, 1.0


class Line(msgspec.Struct, frozen=True):
    """The streams of one size. Cores are of one stream's worker."""

    picture: str
    cores: dict[str, float]
    """By what is done with it: ``shown``, ``packets``, ``warm``."""
    ratios: dict[str, float]
    """Of each way of hiding to ``shown``."""


class Result(msgspec.Struct, frozen=True):
    """A run, as it is kept in a file."""

    date: str
    streams: int
    seconds: float
    rounds: int
    scene: str
    machine: Machine
    versions: dict[str, str]
    lines: tuple[Line, ...]


def site_text(files: list[Path], policy: str) -> str:
    """A site of one screen that shows all files, or none and keeps them by a policy."""
    shown = policy == SHOWN
    numbers = ", ".join(str(number) for number in range(1, len(files) + 1)) if shown else ""
    sources = "".join(
        f'[[sources]]\nname = "camera {number}"\nnumber = {number}\nmain = "{file}"\n'
        for number, file in enumerate(files, start=1)
    )
    return (
        'schema = 1\nname = "warm"\n'
        f'[defaults]\nclock = false\nhidden = "{"live" if shown else policy}"\n'
        '[[screens]]\nname = "screen"\nwidth = 1920\nheight = 1080\n'
        f'[[home]]\nscreen = "screen"\nlayout = "{square_for(len(files), 1)}"\n'
        f"sources = [{numbers}]\n{sources}"
    )


def cores(files: list[Path], policy: str, seconds: float) -> float:
    """What one stream's worker takes of a processor."""
    with tempfile.TemporaryDirectory(prefix="wallctl-bench-") as folder:
        site = Path(folder) / "site.toml"
        site.write_text(site_text(files, policy), encoding="utf-8")
        with running(site) as wall:
            time.sleep(SETTLE_S)
            watch = wall.watch(WORKER)
            time.sleep(seconds)
            return watch.spent().cores / len(files)


def measure(files: list[Path], picture: str, seconds: float, rounds: int) -> Line:
    """All policies in turns."""
    found: dict[str, list[float]] = {policy: [] for policy in (SHOWN, *HIDDEN)}
    for _ in range(rounds):
        for policy, known in found.items():
            known.append(cores(files, policy, seconds))
    middle = {policy: round(statistics.median(known), 5) for policy, known in found.items()}
    ratios = {
        policy: round(statistics.median(map(_ratio, found[policy], found[SHOWN])), 3)
        for policy in HIDDEN
    }
    return Line(picture, middle, ratios)


def _ratio(hidden: float, shown: float) -> float:
    return hidden / shown if shown else 0.0


@click.command()
@click.option("--streams", type=click.IntRange(1, 16), default=8, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=8.0, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json")
@click.option("--tiny", is_flag=True, help="Two small streams for a moment: to see that it works.")
@footage_options
def main(
    footage: Footage, streams: int, seconds: float, rounds: int, out: Path | None, tiny: bool
) -> None:
    """Measure hidden streams beside shown ones; print a table and keep it as JSON."""
    sizes = ["sub"] if tiny else ["sub", "main"]
    if tiny:
        streams, seconds, rounds = TINY_STREAMS, TINY_SECONDS, 1
    click.echo(f"{'picture':>10} {'shown':>8} {'packets':>8} {'warm':>8}  ratios")
    lines = []
    for size in sizes:
        picture = f"{SIZES[size].w}x{SIZES[size].h}"
        line = measure(footage.clips(size, "h264", streams), picture, seconds, rounds)
        figures = " ".join(f"{line.cores[policy]:>8.4f}" for policy in (SHOWN, *HIDDEN))
        told = ", ".join(f"{policy} {ratio:.3f}" for policy, ratio in line.ratios.items())
        click.echo(f"{picture:>10} {figures}  {told}")
        lines.append(line)
    result = Result(
        date=today(),
        streams=streams,
        seconds=seconds,
        rounds=rounds,
        scene=footage.scene,
        machine=machine(),
        versions=versions(),
        lines=tuple(lines),
    )
    keep(result, "warm", out)


if __name__ == "__main__":
    main()
