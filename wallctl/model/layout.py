"""Layouts 布局: a named set of tiles on a grid, and their pixels on a screen."""

from collections.abc import Mapping

import msgspec

from wallctl.model.geometry import Rect, Size, cut, inset
from wallctl.model.language import Language

GAP_PX = 4
"""Dark strip between two tiles; wide enough to part two pictures, narrow enough to forget."""


class Cell(msgspec.Struct, frozen=True):
    """One tile in grid units: its top left cell, and how many columns and rows it covers."""

    x: int
    y: int
    w: int = 1
    h: int = 1


class Layout(msgspec.Struct, frozen=True):
    """A named set of tiles. Tile numbers count from 1 in the order of ``cells``."""

    name: str
    zh: str
    en: str
    columns: int
    rows: int
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        """How many tiles it has."""
        return len(self.cells)

    def title(self, language: Language) -> str:
        """What people read; the name, where the file gives no title."""
        return language.pick(self.zh, self.en) or self.name


def grid(columns: int, rows: int, zh: str = "", en: str = "") -> Layout:
    """A layout of equal tiles, named rows x columns, counted left to right, top to bottom."""
    cells = tuple(Cell(x, y) for y in range(rows) for x in range(columns))
    name = f"{rows}x{columns}"
    return Layout(name, zh, en, columns, rows, cells)


LARGEST_SQUARE = 8
_SIDES = range(1, LARGEST_SQUARE + 1)


def smallest_square(sources: int) -> int:
    """The side of the smallest n x n grid with a tile for each source, at most 8."""
    side = 1
    while side * side < sources and side < LARGEST_SQUARE:
        side += 1
    return side


def fitting_square(layouts: Mapping[str, Layout], sources: int) -> Layout:
    """The smallest of the squares among some layouts with a tile for each source; else the largest.

    ValueError if there is no square.
    """
    squares = [layouts[name] for n in _SIDES if (name := f"{n}x{n}") in layouts]
    fitting = [one for one in squares if one.count >= sources]
    return fitting[0] if fitting else max(squares, key=lambda one: one.count)


def tile_rects(layout: Layout, canvas: Size, gap_px: int = GAP_PX) -> tuple[Rect, ...]:
    """The pixels of each tile on a canvas of even size, in the order of the tile numbers.

    Neighbours share their edges exactly; a gap is taken from both sides alike. A layout of one
    tile has no gap.
    """
    columns, rows = cut(canvas.w, layout.columns), cut(canvas.h, layout.rows)
    gap = gap_px if layout.count > 1 else 0
    return tuple(
        inset(
            Rect(
                columns[cell.x],
                rows[cell.y],
                columns[cell.x + cell.w] - columns[cell.x],
                rows[cell.y + cell.h] - rows[cell.y],
            ),
            gap,
        )
        for cell in layout.cells
    )
