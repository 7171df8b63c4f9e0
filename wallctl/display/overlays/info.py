"""The info panels of a screen: one over each tile with a source, brought up to date each second.

They are drawn one at a time between two passes, and only where they say something new, so that no
pass waits for them.
"""

from typing import NamedTuple

from wallctl.display.compositor.composer import Composer
from wallctl.display.compositor.tile import TileView
from wallctl.display.drawing.info_panel import Info
from wallctl.display.messages import TileOrder

EVERY_NS = 1_000_000_000
APART_NS = 15_000_000
"""Between two panels that are looked at again, so that they do not all come before one pass."""

_BELOW_ALARMS = "1 info"
"""How the names of panels begin: no alarm may be hidden by one."""


class _Shown(NamedTuple):
    """What a tile's panel says, and since when."""

    order: TileOrder
    info: Info
    at_ns: int


class InfoBoard:
    """Which panels lie on a composer's canvas."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._shown: dict[str, _Shown] = {}
        self._looked_ns = 0
        """When one was looked at last."""

    def draw_on(self, now_ns: int) -> bool:
        """Bring one panel up to date; whether there was one to look at."""
        tiles = self._tiles()
        for name in self._shown.keys() - tiles.keys():
            self._take_away(name)
        for name, tile in tiles.items():
            if self._is_due(name, tile, now_ns):
                self._look_at(name, tile, now_ns)
                return True
        return False

    def clear(self) -> None:
        """Take all of them away."""
        for name in list(self._shown):
            self._take_away(name)

    def _tiles(self) -> dict[str, TileView]:
        order = self._composer.order
        if not order.info_shown or order.blanked:
            return {}
        return {
            f"{_BELOW_ALARMS} {tile.order.number}": tile
            for tile in self._composer.tiles
            if tile.order.source is not None and tile.order.is_labelled
        }

    def _is_due(self, name: str, tile: TileView, now_ns: int) -> bool:
        shown = self._shown.get(name)
        if shown is None or shown.order != tile.order:
            return True
        return now_ns - shown.at_ns >= EVERY_NS and now_ns - self._looked_ns >= APART_NS

    def _look_at(self, name: str, tile: TileView, now_ns: int) -> None:
        figures, artist = tile.figures(now_ns), self._composer.artist
        if figures is None:  # nothing can be told of a tile that no stream can fill yet
            return self._note(name, tile, (), now_ns)
        info, before = artist.info(figures), self._shown.get(name)
        if before is None or (before.order.rect, before.info) != (tile.order.rect, info):
            self._composer.overlay(name, artist.panel(info, tile.order.rect))
        return self._note(name, tile, info, now_ns)

    def _note(self, name: str, tile: TileView, info: Info, now_ns: int) -> None:
        if not info:
            self._composer.overlay(name, None)
        self._shown[name] = _Shown(tile.order, info, now_ns)
        self._looked_ns = now_ns

    def _take_away(self, name: str) -> None:
        del self._shown[name]
        self._composer.overlay(name, None)
