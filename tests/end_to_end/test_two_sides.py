"""The two sides of a wall in processes of their own: only their messages lie between them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from tests.support.live_wall import Eyes, RunningWall, eventually
from tests.support.requires import skipped_if
from tests.support.split_wall import SOCKET
from tests.support.still_site_files import stills
from tests.support.xserver import XServer, press_keys, xserver_missing
from wallctl.api.endpoint import ControlError
from wallctl.config.site_file import load_site
from wallctl.model.base.geometry import Size

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

KILLS = 20
ADOPTS_WITHIN_S = 1.0
SIZE = Size(960, 540)


def site_file(folder: Path) -> Path:
    """Four pictures on one screen, with an alarm and a tour."""
    lines = ["schema = 1", 'name = "two sides"', "[defaults]", "clock = false"]
    lines += ["[[screens]]", 'name = "s1"', f"width = {SIZE.w}", f"height = {SIZE.h}"]
    for number, (name, address) in enumerate(stills(folder, 4).items(), 1):
        lines += ["[[sources]]", f'name = "{name}"', f"number = {number}", f'main = "{address}"']
    lines += ["[[home]]", 'screen = "s1"', 'layout = "2x2"', "sources = [1, 2, 3, 4]"]
    lines += ["[[alarms]]", 'name = "gate"', 'source = "still3"', "hold_s = 60"]
    lines += ["[[tours]]", 'name = "round"', 'layout = "1x1"', "dwell_s = 1"]
    lines += ["pages = [{ sources = [1] }, { sources = [2] }]"]
    file = folder / "site.toml"
    file.write_text("\n".join(lines) + "\n")
    return file


class SplitWall(RunningWall):
    """A wall whose node is a process tree of its own. ``process`` is the wall's side."""

    def __init__(self, file: Path, folder: Path, display: str) -> None:
        super().__init__(load_site(file), [], folder, display=display)
        self._file, self._folder, self.display = file, folder, display
        self.node: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        self.node = self._begun("node")
        eventually((self._folder / SOCKET).exists, 20)
        self.process = self._begun("wall")
        eventually(self._answers, 20)
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self.process, self.node):
            process.send_signal(signal.SIGTERM)
        for process in (self.process, self.node):
            process.wait(10)

    def _begun(self, side: str) -> "subprocess.Popen[bytes]":
        words = ["-m", "tests.support.split_wall", side, str(self._file), str(self._folder)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words], stdout=log, stderr=log, env=self._environ
            )

    def eyes(self) -> Eyes:
        """Eyes on the node's canvases."""
        wall = RunningWall(self.site, [], self._folder)
        wall.process = self.node
        return Eyes(wall)

    def sources(self) -> list[str]:
        """What the tiles show."""
        return [tile["source"] for tile in self.tiles()]


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[SplitWall]:
    file = site_file(tmp_path)
    with XServer(SIZE) as display, SplitWall(file, tmp_path, display) as running:
        eventually(lambda: running.all_live(4), 20)
        yield running


def test_commands_keys_alarms_tours_and_files_work_over_the_seam(
    wall: SplitWall, tmp_path: Path
) -> None:
    with wall.client() as client:
        receipt = client.send("layout 1x1")
        assert receipt.first_ms is not None
        assert receipt.pending == ()
    assert wall.shown("s1")[0] == "1x1"
    press_keys(wall.display, "0")
    eventually(lambda: wall.shown("s1")[0] == "2x2", 5)
    press_keys(wall.display, "Tab")
    eventually(lambda: wall.selected() == "s1/2", 5)
    press_keys(wall.display, "b", "b")
    eventually(lambda: wall.ask("status")["blanked"], 5)
    press_keys(wall.display, "b", "b")
    eventually(lambda: not wall.ask("status")["blanked"], 5)
    wall.send("alarm", "gate")
    eventually(lambda: wall.ask("status")["alarms"], 5)
    press_keys(wall.display, "a")
    eventually(lambda: not wall.ask("status")["alarms"], 5)
    wall.send("tour", "round")
    eventually(lambda: wall.sources() == ["still2"], 5)
    wall.send("home")
    text = (tmp_path / "site.toml").read_text()
    (tmp_path / "site.toml").write_text(text.replace('name = "still4"', 'name = "yard"'))
    with wall.client() as client:
        assert client.reload()["taken"]
        assert client.list()["sources"][3]["name"] == "yard"
        assert client.snapshot()[:4] == b"\x89PNG"


def test_pictures_never_stop_while_the_walls_side_is_killed_again_and_again(
    wall: SplitWall,
) -> None:
    eyes, took_s = wall.eyes(), list[float]()
    wall.send("layout", "3x3")
    number = eyes.canvas("s1").number
    for kill in range(KILLS):
        [controller] = wall.pids("controller")
        os.kill(controller, signal.SIGKILL)
        began = time.monotonic()
        eventually(lambda old=controller: wall.pids("controller") not in ([], [old]), 5)  # type: ignore[misc]
        layout = ("1x1", "3x3")[kill % 2]
        eventually(lambda words=f"layout {layout}": answers(wall, words), 10, 0.005)  # type: ignore[misc]
        took_s.append(time.monotonic() - began)
        newest = eyes.newer("s1", number).number
        assert newest > number
        number = newest
    assert wall.node.poll() is None
    assert sorted(took_s)[KILLS // 2] < ADOPTS_WITHIN_S, took_s
    eventually(lambda: wall.shown("s1")[0] == "3x3", 5)


def answers(wall: SplitWall, words: str) -> bool:
    """Whether a command is done, and seen. Where no reply comes it is to be sent again, as
    docs/protocol.md says: after some controllers the doorkeeper lets go of old connections."""
    try:
        with wall.client() as client:
            return client.send(words).first_ms is not None
    except ControlError:
        return False
