"""The info panels: over each tile, what is known of its stream."""

import functools
from typing import NamedTuple

from wallctl.display.drawing import info_panel
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.display.overlays.overlay import TileOverlay
from wallctl.model.base.geometry import Rect, Size

KEPT_LINES = 512
"""Most lines stay as they are from one second to the next."""


class Panel(NamedTuple):
    """What a tile's panel says, and where the tile is."""

    info: info_panel.Info
    tile: Rect


class Info(TileOverlay[Panel]):
    """A panel at each tile's lower left."""

    part = "panel"
    readout = "info"

    def __init__(self, pen: TextContext, canvas: Size) -> None:
        super().__init__(pen, canvas)
        self._write = functools.lru_cache(KEPT_LINES)(pen.face.image)

    def wants(self, tile: TileOrder, figures: TileFigures) -> Panel | None:
        """What is known of the tile's stream."""
        info = info_panel.told(self.pen.words, figures)
        return Panel(info, tile.rect) if info else None

    def draw(self, key: Panel) -> tuple[Drawing, ...]:
        """The panel."""
        drawn = info_panel.panel(self._write, key.info, key.tile.size)
        return (Drawing(drawn.patch, key.tile.x + drawn.x, key.tile.y + drawn.y),)
