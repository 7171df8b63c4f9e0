"""What walls cost at the cameras' own pace: a headless wallctl, and other programs, for a while."""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.full_speed import NICE
from benchmarks.peer_commands import SCREEN, Mosaic, Peer, counted
from benchmarks.running import Pace, Running
from wallctl.control.client import Client
from wallctl.control.endpoint import ControlError

SETTLE_S = 2.0
"""From the first picture, or from the last tile that became live, until a program is measured."""
ASK_S = 1.0


def peer_pace(peer: Peer, asked: Mosaic, seconds: float) -> Pace:
    """What a peer puts out and takes; it runs as nice as a wall's decoders do."""
    with Running(peer_words(peer, asked), counted, peer.environ) as running:
        running.wait_for(lambda: running.shown > 0)
        time.sleep(SETTLE_S)
        return running.watch(seconds)


def peer_words(peer: Peer, asked: Mosaic) -> list[str]:
    """A peer's command line with its niceness."""
    return ["nice", "-n", str(NICE), *peer.words(asked)]


def wall_pace(shown: Sequence[str], streams: int, seconds: float) -> Pace:
    """What a wall takes, and the mean of its tiles' pictures a second in its report.

    ``shown`` are the words of ``wallctl`` that name what it shows.
    """
    with tempfile.TemporaryDirectory(prefix="wallctl-peers-") as folder:
        place = Path(folder)
        with Running(wall_words(shown, place), _counts_nothing) as running:
            running.wait_for(lambda: live_tiles(place) == streams)
            time.sleep(SETTLE_S)
            pace = running.watch(seconds)
        tiles = json.loads((place / "report.json").read_text())["tiles"]
    return Pace(round(sum(tile["fps"] for tile in tiles) / streams, 1), pace.cores)


def _counts_nothing(_line: str, before: int) -> int:
    return before


def wall_words(shown: Sequence[str], folder: Path) -> list[str]:
    """A headless wall that keeps its socket and its report in a folder."""
    return [
        *(sys.executable, "-m", "wallctl", *shown, "--headless"),
        *("--control", endpoint(folder), "--report", str(folder / "report.json")),
    ]


def show(inputs: Sequence[object], layout: str) -> list[str]:
    """The words that show these files or addresses."""
    screen = f"{SCREEN.w}x{SCREEN.h}"
    return ["show", *map(str, inputs), "--layout", layout, "--screens", screen]


def endpoint(folder: Path) -> str:
    """Where the wall of that folder takes commands."""
    return f"ipc://{folder}/control.sock"


def live_tiles(folder: Path) -> int:
    """How many tiles of that folder's wall are live; 0 before it answers."""
    return sum(tile["state"] == "live" for tile in tiles_now(folder))


def tiles_now(folder: Path) -> list[dict[str, Any]]:
    """The tiles as the wall's status tells them; none before it answers."""
    try:
        with Client(endpoint(folder), timeout_s=ASK_S) as client:
            tiles: list[dict[str, Any]] = client.status()["tiles"]
    except ControlError:
        return []
    return tiles


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
