"""The mouse at a wall in a window: moved by xdotool, and what is seen then, by the pixels."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from tests.support.coloured_sources import ALL, COLOURS, NOTHING, Seen, coloured_site, comes
from tests.support.live_wall import SiteWall, eventually
from tests.support.requires import skipped_if
from tests.support.still_site_files import PICTURE, SMALL, write_site
from tests.support.xserver import XServer, press_keys, xdotool, xserver_missing

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

TILE = {
    i: (SMALL.w * x // 4, SMALL.h * y // 4)
    for i, (x, y) in enumerate([(1, 1), (3, 1), (1, 3), (3, 3)], 1)
}
"""The middle of each tile of 2x2."""


class Row(NamedTuple):
    """What the mouse does, and what is seen then."""

    does: str
    """Words of xdotool; ``@N`` moves to the middle of a tile of 2x2."""
    seen: Seen


TWICE = "click --repeat 2 --delay 60 1"
TABLE = (
    Row("@2 click 1", Seen("2x2", ALL, 2)),
    Row("@4 click 1", Seen("2x2", ALL, 4)),
    Row(f"@3 {TWICE}", Seen("large", (3,))),
    Row(f"@1 {TWICE}", Seen("2x2", ALL, 3)),
    Row("@1 mousedown 1 @2 @4 mouseup 1", Seen("2x2", (4, 2, 3, 1), 1)),
    Row("@4 mousedown 1 @1 mouseup 1", Seen("2x2", ALL, 4)),
    Row("@2 mousedown 1 @3 @2 mouseup 1", Seen("2x2", ALL, 2)),
    Row("key F1", Seen("2x2", NOTHING, None)),
    Row("@1 click 1", Seen("2x2", ALL, 2)),
)


def test_whatever_the_mouse_does_is_seen(tmp_path: Path) -> None:
    file = coloured_site(tmp_path)
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == len(ALL), 10)
        press_keys(display, "Tab", "shift+Tab")
        for row in TABLE:
            xdotool(display, *words_of(row.does))
            look = partial(row.seen.looked_at, wall.site, display)
            assert comes(look, row.seen), (row.does, look())


def test_the_wheel_zooms_into_a_picture_and_a_hand_moves_what_is_seen(tmp_path: Path) -> None:
    """The picture has the colours of source 1 to 4 in its quarters, and fills the screen."""
    quarters = [Image.new("RGB", (PICTURE.w // 2, PICTURE.h // 2), one) for one in COLOURS[:4]]
    picture = Image.new("RGB", (PICTURE.w, PICTURE.h))
    for i, quarter in enumerate(quarters):
        picture.paste(quarter, (i % 2 * quarter.width, i // 2 * quarter.height))
    picture.save(tmp_path / "quarters.png")
    sources = {f"q{i}": str(tmp_path / "quarters.png") for i in range(4)}
    file = write_site(tmp_path, sources, home="1x1")
    with XServer(SMALL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.live_tiles() == 1, 10)
        for does, seen in ZOOMS:
            xdotool(display, *words_of(does))
            quarters_of = partial(Seen("2x2", seen, None).looked_at, wall.site, display)
            assert comes(lambda: quarters_of().sources, seen), (does, quarters_of())  # noqa: B023


IN = "click --repeat 8 --delay 120 4"
ZOOMS = (
    ("@4 sleep 0", ALL),
    (f"@1 {IN}", (1, 1, 1, 1)),
    ("mousedown 1 mousemove 100 135 sleep 0.2 mousemove 20 135 mouseup 1", (1, 1, 1, 1)),
    ("@2 mousedown 1 mousemove 10 130 sleep 0.2 mouseup 1", (1, 2, 1, 2)),
    ("@2 mousedown 1 mousemove 10 130 sleep 0.2 mouseup 1", (2, 2, 2, 2)),
    ("click 2", ALL),
    ("key KP_Add key KP_Add key KP_Add", ALL),
    ("key Escape", ALL),
)
"""What the mouse does, and the colours then in the quarters of the screen. A picture follows a hand
ten times a second, so that a hand that is to be followed rests in between."""


def words_of(does: str) -> list[str]:
    """The words of xdotool."""
    words = []
    for word in does.split():
        if word.startswith("@"):
            words += ["mousemove", *map(str, TILE[int(word[1:])]), "sleep", "0.05"]
        else:
            words.append(word)
    return words
