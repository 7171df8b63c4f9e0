"""A real wall tours: pages turn by themselves, stand still, go on; and it keeps to its schedule."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.live_wall import SiteWall, eventually, soon
from tests.support.requires import skipped_if
from tests.support.still_site_files import SMALL, stills, write_site
from tests.support.xserver import XServer, press_keys, xserver_missing

pytestmark = pytest.mark.e2e

TOUR = """
[[tours]]
name = "round"
screen = "s1"
layout = "1x1"
dwell_s = 1
pages = [{ sources = [1, 2, 3] }]
"""

SCHEDULE = """
[[schedule]]
from = "00:00"
to = "24:00"
preset = "a"
"""


def tiles(wall: SiteWall) -> list[str]:
    return [tile["source"] for tile in wall.tiles()]


def running(wall: SiteWall) -> dict[str, Any]:
    (tour,) = wall.ask("status")["tours"]
    told: dict[str, Any] = tour
    return told


def becomes(wall: SiteWall, paused: list[bool]) -> bool:
    """Whether soon so many tours run, each paused or not."""

    def look() -> bool:
        return [tour["paused"] for tour in wall.ask("status")["tours"]] == paused

    return bool(soon(look, 2))


@skipped_if(xserver_missing())
def test_keys_begin_pause_and_end_a_tour(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4), hotkeys={"T": "tour round"})
    file.write_text(file.read_text() + TOUR)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.all_live(4), 20)
        for key, expected in (("t", [False]), ("space", [True]), ("space", [False]), ("t", [])):
            press_keys(display, key)
            assert becomes(wall, expected), key
        assert len(tiles(wall)) == 4
        wall.end()


def test_the_schedule_is_shown_over_what_people_left(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    plain = file.read_text()
    with SiteWall(file, tmp_path) as wall:
        home = eventually(lambda: wall.all_live(4) and tiles(wall), 20)
        file.write_text(plain + SCHEDULE)
        eventually(lambda: tiles(wall) == ["still2"], 10)
        assert wall.ask("status")["scheduled"]["command"] == "preset a"
        file.write_text(plain)
        eventually(lambda: tiles(wall) == home, 10)
        wall.end()


def test_a_tour_turns_stands_still_and_goes_on(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    file.write_text(file.read_text() + TOUR)
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.all_live(4), 20)
        home = tiles(wall)
        wall.send("tour", "round")
        assert tiles(wall) == ["still1"]
        eventually(lambda: tiles(wall) == ["still2"] and wall.all_live(1), 5)
        eventually(lambda: tiles(wall) == ["still3"] and wall.all_live(1), 5)
        wall.send("tour", "pause")
        paused = running(wall)
        shown = tiles(wall)
        assert not soon(lambda: tiles(wall) != shown, 2.5)
        assert running(wall) == paused
        wall.send("tour", "next")
        assert tiles(wall) != shown
        wall.send("layout", "2x2")
        assert eventually(lambda: running(wall)["hidden"], 2)
        wall.send("tour", "resume")
        begun = running(wall)["page"]
        eventually(lambda: running(wall)["page"] != begun, 5)
        wall.send("tour", "off")
        assert wall.ask("status")["tours"] == []
        wall.send("home")
        assert tiles(wall) == home
        wall.end()
