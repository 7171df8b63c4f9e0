"""What walls cost at the cameras' own pace: a headless wallctl, and other programs, for a while."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.harness.program import CountedProgram, Pace
from benchmarks.harness.running_wall import RunningWall
from benchmarks.harness.site_file import site_text
from benchmarks.harness.worker_group import NICE
from benchmarks.peer_comparison.commands import Mosaic, Peer, counted

SETTLE_S = 2.0
"""From the first picture, or from the last tile that became live, until a program is measured."""


def peer_running(peer: Peer, asked: Mosaic) -> CountedProgram:
    """A peer that shows what is asked; it runs as nice as a wall's decoders do."""
    words = ("nice", "-n", str(NICE), *peer.words(asked))
    return CountedProgram(words, counted, peer.environ)


def peer_pace(peer: Peer, asked: Mosaic, seconds: float) -> Pace:
    """What a peer puts out and takes."""
    with peer_running(peer, asked) as program:
        program.wait_shown()
        time.sleep(SETTLE_S)
        return program.pace(seconds)


def wall_pace(starting: AbstractContextManager[RunningWall], streams: int, seconds: float) -> Pace:
    """What a wall takes, and the mean of its tiles' pictures a second in its report."""
    with starting as wall:
        wall.wait_live(streams)
        time.sleep(SETTLE_S)
        watch = wall.watch()
        time.sleep(seconds)
        cores = watch.spent().cores
        tiles = wall.report()["tiles"]
    return Pace(round(sum(tile["fps"] for tile in tiles) / streams, 1), round(cores, 3))


def site_of_two(mains: Sequence[Path], subs: Sequence[Path], folder: Path, layout: str) -> Path:
    """Write a site whose cameras have two streams each, as cameras have; its file."""
    file = folder / "site.toml"
    file.write_text(site_text("peers", mains, layout, subs=subs))
    return file
