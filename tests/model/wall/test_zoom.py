"""Digital zoom: it never leaves the picture, and what is pointed at stays where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.geometry import Area
from wallctl.model.site.framing import UPRIGHT, Turn
from wallctl.model.wall.state.zoom import (
    MOST,
    NOTCH,
    WHOLE,
    Zoom,
    Zoomed,
    panned,
    with_zoom,
    within,
    zoom_of,
    zoomed,
)

SHARES = st.floats(0, 1)
ZOOMS = st.builds(Zoom, st.floats(1, MOST), SHARES, SHARES).map(within)


def seen_at(zoom: Zoom, share: float) -> float:
    """Which place across the picture is seen at a place across the tile."""
    return zoom.x + (share - 0.5) / zoom.factor


@given(ZOOMS, st.floats(0.1, 10), st.tuples(SHARES, SHARES))
def test_a_zoom_stays_within_the_picture(zoom: Zoom, by: float, at: tuple[float, float]) -> None:
    for after in (zoomed(zoom, by, at), panned(zoom, (at[0] - 0.5, by))):
        assert 1 <= after.factor <= MOST
        for middle in (after.x, after.y):
            assert middle - 0.5 / after.factor >= -1e-3
            assert middle + 0.5 / after.factor <= 1 + 1e-3
        assert within(after) == after


@given(ZOOMS, SHARES)
def test_what_is_pointed_at_stays_where_it_is(zoom: Zoom, share: float) -> None:
    after = zoomed(zoom, NOTCH, (share, 0.5))
    assert seen_at(after, share) == pytest.approx(seen_at(zoom, share), abs=1e-3)


def test_out_as_far_as_in_shows_the_whole_picture() -> None:
    zoom = WHOLE
    for _ in range(5):
        zoom = zoomed(zoom, NOTCH, (0.2, 0.9))
    assert zoom.factor == pytest.approx(NOTCH**5, rel=1e-3)
    for _ in range(5):
        zoom = zoomed(zoom, 1 / NOTCH, (0.7, 0.1))
    assert zoomed(zoom, 1 / NOTCH, (0.5, 0.5)) == WHOLE


def test_a_hand_pulls_the_picture_with_it() -> None:
    zoom = Zoom(2.0)
    assert panned(zoom, (0.1, -0.2)) == Zoom(2.0, 0.45, 0.6)
    assert panned(zoom, (5.0, 0.0)).x == 0.25
    assert panned(WHOLE, (0.3, 0.3)) == WHOLE


def test_of_a_turned_picture_the_part_is_taken_that_is_seen_there() -> None:
    upper_left = Zoom(2.0, 0.25, 0.25)
    assert upper_left.part(UPRIGHT) == Area(0.0, 0.0, 0.5, 0.5)
    assert upper_left.part(Turn(quarters=1)) == Area(0.0, 0.5, 0.5, 0.5)
    assert upper_left.part(Turn(mirrored=True)) == Area(0.5, 0.0, 0.5, 0.5)
    assert WHOLE.part(Turn(quarters=3)) == Area(0.0, 0.0, 1.0, 1.0)


def test_a_place_is_zoomed_for_one_source() -> None:
    first = Zoomed("left", 3, "a", Zoom(2.0))
    all_zoomed = with_zoom(with_zoom((), first), Zoomed("left", 4, "b", Zoom(4.0)))
    assert zoom_of(all_zoomed, "left", 3, "a") == Zoom(2.0)
    assert zoom_of(all_zoomed, "left", 3, "b") == WHOLE
    assert zoom_of(all_zoomed, "right", 3, "a") == WHOLE
    again = with_zoom(all_zoomed, Zoomed("left", 3, "c", Zoom(3.0)))
    assert zoom_of(again, "left", 3, "a") == WHOLE
    assert with_zoom(again, Zoomed("left", 3, "c", WHOLE)) == all_zoomed[1:]
