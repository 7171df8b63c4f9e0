"""A real wall in processes of its own, and eyes to see what its screens present.

The canvases are read where presenters compose them: the arena is mapped from the wall's root, as
any process of the same user may. Nothing of the wall is changed by being looked at.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from wallctl.api.client import Client
from wallctl.api.endpoint import ControlError
from wallctl.cli import main
from wallctl.config.site_file import load_site
from wallctl.config.source_urls import site_from_urls
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.site import Site
from wallctl.model.wall.state.state import initial
from wallctl.node.setup import Options, set_up
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas, CanvasCopy, CanvasWord
from wallctl.shm.stream_status import WORDS, Word, block_offset
from wallctl.storage.state_file import KeptFor, save_state

HD = Size(1920, 1080)
PAUSE = threading.Event()
SHOWN = ("live", "still")
"""The states of a tile that shows what it should."""
"""Never set: waiting for it is how these tests let time pass between two looks. Where it is waited
for alone, the passing of real time is what is tested, and a comment says so."""
WARM_PASSES = 125
"""A presenter that has made so many has drawn ahead all that it keeps."""

Found = TypeVar("Found")


def soon(look: Callable[[], Found | None], within_s: float, every_s: float = 0.02) -> Found | None:
    """What ``look`` finds, as soon as it finds something; nothing if it never does.

    ``not soon(..)`` says that something does not happen: it is looked for all the while.
    """
    deadline = time.monotonic() + within_s
    while not (found := look()) and time.monotonic() < deadline:
        PAUSE.wait(every_s)
    return found


def eventually(look: Callable[[], Found | None], within_s: float, every_s: float = 0.02) -> Found:
    """What ``look`` finds, as soon as it finds something; a failure if it never does."""
    found = soon(look, within_s, every_s)
    assert found, f"not within {within_s} s: {look}"
    return found


class RunningWall:
    """A wall started by words on the command line; ``site`` is what they make it show.

    It runs in a process of its own while it is entered, headless unless ``display`` names an X
    server. Nothing it keeps is left outside ``folder``.
    """

    def __init__(
        self,
        site: Site,
        words: Sequence[str],
        folder: Path,
        *,
        display: str | None = None,
        options: Sequence[str] = (),
        module: str = "wallctl",
    ) -> None:
        """``module`` is what Python runs in the place of ``wallctl``."""
        self.site = site
        self.endpoint = f"ipc://{folder}/control.sock"
        self.report_file = folder / "report.json"
        self.log = folder / "wall.log"
        self._words = [
            *(sys.executable, "-m", module, *words),
            *(("--headless",) if display is None else ()),
            *("--control", self.endpoint, "--report", str(self.report_file), *options),
        ]
        self._environ = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
        if display is not None:
            self._environ["DISPLAY"] = display
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._words, stdout=log, stderr=subprocess.STDOUT, env=self._environ
            )
        eventually(self._answers, 20)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")
        try:
            self.ask("hello")
        except ControlError:
            return False
        return True

    def client(self) -> Client:
        """A new client of this wall."""
        return Client(self.endpoint)

    def ask(self, what: str) -> Any:
        """The answer to hello, status or list."""
        with Client(self.endpoint, timeout_s=2.0) as client:
            return getattr(client, what)()

    def send(self, *words: str) -> None:
        """What ``wallctl send`` does with these words."""
        main(["send", "--control", self.endpoint, *words], standalone_mode=False)

    def tiles(self) -> list[dict[str, Any]]:
        """The tiles as status tells them."""
        tiles: list[dict[str, Any]] = self.ask("status")["tiles"]
        return tiles

    def all_live(self, count: int) -> bool:
        """Whether so many tiles are there, and all show what they should."""
        tiles = self.tiles()
        return len(tiles) == count and all(tile["state"] in SHOWN for tile in tiles)

    def shown(self, screen: str) -> tuple[str, int, bool]:
        """A screen's layout, the first place of its list that it shows, whether it is enlarged."""
        screens = {one["screen"]: one for one in self.ask("status")["screens"]}
        now = screens[screen]
        return now["layout"], now["first"], now["enlarged"]

    def selected(self) -> str:
        """The selected tile, as SCREEN/NUMBER."""
        at: str = self.ask("status")["selected"]
        return at

    def live_tiles(self) -> int:
        """How many tiles show what they should."""
        return sum(tile["state"] in SHOWN for tile in self.tiles())

    def end(self) -> dict[str, Any]:
        """End the wall by SIGTERM and return its report."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(5) == 0, self.log.read_text(errors="replace")
        report: dict[str, Any] = json.loads(self.report_file.read_text())
        return report

    def children(self) -> dict[int, str]:
        """The wall's processes but root, by pid: their names as the kernel shows them."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/status"):
            try:
                fields = dict(line.split(":", 1) for line in path.read_text().splitlines())
            except (OSError, ValueError):
                continue
            if int(fields["PPid"]) == self.process.pid and "Z" not in fields["State"]:
                found[int(fields["Pid"])] = fields["Name"].strip()
        return found

    def pids(self, kind: str) -> list[int]:
        """The processes of one kind: controller, presenter, worker."""
        return sorted(
            pid for pid, name in self.children().items() if name.startswith(f"wall:{kind}")
        )


class LiveWall(RunningWall):
    """``wallctl show`` of some addresses."""

    def __init__(
        self,
        urls: Sequence[str],
        folder: Path,
        *,
        screens: Sequence[Size] = (HD,),
        layout: str | None = None,
        display: str | None = None,
        options: Sequence[str] = (),
    ) -> None:
        sizes = ",".join(f"{s.w}x{s.h}" for s in screens)
        words = ["show", *urls, "--screens", sizes, *(("--layout", layout) if layout else ())]
        site = site_from_urls(urls, layout, screens)
        super().__init__(site, words, folder, display=display, options=options)


class SiteWall(RunningWall):
    """``wallctl run`` of a site file. Unless it ``is_new``, it has run before: a wall that never
    did says so in a corner of its screens for a minute."""

    def __init__(
        self,
        file: Path,
        folder: Path,
        *,
        display: str | None = None,
        options: Sequence[str] = (),
        is_new: bool = False,
        module: str = "wallctl",
    ) -> None:
        site = load_site(file)
        words = ["run", str(file)]
        super().__init__(site, words, folder, display=display, options=options, module=module)
        kept = folder / "state" / "wallctl"
        if not is_new and not kept.exists():
            of = KeptFor(site.id or site.name, str(file.resolve()), self.endpoint)
            save_state(kept / "site.json", initial(site), of)


class Eyes:
    """Sees the canvases of a wall."""

    def __init__(self, wall: RunningWall) -> None:
        arena = mapped(wall)
        setup = set_up(Options(wall.site, wall.endpoint), 0)
        self.canvases = {name: Canvas(arena, place) for name, place in setup.canvases.items()}
        self._blocks = {
            source: arena.words(block_offset(index), WORDS)
            for (source, _stream), index in setup.blocks.items()
        }

    def worker(self, source: str) -> int:
        """The process that decodes a source of one stream."""
        return self._blocks[source][Word.PID]

    def decoded(self, source: str) -> int:
        """How many pictures of a source of one stream were decoded."""
        return self._blocks[source][Word.DECODED]

    def is_warm(self, screen: str) -> bool:
        """Whether a screen's presenter has drawn ahead all that it keeps."""
        return self.canvases[screen].words[CanvasWord.PASS] > WARM_PASSES

    def canvas(self, screen: str) -> CanvasCopy:
        """What a screen presents now, whole."""
        return eventually(self.canvases[screen].copy, 2, 0.0005)

    def newer(self, screen: str, than: int) -> CanvasCopy:
        """The next pass of a screen after number ``than``."""
        canvas = self.canvases[screen]

        def look() -> CanvasCopy | None:
            copy = canvas.copy() if canvas.words[CanvasWord.PASS] > than else None
            return copy if copy is not None and copy.number > than else None

        return eventually(look, 2, 0.002)


def mapped(wall: RunningWall) -> Arena:
    """The memory that all processes of a wall share."""
    fd = os.open(_arena_of(wall.process.pid), os.O_RDWR)
    return Arena(fd, os.fstat(fd).st_size)


def _arena_of(pid: int) -> str:
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        if str(fd.readlink()).startswith("/memfd:wallctl-arena"):
            return str(fd)
    raise AssertionError("the wall has no arena")


def luma(copy: CanvasCopy) -> NDArray[np.uint8]:
    """The Y plane of a canvas."""
    return copy.pixels[: copy.pixels.shape[0] * 2 // 3]


def cut_out(plane: NDArray[np.uint8], rect: Rect) -> NDArray[np.uint8]:
    """A part of a plane."""
    return plane[rect.y : rect.bottom, rect.x : rect.right]


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Peak signal to noise ratio in dB."""
    error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
