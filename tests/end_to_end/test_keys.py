"""Hotkeys at a wall in windows: what each does, how soon it is seen, and how to leave.

Keys come from xdotool, as they would from a keyboard; what they did is read off the X screen.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.live_wall import PAUSE, RunningWall, SiteWall, eventually, soon
from tests.support.requires import skipped_if
from tests.support.still_site_files import SMALL, reluctant_cameras, stills, write_site
from tests.support.xserver import (
    Framebuffer,
    Typist,
    XServer,
    press_keys,
    screen_rgb,
    xserver_missing,
)
from wallctl.config.layout_files import shipped_layouts
from wallctl.display.drawing import icons
from wallctl.model.base.geometry import Rect
from wallctl.model.site.layout import tile_rects

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

ANSWER_MS = 100.0
TOAST_S = 1.7
"""A little longer than words stay on the screen: time alone takes them away."""

Pixels = NDArray[np.uint8]


def on_s1(wall: RunningWall) -> tuple[str, int, bool]:
    """What the only screen shows."""
    return wall.shown("s1")


KEYPAD_2, NUM_LOCK = "88", "Num_Lock"
Look = Callable[[RunningWall], object]
KEYS_IN_TURN: tuple[tuple[str, Look, object], ...] = (
    ("1", on_s1, ("1x1", 0, False)),
    ("2", on_s1, ("2x2", 0, False)),
    ("3", on_s1, ("3x3", 0, False)),
    ("4", on_s1, ("1+5", 0, False)),
    ("KP_2", on_s1, ("2x2", 0, False)),
    ("KP_Down", on_s1, ("2x2", 0, False)),
    ("KP_End", on_s1, ("1x1", 0, False)),
    ("0", on_s1, ("3x3", 0, False)),
    ("2", on_s1, ("2x2", 0, False)),
    ("Tab", RunningWall.selected, "s1/2"),
    ("Down", RunningWall.selected, "s1/4"),
    ("Left", RunningWall.selected, "s1/3"),
    ("Up", RunningWall.selected, "s1/1"),
    ("Right", RunningWall.selected, "s1/2"),
    ("shift+Tab", RunningWall.selected, "s1/1"),
    ("Return", on_s1, ("2x2", 0, True)),
    ("KP_Enter", on_s1, ("2x2", 0, False)),
    ("Return", on_s1, ("2x2", 0, True)),
    ("Escape", on_s1, ("2x2", 0, False)),
    ("Next", on_s1, ("2x2", 4, False)),
    ("Prior", on_s1, ("2x2", 0, False)),
    ("F2", on_s1, ("1x1", 0, False)),
    ("F3", on_s1, ("2x2", 0, False)),
    ("Escape", on_s1, ("1x1", 0, False)),
    ("KP_0", on_s1, ("3x3", 0, False)),
    ("F9", on_s1, ("1+5", 0, False)),
    ("9", on_s1, ("1x1", 0, False)),
    ("F10", on_s1, ("1x1", 1, True)),
    ("a", on_s1, ("1x1", 0, False)),
)


def test_every_hotkey_does_what_it_says(tmp_path: Path) -> None:
    own = {"F9": "layout 1+5", "9": "layout 1x1", "F10": "alarm 2"}
    file = write_site(tmp_path, stills(tmp_path, 7), home="3x3", hotkeys=own)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 7, 10)
        for key, look, expected in KEYS_IN_TURN:
            press_keys(display, key)
            assert becomes(look, wall, expected), (key, look(wall))
        press_keys(display, "0", NUM_LOCK, "1", KEYPAD_2, NUM_LOCK)
        assert becomes(on_s1, wall, ("2x2", 0, False))


def becomes(look: Look, wall: RunningWall, expected: object) -> bool:
    """Whether what is looked at is soon as expected."""
    return bool(soon(lambda: look(wall) == expected, 2))


def test_the_help_comes_and_goes(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        before = at_rest(display)
        for closing in ("F1", "Escape"):
            press_keys(display, "F1")
            assert eventually(lambda: changed_share(before, display), 2) > 0.5
            press_keys(display, closing)
            eventually(lambda: changed_share(before, display) == 0, 2)


def test_info_panels_and_the_padlock_come_and_go(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        before = at_rest(display)
        press_keys(display, "i")
        assert eventually(lambda: changed_share(before, display), 2) > 0.01
        press_keys(display, "i")
        eventually(lambda: changed_share(before, display) == 0, 2)
        press_keys(display, "l")
        PAUSE.wait(TOAST_S)
        assert 0 < changed_share(before, display) < 0.02
        press_keys(display, "l")
        eventually(lambda: changed_share(before, display) == 0, TOAST_S + 2)


def test_health_lines_come_and_go_at_the_feet_of_moving_pictures(tmp_path: Path) -> None:
    file = write_site(tmp_path, {"moving": "test:bars", **stills(tmp_path, 3)})
    moving, still, *_ = tile_rects(shipped_layouts()["2x2"], SMALL)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 4, 10)
        press_keys(display, "Right")  # the frame of the selection is not in its way
        assert not is_well(display, moving)
        press_keys(display, "h")
        eventually(lambda: is_well(display, moving), 3)
        assert not is_well(display, still)
        wall.send("health", "off")
        eventually(lambda: not is_well(display, moving), 3)


def is_well(display: str, tile: Rect) -> bool:
    """Whether the line of a tile that is well is at its foot."""
    foot = screen_rgb(display)[tile.bottom - 1, tile.x : tile.right].astype(int)
    return bool(np.abs(foot - icons.TEAL).max() < 12)


def at_rest(display: str) -> Pixels:
    """The screen once it no longer changes for longer than words stay."""

    def look() -> tuple[Pixels] | None:
        first = screen_rgb(display)
        changes = soon(lambda: changed_share(first, display) > 0, TOAST_S, 0.1)
        return None if changes else (first,)

    return eventually(look, 20)[0]


def changed_share(before: Pixels, display: str) -> float:
    """How much of the screen is another than it was, 0 to 1."""
    return float((before != screen_rgb(display)).any(axis=2).mean())


ANSWERED = (
    *("3", "Tab", "Right", "Down", "Left", "Up", "Return", "Return", "Return", "Escape"),
    *("2", "Next", "Prior", "Next", "Escape", "Escape", "1", "Next", "0", "0", "KP_4", "F2", "F3"),
    *("F1", "F1", "F1", "Escape", "i", "i", "l", "l", "F8", "F9", "F9", "Up", "Up"),
    "s",
    *(
        "KP_Multiply",
        "1",
        "2",
        "BackSpace",
        "Return",
        "asterisk",
        "9",
        "Return",
        "asterisk",
        "Escape",
    ),
    *("b", "b", "b", "Return", "b", "Escape"),
)
"""Among them keys that show what is coming, and keys that change nothing."""


def test_every_key_answers_within_100_ms_while_sources_are_coming(tmp_path: Path) -> None:
    with reluctant_cameras(4) as never:
        sources = stills(tmp_path, 3) | {f"never{i}": url for i, url in enumerate(never, 1)}
        file = write_site(tmp_path, sources, hotkeys={"F9": "blank"})
        with (
            XServer(SMALL, "-fbdir", str(tmp_path)) as display,
            SiteWall(file, tmp_path, display=display) as wall,
            Typist(display) as typist,
        ):
            eventually(lambda: wall.live_tiles() == 3, 10)
            screen = Framebuffer(tmp_path)
            took = [(key, answer_ms(typist, screen, key), is_coming(wall)) for key in ANSWERED]
    print("\n" + ", ".join(f"{key} {ms:.0f} ms{' *' * coming}" for key, ms, coming in took))
    assert sum(coming for _, _, coming in took) > len(took) / 2
    assert [(key, ms) for key, ms, _ in took if ms > ANSWER_MS] == []


def is_coming(wall: RunningWall) -> bool:
    """Whether a source that is shown has not come to the point yet."""
    return any(tile["state"] in ("connecting", "offline") for tile in wall.tiles())


def answer_ms(typist: Typist, screen: Framebuffer, key: str) -> float:
    """From a key's press to the first change of the screen, once the last words are gone."""
    PAUSE.wait(TOAST_S)
    before = screen.copy()
    began = time.monotonic()
    typist.do(f"key {key}")
    eventually(lambda: not screen.shows(before), 2, 0.001)
    return (time.monotonic() - began) * 1000


# ------------------------------------------------------------------ leaving

HOLD_S = 2.0
CTRL_SHIFT_Q = ("ctrl", "shift", "q")


def test_only_a_hold_of_two_seconds_quits(tmp_path: Path) -> None:
    file = write_site(tmp_path, stills(tmp_path, 4))
    with (
        XServer(SMALL) as display,
        SiteWall(file, tmp_path, display=display) as wall,
        Typist(display) as typist,
    ):
        eventually(lambda: wall.live_tiles() == 4, 10)
        before = at_rest(display)
        hold(typist, HOLD_S * 0.75)
        eventually(lambda: changed_share(before, display) == 0, 2)
        typist.do(f"keydown {' keydown '.join(CTRL_SHIFT_Q)}")
        typist.do("keyup ctrl")  # the rest stays down
        assert not soon(lambda: wall.process.poll() is not None, HOLD_S + 0.5)
        typist.do("keyup q keyup shift")
        began = time.monotonic()
        typist.do(f"keydown {' keydown '.join(CTRL_SHIFT_Q)}")
        assert wall.process.wait(HOLD_S + 2) == 0, wall.log.read_text()
        assert time.monotonic() - began >= HOLD_S
        typist.do(f"keyup {' keyup '.join(CTRL_SHIFT_Q)}")
    assert wall.report_file.exists()


def hold(typist: Typist, seconds: float) -> None:
    """Hold the keys that quit, for so long a real time."""
    typist.do(f"keydown {' keydown '.join(CTRL_SHIFT_Q)}")
    PAUSE.wait(seconds)
    typist.do(f"keyup {' keyup '.join(CTRL_SHIFT_Q)}")
