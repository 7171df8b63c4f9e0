"""Windows where a window manager has its own mind, or the X server lacks an extension."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.requires import skipped_if
from tests.support.xorg import xorg, xorg_missing
from tests.support.xserver import XServer, press_keys, screen_rgb, xdotool, xserver_missing
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import MonitorState

if reason := xserver_missing():
    pytest.skip(reason, allow_module_level=True)

from wallctl.display.x11.window import Blitter, Window, WindowPlace

pytestmark = pytest.mark.e2e

HALF = Size(640, 360)
WALL = Size(2 * HALF.w, HALF.h)
DEADLINE_S = 20.0
STANDS_S = 2.0
"""By then a window manager has done its worst, and the wall has answered."""
with_openbox = skipped_if(None if shutil.which("openbox") else "openbox is not installed")


@contextmanager
def openbox(display: str) -> Iterator[None]:
    """A window manager that gives a fullscreen window all of one output."""
    manager = subprocess.Popen(["openbox"], env={"DISPLAY": display, "HOME": "/nonexistent"})
    end = time.monotonic() + DEADLINE_S
    while not manages(display) and time.monotonic() < end:
        pass
    try:
        yield
    finally:
        manager.terminate()
        manager.wait(DEADLINE_S)


def manages(display: str) -> bool:
    """Whether a window manager has come to a display."""
    words = ["xdotool", "get_num_desktops"]
    done = subprocess.run(words, env={"DISPLAY": display}, capture_output=True, check=False)
    return done.returncode == 0


def canvas(level: int, size: Size = HALF) -> NDArray[np.uint8]:
    """A canvas of one grey."""
    made = np.full((size.h * 3 // 2, size.w), 128, np.uint8)
    made[: size.h] = level
    return made


def tended(
    windows: Sequence[tuple[Window, int]], display: str, seen: list[int], for_s: float = 0.0
) -> bool:
    """Whether the display soon shows these greys from left to right, each in its equal share.

    With ``for_s`` it is looked at again when so much time has passed.
    """
    end, not_before = time.monotonic() + DEADLINE_S, time.monotonic() + for_s
    while time.monotonic() < end:
        for window, level in windows:
            window.keys()
            if window.is_bare:
                picture = canvas(level, Size(*window_size(window)))
                window.show(picture, [Rect(0, 0, *window_size(window))])
        if time.monotonic() > not_before and is_seen(display, seen):
            return True
    return False


def is_seen(display: str, greys: list[int]) -> bool:
    """Whether the display shows these greys now, and nothing else."""
    shares = np.split(screen_rgb(display)[: HALF.h, : WALL.w, 0], len(greys), axis=1)
    ends = [(float(part.min()), float(part.max())) for part in shares]
    return all(
        max(abs(low - grey(level)), abs(high - grey(level))) <= 2
        for (low, high), level in zip(ends, greys, strict=True)
    )


def window_size(window: Window) -> tuple[int, int]:
    """The size of a window's canvas."""
    return window._place.width_px, window._place.height_px


def grey(level: int) -> float:
    """What a luma of limited range is on the display."""
    return (level - 16) / 219 * 255


def halves() -> list[WindowPlace]:
    """Two screens side by side on one output."""
    return [WindowPlace(f"s{x}", HALF.w, HALF.h, x_px=x) for x in (0, HALF.w)]


@with_openbox
@pytest.mark.parametrize("late", [False, True])
def test_two_screens_on_one_output_cover_each_other_never(
    monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Whether the window manager was there first, or comes when they are shown."""
    with XServer(WALL) as display, ExitStack() as stack:
        monkeypatch.setenv("DISPLAY", display)
        if not late:
            stack.enter_context(openbox(display))
        left, right = (stack.enter_context(closing(Window(one, "wall"))) for one in halves())
        wall = [(left, 60), (right, 180)]
        assert tended(wall, display, [60, 180], STANDS_S)
        if late:
            stack.enter_context(openbox(display))
            assert tended(wall, display, [60, 180], STANDS_S)
        end = time.monotonic() + DEADLINE_S
        events: list[KeyEvent] = []
        while not events and time.monotonic() < end:  # as soon as one of them has the keyboard
            press_keys(display, "2")
            events = [*left.keys(), *right.keys()]
        assert events[0].key == "2"
        assert {one.monitor.state for one in (left, right)} == {MonitorState.THERE}


@with_openbox
@skipped_if(xorg_missing())
def test_one_screen_reaches_over_two_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    with xorg() as monitors, ExitStack() as stack:
        monkeypatch.setenv("DISPLAY", monitors.display)
        monitors.plug("DUMMY0", HALF)
        monitors.plug("DUMMY1", HALF, HALF.w)
        stack.enter_context(openbox(monitors.display))
        window = stack.enter_context(closing(Window(WindowPlace("s", WALL.w, WALL.h), "wall")))
        assert tended([(window, 120)], monitors.display, [120, 120], STANDS_S)
        assert window.monitor.state is MonitorState.THERE
        assert window.monitor.output == "DUMMY0+DUMMY1"


def test_a_window_that_is_moved_away_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with XServer(WALL) as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(halves()[0], "the wall")) as window:
            assert tended([(window, 120)], display, [120, 16])
            number = xdotool(display, "search", "--name", "the wall").split()[0]
            xdotool(display, "windowmove", number, "200", "100")
            assert not tended_once(window, display)
            assert tended([(window, 120)], display, [120, 16])


def tended_once(window: Window, display: str) -> bool:
    """Whether the window's corner is seen at its place now."""
    window.keys()
    return bool(abs(int(screen_rgb(display)[0, 0, 0]) - grey(120)) <= 2)


def test_what_lies_over_a_screen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with XServer(WALL) as display:
        monkeypatch.setenv("DISPLAY", display)
        notice = WindowPlace("n", 300, 100, x_px=100, y_px=100, fullscreen=False)
        with closing(Window(halves()[0], "the wall")) as window:
            with closing(Window(notice, "升级提醒")):
                assert becomes(window, MonitorState.COVERED)
                why = "The window '升级提醒' lies over 300x100 at 100,100 of the display."
                assert window.monitor.why == why
            assert becomes(window, MonitorState.THERE)


def becomes(window: Window, state: MonitorState) -> bool:
    """Whether a window's monitor is soon in this state."""
    end = time.monotonic() + DEADLINE_S
    while window.monitor.state is not state and time.monotonic() < end:
        window.keys()
    return window.monitor.state is state


LACKED = ["GLX", "RANDR", "MIT-SHM", "XKEYBOARD", "DPMS", "MIT-SCREEN-SAVER", "RENDER", "Composite"]


@pytest.mark.parametrize("extension", LACKED)
def test_a_server_without_an_extension_shows_the_wall_and_hears_it(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    extension: str,
) -> None:
    with XServer(HALF, "-extension", extension) as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(WindowPlace("s", HALF.w, HALF.h), "wall")) as window:
            assert tended([(window, 120)], display, [120])
            press_keys(display, "2")
            assert becomes_pressed(window, "2")
    told = extension in {"RANDR", "MIT-SHM", "MIT-SCREEN-SAVER"}
    assert [extension in line for line in caplog.messages] == [True] * told
    assert "Xlib" not in capfd.readouterr().err


@pytest.mark.parametrize("depth", [16, 30])
def test_a_display_of_another_depth_has_a_window_of_the_walls_pixels(
    monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    """Where the server can compose; else it is told to be set to depth 24."""
    with XServer(HALF, "-screen", "0", f"{HALF.w}x{HALF.h}x{depth}") as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(WindowPlace("s", HALF.w, HALF.h), "wall")) as window:
            window.show(canvas(120), [Rect(0, 0, HALF.w, HALF.h)])
            assert window.blitter is Blitter.SHARED
            assert window.monitor.state is MonitorState.THERE


def becomes_pressed(window: Window, key: str) -> bool:
    """Whether a key is soon heard."""
    end = time.monotonic() + DEADLINE_S
    heard: list[KeyEvent] = []
    while not heard and time.monotonic() < end:
        heard = window.keys()
    return heard[0].key == key


def test_a_held_key_is_one_press_on_a_server_without_xkb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a server tells a release before each repeat: nothing could be held for two seconds."""
    with XServer(HALF, "-extension", "XKEYBOARD") as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(WindowPlace("s", HALF.w, HALF.h), "wall")) as window:
            xdotool(display, "keydown", "Right")
            end, events = time.monotonic() + DEADLINE_S, list[KeyEvent]()
            while len(events) < 4 and time.monotonic() < end:
                events += window.keys()
            xdotool(display, "keyup", "Right")
            while events[-1].pressed and time.monotonic() < end:
                events += window.keys()
    count = len(events)
    assert [event.repeat for event in events] == [False, *[True] * (count - 2), False]
    assert [event.pressed for event in events] == [*[True] * (count - 1), False]


@pytest.mark.parametrize("lacked", ["pyglet.gl", "pyglet.window"])
def test_without_the_gl_library_pictures_are_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch, lacked: str
) -> None:
    shows = f"""
import sys
sys.modules[{lacked!r}] = None  # as where libgl1 is not installed
from wallctl.display.x11.window import Blitter, DisplayError, Window, WindowPlace
print(Window(WindowPlace("s", 640, 360), "wall").blitter.value)
try:
    Window(WindowPlace("s", 640, 360, blitter=Blitter.SHADER), "wall")
except DisplayError as refused:
    print(refused)
"""
    with XServer(HALF) as display:
        monkeypatch.setenv("DISPLAY", display)
        words = [sys.executable, "-c", shows]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    way, told = done.stdout.splitlines()
    assert way == Blitter.SHARED.value
    assert "install libgl1, or choose --blitter shared" in told


def test_a_server_without_glx_says_so_where_the_shader_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from wallctl.display.x11.window import DisplayError

    with XServer(HALF, "-extension", "GLX") as display:
        monkeypatch.setenv("DISPLAY", display)
        with pytest.raises(DisplayError, match=r"no GLX.*or choose --blitter shared"):
            Window(WindowPlace("s", HALF.w, HALF.h, blitter=Blitter.SHADER), "wall")


KEYMAPS = [
    ("us", "shift+17", "Star"),
    ("fr", "shift+12", "3"),
    ("fr", "12", "3"),
    ("fr", "15", "Minus"),
    ("de", "shift+35", "Star"),
    ("no", "shift+51", "Star"),
    ("cz", "shift+11", "2"),
    ("ru", "46", "L"),
    ("ru,us", "46", "L"),
    ("gr", "56", "B"),
    ("ara", "56", "B"),
    ("th", "10", "1"),
    ("us", "191", "F13"),
]


def test_keys_of_other_keyboards(monkeypatch: pytest.MonkeyPatch) -> None:
    """By keycode, under keymaps that are set while the wall runs."""
    with XServer(HALF) as display:
        monkeypatch.setenv("DISPLAY", display)
        with closing(Window(WindowPlace("s", HALF.w, HALF.h), "wall")) as window:
            for keymap, press, name in KEYMAPS:
                subprocess.run(["setxkbmap", keymap], check=True, timeout=DEADLINE_S)
                press_keys(display, press)
                assert typed(window) == (name, name), (keymap, press)


def typed(window: Window) -> tuple[str, ...]:
    """The names under which a key is soon heard: of its press, and of its release."""
    end = time.monotonic() + DEADLINE_S
    heard: list[KeyEvent] = []
    while not (heard and not heard[-1].pressed) and time.monotonic() < end:
        heard += window.keys()
    return tuple(one.key for one in heard)
