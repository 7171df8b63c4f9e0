"""Parts of a canvas become the same pixels as the whole, wherever they lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from wallctl.display.drawing.sprite import planes
from wallctl.display.x11.dirty_parts import GAP_PX, PartsConverter, joined
from wallctl.media.scale.canvas_to_rgb import BgraConverter
from wallctl.model.base.geometry import Rect, Size

SIZES = [Size(160, 96), Size(150, 94)]
NOTHING = 77


def noise(size: Size) -> NDArray[np.uint8]:
    canvas = np.random.default_rng(size.w).integers(16, 236, (size.h * 3 // 2, size.w))
    return canvas.astype(np.uint8)


def whole(size: Size) -> NDArray[np.uint8]:
    """The image of all of the noise."""
    image = np.empty((size.h, size.w, 4), np.uint8)
    BgraConverter(size.w, size.h).convert(noise(size), image)
    return image


def test_neighbours_in_a_row_are_one_part() -> None:
    row = [Rect(x, 2, 60, 40) for x in (2, 66, 130)]
    far, below, lower = Rect(260, 2, 60, 40), Rect(2, 44, 60, 40), Rect(194, 2, 60, 42)
    assert joined([far, row[2], below, row[0], lower, row[1]]) == [
        Rect(2, 2, 188, 40),
        far,
        lower,
        below,
    ]


@given(st.lists(st.builds(Rect, *[st.integers(0, 40)] * 2, *[st.integers(1, 40)] * 2), max_size=9))
def test_nothing_is_lost_by_joining_and_little_comes_along(rects: list[Rect]) -> None:
    asked, found = np.zeros((2, 80, 80), bool)
    for area, some in ((asked, rects), (found, joined(rects))):
        for rect in some:
            area[rect.y : rect.bottom, rect.x : rect.right] = True
    assert not (asked & ~found).any()
    assert (found.sum(1) <= asked.sum(1) + GAP_PX * asked.any(1) * len(rects)).all()


@st.composite
def parts(draw: st.DrawFn, size: Size) -> Rect:
    x, y = (2 * draw(st.integers(0, length // 2 - 1)) for length in (size.w, size.h))
    w = 2 * draw(st.integers(1, (size.w - x) // 2))
    h = 2 * draw(st.integers(1, (size.h - y) // 2))
    return Rect(x, y, w, h)


@pytest.mark.parametrize("size", SIZES)
@given(data=st.data())
def test_a_part_has_the_pixels_of_the_whole_and_little_else_is_written(
    size: Size, data: st.DataObject
) -> None:
    rect = data.draw(parts(size))
    image = np.full((size.h, size.w, 4), NOTHING, np.uint8)
    PartsConverter(size).convert(planes(noise(size)), rect, image)
    written = (image != NOTHING).any(axis=2)
    assert np.abs(image.astype(int) - whole(size))[written].max() <= 3
    assert written[rect.y : rect.bottom, rect.x : rect.right].all()
    written[max(0, rect.y - 7) : rect.bottom + 7, max(0, rect.x - 7) : rect.right + 7] = False
    assert not written.any()


def test_a_converter_takes_parts_of_one_size_after_another() -> None:
    size = SIZES[0]
    converter, image = PartsConverter(size), np.zeros((size.h, size.w, 4), np.uint8)
    for y in range(0, size.h, 32):
        for x in range(0, size.w, 40):
            converter.convert(planes(noise(size)), Rect(x, y, 40, 32), image)
    assert np.array_equal(image, whole(size))
