"""Pieces of a wall: even pixels, nothing shown twice, and one picture over all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.panel_walls import MIXED
from wallctl.model.base.affine import Affine
from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.site.framing import WHOLE, Span, StoredPicture, Turn, View
from wallctl.model.site.layout import Bezels
from wallctl.model.site.panel_geometry import (
    Panel,
    Piece,
    bounding_area,
    cut_pieces,
    picture_area,
    place_side_by_side,
)
from wallctl.model.site.site import Bezel, Screen
from wallctl.model.site.span_geometry import span_picture

turns = st.builds(Turn, st.booleans(), st.integers(0, 3))
lengths = st.floats(40, 900)
places = st.builds(Area, st.floats(-200, 1200), st.floats(-200, 900), lengths, lengths)
views = st.builds(
    View, turns, st.just(()), st.sampled_from([WHOLE, Area(0.25, 0.1, 0.5, 0.9)]), turns
)
stored = st.builds(
    StoredPicture,
    st.sampled_from([Size(640, 360), Size(704, 576)]),
    st.sampled_from([1.0, 1.1]),
    turns,
)


def values(area: Area) -> tuple[float, ...]:
    return (area.x, area.y, area.w, area.h)


@given(places, st.sampled_from(Bezels))
def test_pieces_are_even_and_on_their_screens(place: Area, bezels: Bezels) -> None:
    for piece in cut_pieces(place, MIXED, bezels):
        screen = next(one for one in MIXED if one.name == piece.screen)
        rect = piece.rect
        assert {rect.x % 2, rect.y % 2, rect.w % 2, rect.h % 2} == {0}
        assert min(rect.x, rect.y) >= 0
        assert rect.right <= screen.size.w
        assert rect.bottom <= screen.size.h
        assert min(rect.w, rect.h) >= 2


@given(places)
def test_a_piece_says_exactly_what_its_pixels_are_of_the_place(place: Area) -> None:
    for piece in cut_pieces(place, MIXED, Bezels.BEHIND):
        screen = next(one for one in MIXED if one.name == piece.screen)
        rect, size = piece.rect, screen.size
        share = Area(rect.x / size.w, rect.y / size.h, rect.w / size.w, rect.h / size.h)
        on_wall = picture_area(screen).part(share)
        assert values(place.part(piece.part)) == pytest.approx(values(on_wall))
        common = place.overlap(picture_area(screen))
        assert common is not None
        pixel_mm = picture_area(screen).w / size.w
        for mine, whole in ((on_wall.x, common.x), (on_wall.right, common.right)):
            assert abs(mine - whole) <= 1.01 * pixel_mm


def on_wall(screen: Screen, piece: Piece, source: Affine) -> Affine:
    """From places of the wall to pixels of the picture, by what one screen shows."""
    area, size = picture_area(screen), screen.size

    def pixel(mm: tuple[float, float]) -> tuple[float, float]:
        x, y = area.within(mm)
        return source.at((x * size.w - piece.rect.x, y * size.h - piece.rect.y))

    return Affine.through(pixel((0, 0)), pixel((1, 0)), pixel((0, 1)))


@given(places, stored, st.sampled_from(Fit), views)
def test_all_screens_show_one_picture(
    place: Area, stored: StoredPicture, fit: Fit, view: View
) -> None:
    """Whatever the panels: each place on the wall shows the same pixel of the picture."""
    by_name = {screen.name: screen for screen in MIXED}
    maps = []
    for piece in cut_pieces(place, MIXED, Bezels.BEHIND):
        span = Span(Size(100, 100), place.w / place.h, piece.part)
        found = span_picture(stored, piece.rect.size, fit, view, span)
        maps.append(on_wall(by_name[piece.screen], piece, found.source))
    for one in maps[1:]:
        for corner in ((0, 0), (1440, 0), (0, 1072), (1440, 1072)):
            assert one.at(corner) == pytest.approx(maps[0].at(corner), abs=1e-6)


@given(stored, st.sampled_from(Fit), views)
def test_a_place_shows_what_a_tile_of_its_shape_would(
    stored: StoredPicture, fit: Fit, view: View
) -> None:
    """All of a place as one piece: contained whole, covered to its edges, undistorted."""
    tile = Size(640, 480)
    found = span_picture(stored, tile, fit, view, Span(tile, 4 / 3, WHOLE))
    size = found.picture.size
    if fit is Fit.CONTAIN:
        assert size.w == 640 or size.h == 480
    else:
        assert size == tile
    taken = abs(found.source.xx * found.source.yy - found.source.xy * found.source.yx)
    shown = taken * size.w * size.h / (stored.size.w * stored.size.h)
    crop = view.crop.w * view.crop.h
    assert shown == pytest.approx(crop, rel=0.02) if fit is not Fit.COVER else shown <= crop + 1e-9


GAPS = (
    Screen("left", Rect(0, 0, 100, 100), Area(0, 0, 100, 100)),
    Screen("right", Rect(100, 0, 100, 100), Area(120, 0, 100, 100)),
)


def test_behind_bezels_a_strip_is_hidden_and_jumping_hides_nothing() -> None:
    wall = bounding_area(map(picture_area, GAPS))
    behind = [piece.part for piece in cut_pieces(wall, GAPS, Bezels.BEHIND)]
    assert [values(part) for part in behind] == [
        pytest.approx((0, 0, 100 / 220, 1)),
        pytest.approx((120 / 220, 0, 100 / 220, 1)),
    ]
    jumping = [piece.part for piece in cut_pieces(wall, GAPS, Bezels.JUMP)]
    assert [values(part) for part in jumping] == [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)]


bezels = st.builds(Bezel, *[st.floats(0, 40)] * 4)
sheets = st.tuples(st.floats(300, 1500), st.floats(200, 900), bezels)


@given(st.lists(sheets, min_size=6, max_size=6))
def test_panels_side_by_side_have_room_for_their_frames(
    given_: list[tuple[float, float, Bezel]],
) -> None:
    """Three columns and two rows, whatever the panels are."""
    panels = [
        Panel(Rect(i % 3 * 1920, i // 3 * 1080, 1920, 1080), *sheet)
        for i, sheet in enumerate(given_)
    ]
    areas = place_side_by_side(panels)
    frames = [one.bezel.around(area) for one, area in zip(panels, areas, strict=True)]
    for i, frame in enumerate(frames):
        assert min(frame.x, frame.y) >= -1e-9
        for other in frames[:i]:
            common = frame.overlap(other)
            assert common is None or min(common.w, common.h) < 1e-6


def test_equal_panels_hang_in_equal_steps() -> None:
    bezel = Bezel(top=5, right=3, bottom=7, left=2)
    panels = [
        Panel(Rect(x * 1920, y * 1080, 1920, 1080), 1209, 680, bezel)
        for y in (0, 1)
        for x in (0, 1)
    ]
    assert [(one.x, one.y) for one in place_side_by_side(panels)] == [
        (2, 5), (1216, 5), (2, 697), (1216, 697),
    ]  # fmt: skip


def test_a_place_behind_a_bezel_is_nowhere() -> None:
    assert cut_pieces(Area(101, 0, 18, 100), GAPS, Bezels.BEHIND) == ()


def test_a_wall_in_pixels_has_no_bezels() -> None:
    plain = tuple(Screen(one.name, one.rect) for one in GAPS)
    assert bounding_area(map(picture_area, plain)) == Area(0, 0, 200, 100)
    assert len(cut_pieces(Area(50, 0, 100, 100), plain, Bezels.BEHIND)) == 2
