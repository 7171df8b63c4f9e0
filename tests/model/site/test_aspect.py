"""What shape a picture is shown in where its stream says nothing, or another than the site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.geometry import Size
from wallctl.model.site.aspect import KnownShape, may_be_squeezed, pixel_aspect, shape_of

WIDE, OLD, SQUARE = 16 / 9, 4 / 3, 1.0
OF_WIDE = KnownShape(of_main=WIDE)


def shown(picture: Size, said: float = 1.0, beside: KnownShape | None = None) -> float:
    """The shape that a picture is shown in."""
    aspect = pixel_aspect(picture, said, beside or KnownShape())
    return round(aspect * picture.w / picture.h, 3)


@pytest.mark.parametrize(
    ("w", "h"),
    [
        (352, 288), (352, 240), (704, 576), (704, 480), (720, 576), (640, 480), (960, 576),
        (960, 1080), (704, 288), (176, 144), (480, 360), (800, 600), (1280, 1024),
    ],
)  # fmt: skip
def test_a_substream_has_the_shape_of_its_main(w: int, h: int) -> None:
    assert shown(Size(w, h), 1.0, OF_WIDE) == round(WIDE, 3)


@pytest.mark.parametrize(("w", "h"), [(640, 360), (704, 576), (640, 480)])
def test_it_has_that_of_an_old_main_too(w: int, h: int) -> None:
    assert shown(Size(w, h), 1.0, KnownShape(of_main=OLD)) == round(OLD, 3)


def test_what_a_stream_says_counts_before_its_main() -> None:
    assert shown(Size(704, 576), 12 / 11, OF_WIDE) == 1.333
    assert shown(Size(704, 576), 16 / 11, KnownShape(of_main=OLD)) == 1.778


def test_what_the_site_says_counts_before_everything() -> None:
    assert shown(Size(704, 576), 12 / 11, KnownShape(named=WIDE, of_main=OLD)) == round(WIDE, 3)
    assert shown(Size(1920, 1080), 1.0, KnownShape(named=OLD)) == round(OLD, 3)


@pytest.mark.parametrize(("w", "h"), [(640, 368), (640, 352), (704, 396), (320, 180)])
def test_a_shape_that_is_rounded_to_other_pixels_stays(w: int, h: int) -> None:
    assert pixel_aspect(Size(w, h), 1.0, OF_WIDE) == 1.0


@pytest.mark.parametrize(("w", "h"), [(360, 640), (1920, 360), (200, 640)])
def test_what_is_no_squeezed_main_stays(w: int, h: int) -> None:
    """One that stands on its side, and a strip of the scene."""
    assert pixel_aspect(Size(w, h), 1.0, OF_WIDE) == 1.0


def test_half_hd_of_a_recorder_is_wide() -> None:
    assert shown(Size(960, 1080)) == round(WIDE, 3)
    assert shown(Size(960, 1080), 1.0, KnownShape(named=OLD)) == round(OLD, 3)
    assert shape_of(Size(960, 1080), 1.0) == pytest.approx(WIDE)


@pytest.mark.parametrize(("w", "h"), [(1920, 2160), (640, 720), (1080, 960)])
def test_two_lenses_above_each_other_stay_so(w: int, h: int) -> None:
    assert pixel_aspect(Size(w, h), 1.0) == 1.0


def test_a_main_is_asked_where_its_word_would_matter() -> None:
    assert may_be_squeezed(Size(352, 288), 352 / 288)
    assert may_be_squeezed(Size(640, 480), round(640 / 480, 6))
    assert not may_be_squeezed(Size(640, 360), round(640 / 360, 6))
    assert not may_be_squeezed(Size(640, 368), round(640 / 368, 6))
    assert not may_be_squeezed(Size(704, 576), round(16 / 9, 6)), "it says its shape"
    assert not may_be_squeezed(Size(960, 1080), WIDE)


sides = st.integers(1, 8192)
shapes = st.none() | st.floats(1 / 8, 8)


@given(sides, sides, st.floats(1 / 16, 16), shapes, shapes)
def test_whatever_is_known_pixels_have_a_shape(
    w: int, h: int, said: float, named: float | None, of_main: float | None
) -> None:
    picture = Size(w, h)
    aspect = pixel_aspect(picture, said, KnownShape(named, of_main))
    assert aspect > 0
    shape = aspect * w / h
    expected = (named,) if named is not None else (said * w / h, of_main, WIDE)
    assert any(one is not None and shape == pytest.approx(one) for one in expected)
