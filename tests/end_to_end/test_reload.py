"""A site's files are edited while its wall of 14 streams runs: who is not concerned loses nothing.

Streams are small recordings of 25 pictures a second, unless a test says otherwise.
"""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.live_wall import Eyes, SiteWall, eventually
from tests.support.servers.clips import moving_clip
from tests.support.still_site_files import write_site
from wallctl.api.client import Client
from wallctl.model.base.geometry import Size

CAMERAS = 14
SCREEN = Size(1280, 720)
MOVED = "c03"
"""Its address changes."""
CORNER = "c13"
"""The tile in the screen's lower left corner, where the wall says what is wrong."""
NAMES = [f"c{number:02}" for number in range(1, CAMERAS + 1)]
TAKEN_WITHIN_S = 6.0
"""Two looks at the files, each a second after the one before, and time to read them."""
ROUNDS = 8
"""A busy machine may lose a picture in any round, and loses as many without a reload; a reload
that costs pictures loses more in each."""

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(170)]


Counted = dict[str, tuple[int, int]]
"""Of each source in a tile, the pictures presented, and decoded but not presented."""


class Wall(SiteWall):
    """The wall, and the folder that its site is in."""

    def __init__(self, folder: Path) -> None:
        (folder / "site").mkdir()
        clip = moving_clip(folder / "motion.mp4", size=Size(320, 180))
        sources = dict.fromkeys(NAMES, str(clip)) | {MOVED: "test:motion", CORNER: "test:motion"}
        self.file = write_site(folder / "site", sources, screens=(SCREEN,), home="4x4")
        self.text = self.file.read_text()
        super().__init__(self.file, folder)

    def counted(self) -> Counted:
        return {one["source"]: (one["presented"], one["skipped"]) for one in self.tiles()}

    def findings(self) -> list[str]:
        findings: list[str] = self.ask("status")["findings"]
        return findings

    def is_back(self) -> bool:
        """Whether commands are answered again."""
        return self._answers()

    def reread(self) -> dict[str, Any]:
        """What came of reading the files at once."""
        with Client(self.endpoint) as client:
            return client.reload()

    def exchange(self, text: str) -> None:
        """Save the site file as editors do: whole, under another name first."""
        beside = self.file.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self.file)


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    with Wall(tmp_path_factory.mktemp("wall")) as running:
        eventually(lambda: running.all_live(CAMERAS), 30, 0.1)
        eyes = Eyes(running)
        eventually(lambda: eyes.is_warm("s1"), 10)
        yield running


def moved(address: str, text: str) -> str:
    """The site with camera 3 at another address."""
    return text.replace('number = 3\nmain = "test:motion"', f'number = 3\nmain = "{address}"')


def test_untouched_tiles_lose_no_frame_when_files_are_edited(wall: Wall) -> None:
    others, rounds = [name for name in NAMES if name != MOVED], []
    for i in range(ROUNDS):
        before = wall.counted()
        edit(wall, "test:bars" if i % 2 == 0 else "test:motion", others)
        after = eventually(partial(gone_on, wall, wall.counted(), others), 30, 0.1)
        pictures = max(after[name][0] - before[name][0] for name in others)
        calm = eventually(partial(gone_on, wall, after, others, pictures), 30, 0.1)
        rounds.append((lost(before, after, others), lost(after, calm, others)))
        if rounds[-1][0] <= rounds[-1][1]:
            return
    pytest.fail(f"pictures lost while files were edited, and in as long a time after: {rounds}")


def lost(before: Counted, after: Counted, names: list[str]) -> int:
    """How many pictures of those were decoded and not presented."""
    return sum(after[name][1] - before[name][1] for name in names)


def edit(wall: Wall, address: str, others: list[str]) -> None:
    """Edit the address of camera 3, a preset and a layout; all others keep their workers."""
    eyes = Eyes(wall)
    pids = {name: eyes.worker(name) for name in NAMES}
    folder = wall.file.parent
    (folder / "layouts").mkdir(exist_ok=True)
    cells = "".join(f"[[tiles]]\nx = {x}\ny = 0\n" for x in range(2))
    (folder / "layouts" / "beside.toml").write_text(f"schema = 1\ncolumns = 2\nrows = 1\n{cells}")
    preset = (folder / "presets" / "a.toml").read_text()
    (folder / "presets" / "c.toml").write_text(preset.replace('"1x1"', '"beside"'))
    wall.exchange(moved(address, wall.text))
    changed = wall.reread()["changed"]
    assert changed["sources"] == {"added": 0, "changed": 1, "removed": 0}
    eventually(lambda: eyes.worker(MOVED) != pids[MOVED], 5)
    eventually(lambda: wall.all_live(CAMERAS), 30, 0.1)
    assert {name: eyes.worker(name) for name in others} == {name: pids[name] for name in others}
    assert "beside" in {one["name"] for one in wall.ask("list")["layouts"]}
    assert "c" in {one["name"] for one in wall.ask("list")["presets"]}


def gone_on(wall: Wall, then: Counted, names: list[str], pictures: int = 15) -> Counted | None:
    """What is counted once each of those has presented so many pictures more than then.

    By then the presenter has told its figures again.
    """
    now = wall.counted()
    return now if all(now[name][0] - then[name][0] > pictures for name in names) else None


def test_a_file_with_a_mistake_leaves_the_wall_as_it_is_until_it_is_mended(wall: Wall) -> None:
    eyes = Eyes(wall)
    moved_by_then = eyes.worker(MOVED)
    wall.exchange(wall.text)
    if "sources" in wall.reread()["changed"]:
        eventually(lambda: eyes.worker(MOVED) not in (0, moved_by_then), 5)  # gone, and back
    eventually(lambda: wall.all_live(CAMERAS), 30, 0.1)
    clean = {name: eyes.worker(name) for name in NAMES}
    corner = eyes.canvas("s1").pixels[SCREEN.h - 34 : SCREEN.h - 16, 30:200].copy()
    wall.exchange(wall.text.replace('"3x3"', '"3x9"').replace("test:motion", "test:bars"))
    [finding] = eventually(wall.findings, TAKEN_WITHIN_S, 0.1)
    assert f"{wall.file}:3: keys[3]: found" in finding
    eventually(lambda: seen_darker(eyes, corner), 2)
    old = wall.pids("controller")
    os.kill(old[0], signal.SIGKILL)
    eventually(lambda: wall.pids("controller") not in ([], old), 5)
    eventually(wall.is_back, 5)
    assert wall.findings() == [finding]
    eventually(lambda: wall.all_live(CAMERAS), 30, 0.1)
    assert {name: eyes.worker(name) for name in NAMES} == clean
    wall.exchange(wall.text)
    eventually(lambda: not wall.findings(), TAKEN_WITHIN_S, 0.1)
    assert {name: eyes.worker(name) for name in NAMES} == clean
    assert finding in wall.log.read_text()


def seen_darker(eyes: Eyes, corner: Any) -> bool:
    """Whether a dark line lies over the stripes in the screen's corner."""
    now = eyes.canvas("s1").pixels[SCREEN.h - 34 : SCREEN.h - 16, 30:200]
    return bool((now < 60).mean() > 0.5 > (corner < 60).mean())


def test_who_asks_has_it_at_once(wall: Wall) -> None:
    with Client(wall.endpoint) as client:
        client.reload()
        assert client.reload() == {"taken": True, "changed": {}, "findings": []}
        wall.exchange(wall.text.replace('name = "c14"', 'name = "east"').replace('"c14"', '"east"'))
        changed = client.reload()["changed"]
        assert changed["sources"] == {"added": 1, "changed": 0, "removed": 1}
        eventually(lambda: "east" in wall.counted(), 5)
        client.send("show east 16")
        wall.exchange(wall.text)
        assert client.reload()["taken"]
    eventually(lambda: "c14" in wall.counted() and wall.all_live(CAMERAS), 30, 0.1)
