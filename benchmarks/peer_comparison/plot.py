"""The peers' benchmark as a picture: rates beside the limit, cores beside wallctl's."""

import statistics
from pathlib import Path
from typing import Any

from benchmarks.harness.plot import drawn
from benchmarks.peer_comparison.result import FullSpeed, Live, Result

WALL, PEER, LIMIT = "C0", "0.65", "C1"


def plot(result: Result, path: Path) -> None:
    """Draw all of the run but its silent input as a PNG."""
    count = len(result.full_speed) + bool(result.live)
    on = result.machine
    with drawn(path, count, (8, 2.6 * count)) as (figure, axes):
        for ax, wall in zip(axes, result.full_speed, strict=False):
            _full_speed(ax, wall)
        if result.live:
            _live(axes[-1], result.live)
        figure.suptitle(f"{result.parameters.scene}, {on.cores} cores of {on.cpu}")


def _full_speed(ax: Any, wall: FullSpeed) -> None:
    limit = statistics.median(wall.decoded_fps)
    walls = [fps for pair in wall.peers.values() for fps in pair.wall_fps]
    names = ["wallctl", *wall.peers] if walls else []
    rates = [statistics.median(pair.peer_fps) for pair in wall.peers.values()]
    _bars(ax, names, [statistics.median(walls), *rates] if walls else [], ".0f")
    ax.axvline(limit, linestyle="--", color=LIMIT, label="decoding alone")
    ax.legend(loc="lower right")
    ax.set_title(f"{wall.streams} x {wall.size} on {wall.layout}, as fast as possible")
    ax.set_xlabel("pictures a second")


def _live(ax: Any, live: dict[str, Live]) -> None:
    walls = [pace.cores for one in live.values() for pace in one.wall]
    cores = [statistics.median(pace.cores for pace in one.other) for one in live.values()]
    _bars(ax, ["wallctl, sub", *live], [statistics.median(walls), *cores], ".2f")
    ax.set_title("cameras at their own pace")
    ax.set_xlabel("cores in use")


def _bars(ax: Any, names: list[str], values: list[float], form: str) -> None:
    """wallctl's bars in one colour, those of its peers in another; the first on top."""
    colours = [WALL if name.startswith("wallctl") else PEER for name in names]
    drawn = ax.barh(names, values, color=colours)
    ax.bar_label(drawn, fmt=f"%{form}", padding=3)
    ax.margins(x=0.12)
    ax.invert_yaxis()
