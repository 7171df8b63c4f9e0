"""Layouts 布局: a named set of tiles, on a grid or free, and their pixels on a screen."""

import enum
from collections.abc import Mapping

import msgspec

from wallctl.model.base.geometry import Rect, Size, even, inset
from wallctl.model.base.language import Language
from wallctl.model.site.framing import UNFRAMED, Framing

GAP_PX = 4
"""Dark strip between two tiles; wide enough to separate two pictures, narrow enough to overlook."""


class Unit(enum.Enum):
    """What the numbers of a layout's tiles mean."""

    CELLS = "cells"
    """Columns and rows of a grid over the screen; tiles lie side by side, a gap between them."""
    FRACTION = "fraction"
    """Fractions of the screen or the wall; tiles are free, and may lie over each other."""
    MM = "mm"
    """Millimetres on the wall; the same."""


class Bezels(enum.Enum):
    """What becomes of a picture that reaches from screen to screen."""

    BEHIND = "behind"
    """It goes on behind the bezels: straight lines stay straight, and a strip is hidden."""
    JUMP = "jump"
    """It goes on at the next screen: all of it is seen, and lines are broken."""


class Cell(msgspec.Struct, frozen=True):
    """One tile, in the layout's unit."""

    x: float
    y: float
    w: float = 1
    h: float = 1
    framing: Framing = UNFRAMED
    z: int = 0
    """Where tiles overlap, the one with the largest z is seen; of equals the last one."""


class Layout(msgspec.Struct, frozen=True):
    """A named set of tiles. Tile numbers count from 1 in the order of ``cells``."""

    name: str
    zh: str
    en: str
    columns: int
    rows: int
    """Both 1 where tiles are free."""
    cells: tuple[Cell, ...]
    unit: Unit = Unit.CELLS
    bezels: Bezels | None = None
    """``None``: it is one screen's layout. Else it lies on the whole wall, and this says how."""

    @property
    def is_wide(self) -> bool:
        """Whether it lies on the whole wall."""
        return self.bezels is not None

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


MAX_SQUARE_SIDE = 8
_SIDES = range(1, MAX_SQUARE_SIDE + 1)


def smallest_square(sources: int) -> int:
    """The side of the smallest n x n grid with a tile for each source, at most 8."""
    side = 1
    while side * side < sources and side < MAX_SQUARE_SIDE:
        side += 1
    return side


def choose_square(layouts: Mapping[str, Layout], sources: int) -> Layout:
    """The smallest of the squares among some layouts with a tile for each source; else the largest.

    ValueError if there is no square.
    """
    squares = [layouts[name] for n in _SIDES if (name := f"{n}x{n}") in layouts]
    fitting = [one for one in squares if one.count >= sources]
    return fitting[0] if fitting else max(squares, key=lambda one: one.count)


def tile_rects(layout: Layout, canvas: Size, gap_px: int = GAP_PX) -> tuple[Rect, ...]:
    """The pixels of each tile of a screen's layout on a canvas of even size, by tile number.

    Neighbours share their edges exactly; a gap is taken from both sides alike. A layout of one
    tile has no gap, and free tiles have none.
    """
    gap = gap_px if layout.count > 1 and layout.unit is Unit.CELLS else 0
    return tuple(inset(_rect(layout, cell, canvas), gap) for cell in layout.cells)


def _rect(layout: Layout, cell: Cell, canvas: Size) -> Rect:
    across, down = canvas.w / layout.columns, canvas.h / layout.rows
    x, y = even(cell.x * across), even(cell.y * down)
    return Rect(x, y, even((cell.x + cell.w) * across) - x, even((cell.y + cell.h) * down) - y)
