"""A layout's tiles on the screens: on its own screen, or on all that a wide one reaches."""

import functools
from collections.abc import Sequence

import msgspec

from wallctl.model.base.geometry import Area, Rect, Side, Size
from wallctl.model.site.framing import UNFRAMED, Framing, Span
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit, tile_rects
from wallctl.model.site.panel_geometry import Piece, bounding_area, cut_pieces, picture_area
from wallctl.model.site.site import Screen

CACHE_SIZE = 64
"""How many layouts on a wall are remembered."""
WHOLE_TOLERANCE_PX = 2.0
"""Half a step of even pixels at either edge, and a little more. A piece that misses less than this
is its whole place."""


class Place(msgspec.Struct, frozen=True):
    """Where a tile of a layout lies on a screen. One that reaches over several has one on each."""

    number: int
    rect: Rect
    framing: Framing = UNFRAMED
    z: int = 0
    span: Span | None = None
    is_labelled: bool = True
    """Only the first of several pieces has the label."""
    joined: frozenset[Side] = frozenset()
    """Where it goes on beyond its screen."""


Screens = tuple[Screen, ...]


@functools.lru_cache(CACHE_SIZE)
def place_on_screen(layout: Layout, screen: Screen) -> tuple[Place, ...]:
    """The places of a screen's layout."""
    rects = tile_rects(layout, screen.size)
    return tuple(
        Place(number, rect, cell.framing, cell.z)
        for number, (rect, cell) in enumerate(zip(rects, layout.cells, strict=True), 1)
    )


@functools.lru_cache(CACHE_SIZE)
def place_on_wall(layout: Layout, screens: Screens) -> dict[str, tuple[Place, ...]]:
    """The places of a wide layout, on those screens that it reaches."""
    wall = bounding_area(map(picture_area, screens))
    places: dict[str, tuple[Place, ...]] = {}
    for number, cell in enumerate(layout.cells, 1):
        for screen, place in _pieces(number, cell, _area(layout, cell, wall), layout, screens):
            places[screen] = (*places.get(screen, ()), place)
    return {one.name: places[one.name] for one in screens if one.name in places}


@functools.lru_cache(CACHE_SIZE)
def place_enlarged(layout: Layout, screens: Screens) -> dict[str, tuple[Place, ...]]:
    """One place over all screens that a wide layout reaches."""
    reached = tuple(one for one in screens if one.name in place_on_wall(layout, screens))
    area = bounding_area(map(picture_area, reached))
    cell = Cell(0, 0)
    return {name: (place,) for name, place in _pieces(1, cell, area, layout, reached)}


def _area(layout: Layout, cell: Cell, wall: Area) -> Area:
    area = Area(cell.x, cell.y, cell.w, cell.h)
    return area if layout.unit is Unit.MM else wall.part(area)


def _pieces(
    number: int, cell: Cell, area: Area, layout: Layout, screens: Screens
) -> list[tuple[str, Place]]:
    found = cut_pieces(area, screens, layout.bezels or Bezels.BEHIND)
    if not found:
        return []
    first = _first(found)
    return [
        (
            piece.screen,
            Place(
                number=number,
                rect=piece.rect,
                framing=cell.framing,
                z=cell.z,
                span=_span(found, area.w / area.h, piece),
                is_labelled=piece is first,
                joined=_joined_sides(piece),
            ),
        )
        for piece in found
    ]


def _first(found: Sequence[Piece]) -> Piece:
    """The piece at the upper left, among those that have room for a label."""
    largest = max(piece.part.w * piece.part.h for piece in found)
    roomy = (piece for piece in found if piece.part.w * piece.part.h >= largest / 2)
    return min(roomy, key=lambda piece: piece.part.x + piece.part.y)


def _span(of: Sequence[Piece], shape: float, piece: Piece) -> Span | None:
    """``None`` for a piece that is its whole place: that is a tile like any other."""
    if len(of) == 1 and _is_whole(piece):
        return None
    place = Size(
        max(round(one.rect.w / one.part.w) for one in of),
        max(round(one.rect.h / one.part.h) for one in of),
    )
    return Span(place, shape, piece.part)


def _is_whole(piece: Piece) -> bool:
    return max(map(abs, _beyond_px(piece).values())) <= WHOLE_TOLERANCE_PX


def _joined_sides(piece: Piece) -> frozenset[Side]:
    beyond = _beyond_px(piece)
    return frozenset(side for side in Side if beyond[side] > WHOLE_TOLERANCE_PX)


def _beyond_px(piece: Piece) -> dict[Side, float]:
    """How far its place reaches beyond a piece on each side."""
    part, w, h = piece.part, piece.rect.w / piece.part.w, piece.rect.h / piece.part.h
    return {
        Side.TOP: part.y * h,
        Side.RIGHT: (1 - part.right) * w,
        Side.BOTTOM: (1 - part.bottom) * h,
        Side.LEFT: part.x * w,
    }
