"""Does ``wallctl plan`` tell the truth? Predicted against measured processors, wall by wall.

It calibrates this machine as ``wallctl calibrate`` does, then runs ``wallctl show`` headless on N
looping clips in the smallest square grid of a 1920x1080 screen, and reads what the processes of
that wall spend once it is calm. The prediction may be off by 15 %.

    python benchmarks/prediction.py --sub 4,8,16,32 --main 4,8
"""

import statistics
import time
from pathlib import Path

import click
import msgspec

from benchmarks.harness.command import (
    Counts,
    Outcome,
    benchmark,
    cache_option,
    rounds_option,
    seconds_option,
)
from benchmarks.harness.footage import clips
from benchmarks.harness.program import Spent
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import showing
from benchmarks.harness.screen import MOST_TILES, SCREEN
from wallctl.calibration.measure import CalibrationError, calibrate
from wallctl.cli.calibration_clips import calibration_clips
from wallctl.cli.plan_inputs import Here
from wallctl.cli.plan_summary import plans_of
from wallctl.config.source_urls import site_from_urls
from wallctl.model.planning import plan
from wallctl.model.planning.cost_model import TYPICAL, Speeds
from wallctl.supervisor.machine import usable_cores

BAR_PERCENT = 15.0
SETTLE_S = 2.5
CALM_CORES, TRIES = 0.2, 8
"""Other programs take a wall's caches: it is measured again while they take more than so much."""


class Effort(msgspec.Struct, frozen=True):
    """How long walls are watched, and how often."""

    rounds: int
    seconds: float
    tries: int = TRIES


class Point(msgspec.Struct, frozen=True):
    """One wall. Cores are processors kept busy, in the median of the rounds."""

    streams: int
    size: str
    predicted_cores: float
    measured_cores: tuple[float, ...]
    """Round by round."""
    other_cores: float
    """What everything else on the machine took meanwhile."""
    error_percent: float
    """Of the prediction; positive where it was too much."""


class Result(Run, frozen=True, kw_only=True):
    """A run of this benchmark, as it is kept in a file."""

    seconds: float
    speeds: Speeds
    points: tuple[Point, ...]


def predicted(files: list[Path], speeds: Speeds) -> float:
    """What the plan says of the wall of these files."""
    site = site_from_urls([str(file) for file in files], None, [SCREEN])
    here = Here(plan.Machine(speeds, usable_cores(), windowed=False), None)
    return plans_of(site, here)["home"].cores


def measured(files: list[Path], seconds: float) -> Spent:
    """What the wall of these files spends once it is calm."""
    with showing(files) as wall:
        time.sleep(SETTLE_S)
        watch = wall.watch()
        time.sleep(seconds)
        return watch.spent()


def calmest(files: list[Path], effort: Effort) -> Spent:
    """As ``measured``; where others keep the machine busy, the least disturbed of a few tries."""
    tries = []
    for _ in range(effort.tries):
        tries.append(measured(files, effort.seconds))
        if tries[-1].other_cores <= CALM_CORES:
            break
    return min(tries, key=lambda one: one.other_cores)


def point(files: list[Path], size: str, speeds: Speeds, effort: Effort) -> Point:
    """Predict a wall, run it, and compare."""
    said = predicted(files, speeds)
    seen = [calmest(files, effort) for _ in range(effort.rounds)]
    cores = statistics.median(one.cores for one in seen)
    return Point(
        streams=len(files),
        size=size,
        predicted_cores=round(said, 3),
        measured_cores=tuple(round(one.cores, 3) for one in seen),
        other_cores=round(statistics.median(one.other_cores for one in seen), 2),
        error_percent=round(100 * (said / cores - 1), 1),
    )


def line(p: Point) -> str:
    """One point as a row of the table."""
    seen = statistics.median(p.measured_cores)
    return (
        f"{p.streams:>3} {p.size:<5} {p.predicted_cores:>9.3f} {seen:>9.3f} "
        f"{p.error_percent:>+7.1f} {p.other_cores:>7.2f}"
    )


@benchmark(
    "Two small walls, typical speeds: only to see it work.",
    sub=(2,),
    main=(1,),
    rounds=1,
    seconds=1.0,
    tries=1,
    speeds=TYPICAL,
)
@click.option("--sub", type=Counts(2 * MOST_TILES), default="4,8,16,32", show_default=True)
@click.option("--main", type=Counts(2 * MOST_TILES), default="4,8", show_default=True)
@rounds_option(3)
@seconds_option(5.0)
@cache_option
def main(
    sub: tuple[int, ...],
    main: tuple[int, ...],
    rounds: int,
    seconds: float,
    cache: Path,
    tries: int = TRIES,
    speeds: Speeds | None = None,
) -> Outcome:
    """Measure what plans predict; print a table and keep it as JSON."""
    effort = Effort(rounds, seconds, tries)
    counts = {"sub": sub, "main": main}
    files = {size: clips(cache, size, "h264", max(some)) for size, some in counts.items()}
    speeds = speeds or _calibrated()
    click.echo("  N size  predicted  measured error %  others")
    points = []
    for size, some in counts.items():
        for count in some:
            points.append(point(files[size][:count], size, speeds, effort))
            click.echo(line(points[-1]))
    worst = max(abs(p.error_percent) for p in points)
    click.echo(f"worst: {worst} %, may be {BAR_PERCENT:.0f} %")
    result = Result(seconds=effort.seconds, speeds=speeds, points=tuple(points))
    return Outcome(result, "prediction")


def _calibrated() -> Speeds:
    try:
        return calibrate(calibration_clips())
    except CalibrationError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
