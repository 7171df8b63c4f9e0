"""Geometry: tiles are even, inside the canvas and apart; pictures keep their shape."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.config.site_file import shipped_layouts
from wallctl.model.base.geometry import Fit, Rect, Size, centred, cut, even, inset, place
from wallctl.model.site.layout import GAP_PX, grid, smallest_square, tile_rects

LAYOUTS = shipped_layouts()
EVEN = st.integers(32, 2048).map(lambda half: 2 * half)
CANVASES = st.builds(Size, EVEN, EVEN)
TILES = st.builds(Size, *[st.integers(4, 1000).map(lambda half: 2 * half)] * 2)
PICTURES = st.builds(Size, st.integers(16, 4096), st.integers(16, 4096))
SHAPES = st.floats(0.2, 5.0)


def is_even(rect: Rect) -> bool:
    return not any(value % 2 for value in (rect.x, rect.y, rect.w, rect.h))


def inside(rect: Rect, size: Size) -> bool:
    return rect.x >= 0 and rect.y >= 0 and rect.right <= size.w and rect.bottom <= size.h


@pytest.mark.parametrize("name", LAYOUTS)
@given(canvas=CANVASES)
def test_tiles_are_even_inside_and_apart(name: str, canvas: Size) -> None:
    rects = tile_rects(LAYOUTS[name], canvas)
    assert len(rects) == LAYOUTS[name].count
    assert all(is_even(rect) and inside(rect, canvas) for rect in rects)
    assert all(rect.w >= 2 and rect.h >= 2 for rect in rects)
    assert not any(a.intersects(b) for a, b in itertools.combinations(rects, 2))


@pytest.mark.parametrize("name", LAYOUTS)
@given(canvas=CANVASES)
def test_tiles_without_a_gap_fill_the_canvas(name: str, canvas: Size) -> None:
    rects = tile_rects(LAYOUTS[name], canvas, gap_px=0)
    assert sum(rect.w * rect.h for rect in rects) == canvas.w * canvas.h


@given(st.integers(1, 8), st.integers(1, 8), CANVASES)
def test_equal_tiles_differ_by_two_pixels_at_most(columns: int, rows: int, canvas: Size) -> None:
    rects = tile_rects(grid(columns, rows), canvas)
    widths, heights = {rect.w for rect in rects}, {rect.h for rect in rects}
    assert max(widths) - min(widths) <= 2
    assert max(heights) - min(heights) <= 2


@given(st.integers(2, 8), CANVASES)
def test_a_gap_parts_neighbours(side: int, canvas: Size) -> None:
    first, second, *_ = tile_rects(grid(side, side), canvas)
    if first.w > 2 and second.w > 2:
        assert second.x - first.right == GAP_PX


def test_one_tile_has_no_gap() -> None:
    assert tile_rects(LAYOUTS["1x1"], Size(1920, 1080)) == (Rect(0, 0, 1920, 1080),)


def test_names_of_grids_are_rows_by_columns() -> None:
    assert (grid(3, 2).name, grid(3, 2).count) == ("2x3", 6)


@given(st.integers(0, 300))
def test_the_smallest_square_is_large_enough_and_not_larger(sources: int) -> None:
    side = smallest_square(sources)
    assert side == 8 or side * side >= sources
    assert side == 1 or (side - 1) ** 2 < sources


@given(st.integers(1, 4096).map(lambda half: 2 * half), st.integers(1, 16))
def test_cut_gives_even_edges_in_order(length: int, parts: int) -> None:
    edges = cut(length, parts)
    assert (edges[0], edges[-1], len(edges)) == (0, length, parts + 1)
    assert list(edges) == sorted(edges)
    assert not any(edge % 2 for edge in edges)
    assert all(abs(edge - length * i / parts) <= 1 for i, edge in enumerate(edges))


@given(st.floats(0, 10_000))
def test_even_is_near(length: float) -> None:
    assert even(length) % 2 == 0
    assert abs(even(length) - length) <= 1


@given(TILES, st.integers(0, 40))
def test_inset_stays_inside(tile: Size, gap: int) -> None:
    rect = inset(Rect(2, 4, tile.w, tile.h), gap)
    assert is_even(rect)
    assert rect.x >= 2
    assert rect.y >= 4
    assert rect.right <= 2 + tile.w
    assert rect.bottom <= 4 + tile.h


@given(PICTURES, SHAPES, TILES)
def test_contain_shows_all_in_its_shape(picture: Size, shape: float, tile: Size) -> None:
    placed = place(picture, shape, tile, Fit.CONTAIN)
    size = placed.size
    assert placed.crop == Rect(0, 0, picture.w, picture.h)
    assert size.w % 2 == 0
    assert size.h % 2 == 0
    assert 2 <= size.w <= tile.w
    assert 2 <= size.h <= tile.h
    assert tile.w - size.w <= 1 or tile.h - size.h <= 1
    assert abs(size.w - size.h * shape) <= 1 + shape + 1e-6


@given(PICTURES, SHAPES, TILES)
def test_cover_fills_the_tile_from_the_middle(picture: Size, shape: float, tile: Size) -> None:
    placed = place(picture, shape, tile, Fit.COVER)
    crop = placed.crop
    assert placed.size == tile
    assert inside(crop, picture)
    assert crop.w == picture.w or crop.h == picture.h
    assert abs((picture.w - crop.w) - 2 * crop.x) <= 1
    assert abs((picture.h - crop.h) - 2 * crop.y) <= 1
    shown_shape = shape * (crop.w / picture.w) / (crop.h / picture.h)
    slack = 0.5 / crop.w + 0.5 / crop.h
    assert abs(shown_shape - tile.w / tile.h) <= slack * 2.1 * (tile.w / tile.h) + 1e-6 or (
        crop.w == 1 or crop.h == 1
    )


@given(PICTURES, SHAPES, TILES)
def test_stretch_shows_all_in_the_whole_tile(picture: Size, shape: float, tile: Size) -> None:
    placed = place(picture, shape, tile, Fit.STRETCH)
    assert placed.crop == Rect(0, 0, picture.w, picture.h)
    assert placed.size == tile


@given(TILES, TILES)
def test_centred_is_even_and_in_the_middle(tile: Size, size: Size) -> None:
    small = Size(min(size.w, tile.w), min(size.h, tile.h))
    outer = Rect(10, 20, tile.w, tile.h)
    rect = centred(small, outer)
    assert is_even(rect)
    assert rect.size == small
    assert 0 <= (outer.right - rect.right) - (rect.x - outer.x) <= 2
    assert 0 <= (outer.bottom - rect.bottom) - (rect.y - outer.y) <= 2


@given(*[st.builds(Rect, *[st.integers(-20, 20)] * 2, *[st.integers(1, 20)] * 2)] * 2)
def test_rectangles_that_share_a_pixel_intersect(a: Rect, b: Rect) -> None:
    def pixels(rect: Rect) -> set[tuple[int, int]]:
        columns, rows = range(rect.x, rect.right), range(rect.y, rect.bottom)
        return set(itertools.product(columns, rows))

    assert a.intersects(b) == bool(pixels(a) & pixels(b))
    assert a.intersects(b) == b.intersects(a)
