"""Monitors that go, return, change and sleep, on a real Xorg whose outputs have no card."""

import itertools
import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.support.edids import NAME, SERIAL, edid_block
from tests.support.live_wall import PAUSE, Eyes, RunningWall, SiteWall, eventually
from tests.support.requires import skipped_if
from tests.support.still_site_files import SMALL, stills, write_site
from tests.support.xorg import HZ, Monitors, xorg, xorg_missing
from tests.support.xserver import press_keys, rgb_of, screen_rgb
from wallctl.cli import main
from wallctl.cli.default_screens import check_display
from wallctl.display.display_error import DisplayError
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.site import Screen
from wallctl.shm.canvas import CanvasWord

pytestmark = [pytest.mark.e2e, skipped_if(xorg_missing())]

BACK_S = 3.0
"""How soon a screen is right again."""
FIGURES_TICKS = HZ
"""Presenters tell their figures once a second."""
ROUNDS = 3
LEFT = edid_block("DEL", 0xA0B1, texts=((SERIAL, "11111111"), (NAME, "DELL U2412M")))
RIGHT = edid_block("DEL", 0xA0B1, texts=((SERIAL, "22222222"), (NAME, "DELL U2412M")))
LOW = Size(640, 480)
BY_NAME = {"s1": ("output", "DUMMY0"), "s2": ("output", "DUMMY1")}
BY_MONITOR = {"s1": ("edid", "11111111"), "s2": ("edid", "22222222")}
Hung = dict[str, tuple[str, str]]


@pytest.fixture
def monitors() -> Iterator[Monitors]:
    """Two monitors side by side."""
    with xorg() as monitors:
        monitors.plug("DUMMY0", SMALL, 0, LEFT)
        monitors.plug("DUMMY1", SMALL, SMALL.w, RIGHT)
        yield monitors


def site(folder: Path, hung: Hung) -> Path:
    """Two screens of four stills each, and what each hangs on."""
    pictures = stills(folder, 8)
    file = write_site(folder, pictures, screens=(SMALL, SMALL))
    names = list(pictures)
    text = file.read_text().replace(json.dumps(names), json.dumps(names[:4]))
    text += f'[[home]]\nscreen = "s2"\nlayout = "2x2"\nsources = {json.dumps(names[4:])}\n'
    for screen, (key, value) in hung.items():
        text = text.replace(f'name = "{screen}"\n', f'name = "{screen}"\n{key} = "{value}"\n')
    file.write_text(text)
    return file


@pytest.fixture
def wall(
    monitors: Monitors, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[RunningWall]:
    """A wall on both monitors, all live; it never fails but in a test's own words."""
    file = site(tmp_path, getattr(request, "param", BY_NAME))
    with SiteWall(file, tmp_path, display=monitors.display) as wall:
        eventually(lambda: wall.live_tiles() == 8, 10)
        eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
        yield wall
    assert "Traceback" not in wall.log.read_text()


def told(wall: RunningWall, screen: str) -> dict[str, Any]:
    """What status says of a screen."""
    screens: list[dict[str, Any]] = wall.ask("status")["screens"]
    return next(one for one in screens if one["screen"] == screen)


def is_told(wall: RunningWall, screen: str, monitor: str) -> bool:
    """Whether status says so of a screen's monitor."""
    return bool(told(wall, screen)["monitor"] == monitor)


def shows(monitors: Monitors, wall: RunningWall, screen: str, x_px: int) -> bool:
    """Whether the display has a screen's canvas at its place, to the pixel."""
    canvas = rgb_of(Eyes(wall).canvas(screen).pixels.copy())
    h, w, _ = canvas.shape
    seen = screen_rgb(monitors.display)[:h, x_px : x_px + w]
    if seen.shape != canvas.shape or np.ptp(canvas) <= 100:
        return False
    return bool(np.percentile(np.abs(seen - canvas), 99.9) <= 3)


def missed(wall: RunningWall, screen: str) -> int:
    """How many ticks a screen has missed up to now, by figures that its presenter tells later."""
    before = told(wall, screen)["ticks"]
    eventually(lambda: told(wall, screen)["ticks"] > before + FIGURES_TICKS, 5)
    return int(told(wall, screen)["missed_ticks"])


def test_a_screen_that_goes_and_returns_costs_the_other_no_tick(
    wall: RunningWall, monitors: Monitors
) -> None:
    """What it costs it costs each time; what else the machine does is not there each time."""
    lost: list[int] = []
    with closing(wall.client()) as client:
        events = client.events()
        next(events)
        while 0 not in lost and len(lost) < ROUNDS:
            before = missed(wall, "s1")
            go_and_return(wall, monitors)
            lost.append(missed(wall, "s1") - before)
        assert 0 in lost, lost
        assert shows(monitors, wall, "s1", 0)
        news = (event.body for event in events if event.topic == "screen")
        assert [(one["screen"], one["monitor"]) for one in itertools.islice(news, 2)] == [
            ("s2", "absent"),
            ("s2", "there"),
        ]
    press_keys(monitors.display, "1")
    eventually(lambda: wall.shown("s1")[0] == "1x1", 2)
    log = wall.log.read_text()
    assert log.count("screen s2 has lost its window") == len(lost)
    assert log.count("screen s2 is as it should be again, on DUMMY1") == len(lost)


def go_and_return(wall: RunningWall, monitors: Monitors) -> None:
    """The right screen's monitor; its canvas is composed all the while."""
    monitors.unplug("DUMMY1")
    eventually(lambda: is_told(wall, "s2", "absent"), BACK_S)
    gone = told(wall, "s2")
    assert gone["output"] == ""
    assert "no output 'DUMMY1' that is switched on" in gone["monitor_why"]
    eventually(lambda: told(wall, "s2")["ticks"] > gone["ticks"] + FIGURES_TICKS, 5)
    assert wall.live_tiles() == 8
    monitors.plug("DUMMY1", SMALL, SMALL.w, RIGHT)
    eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
    eventually(lambda: is_told(wall, "s2", "there"), BACK_S)


@pytest.mark.parametrize("wall", [BY_MONITOR], indirect=True)
def test_monitors_may_change_their_plugs(wall: RunningWall, monitors: Monitors) -> None:
    """The right one goes to a third plug; then both change places."""
    monitors.unplug("DUMMY1")
    monitors.plug("DUMMY2", SMALL, SMALL.w, RIGHT)
    eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
    eventually(lambda: told(wall, "s2")["output"] == "DUMMY2", BACK_S)
    for output in ("DUMMY0", "DUMMY2"):
        monitors.unplug(output)
    monitors.plug("DUMMY0", SMALL, 0, RIGHT)
    monitors.plug("DUMMY1", SMALL, SMALL.w, LEFT)
    eventually(lambda: shows(monitors, wall, "s1", SMALL.w), BACK_S)
    eventually(lambda: shows(monitors, wall, "s2", 0), BACK_S)


def test_a_screen_moves_with_its_output_and_covers_no_other(
    wall: RunningWall, monitors: Monitors
) -> None:
    """As desktops do: what is left of the outputs is moved to the left."""
    monitors.unplug("DUMMY0")
    monitors.plug("DUMMY1", SMALL, 0)
    eventually(lambda: shows(monitors, wall, "s2", 0), BACK_S)
    eventually(lambda: is_told(wall, "s1", "absent"), BACK_S)
    monitors.plug("DUMMY0", SMALL, 0, LEFT)
    monitors.plug("DUMMY1", SMALL, SMALL.w)
    for screen, x_px in (("s1", 0), ("s2", SMALL.w)):
        eventually(lambda s=screen, x=x_px: shows(monitors, wall, s, x), BACK_S)  # type: ignore[misc]


def test_a_wrong_mode_is_marked_and_shown_whole(wall: RunningWall, monitors: Monitors) -> None:
    plain = Eyes(wall).canvas("s2").pixels.copy()
    monitors.plug("DUMMY1", LOW, SMALL.w)
    eventually(lambda: is_told(wall, "s2", "wrong_size"), BACK_S)
    why = told(wall, "s2")["monitor_why"]
    assert why.endswith("shows 640x480; its screen is 960x540.")
    marked = Eyes(wall).canvas("s2").pixels.copy()
    assert not np.array_equal(plain, marked)
    seen = screen_rgb(monitors.display)[: LOW.h, SMALL.w : SMALL.w + LOW.w]
    height = LOW.w * SMALL.h // SMALL.w
    bar = (LOW.h - height) // 2
    assert seen[: bar - 2].max() == seen[LOW.h - bar + 2 :].max() == 0
    assert np.ptp(seen[bar + 2 : bar + height // 2]) > 50
    assert np.ptp(seen[LOW.h // 2 : LOW.h - bar - 2]) > 50
    monitors.plug("DUMMY1", SMALL, SMALL.w)
    eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
    eventually(lambda: np.array_equal(Eyes(wall).canvas("s2").pixels, plain), BACK_S)


def test_a_monitor_may_return_in_another_mode(wall: RunningWall, monitors: Monitors) -> None:
    """Its old window, which was withdrawn, is closed; the presenter lives on."""
    pids = wall.pids("presenter")
    for size, state in ((LOW, "wrong_size"), (SMALL, "there")):
        monitors.unplug("DUMMY1")
        eventually(lambda: is_told(wall, "s2", "absent"), BACK_S)
        monitors.plug("DUMMY1", size, SMALL.w, RIGHT)
        eventually(lambda s=state: is_told(wall, "s2", s), BACK_S)  # type: ignore[misc]
    eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
    assert wall.pids("presenter") == pids


def test_without_any_monitor_the_wall_goes_on(wall: RunningWall, monitors: Monitors) -> None:
    """Nor does a presenter that ends meanwhile need one to be born again."""
    for output in ("DUMMY0", "DUMMY1"):
        monitors.unplug(output)
    for screen in ("s1", "s2"):
        eventually(lambda s=screen: is_told(wall, s, "absent"), BACK_S)  # type: ignore[misc]
    for pid in wall.pids("presenter"):
        os.kill(pid, signal.SIGKILL)
    passes = Eyes(wall).canvases["s1"].words
    before_ns = passes[CanvasWord.COMPOSED_NS]
    eventually(lambda: passes[CanvasWord.COMPOSED_NS] > before_ns + 10**9, 5)
    assert wall.live_tiles() == 8
    with wall.client() as client:
        client.send("layout 1x1 @s2")
    monitors.plug("DUMMY1", SMALL, 0, RIGHT)
    eventually(lambda: shows(monitors, wall, "s2", 0), BACK_S)
    monitors.plug("DUMMY0", SMALL, 0, LEFT)
    monitors.plug("DUMMY1", SMALL, SMALL.w)
    for screen, x_px in (("s1", 0), ("s2", SMALL.w)):
        eventually(lambda s=screen, x=x_px: shows(monitors, wall, s, x), BACK_S)  # type: ignore[misc]


def test_a_screen_may_go_and_return_again_and_again(wall: RunningWall, monitors: Monitors) -> None:
    """A loose plug: also in another mode each time."""
    pids = wall.pids("presenter")
    for size in (LOW, SMALL) * 10:
        monitors.unplug("DUMMY1")
        monitors.plug("DUMMY1", size, SMALL.w)
        PAUSE.wait(0.15)  # sooner than the wall can follow
    eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)
    assert wall.pids("presenter") == pids


def test_a_wall_starts_without_its_monitors(monitors: Monitors, tmp_path: Path) -> None:
    """As after a power cut, when the machine is up first."""
    for output in ("DUMMY0", "DUMMY1"):
        monitors.unplug(output)
    file = site(tmp_path, BY_NAME)
    with SiteWall(file, tmp_path, display=monitors.display) as wall:
        eventually(lambda: wall.live_tiles() == 8, 10)
        log = wall.log.read_text()
        for screen, output in (("s1", "DUMMY0"), ("s2", "DUMMY1")):
            assert is_told(wall, screen, "absent")
            assert f"warning: screen {screen}: The display has no output {output!r}" in log
        monitors.plug("DUMMY0", SMALL, 0, LEFT)
        monitors.plug("DUMMY1", SMALL, SMALL.w, RIGHT)
        eventually(lambda: shows(monitors, wall, "s1", 0), BACK_S)
        eventually(lambda: shows(monitors, wall, "s2", SMALL.w), BACK_S)


def test_a_text_that_both_monitors_answer_to_is_refused(
    monitors: Monitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them may be unplugged later: who is meant must not depend on that."""
    monkeypatch.setenv("DISPLAY", monitors.display)
    screens = [Screen("s1", Rect(0, 0, SMALL.w, SMALL.h), edid="DELL U2412M")]
    with pytest.raises(DisplayError, match="Several monitors answer to 'DELL U2412M'"):
        check_display(screens)
    monitors.unplug("DUMMY1")
    assert check_display(screens) == []


def test_outputs_tells_where_the_screens_of_a_site_hang(
    monitors: Monitors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", monitors.display)
    file = str(site(tmp_path, BY_NAME))
    well = CliRunner().invoke(main, ["outputs", file])
    assert well.exit_code == 0, well.output
    assert well.stdout.splitlines()[2:] == ["screen s1 on DUMMY0", "screen s2 on DUMMY1"]
    monitors.plug("DUMMY0", LOW)
    monitors.unplug("DUMMY1")
    ill = CliRunner().invoke(main, ["outputs", file])
    assert ill.exit_code == 1
    first, second = ill.stdout.splitlines()[1:]
    assert first.startswith("screen s1 on DUMMY0: DUMMY0 (DEL-A0B1-11111111 DELL U2412M) shows 640")
    assert second.startswith("screen s2: The display has no output 'DUMMY1'")
