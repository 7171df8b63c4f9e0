"""Alarms on a real wall: raised, framed on the screens, acknowledged, and nothing left of them."""

import io
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.support.live_wall import Eyes, SiteWall, eventually
from tests.support.ports import free_port
from tests.support.still_site_files import TWO_SCREENS
from wallctl.display.drawing.alarm_banner import LOOKS
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.commands.command import Snapshot

pytestmark = pytest.mark.e2e

SITE = f"""{TWO_SCREENS}
[[home]]
screen = "left"
layout = "2x2"
sources = [1, 2]
[[home]]
screen = "right"
layout = "1x1"
sources = [2]
[[sources]]
name = "gate"
number = 1
main = "gate.png"
[[sources]]
name = "yard"
number = 2
main = "yard.png"
[[alarms]]
name = "intrusion"
source = "yard"
text = "line crossed"
hold_s = 0
colour = "red"
[[alarms]]
name = "door"
source = "gate"
at = ["right/1"]
colour = "violet"
hold_s = 1
"""

INPUTS = """
[inputs]
http = {{ port = {port}, alarms = ["*"] }}
[[inputs.lines]]
path = "contacts"
alarms = {{ 1 = "intrusion" }}
"""

Pixels = npt.NDArray[np.int16]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(SITE)
    for name, colour in (("gate", (40, 90, 60)), ("yard", (70, 60, 110))):
        Image.new("RGB", (640, 360), colour).save(tmp_path / f"{name}.png")
    return file


@pytest.fixture
def wall(file: Path, tmp_path: Path) -> Iterator[SiteWall]:
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.all_live(3), 10)
        yield wall


def snapshot(wall: SiteWall, screen: str) -> Pixels:
    """A picture of a screen, h x w x 3."""
    with wall.client() as client:
        picture = Image.open(io.BytesIO(client.snapshot(Snapshot(screen))))
    return np.asarray(picture.convert("RGB"), np.int16)


def has_frame(picture: Pixels, colour: AlarmColour) -> bool:
    """Whether the outermost pixels are those of an alarm, as near as 4:2:0 keeps them."""
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return all(np.abs(edge - LOOKS[colour].back).max() <= 12 for edge in edges)


def alarms(wall: SiteWall) -> dict[str, str]:
    return {one["name"]: one["state"] for one in wall.ask("status")["alarms"]}


def test_an_alarm_is_framed_on_the_screens_until_it_is_acknowledged(wall: SiteWall) -> None:
    eyes = Eyes(wall)
    before = {name: eyes.canvas(name).pixels for name in eyes.canvases}
    left = wall.shown("left")
    wall.send("alarm", "intrusion")  # the receipt says that the screens show it
    assert alarms(wall) == {"intrusion": "shown"}
    assert has_frame(snapshot(wall, "left"), AlarmColour.RED)
    assert not has_frame(snapshot(wall, "right"), AlarmColour.RED)
    assert np.array_equal(eyes.canvas("right").pixels, before["right"])
    wall.send("acknowledge")
    assert alarms(wall) == {}
    assert wall.shown("left") == left
    for name, was in before.items():
        assert np.array_equal(eyes.canvas(name).pixels, was), "the wall is as it was"


def test_the_picture_goes_when_its_time_is_over_and_the_alarm_waits_for_somebody(
    wall: SiteWall,
) -> None:
    eyes = Eyes(wall)
    before = {name: eyes.canvas(name).pixels for name in eyes.canvases}
    wall.send("alarm", "door", "back door open")
    assert has_frame(snapshot(wall, "right"), AlarmColour.VIOLET)
    eventually(lambda: alarms(wall) == {"door": "over"}, 5)
    eventually(
        lambda: all(is_but_for_its_foot(eyes.canvas(n).pixels, before[n]) for n in before), 2
    )
    wall.send("acknowledge")
    eventually(lambda: all(np.array_equal(eyes.canvas(n).pixels, before[n]) for n in before), 2)


def is_but_for_its_foot(now: npt.NDArray[np.uint8], was: npt.NDArray[np.uint8]) -> bool:
    """Whether a screen shows what it showed, and something else at its foot: how many wait."""
    foot = now.shape[0] * 9 // 10
    is_same = np.array_equal(now[: foot * 2 // 3], was[: foot * 2 // 3])
    return is_same and not np.array_equal(now, was)


def test_an_alarm_outlives_the_wall_and_the_list_shows_who_has_acknowledged_it(
    file: Path, tmp_path: Path
) -> None:
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.all_live(3), 10)
        wall.send("alarm", "intrusion")
        wall.end()
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.all_live(3), 10)
        assert alarms(wall) == {"intrusion": "over"}
        before = snapshot(wall, "left")
        wall.send("alarms", "on")
        assert not np.array_equal(snapshot(wall, "left"), before)
        wall.send("keep")
        assert alarms(wall) == {}
        assert wall.shown("left")[2], "it stays, large"
        wall.end()


def test_alarms_come_from_outside_and_outlive_the_controller(file: Path, tmp_path: Path) -> None:
    """A POST and a contact bring their source onto the screens; the wall returns to what it was."""
    port = free_port()
    file.write_text(SITE + INPUTS.format(port=port))
    contacts = tmp_path / "contacts"
    contacts.touch()
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: wall.all_live(3), 10)
        eyes = Eyes(wall)
        before = {name: eyes.canvas(name).pixels for name in eyes.canvases}
        eventually(lambda: is_heard(wall), 10)
        assert post(port, "intrusion?text=line%20crossed") == 200
        assert alarms(wall) == {"intrusion": "shown"}
        eventually(lambda: has_frame(snapshot(wall, "left"), AlarmColour.RED), 5)
        wall.send("acknowledge")
        for name, was in before.items():
            assert np.array_equal(eyes.canvas(name).pixels, was), "the wall is as it was"
        os.kill(wall.pids("controller")[0], signal.SIGKILL)
        with contacts.open("a") as line:
            line.write("1 1\n")
        eventually(lambda: alarms(wall) == {"intrusion": "shown"}, 10)
        eventually(lambda: is_heard(wall), 5)
        file.write_text(SITE)
        eventually(lambda: wall.ask("status")["inputs"] == [], 10)
        wall.end()


def is_heard(wall: SiteWall) -> bool:
    """Whether all inputs listen."""
    told = wall.ask("status")["inputs"]
    return len(told) == 2 and all(one["listening"] for one in told)


def post(port: int, asked: str) -> int:
    call = urllib.request.Request(f"http://127.0.0.1:{port}/alarm/{asked}", method="POST")
    with urllib.request.urlopen(call, timeout=5) as reply:
        return int(reply.status)
