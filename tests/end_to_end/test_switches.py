"""Hundreds of switches under live cameras: every presented picture is whole, and is one scene.

Cameras are told apart by their chroma, which is the same all over each one's picture, and their
frames by rows of luma: a tile that mixes two cameras or two frames shows in one or the other.
"""

import itertools
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.live_wall import HD, Eyes, SiteWall, eventually, luma
from tests.support.reducing import step
from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import WIDE, luma_of, moving_clip
from wallctl.api.protocol import Receipt
from wallctl.display.drawing.sprite import planes
from wallctl.model.base.geometry import Fit, Rect, Size, centred, place
from wallctl.model.wall.commands.command import Change, CommandError
from wallctl.model.wall.commands.syntax import parse
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.model.wall.state.state import WallState, initial
from wallctl.shm.canvas import CanvasCopy

CAMERAS = 14
SWITCHES = int(os.environ.get("WALLCTL_TEST_SWITCHES", "120"))
FIRST_MS = 250
"""A hundredth may take longer from a command to its first picture: cameras and this test share
two cores with the wall. ``benchmarks/switch.py`` tells how long it takes on a quiet machine."""
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400), skipped_if(gstreamer_missing())]

Rows = NDArray[np.int16]
Chroma = NDArray[np.int_]
CLEAR_DOWN_TO = 0.55
"""Below this share of a picture's height marks and the clock may lie, except its left margin."""
MARGIN = 0.25
"""So much of its width that is."""
ROWS_AT = (0.22, 0.28, 0.34, 0.4, 0.46, 0.5, CLEAR_DOWN_TO)
"""Heights within a picture at which it is compared: below its label, above its marks."""
FRAME_PX = 24
"""The selection frame lies within."""


class Cameras:
    """14 clips and what each looks like."""

    def __init__(self, folder: Path) -> None:
        self.clips = [
            moving_clip(folder / f"{i}.mp4", seed=i, camera=i) for i in range(1, CAMERAS + 1)
        ]
        self._frames = [_decoded(clip) for clip in self.clips]
        self._rows: dict[tuple[int, Size], Rows] = {}

    def chroma(self, number: int) -> tuple[int, int]:
        """The U and V that all of a camera's picture has."""
        frame = self._frames[number - 1][0].to_ndarray()[WIDE.h :].reshape(2, -1)
        return int(np.median(frame[0])), int(np.median(frame[1]))

    def rows(self, number: int, size: Size) -> Rows:
        """Some rows of every frame at a size: shape (frames, rows, columns)."""
        if (number, size) not in self._rows:
            scaled = [
                luma_of(f.reformat(size.w, size.h, interpolation="AREA"))
                for f in self._frames[number - 1]
            ]
            self._rows[number, size] = np.stack([_rows_of(picture) for picture in scaled])
        return self._rows[number, size]


def _decoded(clip: Path) -> list[av.VideoFrame]:
    with av.open(str(clip)) as container:
        return list(container.decode(video=0))


def _rows_of(picture: NDArray[np.uint8]) -> Rows:
    heights = [round(at * picture.shape[0]) for at in ROWS_AT]
    return picture[heights, FRAME_PX:-FRAME_PX].astype(np.int16)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a presented picture."""

    kind: str
    where: str


class Judge:
    """Holds a presented canvas against the scenes that it may show."""

    def __init__(self, cameras: Cameras, wall: SiteWall) -> None:
        self._cameras = cameras
        self._numbers = {source.name: source.number for source in wall.site.sources}
        self.pictures = 0
        self.slates = 0

    def faults(self, copy: CanvasCopy, scenes: list[ScreenScene]) -> list[Fault]:
        """None if the canvas is wholly one of the scenes; else why it is not the last of them."""
        found: list[Fault] = []
        for scene in scenes:
            found = [fault for tile in scene.tiles if (fault := self._tile(copy, tile))]
            if not found:
                return []
        return found

    def _tile(self, copy: CanvasCopy, tile: Tile) -> Fault | None:
        if tile.source is None:
            return None
        where, number = f"tile {tile.number} {tile.rect}", self._numbers[tile.source]
        size = place(WIDE, WIDE.w / WIDE.h, tile.rect.size, Fit.CONTAIN).size
        at = centred(size, tile.rect)
        if _is_black(copy, at):
            return Fault("black", where)
        if _is_slate(copy, at):
            self.slates += 1
            return None
        if not _has_chroma(copy, at, self._cameras.chroma(number)):
            return Fault("another camera or a mixture", where)
        seen = _rows_of(luma(copy)[at.y : at.bottom, at.x : at.right])
        error = np.abs(self._cameras.rows(number, size) - seen).mean(axis=2)
        best = error.argmin(axis=0)
        whole = error.mean(axis=1).argmin()
        self.pictures += 1
        limit = error[whole].mean() * 2 + 3
        torn = [i for i, frame in enumerate(best) if error[whole, i] > limit]
        return Fault("torn", f"{where}: frames {best.tolist()}") if torn else None


def _is_black(copy: CanvasCopy, at: Rect) -> bool:
    return bool(luma(copy)[at.y : at.bottom, at.x : at.right].max() <= 20)


def _samples(copy: CanvasCopy, at: Rect) -> Iterator[tuple[Chroma, Chroma]]:
    """U and V on grids of places of a picture: over its upper part, and along its left margin."""
    found = planes(copy.pixels)
    for right, top, bottom in ((1.0, 0.2, CLEAR_DOWN_TO), (MARGIN, CLEAR_DOWN_TO, 0.8)):
        x = np.linspace(at.x + FRAME_PX, at.x + at.w * right - FRAME_PX, 12).astype(int) // 2
        y = np.linspace(at.y + at.h * top, at.y + at.h * bottom, 5).astype(int) // 2
        yield found.u[np.ix_(y, x)].astype(int), found.v[np.ix_(y, x)].astype(int)


def _has_chroma(copy: CanvasCopy, at: Rect, expected: tuple[int, int]) -> bool:
    return all(
        np.abs(u - expected[0]).max() <= 6 and np.abs(v - expected[1]).max() <= 6
        for u, v in _samples(copy, at)
    )


def _is_slate(copy: CanvasCopy, at: Rect) -> bool:
    """A slate is dark and nearly grey where nothing is drawn on it, in its lower left corner above
    all; along its foot there may be a line."""
    part = luma(copy)[at.y : at.bottom, at.x : at.right]
    return bool(np.median(part) < 50 and part[-at.h // 8 : -16, 24 : at.w // 8].max() < 60)


class Recorder(threading.Thread):
    """Keeps copies of a screen's passes while it is told to."""

    def __init__(self, eyes: Eyes, screen: str) -> None:
        super().__init__(daemon=True)
        self._eyes = eyes
        self._screen = screen
        self.copies: list[CanvasCopy] = []
        self._on = threading.Event()
        self._ended = False

    def run(self) -> None:
        number = 0
        while not self._ended:
            if not self._on.wait(0.1):
                continue
            copy = self._eyes.newer(self._screen, number)
            number = copy.number
            self.copies.append(copy)

    def begin(self) -> None:
        self.copies.clear()
        self._on.set()

    def end(self) -> list[CanvasCopy]:
        self._on.clear()
        return list(self.copies)

    def stop(self) -> None:
        self._ended = True
        self.join(3)


PRESETS = ("早班", "夜班", "路口")


def site_file(folder: Path, server: RtspCameras, screens: int) -> Path:
    """A site of all cameras on a few screens, with some presets."""
    dice = random.Random(screens)
    names = [f"摄像机{i}" for i in range(1, CAMERAS + 1)]
    lines = ["schema = 1", 'name = "测试"']
    for i in range(1, screens + 1):
        at = f"x = {(i - 1) * HD.w}, y = 0, width = {HD.w}, height = {HD.h}"
        lines += ["[[screens]]", f'name = "screen{i}"', *at.split(", ")]
    for i, name in enumerate(names, start=1):
        lines += ["[[sources]]", f'name = "{name}"', f"number = {i}", f'main = "{server.url(i)}"']
    (folder / "presets").mkdir()
    for preset in PRESETS:
        text = ["schema = 1", f'title = "{preset}"']
        for i in range(1, dice.randint(1, screens) + 1):
            layout, count = dice.choice([("2x2", 4), ("3x3", 9), ("1+5", 6)])
            tiles = ", ".join(f'"{name}"' for name in dice.sample(names, count))
            text += ["[[screens]]", f'screen = "screen{i}"', f'layout = "{layout}"']
            text += [f"tiles = [{tiles}]"]
        (folder / "presets" / f"{preset}.toml").write_text("\n".join(text))
    file = folder / "site.toml"
    file.write_text("\n".join(lines))
    return file


def random_commands(dice: random.Random, screens: int) -> Iterator[str]:
    """Layouts, presets, pages, enlargements and steps back, on any screen."""
    layouts = ("1x1", "2x2", "3x3", "4x4", "1+5", "1+7", "2x3")
    while True:
        at = f" @screen{dice.randint(1, screens)}"
        yield dice.choice(
            [
                *(f"layout {name}{at}" for name in layouts),
                *(f"page {to}{at}" for to in ("next", "previous") * 2),
                f"enlarge screen{dice.randint(1, screens)}/1",
                *(f"preset {name}" for name in PRESETS),
                "home",
                "back",
            ]
        )


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Cameras:
    return Cameras(tmp_path_factory.mktemp("clips"))


@pytest.mark.parametrize("screens", [1, 2])
def test_no_switch_ever_shows_a_black_torn_or_mixed_picture(
    cameras: Cameras, tmp_path: Path, screens: int
) -> None:
    with (
        RtspCameras(cameras.clips) as server,
        SiteWall(site_file(tmp_path, server, screens), tmp_path) as wall,
    ):
        eventually(lambda: wall.all_live(CAMERAS), 10, 0.1)
        run = SwitchRun(cameras, wall)
        run.make(SWITCHES if screens == 1 else SWITCHES // 2)
        run.stop()
    assert run.faults == []
    assert run.looked_at > 2 * len(run.receipts)
    assert run.judge.slates < 0.1 * run.judge.pictures, "a switch among live cameras shows them"
    times = sorted(receipt.first_ms for receipt in run.receipts)
    assert times[int(len(times) * 0.99)] <= FIRST_MS, times[-10:]
    assert max(run.apart_ms, default=0.0) <= 20, "screens change within one refresh"


class SwitchRun:
    """Makes switches and judges every pass that is presented meanwhile."""

    def __init__(self, cameras: Cameras, wall: SiteWall) -> None:
        self._wall = wall
        self.judge = Judge(cameras, wall)
        self._names = [screen.name for screen in wall.site.screens]
        eyes = Eyes(wall)
        self._recorders = [Recorder(eyes, name) for name in self._names]
        for recorder in self._recorders:
            recorder.start()
        self._state: WallState = initial(wall.site)
        self.receipts: list[Receipt] = []
        self.faults: list[Fault] = []
        self.apart_ms: list[float] = []
        self.looked_at = 0

    def make(self, switches: int) -> None:
        """So many random switches, one after the other."""
        commands = random_commands(random.Random(20261122), len(self._names))
        with self._wall.client() as client:
            while len(self.receipts) < switches:
                words = next(commands)
                change = parse(words)
                assert isinstance(change, Change)
                try:
                    after = step(self._state, change, self._wall.site)
                except CommandError:  # what can't be done now is left out
                    continue
                for recorder in self._recorders:
                    recorder.begin()
                self.receipts.append(client.send(words))
                self._see(words, resolve(self._state, self._wall.site), after)
                self._state = after

    def stop(self) -> None:
        for recorder in self._recorders:
            recorder.stop()

    def _see(self, words: str, before: Scene, state: WallState) -> None:
        after = resolve(state, self._wall.site)
        changed: list[int] = []
        for i, recorder in enumerate(self._recorders):
            eventually(lambda r=recorder: len(r.copies) > 2, 2)  # type: ignore[misc]
            copies = recorder.end()
            if before[i].tiles != after[i].tiles:
                changed += _first_of_last_version(copies)
            for copy in copies:
                self.looked_at += 1
                found = self.judge.faults(copy, [before[i], after[i]])
                self.faults += [Fault(f"{f.kind} after {words}", f.where) for f in found]
        self.apart_ms += [abs(a - b) / 1e6 for a, b in itertools.pairwise(changed)]


def _first_of_last_version(copies: list[CanvasCopy]) -> list[int]:
    """When the newest scene among some passes was composed first, if its start was seen."""
    newest = copies[-1].version
    times = [copy.composed_ns for copy in copies if copy.version == newest]
    return times[:1] if len(times) < len(copies) else []
