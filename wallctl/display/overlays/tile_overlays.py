"""Overlays that tell how tiles fare: they are brought up to date each second, one tile at a time.

That is done between two passes, and only what tells something new is drawn, so that no pass waits
for it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wallctl.display.compositor.composer import Composer
from wallctl.display.compositor.tile import TileView
from wallctl.display.messages import TileOrder
from wallctl.display.overlays.overlay import TileOverlay
from wallctl.display.overlays.overlay_table import Layer
from wallctl.display.overlays.placed_overlays import Pieces

EVERY_NS = 1_000_000_000
APART_NS = 15_000_000
"""Between two tiles that are looked at again, so that they do not all come before one pass."""
Overlays = Mapping[Layer, TileOverlay[Any]]


class _Look(NamedTuple):
    """What a tile was when it was looked at last, what was asked for, and when."""

    order: TileOrder
    layers: list[Layer]
    at_ns: int


class TileOverlays:
    """Which of them lie on a composer's canvas."""

    def __init__(self, composer: Composer, pieces: Pieces) -> None:
        self._composer = composer
        self._pieces = pieces
        self._looks: dict[int, _Look] = {}
        """By the tile's number."""
        self._looked_ns = 0
        """When one was looked at last."""

    def forget(self) -> None:
        """Have all tiles looked at again, as if nothing of theirs were laid."""
        self._looks.clear()

    def draw_on(self, overlays: Overlays, now_ns: int) -> bool:
        """Bring one tile up to date; whether there was one to look at."""
        layers = self._layers(overlays)
        tiles = self._tiles() if layers else {}
        for number in self._looks.keys() - tiles.keys():
            del self._looks[number]
            for layer in overlays:
                self._pieces.take_away(layer, number)
        for tile in tiles.values():
            if self._is_due(tile.order, layers, now_ns):
                self._look_at(tile, layers, overlays, now_ns)
                return True
        return False

    def _layers(self, overlays: Overlays) -> list[Layer]:
        """What the scene has on its tiles."""
        scene = self._composer.order
        if scene.blanked:
            return []
        return [layer for layer, overlay in overlays.items() if overlay.readout in scene.readouts]

    def _tiles(self) -> dict[int, TileView]:
        return {
            tile.order.number: tile
            for tile in self._composer.tiles
            if tile.order.source is not None and tile.order.is_labelled
        }

    def _is_due(self, tile: TileOrder, layers: list[Layer], now_ns: int) -> bool:
        look = self._looks.get(tile.number)
        if look is None or (look.order, look.layers) != (tile, layers):
            return True
        return now_ns - look.at_ns >= EVERY_NS and now_ns - self._looked_ns >= APART_NS

    def _look_at(
        self, tile: TileView, layers: list[Layer], overlays: Overlays, now_ns: int
    ) -> None:
        order, figures = tile.order, tile.figures(now_ns)
        for layer, overlay in overlays.items():
            key = overlay.wants(order, figures) if figures and layer in layers else None
            if key is None:
                self._pieces.take_away(layer, order.number)
            else:
                self._pieces.lay(layer, order.number, overlay, key)
        self._looks[order.number] = _Look(order, layers, now_ns)
        self._looked_ns = now_ns
