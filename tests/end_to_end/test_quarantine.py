"""What fails at a text costs that text: pictures go on, keys are heard, people are told.

The wall is real, except the faults that ``tests.support.faulty_wall`` puts into it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.faulty_wall import CRASHES, DIES, RAISES
from tests.support.live_wall import Eyes, SiteWall, cut_out, eventually, luma
from tests.support.requires import skipped_if
from tests.support.still_site_files import SMALL, stills, write_site
from tests.support.xserver import XServer, press_keys, xserver_missing
from wallctl.model.base.geometry import Rect

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

TILE_1 = Rect(0, 0, SMALL.w // 2, SMALL.h // 2)
LABEL_2 = Rect(SMALL.w // 2, 0, SMALL.w // 4, 40)


class Desk(NamedTuple):
    """A wall in a window, its keyboard, and eyes."""

    wall: SiteWall
    display: str
    eyes: Eyes

    def status(self) -> Any:
        return self.wall.ask("status")

    def sees(self, rect: Rect) -> NDArray[np.uint8]:
        return cut_out(luma(self.eyes.canvas("s1")), rect).copy()

    def layout_by(self, key: str, layout: str) -> None:
        """A key at the wall is heard, and the picture changes with it."""
        press_keys(self.display, key)
        eventually(lambda: self.wall.shown("s1")[0] == layout, 5)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("faulty")
    file = write_site(folder, stills(folder, 4))
    (folder / DIES).touch()
    line = f'[[inputs.lines]]\npath = "{folder / DIES}"\n'
    with file.open("a") as opened:
        opened.write(line + 'alarms = { 1 = "still1" }\n')
    with (
        XServer(SMALL) as display,
        SiteWall(file, folder, display=display, module="tests.support.faulty_wall") as wall,
    ):
        eventually(lambda: wall.live_tiles() == 4, 10)
        yield Desk(wall, display, Eyes(wall))


def test_a_text_that_cannot_be_drawn_is_left_out_and_said(desk: Desk) -> None:
    (presenter,) = desk.wall.pids("presenter")
    desk.wall.send("blank", "tile", "s1/1", "reason", RAISES)
    told = eventually(lambda: [one for one in desk.status()["troubles"] if "drawn" in one], 5)
    assert f"s1: slate of 'still1', '{RAISES}' can't be drawn (RuntimeError: raqm" in told[0]
    assert desk.wall.pids("presenter") == [presenter]
    assert np.ptp(desk.sees(TILE_1)) > 50  # a sign stands there
    desk.layout_by("1", "1x1")
    desk.layout_by("2", "2x2")
    desk.wall.send("unblank", "tile", "s1/1")
    eventually(lambda: not any("drawn" in one for one in desk.status()["troubles"]), 5)
    assert desk.wall.pids("presenter") == [presenter]
    assert desk.wall.log.read_text().count("it is left out") == 1


def test_a_presenter_that_a_text_kills_at_each_start_shows_pictures_without_texts(
    desk: Desk,
) -> None:
    named = desk.sees(LABEL_2)
    desk.wall.send("blank", "tile", "s1/1", "reason", CRASHES)
    (dying,) = eventually(
        lambda: [one for one in desk.status()["dying"] if one["process"] == "presenter"], 10
    )
    assert (dying["name"], dying["why"]) == ("s1", "ended by SIGSEGV")
    eventually(lambda: not np.array_equal(desk.sees(LABEL_2), named), 10)
    (presenter,) = desk.wall.pids("presenter")
    ticks = desk.status()["screens"][0]["ticks"]
    desk.layout_by("1", "1x1")
    desk.layout_by("2", "2x2")
    eventually(lambda: desk.status()["screens"][0]["ticks"] > ticks, 5)
    assert desk.wall.pids("presenter") == [presenter]
    assert any("s1 keeps failing" in one for one in desk.status()["troubles"])
    desk.wall.send("unblank", "tile", "s1/1")
    eventually(lambda: np.array_equal(desk.sees(LABEL_2), named), 10)
    assert desk.wall.pids("presenter") == [presenter]


def test_an_input_that_dies_at_each_start_says_since_when_and_why(desk: Desk) -> None:
    def told() -> str | None:
        (line,) = desk.status()["inputs"]
        return None if line["listening"] else line["why"]

    assert "this line can't be opened" in eventually(told, 5)
    (dying,) = [one for one in desk.status()["dying"] if one["process"] == "input"]
    assert dying["since"] in (told() or "")
    assert dying["deaths"] >= 1
    assert any("keeps failing" in one and DIES in one for one in desk.status()["troubles"])
