"""The same wall by wallctl and by its peers: FFmpeg's xstack, GStreamer's compositor and mixer.

All get the same files, the same cores, the same canvas with the same tiles, in one run and in
turns (wallctl, a peer, wallctl, the next peer ...), so that what else the machine does meets all
alike; a ratio is always one of two neighbours. Three questions:

* as fast as possible: how many pictures a second are decoded, scaled and composed, beside what
  decoding alone reaches?
* at the cameras' pace: what do fourteen cameras cost, whose small streams suffice, and what if
  only their large ones are given?
* what becomes of fifteen cameras when the sixteenth falls silent?

A peer that is not installed is said to be absent.

    python benchmarks/peers.py --rounds 3 --seconds 4
"""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.harness.command import Outcome, benchmark, rounds_option, seconds_option
from benchmarks.harness.decoding_alone import GIVING_WAY_S, decoding_rate
from benchmarks.harness.footage import Footage, footage_options
from benchmarks.harness.program import Pace
from benchmarks.harness.result import versions
from benchmarks.harness.running_wall import running, showing
from benchmarks.harness.scaler_likeness import scaling_of
from benchmarks.harness.street_clips import turned
from benchmarks.harness.turns import median_ratio
from benchmarks.harness.wall_parts import wall_rate
from benchmarks.peer_comparison.commands import PEERS, Peer, absence, mosaic, peer_versions
from benchmarks.peer_comparison.dead_input import Silenced, silence_peer, silence_wall
from benchmarks.peer_comparison.live_pace import peer_pace, site_of_two, wall_pace
from benchmarks.peer_comparison.plot import plot
from benchmarks.peer_comparison.result import (
    CAMERAS,
    SILENT,
    FullSpeed,
    Live,
    Parameters,
    Result,
    beside,
    mean,
    rates,
    tell,
)
from wallctl.config.default_home_pictures import square_for
from wallctl.demo.clips import RATE_HZ

LENGTH_S = 60
"""Of each file: longer than anyone is watched, since not everyone can play a file in a loop."""
LONGEST_S = 30.0
CHOOSING = "wallctl, main and sub"


class Bench:
    """The files of a run, and who takes part in it."""

    def __init__(self, footage: Footage, folder: Path, asked: Parameters) -> None:
        self._footage = footage
        self._folder = folder
        self._asked = asked
        self.absent = {peer.name: why for peer in PEERS if (why := absence(peer))}
        self.peers = [peer for peer in PEERS if peer.name not in self.absent]

    def files(self, size: str, count: int) -> list[Path]:
        """So many clips, each long enough to be watched as it plays."""
        long = []
        for number, clip in enumerate(self._footage.clips(size, "h264", count)):
            long.append(self._folder / f"{number:03d}-{size}.mp4")
            if not long[-1].exists():
                turned(clip, long[-1], 0, LENGTH_S * RATE_HZ)
        return long

    def full_speed(self, streams: int, size: str) -> FullSpeed:
        """Everyone in turns, as fast as possible."""
        files, layout = self.files(size, streams), square_for(streams, 1)
        seconds, rounds = self._asked.seconds, range(self._asked.rounds)
        decoded, giving_way = [], []
        pairs: dict[str, list[tuple[float, Pace]]] = {peer.name: [] for peer in self.peers}
        for number in rounds:
            click.echo(f"{streams} x {size}, round {number + 1}", err=True)
            decoded.append(round(decoding_rate(files, None, seconds), 1))
            giving_way.append(round(decoding_rate(files, GIVING_WAY_S, seconds), 1))
            for peer in self.peers:
                wall = round(wall_rate(files, layout, seconds), 1)
                pairs[peer.name].append((wall, peer_pace(peer, mosaic(files, layout), seconds)))
        peers = {name: rates(pair, streams) for name, pair in pairs.items()}
        walls = [mean([one.wall_fps[i] for one in peers.values()]) for i in rounds]
        limit = median_ratio(walls, decoded)
        return FullSpeed(
            streams=streams,
            size=size,
            layout=layout,
            decoded_fps=tuple(decoded),
            giving_way_fps=tuple(giving_way),
            peers=peers,
            wall_of_limit=limit,
            scaling=scaling_of(files[0], layout),
        )

    def live(self) -> dict[str, Live]:
        """wallctl with small streams, in turns with each other way to show the same cameras."""
        mains, subs = self.files("main", CAMERAS), self.files("sub", CAMERAS)
        layout, seconds = square_for(CAMERAS, 1), self._asked.seconds
        site = site_of_two(mains, subs, self._folder, layout)
        others: dict[str, Callable[[], Pace]] = {
            CHOOSING: lambda: wall_pace(running(site), CAMERAS, seconds)
        }
        for peer in self.peers:
            for size, files in (("sub", subs), ("main", mains)):
                others[f"{peer.name}, {size}"] = _pacing(peer, files, layout, seconds)
        told: dict[str, list[tuple[Pace, Pace]]] = {name: [] for name in others}
        for number in range(self._asked.rounds):
            click.echo(f"{CAMERAS} cameras, round {number + 1}", err=True)
            for name, other in others.items():
                wall = wall_pace(showing(subs, layout), CAMERAS, seconds)
                told[name].append((wall, other()))
        return {name: beside(pairs) for name, pairs in told.items()}

    def silent(self) -> dict[str, Silenced]:
        """wallctl and FFmpeg: it opens the stream that falls silent as wallctl does."""
        files = self.files("sub", SILENT)
        told = {"wallctl": silence_wall(files)}
        for peer in self.peers:
            if peer.program == "ffmpeg":
                told[peer.name] = silence_peer(peer, files)
        return told


def _pacing(peer: Peer, files: list[Path], layout: str, seconds: float) -> Callable[[], Pace]:
    return lambda: peer_pace(peer, mosaic(files, layout, live=True), seconds)


@benchmark(
    "Nine small streams, one round: to see that it works.",
    rounds=1,
    seconds=1.0,
    walls=((9, "sub"),),
    is_whole=False,
)
@rounds_option()
@seconds_option(5.0, most=LONGEST_S)
@footage_options
def main(
    rounds: int,
    seconds: float,
    footage: Footage,
    walls: tuple[tuple[int, str], ...] = ((14, "main"), (64, "sub")),
    is_whole: bool = True,
) -> Outcome:
    """Measure wallctl and its peers in turns; print a table and keep it as JSON with a plot."""
    asked = Parameters(rounds, seconds, footage.scene)
    footage.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="peers-", dir=footage.folder) as folder:
        bench = Bench(footage, Path(folder), asked)
        result = Result(
            parameters=asked,
            versions=versions() | peer_versions(),
            settings={peer.name: peer.settings for peer in bench.peers},
            absent=bench.absent,
            full_speed=tuple(bench.full_speed(*wall) for wall in walls),
            live=bench.live() if is_whole else {},
            silent=bench.silent() if is_whole else {},
        )
    tell(result)
    return Outcome(result, "peers", functools.partial(plot, result))


if __name__ == "__main__":
    main()
