"""A wall for a ``with`` block: talked to, looked at, and ended whatever happens.

It is the wall that any person starts, in processes of its own. Its canvases are read where they
lie, in the memory that its processes share.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from wallctl.app.setup import Options, set_up
from wallctl.control.client import Client
from wallctl.control.endpoint import ControlError
from wallctl.files.addresses import site_from_urls
from wallctl.files.site import load_site
from wallctl.frames.arena import Arena
from wallctl.frames.canvas import Canvas
from wallctl.model.geometry import Size
from wallctl.model.site import Site
from wallctl.process.usage import cpu_ns, family, total_cpu_s

SCREEN = Size(1920, 1080)
START_S, END_S = 30.0, 10.0
LOOK_EVERY_S = 0.1
LONGEST_S = 3600.0
"""A wall whose benchmark was killed ends by itself after so long."""


class RunningWall:
    """A running wall of a site, started by ``words`` of the command line.

    It is headless unless ``display`` names an X server for its windows.
    """

    def __init__(
        self, site: Site, words: Sequence[str], folder: Path, display: str | None = None
    ) -> None:
        self.site = site
        self.endpoint = f"ipc://{folder}/control.sock"
        self._report = folder / "report.json"
        self._log = folder / "wall.log"
        self._words = [
            *(sys.executable, "-m", "wallctl", *words, "--for", str(LONGEST_S)),
            *("--control", self.endpoint, "--report", str(self._report)),
            *(() if display else ("--headless",)),
        ]
        self._environ = {**os.environ, "XDG_STATE_HOME": str(folder)}
        if display:
            self._environ["DISPLAY"] = display
        self._process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._words, stdout=log, stderr=subprocess.STDOUT, env=self._environ
            )
        try:
            until("the wall to answer", self._answers, START_S)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise click.ClickException(f"the wall ended: {self._log.read_text(errors='replace')}")
        try:
            with Client(self.endpoint, timeout_s=2.0) as client:
                client.hello()
        except ControlError:
            return False
        return True

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def report(self) -> dict[str, Any]:
        """End the wall; the report that it writes."""
        self._end()
        if self._process.returncode != 0:
            raise click.ClickException(f"the wall ended with {self._process.returncode}")
        read: dict[str, Any] = json.loads(self._report.read_text())
        return read

    def client(self) -> Client:
        """A connection to it."""
        return Client(self.endpoint)

    def wait_live(self, count: int, seconds: float = START_S) -> None:
        """Wait until so many tiles are live."""
        with self.client() as client:
            until(f"{count} live tiles", lambda: live_tiles(client) >= count, seconds)

    def canvases(self) -> dict[str, Canvas]:
        """The canvas of each screen."""
        fd = os.open(self._arena(), os.O_RDWR)
        arena = Arena(fd, os.fstat(fd).st_size)
        places = set_up(Options(self.site, self.endpoint), 0).canvases
        return {name: Canvas(arena, place) for name, place in places.items()}

    def _arena(self) -> str:
        for fd in Path(f"/proc/{self._process.pid}/fd").iterdir():
            if str(fd.readlink()).startswith("/memfd:wallctl-arena"):
                return str(fd)
        raise click.ClickException("the wall has no arena")

    def cpu_s(self) -> float:
        """Processor seconds of its processes that live now."""
        return total_cpu_s(family(self._process.pid))

    def cpu_s_of(self, kind: str) -> float:
        """The same of those whose names begin as ``kind`` does, to the nanosecond."""
        named = family(self._process.pid).items()
        return sum(cpu_ns(pid) for pid, name in named if name.startswith(kind)) / 1e9


WORKER, PRESENTER = "wall:worker", "wall:presenter"
"""How the names of decoders' and of presenters' processes begin."""


def live_tiles(client: Client) -> int:
    """How many tiles are live."""
    return sum(tile["state"] == "live" for tile in client.status()["tiles"])


def until(what: str, holds: Callable[[], bool], seconds: float) -> None:
    """Look again and again until it holds, or say what was waited for in vain."""
    give_up_s = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up_s:
            raise click.ClickException(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(LOOK_EVERY_S)


@contextmanager
def showing(
    urls: Sequence[str],
    layout: str | None = None,
    *,
    display: str | None = None,
    options: Sequence[str] = (),
) -> Iterator[RunningWall]:
    """``wallctl show`` of some addresses on one screen, headless or on a display."""
    words = ["show", *urls, "--screens", f"{SCREEN.w}x{SCREEN.h}", *options]
    words += ("--layout", layout) if layout else ()
    site = site_from_urls(urls, layout, (SCREEN,))
    with _folder() as folder, RunningWall(site, words, Path(folder), display) as wall:
        yield wall


@contextmanager
def running(site_file: Path) -> Iterator[RunningWall]:
    """``wallctl run`` of a site file."""
    site = load_site(site_file)
    words = ["run", str(site_file)]
    with _folder() as folder, RunningWall(site, words, Path(folder)) as wall:
        yield wall


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="wallctl-bench-")
