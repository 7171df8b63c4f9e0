"""From one layout to another: nothing of a layout is other than itself, and all is told."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.panel_walls import MIXED
from tests.support.sites import LAYOUTS, ONE_PLUS_FIVE
from wallctl.model.base.geometry import Area, Fit, Rect
from wallctl.model.planning.layout_diff import Change, difference
from wallctl.model.site.framing import Framing, Turn
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.model.site.site import Screen

SCREENS = (Screen("left", Rect(0, 0, 1920, 1080)), Screen("right", Rect(1920, 0, 1920, 1080)))
WALL = Layout("wall", "", "", 1, 1, (Cell(0, 0),), Unit.FRACTION, Bezels.BEHIND)
ALL = (*LAYOUTS.values(), WALL)


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_what_is_gone_one_way_is_new_the_other_way(a: Layout, b: Layout) -> None:
    there = {one.at: one.change for one in difference(a, b, MIXED)}
    back = {one.at: one.change for one in difference(b, a, MIXED)}
    other = {Change.GONE: Change.NEW, Change.NEW: Change.GONE}
    assert there == {at: other.get(change, change) for at, change in back.items()}
    assert {one.change for one in difference(a, a, MIXED)} == {Change.SAME}


def test_tiles_move_go_and_come() -> None:
    changes = difference(LAYOUTS["2x2"], ONE_PLUS_FIVE, SCREENS)
    assert [one.change for one in changes] == [Change.MOVED] * 4 + [Change.NEW] * 2
    assert list(changes[0].words()) == ["956x536 at 2,2 -> 1276x716 at 2,2"]
    assert list(changes[5].words()) == ["new, 636x356 at 1282,722"]
    assert {one.at[0] for one in changes} == {"left"}, "a layout of a screen is told once"


def test_a_tile_that_stays_may_be_shown_otherwise() -> None:
    [cell] = LAYOUTS["1x1"].cells
    framing = Framing(Area(0.5, 0, 0.5, 1), Turn(True, 1), Fit.COVER)
    cut = replace(LAYOUTS["1x1"], cells=(replace(cell, framing=framing, z=2),))
    [one] = difference(LAYOUTS["1x1"], cut, SCREENS)
    assert one.change is Change.SHOWN_OTHERWISE
    assert list(one.words()) == [
        "z 0 -> z 2",
        "crop [0, 0, 1, 1] -> crop [0.5, 0, 0.5, 1]",
        "fit of the source -> fit cover",
        "not mirrored -> mirrored",
        "rotate 0 -> rotate 90",
    ]


def test_beside_a_wide_layout_every_screen_is_looked_at() -> None:
    changes = difference(LAYOUTS["1x1"], WALL, SCREENS)
    assert [one.at for one in changes] == [("left", 1), ("right", 1)]
