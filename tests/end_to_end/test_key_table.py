"""All keys of a wall in one table: pressed by xdotool, and what is seen then, by the pixels.

Each source is of one colour, so a pixel tells which one a tile shows. A row may build on those
above it; a new key is a new row.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.coloured_sources import ALL, NOTHING, SOON_S, Seen, coloured_site, comes
from tests.support.live_wall import SiteWall, eventually
from tests.support.requires import skipped_if
from tests.support.still_site_files import SMALL
from tests.support.xserver import XServer, press_keys, screen_rgb, xserver_missing
from wallctl.config.site_file import load_site
from wallctl.model.operator.feedback import ERROR_NS
from wallctl.model.operator.key_dialogue import ENTRY_NS
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.wall.commands.command import CommandError, SetLayout

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

Pixels = NDArray[np.uint8]


class Row(NamedTuple):
    """What is pressed, and what is seen then. X names of keys, as xdotool takes them."""

    keys: str
    seen: Seen


TABLE = (
    Row("1", Seen("1x1", (1,))),
    Row("2", Seen("2x2", ALL)),
    Row("3", Seen("3x3", (*range(1, 8), 0, 0))),
    Row("4", Seen("1+5", (*range(1, 7),))),
    Row("KP_2", Seen("2x2", ALL)),
    Row("KP_End", Seen("1x1", (1,))),
    Row("0", Seen("2x2", ALL)),
    Row("Tab", Seen("2x2", ALL, 2)),
    Row("shift+Tab", Seen("2x2", ALL)),
    Row("Right", Seen("2x2", ALL, 2)),
    Row("Down", Seen("2x2", ALL, 4)),
    Row("Left", Seen("2x2", ALL, 3)),
    Row("Up", Seen("2x2", ALL)),
    Row("Return", Seen("large", (1,))),
    Row("Next", Seen("large", (2,))),
    Row("KP_Enter", Seen("2x2", ALL, 2)),
    Row("0 Next", Seen("2x2", (5, 6, 7, 0))),
    Row("Prior", Seen("2x2", ALL)),
    Row("F2", Seen("1x1", (2,))),
    Row("F3", Seen("2x2", (4, 3, 2, 1))),
    Row("Escape", Seen("1x1", (2,))),
    Row("0", Seen("2x2", ALL)),
    # closer, and all of it again
    Row("KP_Add", Seen("2x2", ALL)),
    Row("KP_Subtract", Seen("2x2", ALL)),
    Row("Return plus plus Right", Seen("large", (1,))),
    Row("Escape Return", Seen("2x2", ALL)),
    # a source by its number
    Row("asterisk 6 Return", Seen("2x2", (6, 2, 3, 4))),
    Row("KP_Multiply KP_5 KP_Enter", Seen("2x2", (5, 2, 3, 4))),
    Row("Down KP_Multiply 9 BackSpace 7 Return", Seen("2x2", (5, 2, 7, 4), 3)),
    Row("KP_Multiply 9 9 Return", Seen("2x2", (5, 2, 7, 4), 3)),
    Row("KP_Multiply 1 Escape", Seen("2x2", (5, 2, 7, 4), 3)),
    Row("KP_Multiply 1 Tab", Seen("2x2", (5, 2, 7, 4), 4)),
    Row("shift+Tab", Seen("2x2", (5, 2, 7, 4), 3)),
    Row("Escape", Seen("2x2", (5, 2, 3, 4), 3)),
    # all hidden, and shown again
    Row("b Escape", Seen("2x2", (5, 2, 3, 4), 3)),
    Row("b b", Seen("2x2", NOTHING, 0)),
    Row("Escape", Seen("2x2", NOTHING, 0)),  # back never lifts it
    Row("b Return", Seen("2x2", (6, 2, 3, 4), 3)),
    # one source hidden wherever it is, and shown again
    Row("b Return", Seen("2x2", (6, 2, 0, 4), 3)),
    Row("Up asterisk 3 Return", Seen("2x2", (0, 2, 6, 4))),
    Row("b Return", Seen("2x2", (3, 2, 6, 4))),
    Row("Escape Down", Seen("2x2", (6, 2, 3, 4), 3)),
    # a tile hidden, and a source, by keys of the site
    Row("F11", Seen("2x2", (6, 2, 0, 4), 3)),
    Row("Escape", Seen("2x2", (1, 2, 0, 4), 3)),  # nothing but its own key lifts it
    Row("F12", Seen("2x2", (1, 2, 3, 4), 3)),
    Row("Insert", Seen("2x2", (1, 0, 3, 4), 3)),
    Row("F2", Seen("1x1")),
    Row("0 Tab", Seen("2x2", (1, 0, 3, 4), 2)),
    Row("Delete", Seen("2x2", ALL, 2)),
    # the sheet of keys
    Row("F1", Seen("2x2", NOTHING, None)),
    Row("F1", Seen("2x2", ALL, 2)),
    Row("F1 Escape", Seen("2x2", ALL, 2)),
    # keys of the site
    Row("F9", Seen("1x1", (2,))),
    Row("F10 4 Return", Seen("1x1", (4,))),
)
OWN = {
    "F9": "layout 1x1", "F10": "number", "F11": "blank tile 3 reason 检修", "F12": "unblank tile 3",
    "Insert": "blank source c2", "Delete": "unblank source 2",
}  # fmt: skip
"""Keys of the site."""
ELSEWHERE = {
    "Ctrl+Shift+Q": "test_keys",
    "A": "test_alarms",
    "H": "test_keys",
    "I": "test_keys",
    "Space": "test_tours",
    "J": "below",
    "K": "below",
    "L": "below",
    "S": "below",
}
"""Keys whose doing is no picture, and where they are tried."""
X_NAMES = {
    "Esc": "Escape", "Enter": "Return", "PgUp": "Prior", "PgDn": "Next", "Star": "KP_Multiply",
    "Plus": "KP_Add", "Minus": "KP_Subtract",
    "Shift+Tab": "shift+Tab", "B": "b", "Shift+Plus": "plus",
}  # fmt: skip


def test_the_table_has_every_key(tmp_path: Path) -> None:
    pressed = {key for row in TABLE for key in row.keys.split()}
    keys = KeyMap.of(load_site(coloured_site(tmp_path, OWN))).bindings
    assert {key for key in keys if X_NAMES.get(key, key) not in pressed} == ELSEWHERE.keys()


def test_every_key_is_seen_to_do_what_it_does(tmp_path: Path) -> None:
    file = coloured_site(tmp_path, OWN)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        for row in TABLE:
            press_keys(display, *row.keys.split())
            look = partial(row.seen.looked_at, wall.site, display)
            assert comes(look, row.seen), (row.keys, look())


def test_a_number_is_echoed_with_the_name_that_it_means(tmp_path: Path) -> None:
    """Each of its keys changes the words at the foot of the screen, and they go by themselves."""
    file = coloured_site(tmp_path, OWN)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        bare = foot(display)
        for key in ("KP_Multiply", "1", "2", "BackSpace"):
            before = foot(display)
            press_keys(display, key)
            assert comes(partial(looks_so, display, before), False)
        eventually(partial(looks_so, display, bare), (ENTRY_NS + ERROR_NS) / 1e9 + 1)


def looks_so(display: str, before: Pixels) -> bool:
    """Whether the words are what they were."""
    return np.array_equal(foot(display), before)


def foot(display: str) -> Pixels:
    """Where words are said."""
    return screen_rgb(display)[SMALL.h * 3 // 4 :]


def test_a_snapshot_is_saved_without_words_over_it_and_says_where(tmp_path: Path) -> None:
    file = coloured_site(tmp_path, OWN)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        before = screen_rgb(display)
        press_keys(display, "s")
        (saved,) = eventually(lambda: list(tmp_path.glob("state/wallctl/snapshots/*/*.png")), 5)
        assert comes(lambda: np.array_equal(screen_rgb(display), before), False)
        with Image.open(saved) as picture:
            off = np.abs(np.asarray(picture).astype(np.int16) - before)
        assert off.max() <= 2
        assert saved.stat().st_mode & 0o077 == 0


def test_a_lock_keeps_programs_away_until_it_is_lifted(tmp_path: Path) -> None:
    file = coloured_site(tmp_path, OWN)
    with (
        XServer(SMALL) as display,
        SiteWall(file, tmp_path, display=display) as wall,
        wall.client() as client,
    ):
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        press_keys(display, "l")
        eventually(lambda: wall.ask("status")["locked"] == ["wall"], SOON_S)
        with pytest.raises(CommandError, match="locked"):
            client.send(SetLayout("3x3"))
        press_keys(display, "l")
        eventually(lambda: wall.ask("status")["locked"] == [], SOON_S)
        client.send(SetLayout("3x3"))
        assert comes(partial(TABLE[2].seen.looked_at, wall.site, display), TABLE[2].seen)


def test_an_alarm_is_acknowledged_kept_and_found_in_the_list(tmp_path: Path) -> None:
    file = coloured_site(tmp_path, OWN)
    with (
        XServer(SMALL) as display,
        SiteWall(file, tmp_path, display=display) as wall,
        wall.client() as client,
    ):
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        screen = wall.site.screens[0].name
        client.send("alarm 3")
        press_keys(display, "a")
        eventually(lambda: alarms(wall) == {}, SOON_S)
        assert not wall.shown(screen)[2]
        press_keys(display, "k")
        eventually(lambda: wall.shown(screen)[2], SOON_S)  # it stays, large
        assert comes(partial(Seen("1x1", (3,)).looked_at, wall.site, display), Seen("1x1", (3,)))
        client.send("alarm 2")
        client.send("over 2")
        eventually(lambda: list(alarms(wall).values()) == ["over"], SOON_S)
        before = screen_rgb(display)
        press_keys(display, "j")
        assert comes(lambda: np.array_equal(screen_rgb(display), before), False)
        press_keys(display, "Down", "Up", "Return")  # its camera; so it is acknowledged
        eventually(lambda: alarms(wall) == {}, SOON_S)
        assert comes(partial(Seen("1x1", (2,)).looked_at, wall.site, display), Seen("1x1", (2,)))
        press_keys(display, "j", "Escape")
        assert comes(partial(Seen("1x1", (2,)).looked_at, wall.site, display), Seen("1x1", (2,)))


def alarms(wall: SiteWall) -> dict[str, str]:
    """How each alarm fares."""
    return {one["name"]: one["state"] for one in wall.ask("status")["alarms"]}
