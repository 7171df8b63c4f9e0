"""A headless wall for a ``with`` block: talked to, looked at, and ended whatever happens.

It is the wall that any person starts, in processes of its own. Its canvases are read where they
lie, in the memory that its processes share.
"""

import functools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import click

from benchmarks.harness.program import START_S, Program
from benchmarks.harness.screen import SCREEN, SCREEN_WORD
from wallctl.api.client import Client
from wallctl.api.endpoint import ControlError
from wallctl.config.site_file import load_site
from wallctl.config.source_urls import site_from_urls
from wallctl.model.site.site import MAX_STREAMS, Site
from wallctl.model.streams.decode_effort import Effort
from wallctl.node.setup import Options, set_up
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas
from wallctl.shm.stream_status import WORDS, Word, block_offset

ASK_S = 2.0
SETTLED_WITHIN_S = 90.0
LOOK_S, CALM_LOOKS = 1.0, 5
"""So many looks in a row must find a wall settled: it gives things up some seconds late."""
LONGEST_S = 3600.0
"""A wall whose benchmark was killed ends by itself after so long."""
FULL = Effort.FULL.name.lower()
WORKER, PRESENTER = "wall:worker", "wall:presenter"
"""How the names of decoders' and of presenters' processes begin."""


class RunningWall(Program):
    """A running wall of a site, started by ``words`` of the command line; it answers.

    It is headless unless ``display`` names an X server for its windows.
    """

    def __init__(
        self, site: Site, words: Sequence[str], folder: Path, display: str | None = None
    ) -> None:
        self.site = site
        self.endpoint = f"ipc://{folder}/control.sock"
        self._report = folder / "report.json"
        whole = [
            *(sys.executable, "-m", "wallctl", *words, "--for", str(LONGEST_S)),
            *("--control", self.endpoint, "--report", str(self._report)),
            *(() if display else ("--headless",)),
        ]
        environ = {"XDG_STATE_HOME": str(folder)} | ({"DISPLAY": display} if display else {})
        super().__init__(whole, environ)

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self.wait_for("answer", self._answers)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _answers(self) -> bool:
        try:
            with Client(self.endpoint, timeout_s=ASK_S) as client:
                client.hello()
        except ControlError:
            return False
        return True

    def report(self) -> dict[str, Any]:
        """End the wall; the report that it writes."""
        self._end()
        if self._process.returncode != 0:
            raise self._failure(f"ended with {self._process.returncode}")
        read: dict[str, Any] = json.loads(self._report.read_text())
        return read

    def client(self) -> Client:
        """A connection to it."""
        return Client(self.endpoint)

    def wait_live(self, count: int, seconds: float = START_S) -> None:
        """Wait until so many tiles are live."""
        with self.client() as client:
            self.wait_for(f"{count} live tiles", lambda: live_tiles(client) >= count, seconds)

    def settle(self, count: int) -> None:
        """Wait until so many tiles stay live and give nothing up, as the start may make them.

        On a wall that is too busy they never do; that is said, and no error.
        """
        whole, calm, give_up_s = 0, 0, time.monotonic() + SETTLED_WITHIN_S
        with self.client() as client:
            while calm < CALM_LOOKS and time.monotonic() < give_up_s:
                time.sleep(LOOK_S)
                whole = _whole(client.status()["tiles"])
                calm = calm + 1 if whole >= count else 0
        if calm < CALM_LOOKS:
            click.echo(f"{whole} of {count} tiles are live and give nothing up", err=True)

    def canvases(self) -> dict[str, Canvas]:
        """The canvas of each screen."""
        places = set_up(Options(self.site, self.endpoint), 0).canvases
        return {name: Canvas(self._arena, place) for name, place in places.items()}

    def decoded(self) -> int:
        """How many pictures its workers have decoded so far."""
        blocks = (self._arena.words(block_offset(i), WORDS) for i in range(MAX_STREAMS))
        return sum(words[Word.DECODED] for words in blocks)

    @functools.cached_property
    def _arena(self) -> Arena:
        for link in Path(f"/proc/{self.pid}/fd").iterdir():
            if str(link.readlink()).startswith("/memfd:wallctl-arena"):
                fd = os.open(link, os.O_RDWR)
                return Arena(fd, os.fstat(fd).st_size)
        raise click.ClickException("the wall has no arena")


def live_tiles(client: Client) -> int:
    """How many tiles are live."""
    return sum(tile["state"] == "live" for tile in client.status()["tiles"])


def median_latencies(tiles: list[dict[str, Any]]) -> dict[str, float | None]:
    """p50, p95 and p99 in ms, each the median over the tiles of a report; ``None`` of none."""
    return {name: _median_latency(tiles, name) for name in ("p50", "p95", "p99")}


def _median_latency(tiles: list[dict[str, Any]], name: str) -> float | None:
    known = [tile["latency_ms"][name] for tile in tiles if tile["latency_ms"][name] is not None]
    return statistics.median(known) if known else None


def shed_in(tiles: list[dict[str, Any]]) -> int:
    """How many tiles of a status give something up since the machine is too busy."""
    return sum(tile["effort"] != FULL for tile in tiles)


def _whole(tiles: list[dict[str, Any]]) -> int:
    return sum(tile["state"] == "live" and tile["effort"] == FULL for tile in tiles)


@contextmanager
def showing(
    inputs: Sequence[object],
    layout: str | None = None,
    screens: int = 1,
    *,
    display: str | None = None,
    options: Sequence[str] = (),
) -> Iterator[RunningWall]:
    """``wallctl show`` of some files or addresses, headless or on a display."""
    urls = list(map(str, inputs))
    words = ["show", *urls, "--screens", ",".join([SCREEN_WORD] * screens), *options]
    words += ("--layout", layout) if layout else ()
    site = site_from_urls(urls, layout, (SCREEN,) * screens)
    with _folder() as folder, RunningWall(site, words, Path(folder), display) as wall:
        yield wall


@contextmanager
def running(site_file: Path) -> Iterator[RunningWall]:
    """``wallctl run`` of a site file."""
    site = load_site(site_file)
    words = ["run", str(site_file)]
    with _folder() as folder, RunningWall(site, words, Path(folder)) as wall:
        yield wall


@contextmanager
def running_text(site: str) -> Iterator[RunningWall]:
    """``wallctl run`` of a site file that holds this text."""
    with _folder() as folder:
        file = Path(folder) / "site.toml"
        file.write_text(site, encoding="utf-8")
        with running(file) as wall:
            yield wall


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="wallctl-bench-")
