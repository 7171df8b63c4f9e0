"""The health lines: at each tile's foot, whether pictures are missing, and whose fault it is.

Load is on the left, solid; the network on the right, in dashes: place and pattern tell them apart,
not colour alone. A thin line says that all is well.
"""

from collections.abc import Iterator
from typing import NamedTuple

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.drawing.tile_graphics import label_height
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.display.overlays.overlay import TileOverlay
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SHOWS_PICTURE, TileState

TOLD_LOOKS = 10
"""So many seconds a loss is told, that somebody sees it."""
_EDGE_PX = 2
"""Above the line, a dark one, so that it shows on a bright picture too."""


class Line(NamedTuple):
    """What a tile's line tells, and where the tile is."""

    tile: Rect
    load: bool
    network: bool


class _Losses(NamedTuple):
    """What was known of a tile at the last look, and for how many looks more its loss is told."""

    figures: TileFigures
    left: int


class HealthLine(TileOverlay[Line]):
    """It remembers what was lost, since figures tell only how much ever was."""

    part = "health"
    readout = "health"

    def __init__(self, pen: TextContext, canvas: Size) -> None:
        super().__init__(pen, canvas)
        self._losses: dict[int, _Losses] = {}
        """By the tile's number."""

    def wants(self, tile: TileOrder, figures: TileFigures) -> Line | None:
        """What is missing of a tile's pictures; a tile without any says by itself what is wrong."""
        loses = self._loses(figures)
        if figures.state not in SHOWS_PICTURE or figures.state is TileState.STILL:
            return None
        sheds = figures.effort is not Effort.FULL
        return Line(tile.rect, sheds or (figures.falls_short and not loses), loses)

    def _loses(self, figures: TileFigures) -> bool:
        """Whether something was lost lately that the network has lost."""
        last, left = self._losses.get(figures.tile, _Losses(figures, 0))
        if (last.source, last.stream) != (figures.source, figures.stream):
            left = 0
        elif _has_lost(last, figures):
            left = TOLD_LOOKS
        self._losses[figures.tile] = _Losses(figures, left - 1)
        return left > 0

    def draw(self, key: Line) -> tuple[Drawing, ...]:
        """The line along the tile's foot."""
        return tuple(_line(key))

    def plain(self, key: Line) -> tuple[Drawing, ...]:
        """The same: it holds no text."""
        return self.draw(key)


def _has_lost(last: TileFigures, now: TileFigures) -> bool:
    """Whether a connection was lost, or pictures of a stream that is decoded wholly: where some are
    left out, the processors may have lost the others too."""
    is_whole = last.effort is now.effort is Effort.FULL
    return now.reconnects > last.reconnects or (is_whole and now.lost > last.lost)


def _line(key: Line) -> Iterator[Drawing]:
    tile = key.tile
    if not key.load and not key.network:
        yield _strip(tile, Patch.flat(Size(tile.w, _EDGE_PX), icons.TEAL))
        return
    size = Size(even(tile.w / 2), max(4, even(label_height(tile.size) * 0.25)))
    if key.load:
        yield _strip(tile, _edged(size, Patch.flat(size, icons.AMBER)))
    if key.network:
        yield _strip(tile, _edged(size, _dashed(size)), tile.w - size.w)


def _strip(tile: Rect, patch: Patch, x: int = 0) -> Drawing:
    return Drawing(patch, tile.x + x, tile.bottom - patch.size.h)


def _edged(size: Size, line: Patch) -> Patch:
    whole = Size(size.w, size.h + _EDGE_PX)
    return Patch.composed(whole, icons.NIGHT, [Drawing(line, 0, _EDGE_PX)])


def _dashed(size: Size) -> Patch:
    """Dashes three times as long as high, as far apart as they are high."""
    dash, step = 3 * size.h, 4 * size.h
    dashes = (
        Drawing(Patch.flat(Size(min(dash, size.w - x), size.h), icons.BLUE), x, 0)
        for x in range(0, size.w, step)
    )
    return Patch.composed(size, icons.NIGHT, list(dashes))
