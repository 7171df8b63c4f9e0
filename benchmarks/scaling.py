"""Does a stream cost more among many than among few?

A headless wall shows few looping files of 640x360, then many, each time in the tiles of the large
wall and at the files' own pace; in turns with that, as many processes only read and decode the
same files at the same pace. Told are processor milliseconds a picture of the whole wall and of
decoding alone, and how the ratio of the two grows from few to many. A wall ticks for all of its
streams together, which is less for each of many: so its workers alone are told, too.

It is the cameras' pace and not full speed, since there few streams leave the processors idle while
their pictures wait for the next pass. Where tiles give something up the costs are those of other
work: then there is no figure, and it says so.

    python benchmarks/scaling.py --fewest 8 --most 64
"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from benchmarks.harness.command import Outcome, benchmark, rounds_option, seconds_option
from benchmarks.harness.footage import Footage, footage_options, picture_in_file
from benchmarks.harness.paced_cost import decoding_cost
from benchmarks.harness.result import Run
from benchmarks.harness.running_wall import WORKER, shed_in, showing
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.turns import in_turns, median_ratio
from wallctl.config.default_home_pictures import square_for

BAR = 1.15


class Cost(msgspec.Struct, frozen=True):
    """What a wall spent on each picture that it decoded, in processor milliseconds."""

    wall_ms: float
    workers_ms: float
    fps: float
    """Pictures a second that were decoded of each stream."""
    shed: int
    """Tiles that gave something up at the end."""


class Point(msgspec.Struct, frozen=True):
    """N streams. Costs are processor milliseconds a picture, round by round."""

    streams: int
    wall_ms: tuple[float, ...]
    workers_ms: tuple[float, ...]
    decoding_ms: tuple[float, ...]
    """By decoding alone."""
    fps_least: float
    """Of the rounds: pictures a second that the wall decoded of each stream."""
    shed: int
    """The most tiles that gave something up."""

    @property
    def ratios(self) -> list[float]:
        """Of the wall's cost to decoding alone, round by round."""
        return _ratios(self.wall_ms, self.decoding_ms)

    @property
    def workers_ratios(self) -> list[float]:
        """Of the workers' cost to decoding alone, round by round."""
        return _ratios(self.workers_ms, self.decoding_ms)


def _ratios(costs: Sequence[float], limits: Sequence[float]) -> list[float]:
    return [cost / limit for cost, limit in zip(costs, limits, strict=True)]


class Result(Run, frozen=True, kw_only=True):
    """A run, as it is kept in a file."""

    seconds: float
    rounds: int
    scene: str
    picture: str
    layout: str
    screen: str
    points: tuple[Point, ...]
    growth: float
    """The wall's cost by that of decoding, among many to among few: median over the rounds."""
    workers_growth: float
    """The same of its workers alone."""


def wall_cost(files: list[Path], layout: str, seconds: float) -> Cost:
    """Run a wall of these files; what its pictures cost once all are live."""
    with showing(files, layout) as wall, wall.client() as client:
        wall.settle(len(files))
        whole, workers, before = wall.watch(), wall.watch(WORKER), wall.decoded()
        time.sleep(seconds)
        spent, decoding, pictures = whole.spent(), workers.spent(), wall.decoded() - before
        if not pictures:
            raise click.ClickException("the wall decoded nothing in that time")
        return Cost(
            1000 * spent.cores * spent.seconds / pictures,
            1000 * decoding.cores * decoding.seconds / pictures,
            pictures / spent.seconds / len(files),
            shed_in(client.status()["tiles"]),
        )


def point(rounds: list[tuple[Cost, float]], streams: int) -> Point:
    """The figures of some rounds, each a wall and the cost of decoding alone."""
    walls, decoding = zip(*rounds, strict=True)
    return Point(
        streams,
        tuple(round(wall.wall_ms, 3) for wall in walls),
        tuple(round(wall.workers_ms, 3) for wall in walls),
        tuple(round(one, 3) for one in decoding),
        round(min(wall.fps for wall in walls), 2),
        max(wall.shed for wall in walls),
    )


def growth(among_few: Sequence[float], among_many: Sequence[float]) -> float:
    """How ratios grow from few to many streams: the median over the rounds."""
    return median_ratio(among_many, among_few)


def line(p: Point) -> str:
    """One number of streams as a row of the table: medians."""
    wall, workers, decoding = map(statistics.median, (p.wall_ms, p.workers_ms, p.decoding_ms))
    ratio = statistics.median(p.ratios)
    return (
        f"{p.streams:>3} {wall:>8.3f} {workers:>8.3f} {decoding:>9.3f} {ratio:>6.2f} "
        f"{p.fps_least:>6.2f} {p.shed:>5}"
    )


@benchmark(
    "2 and 4 streams for a moment: to see that it works.", fewest=2, most=4, seconds=1.0, rounds=1
)
@click.option("--fewest", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option("--most", type=click.IntRange(1, 64), default=64, show_default=True)
@seconds_option(6.0, least=0.5)
@rounds_option()
@footage_options
def main(fewest: int, most: int, seconds: float, rounds: int, footage: Footage) -> Outcome:
    """Measure few and many streams in turns; print a table and keep it as JSON."""
    files, layout = footage.clips("sub", "h264", most), square_for(most, 1)

    def cost(streams: int) -> tuple[Cost, float]:
        click.echo(f"{streams} streams", err=True)
        wall = wall_cost(files[:streams], layout, seconds)
        return wall, decoding_cost(files[:streams], 1, seconds).picture_ms

    found = in_turns((fewest, most), cost, rounds)
    few, many = point(found[fewest], fewest), point(found[most], most)
    click.echo(
        "  N  wall ms  workers  decoding  ratio    fps  shed\n" + line(few) + "\n" + line(many)
    )
    result = Result(
        seconds=seconds,
        rounds=rounds,
        scene=footage.scene,
        picture=picture_in_file(files[0]),
        layout=layout,
        screen=SCREEN_WORD,
        points=(few, many),
        growth=growth(few.ratios, many.ratios),
        workers_growth=growth(few.workers_ratios, many.workers_ratios),
    )
    click.echo(f"growth: {result.growth}, may be {BAR}; workers alone {result.workers_growth}")
    if few.shed or many.shed:
        click.echo("no figure: tiles gave something up; try fewer, or on a machine at rest")
    return Outcome(result, "scaling")


if __name__ == "__main__":
    main()
