"""What walls cost at the cameras' own pace: a headless wallctl, and other programs, for a while."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.full_speed import NICE
from benchmarks.peer_commands import Mosaic, Peer, counted
from benchmarks.program import CountedProgram, Pace
from benchmarks.screen import SCREEN
from benchmarks.wall import RunningWall

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
    numbers = range(1, len(mains) + 1)
    sources = (
        f'[[sources]]\nname = "camera {i}"\nnumber = {i}\nmain = "{main}"\nsub = "{sub}"\n'
        for i, main, sub in zip(numbers, mains, subs, strict=True)
    )
    screen = f'[[screens]]\nname = "wall"\nx = 0\ny = 0\nwidth = {SCREEN.w}\nheight = {SCREEN.h}\n'
    home = f'[[home]]\nscreen = "wall"\nlayout = "{layout}"\nsources = {list(numbers)}\n'
    file = folder / "site.toml"
    file.write_text("\n".join(('schema = 1\nname = "peers"\n', screen, home, *sources)))
    return file
