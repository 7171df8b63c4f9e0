"""The wall in windows of a real X server without a window manager: its pixels and its manners."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.live_wall import (
    HD,
    PAUSE,
    Eyes,
    LiveWall,
    RunningWall,
    SiteWall,
    eventually,
    soon,
)
from tests.support.requires import skipped_if
from tests.support.servers.clips import moving_clip
from tests.support.still_site_files import SMALL, stills, write_site
from tests.support.xserver import (
    XServer,
    press_keys,
    rgb_of,
    screen_rgb,
    xdotool,
    xserver_missing,
)
from wallctl.api.endpoint import ControlError
from wallctl.model.base.geometry import Size

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

SECONDS = float(os.environ.get("WALLCTL_TEST_SECONDS", "15"))
TOAST_S = 1.7
"""A little longer than words stay on the screen: time alone takes them away."""
CLIPS = 14
NOWHERE = ":64999"
"""A display that no server has."""

Pixels = NDArray[np.uint8]


def check_pixels(display: str, wall: RunningWall, x_of: dict[str, int]) -> None:
    """Each window shows its screen's canvas; tried until nothing changed meanwhile."""
    eyes = Eyes(wall)

    def canvases() -> dict[str, Pixels]:
        return {name: eyes.canvas(name).pixels.copy() for name in x_of}

    def look() -> tuple[dict[str, Pixels], Pixels] | None:
        before = canvases()
        PAUSE.wait(0.1)  # what is on the canvas is on the screen a tick later
        seen, after = screen_rgb(display), canvases()
        still_same = all(np.array_equal(before[name], after[name]) for name in x_of)
        return (after, seen) if still_same else None

    canvas_of, seen = eventually(look, 10)
    for name, x in x_of.items():
        wanted = rgb_of(canvas_of[name])
        h, w, _ = wanted.shape
        off = np.abs(seen[:h, x : x + w] - wanted)
        assert np.ptp(wanted) > 100, f"{name} shows nothing"
        assert np.percentile(off, 99.9) <= 3, name
        assert off.max() <= 5, name


def test_the_screen_shows_the_canvas_to_the_pixel(tmp_path: Path) -> None:
    sources = stills(tmp_path, 5) | {"gone": "missing.mp4"}
    file = write_site(tmp_path, sources, screens=(HD,), home="3x3")
    with XServer(HD) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 5, 10)
        for key in ("0", "Return", "Escape", "F1"):
            press_keys(display, key)
            PAUSE.wait(TOAST_S)
            check_pixels(display, wall, {"s1": 0})


def test_two_screens_are_two_windows_and_hear_one_operator(tmp_path: Path) -> None:
    wide = Size(2 * SMALL.w, SMALL.h)
    file = write_site(tmp_path, stills(tmp_path, 8), screens=(SMALL, SMALL))
    with XServer(wide) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        left, right = (
            xdotool(display, "search", "--sync", "--name", f"{name}$").split()[0]
            for name in ("s1", "s2")
        )
        for window, key in ((left, "1"), (right, "3"), (left, "2")):
            xdotool(display, "windowfocus", "--sync", window)
            revision = wall.ask("status")["revision"]
            press_keys(display, key)
            eventually(partial(acted, wall, revision), 2)
            assert wall.shown("s1")[0] == f"{key}x{key}"
        press_keys(display, "Right", "Right")
        eventually(lambda: wall.selected() == "s2/1", 2)
        xdotool(display, "windowfocus", "--sync", right)
        press_keys(display, "4")
        eventually(lambda: wall.shown("s2")[0] == "1+5", 2)
        PAUSE.wait(TOAST_S)
        check_pixels(display, wall, {"s1": 0, "s2": SMALL.w})


def acted(wall: RunningWall, revision: int) -> bool:
    """Whether the wall has changed since it had that revision."""
    since: int = wall.ask("status")["revision"]
    return since > revision


def test_14_tiles_hold_25_fps(tmp_path: Path) -> None:
    clips = [moving_clip(tmp_path / f"{i}.mp4", seed=i) for i in range(1, CLIPS + 1)]
    with (
        XServer(HD) as display,
        LiveWall([str(clip) for clip in clips], tmp_path, display=display) as wall,
    ):
        eventually(lambda: wall.all_live(CLIPS), 10, 0.1)
        PAUSE.wait(SECONDS)  # the rate is that of real time
        report = wall.end()
    # A quiet machine misses none; one that is half as fast, and does this beside 14 decoders and an
    # X server, 1 % of them. What people see is the rate of each tile.
    assert report["wall"]["missed_ticks"] < 0.02 * report["wall"]["ticks"]
    assert len(report["tiles"]) == CLIPS
    for tile in report["tiles"]:
        assert tile["fps"] >= 24.5, tile
        assert tile["presented"] >= 0.97 * tile["decoded"], tile
        assert tile["decoded"] >= 24.5 * SECONDS, tile


def test_bare_x_is_taken_over(tmp_path: Path) -> None:
    """Nobody clicked into the window, and nothing but the wall cares for the focus."""
    file = write_site(tmp_path, stills(tmp_path, 4))
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        xdotool(display, "mousemove", str(SMALL.w - 5), str(SMALL.h - 5))
        press_keys(display, "1")
        eventually(lambda: wall.shown("s1")[0] == "1x1", 2)


SAVER_S, SAVER_ON = 1, 1


@pytest.mark.parametrize("awake", [True, False])
def test_the_screen_saver_waits_for_the_end_of_the_wall(tmp_path: Path, awake: bool) -> None:
    """Killed or not: the server itself forgets who kept it awake. It is set to wait 1 s."""
    file = write_site(tmp_path, stills(tmp_path, 4))
    if not awake:
        file.write_text(file.read_text().replace("[defaults]", "[defaults]\nkeep_awake = false"))
    with XServer(SMALL) as display:
        output_of("xset", "-display", display, "s", str(SAVER_S))
        eventually(lambda: saves(display), 5 * SAVER_S)
        with SiteWall(file, tmp_path, display=display) as wall:
            eventually(lambda: wall.live_tiles() == 4, 10)
            if awake:
                assert not soon(lambda: saves(display), 3 * SAVER_S)
                for pid in wall.pids("presenter"):
                    os.kill(pid, signal.SIGKILL)
                eventually(lambda: "ended by SIGKILL" in wall.log.read_text(), 5)
                assert not soon(lambda: saves(display), 3 * SAVER_S)
            assert saves(display) is not awake
            assert wall.live_tiles() == 4
        assert f"timeout:  {SAVER_S}" in xset(display)
        eventually(lambda: saves(display), 5 * SAVER_S)


def saves(display: str) -> bool:
    """Whether the screen saver is on."""
    x, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    x.XOpenDisplay.restype, x.XDefaultRootWindow.restype = ctypes.c_void_p, ctypes.c_ulong
    server = ctypes.c_void_p(x.XOpenDisplay(display.encode()))
    told = (ctypes.c_ulong * 6)()
    root = ctypes.c_ulong(x.XDefaultRootWindow(server))
    assert saver.XScreenSaverQueryInfo(server, root, told)
    x.XCloseDisplay(server)
    state = told[1] & 0xFFFFFFFF  # after the saver's window; the kind shares its word
    return bool(state == SAVER_ON)


def test_the_pointer_is_seen_only_while_it_moves(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        eventually(lambda: not shows_pointer(display), 5)
        xdotool(display, "mousemove", "300", "200")
        eventually(lambda: shows_pointer(display), 1)
        eventually(lambda: not shows_pointer(display), 5)


def xset(display: str) -> str:
    """What the server says of its screen saver and power saving."""
    return output_of("xset", "-display", display, "q")


def shows_pointer(display: str) -> bool:
    """Whether a grab with the pointer differs from one without."""
    bare, full = (pointed(display, drawn) for drawn in ("0", "1"))
    return bare != full


def pointed(display: str, drawn: str) -> bytes:
    """The screen as ffmpeg grabs it, with the pointer drawn or not."""
    grab = ("-f", "x11grab", "-draw_mouse", drawn, "-video_size", f"{SMALL.w}x{SMALL.h}")
    picture = ("-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "bgr0", "-")
    words = ["ffmpeg", "-v", "error", *grab, "-i", display, *picture]
    return subprocess.run(words, check=True, capture_output=True, timeout=20).stdout


def output_of(*words: str) -> str:
    """What a command prints."""
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=20).stdout


# ------------------------------------------------------------------ when there is no window


def wallctl(folder: Path, display: str | None, *words: str) -> subprocess.CompletedProcess[str]:
    """A ``wallctl`` that ends by itself, or would not if it went wrong."""
    environ = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    environ |= {"DISPLAY": display} if display else {}
    environ |= {"XDG_STATE_HOME": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-m", "wallctl", *words, "--control", f"ipc://{folder}/control.sock"],
        env=environ,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a wall that could not start, beside what it warns of and logs."""
    assert done.returncode == 1, done
    beside = ("No saved state was found", "warning: ", "screen s1 has lost its window")
    (line,) = (line for line in done.stderr.splitlines() if not line.startswith(beside))
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize("words", [("show", "test:bars"), ("show", "x.mp4", "--screens", "64x64")])
def test_a_display_that_does_not_answer_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert "No X display answers" in sentence(wallctl(tmp_path, NOWHERE, *words))
    assert "set DISPLAY" in sentence(wallctl(tmp_path, None, *words))


def test_a_site_whose_output_is_not_there_is_told(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4), output="HDMI-9")
    assert "No X display answers" in sentence(wallctl(tmp_path, NOWHERE, "run", str(file)))
    with XServer(SMALL) as display:
        told = sentence(wallctl(tmp_path, display, "run", str(file)))
    assert "no output 'HDMI-9'" in told
    assert "there are: screen" in told


def test_a_display_that_can_show_no_canvas_ends_the_wall(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    words = ["-screen", "0", f"{SMALL.w}x{SMALL.h}x16", "-extension", "Composite"]
    with XServer(SMALL, *words) as display:
        done = wallctl(tmp_path, display, "run", str(file))
    assert done.returncode == 1
    (error,) = (line for line in done.stderr.splitlines() if " ERROR " in line)
    assert "depth" in error


def test_a_demo_without_a_display_is_headless_and_says_so(tmp_path: Path) -> None:
    done = wallctl(tmp_path, None, "demo", "--for", "3")
    assert done.returncode == 0, done
    assert "no display here, so the demo runs headless" in done.stdout
    assert "no file" not in done.stderr  # its large clips are still being drawn


def test_a_file_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    done = wallctl(tmp_path, None, "show", "x.mp4", "test:bars", "--headless", "--for", "1")
    assert done.returncode == 0, done
    told = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert told == [f"warning: there is no file {tmp_path}/x.mp4"]


def monitor(wall: SiteWall) -> Any:
    """Its screen, as status tells it; nothing while no controller answers."""
    try:
        return wall.ask("status")["screens"][0]
    except ControlError:
        return {"monitor_why": "", "ticks": 0}


def test_a_wall_comes_back_with_its_x_server(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    with ExitStack() as first:
        display = first.enter_context(XServer(SMALL))
        with SiteWall(file, tmp_path, display=display) as wall:
            eventually(lambda: wall.live_tiles() == 4, 10)
            first.close()
            eventually(lambda: "screen s1 has lost its window" in wall.log.read_text(), 10)
            passes = wall.ask("status")["screens"][0]["ticks"]
            os.kill(wall.pids("controller")[0], signal.SIGKILL)
            eventually(lambda: monitor(wall)["monitor_why"], 5)
            eventually(lambda: monitor(wall)["ticks"] > passes, 5)
            with XServer(SMALL, display):
                eventually(lambda: np.ptp(screen_rgb(display)) > 100, 10)
                check_pixels(display, wall, {"s1": 0})
                press_keys(display, "1")
                eventually(lambda: wall.shown("s1")[0] == "1x1", 2)
                wall.end()
    assert wall.log.read_text().count("lost its window") <= 2, "once for each controller"
    assert "Traceback" not in wall.log.read_text()
