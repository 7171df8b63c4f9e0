"""What a run of the peers' benchmark found, as it is kept in a file and told as a table."""

import statistics
from collections.abc import Sequence

import click
import msgspec

from benchmarks.harness.program import Pace
from benchmarks.harness.result import Run
from benchmarks.harness.scaler_likeness import Scaling, describe_scaling
from benchmarks.harness.screen import SCREEN_WORD
from benchmarks.harness.turns import median_ratio
from benchmarks.peer_comparison.dead_input import Silenced
from wallctl.demo.clips import RATE_HZ

CAMERAS = 14
"""At their own pace."""
SILENT = 16
"""Of which one falls silent."""


class Rates(msgspec.Struct, frozen=True):
    """wallctl and a peer as fast as they can, in turns: pictures a second, round by round."""

    wall_fps: tuple[float, ...]
    peer_fps: tuple[float, ...]
    """Of all inputs together: the output's rate times their number."""
    peer_cores: tuple[float, ...]
    ratio: float
    """Median over the rounds of wallctl's by the peer's."""


class FullSpeed(msgspec.Struct, frozen=True):
    """One wall as fast as possible."""

    streams: int
    size: str
    layout: str
    decoded_fps: tuple[float, ...]
    """By decoding alone, round by round."""
    giving_way_fps: tuple[float, ...]
    """The same with a switch to another process after each picture."""
    peers: dict[str, Rates]
    wall_of_limit: float
    """Median over the rounds of wallctl's mean rate by decoding alone."""
    scaling: Scaling
    """wallctl's."""


class Live(msgspec.Struct, frozen=True):
    """wallctl with small streams beside another wall of the same cameras, in turns."""

    wall: tuple[Pace, ...]
    other: tuple[Pace, ...]
    ratio: float
    """Median over the rounds of the other's cores by wallctl's."""


class Parameters(msgspec.Struct, frozen=True):
    """What was asked for."""

    rounds: int
    seconds: float
    scene: str
    screen: str = SCREEN_WORD


class Result(Run, frozen=True, kw_only=True):
    """A run of this benchmark, as it is kept in a file."""

    parameters: Parameters
    settings: dict[str, str]
    """How each peer was set."""
    absent: dict[str, str]
    """The peers that could not be run, and why."""
    full_speed: tuple[FullSpeed, ...]
    live: dict[str, Live]
    """By what ran beside wallctl with small streams."""
    silent: dict[str, Silenced]
    """By program: what one silent input of sixteen does to the others."""


def rates(pairs: Sequence[tuple[float, Pace]], streams: int) -> Rates:
    """The figures of the rounds of wallctl and a peer."""
    if not all(pace.fps for _, pace in pairs):
        raise click.ClickException("a peer put out nothing in that time: give more --seconds")
    walls = [wall for wall, _ in pairs]
    peers = [round(pace.fps * streams, 1) for _, pace in pairs]
    return Rates(
        tuple(walls),
        tuple(peers),
        tuple(pace.cores for _, pace in pairs),
        median_ratio(walls, peers),
    )


def beside(pairs: Sequence[tuple[Pace, Pace]]) -> Live:
    """The figures of the rounds of wallctl and another wall of the same cameras."""
    walls, others = zip(*pairs, strict=True)
    return Live(
        walls, others, median_ratio([pace.cores for pace in others], [pace.cores for pace in walls])
    )


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


# ---------------------------------------------------------------- telling


def tell(result: Result) -> None:
    """Print what was found."""
    for name, why in result.absent.items():
        click.echo(f"absent: {name}: {why}")
    for wall in result.full_speed:
        click.echo(f"\n{wall.streams} x {wall.size}, as fast as possible: pictures a second")
        click.echo(f"  wallctl {describe_scaling(wall.scaling)}")
        _row("decoding alone", f"{statistics.median(wall.decoded_fps):8.0f}")
        _row("decoding, giving way", f"{statistics.median(wall.giving_way_fps):8.0f}")
        for name, pair in wall.peers.items():
            _row("wallctl", f"{statistics.median(pair.wall_fps):8.0f}")
            peer_fps, cores = statistics.median(pair.peer_fps), statistics.median(pair.peer_cores)
            _row(name, f"{peer_fps:8.0f}   {cores:.2f} cores   wallctl {pair.ratio:.2f}x")
    click.echo(f"\n{CAMERAS} cameras at {RATE_HZ} a second: cores, pictures a second of each")
    for name, live in result.live.items():
        _row("wallctl, sub", _median(live.wall))
        _row(name, f"{_median(live.other)}   {live.ratio:.2f}x the cores")
    click.echo(f"\none of {SILENT} falls silent: pictures a second of the others, each second")
    for name, silenced in result.silent.items():
        _row(name, f"{silenced.before_fps} then {silenced.after_fps}")


def _row(name: str, told: str) -> None:
    click.echo(f"  {name:<28}{told}")


def _median(paces: Sequence[Pace]) -> str:
    cores = statistics.median(pace.cores for pace in paces)
    return f"{cores:8.2f} {statistics.median(pace.fps for pace in paces):6.1f}"
