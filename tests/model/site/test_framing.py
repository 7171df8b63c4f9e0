"""How a picture stands and which part of it goes into a tile: what always holds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.site.framing import (
    UPRIGHT,
    StoredPicture,
    Turn,
    View,
    fit_picture,
    masks_px,
    sides_cross,
)

TURNS = [Turn(mirrored, quarters) for mirrored in (False, True) for quarters in range(4)]
turns = st.sampled_from(TURNS)
fractions = st.floats(0, 1)
points = st.tuples(fractions, fractions)
sizes = st.builds(Size, st.integers(1, 400), st.integers(1, 400))
tiles = st.builds(Size, *[st.integers(1, 400).map(lambda n: 2 * n)] * 2)


@st.composite
def parts(draw: st.DrawFn) -> Area:
    x, y = draw(st.floats(0, 0.9)), draw(st.floats(0, 0.9))
    return Area(x, y, draw(st.floats(0.05, 1 - x)), draw(st.floats(0.05, 1 - y)))


views = st.builds(View, turns, st.just(()), parts(), turns)


def near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a == pytest.approx(b, abs=1e-9)


@given(turns, turns, points)
def test_two_turns_are_one(a: Turn, b: Turn, at: tuple[float, float]) -> None:
    assert near(a.then(b).point(at), b.point(a.point(at)))


@given(turns, turns, turns)
def test_turns_are_a_group(a: Turn, b: Turn, c: Turn) -> None:
    assert a.then(b).then(c) == a.then(b.then(c))
    assert a.then(a.back()) == a.back().then(a) == UPRIGHT
    assert a.then(UPRIGHT) == UPRIGHT.then(a) == a


def test_the_eight_turns_differ() -> None:
    corners = {tuple(turn.point(at) for at in ((0, 0), (1, 0))) for turn in TURNS}
    assert len(corners) == 8
    assert {a.then(b) for a, b in itertools.product(TURNS, TURNS)} == set(TURNS)


def test_a_quarter_is_clockwise_and_mirroring_comes_first() -> None:
    assert Turn(quarters=1).point((0, 0)) == (1, 0)
    assert Turn(mirrored=True).point((0, 0)) == (1, 0)
    assert Turn(mirrored=True, quarters=1).point((0, 0)) == (1, 1)


@given(turns, sizes, st.data())
def test_a_rectangle_turns_as_its_corners_do(turn: Turn, size: Size, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, size.w - 1))
    y = data.draw(st.integers(0, size.h - 1))
    w, h = data.draw(st.integers(1, size.w - x)), data.draw(st.integers(1, size.h - y))
    found, of = turn.rect(Rect(x, y, w, h), size), turn.size(size)
    corners = [turn.point((px / size.w, py / size.h)) for px in (x, x + w) for py in (y, y + h)]
    assert found.x == pytest.approx(min(px * of.w for px, _ in corners))
    assert found.y == pytest.approx(min(py * of.h for _, py in corners))
    assert found.size == turn.size(Size(w, h))
    assert turn.back().rect(found, of) == Rect(x, y, w, h)


@given(parts(), sizes)
def test_a_part_lies_in_its_picture(part: Area, size: Size) -> None:
    rect = part.pixels(size)
    assert min(rect.x, rect.y) >= 0
    assert min(rect.w, rect.h) >= 1
    assert rect.right <= size.w
    assert rect.bottom <= size.h


@given(sizes, turns, tiles, st.sampled_from(Fit), views)
def test_what_is_fitted_lies_in_the_picture_and_in_the_tile(
    size: Size, upright: Turn, tile: Size, fit: Fit, view: View
) -> None:
    found = fit_picture(StoredPicture(size, 1.0, upright), tile, fit, view)
    assert min(found.part.x, found.part.y) >= 0
    assert found.part.right <= size.w
    assert found.part.bottom <= size.h
    assert found.part.x % 2 == found.part.y % 2 == found.size.w % 2 == found.size.h % 2 == 0
    assert found.size.w <= tile.w
    assert found.size.h <= tile.h
    assert found.turn == upright.then(view.upright).then(view.turn)
    if fit is not Fit.CONTAIN:
        assert found.size == tile


@given(turns, turns, turns, points)
def test_a_mask_lies_where_its_place_of_the_picture_comes_to_lie(
    stands: Turn, upright: Turn, turn: Turn, at: tuple[float, float]
) -> None:
    view = View(upright, (((0.0, 0.0), (1.0, 0.0), at),), turn=turn)
    stored = StoredPicture(Size(64, 32), 1.0, stands)
    tile = turn.size(upright.size(stands.size(stored.size)))
    to = fit_picture(stored, tile, Fit.STRETCH, view)
    ((_, _, found),) = masks_px(stored, view, to.pixel)
    x, y = turn.point(at)
    assert near(found, (x * tile.w, y * tile.h))


@given(tiles, views)
def test_the_part_of_a_picture_of_the_size_that_serves_fills_the_tile(
    tile: Size, view: View
) -> None:
    sent = view.sent(tile)
    found = fit_picture(StoredPicture(sent), tile, Fit.STRETCH, view)
    cut = found.turn.size(found.part.size)
    assert cut.w >= tile.w - 2
    assert cut.h >= tile.h - 2


SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


def test_sides_that_cross_are_found() -> None:
    assert not sides_cross(SQUARE)
    assert not sides_cross(SQUARE[:3])
    assert sides_cross((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]))


@given(st.lists(points, min_size=3, max_size=3))
def test_no_triangle_has_sides_that_cross(corners: list[tuple[float, float]]) -> None:
    assert not sides_cross(tuple(corners))
