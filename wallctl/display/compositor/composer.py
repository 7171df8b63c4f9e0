"""A screen's canvas: the tiles of one scene and what lies over them, painted pass by pass.

Knows two scenes: the one on the canvas, and the one that is prepared to follow it. Between
``prepare`` and ``commit`` nothing of the new one is seen. It has no clock and sends nothing.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.tile import TileView
from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.sprite import Drawing, Patch, overlap, planes
from wallctl.display.messages import Pending, Prepare
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.streams.health import AS_IT_SHOULD_BE, TileState
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas

NOTHING = Prepare("", Size(0, 0), "", version=0, tiles=())
"""The scene of a screen that was told none yet."""


class Place(NamedTuple):
    """Where something over the tiles lies: over all that lies in lower places."""

    layer: int
    number: int = 0
    part: int = 0


class _Stacked(NamedTuple):
    """A tile among those that it shares pixels with."""

    tile: TileView
    above: list[TileView]
    """What lies over it: to be painted again where it was painted."""
    is_over: bool
    """Whether it lies over anything itself."""


class Prepared:
    """A scene with its tiles' views; ``undrawn`` is that whose artwork is still to be drawn."""

    def __init__(self, order: Prepare, tiles: list[TileView]) -> None:
        self.order = order
        self.tiles = tiles
        self.undrawn = list(tiles)
        self.stack = _stacked(tiles)


class Composer:
    """Paints one screen."""

    def __init__(self, arena: Arena, canvas: Canvas, artists: Mapping[Language, Artist]) -> None:
        self._arena = arena
        self._canvas = canvas
        self._planes = planes(canvas.pixels)
        self._artists = artists
        self._shown = Prepared(NOTHING, [])
        self._next: Prepared | None = None
        self._overlays: dict[Place, Drawing] = {}
        """The lowest first."""
        self._fresh: set[Place] = set()
        """Overlays that nothing of is on the canvas yet."""
        self._painted: list[Rect] = []
        self._passes = 0
        self._bare = [self._planes.rect]
        """Where the next pass begins from the ground; the canvas itself is changed by passes only,
        so that whoever reads it between two finds it whole."""

    @property
    def version(self) -> int:
        """The version of the scene on the canvas."""
        return self._shown.order.version

    @property
    def artist(self) -> Artist:
        """Who draws what is on the canvas, in its language."""
        return self.artist_of(self.order.language)

    def artist_of(self, language: Language) -> Artist:
        """Who draws in a language."""
        return self._artists[language]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The canvas, shape (h * 3 / 2, w)."""
        return self._canvas.pixels

    @property
    def canvas_size(self) -> Size:
        """The canvas's, in pixels."""
        return self._canvas.size

    @property
    def order(self) -> Prepare:
        """The scene on the canvas."""
        return self._shown.order

    @property
    def tiles(self) -> list[TileView]:
        """The tiles of the scene on the canvas."""
        return self._shown.tiles

    @property
    def coming(self) -> int | None:
        """The version that is prepared, if one is."""
        return self._next.order.version if self._next else None

    @property
    def scenes(self) -> tuple[Prepare, ...]:
        """The scene on the canvas and, if one is prepared, the one that is to follow it."""
        return (self.order, self._next.order) if self._next else (self.order,)

    def prepare(self, order: Prepare) -> None:
        """Open what a scene needs; a scene prepared before and not shown is forgotten."""
        held = {tile.order: tile for tile in self.tiles}
        same_place = {(tile.order.number, tile.order.source): tile for tile in self.tiles}
        tiles = [held.get(tile) or TileView(self._arena, tile) for tile in order.tiles]
        for view in tiles:
            old = same_place.get((view.order.number, view.order.source))
            if old is not None and old is not view:
                view.take_over(old)
        self._next = Prepared(order, tiles)

    def draw_ahead(self, now_ns: int) -> bool:
        """Draw the artwork of one more tile of the coming scene; whether there was one."""
        if self._next is None or not self._next.undrawn:
            return False
        artist = self._artists[self._next.order.language]
        self._next.undrawn.pop().draw_ahead(artist, now_ns)
        return True

    def is_ready(self, now_ns: int) -> bool:
        """Whether every tile of the coming scene has a picture or will have none soon.

        A tile that is on the canvas as it is gains nothing from waiting.
        """
        if self._next is None or self._next.undrawn:
            return False
        new = [tile for tile in self._next.tiles if tile not in self.tiles]
        for tile in new:
            tile.observe(now_ns)
        return not any(tile.is_coming() for tile in new)

    def commit(self) -> None:
        """Make the prepared scene the one that the next pass paints."""
        if self._next is None:
            return
        old, self._shown, self._next = self._shown, self._next, None
        order = self._shown.order
        if [(t.rect, t.z) for t in order.tiles] != [(t.rect, t.z) for t in old.order.tiles] or (
            (order.blanked, order.reason, order.language)
            != (old.order.blanked, old.order.reason, old.order.language)
        ):
            self._clear()
        if order.language != old.order.language:
            self.reword()
        for tile in self.tiles:
            looks = tile.order.number == order.selected, "info" in order.readouts
            tile.dirty |= looks != (tile.selected, tile.informed)
            tile.selected, tile.informed = looks

    def reword(self) -> None:
        """Have what is written on the tiles written again by the next pass."""
        for tile in self.tiles:
            tile.reword()

    def redraw(self) -> None:
        """Have everything written and painted again by the next pass."""
        self.reword()
        self._clear()

    def overlay(self, place: Place, drawing: Drawing | None) -> None:
        """Lay something over the tiles from the next pass on, or take it away."""
        old = self._overlays.get(place)
        if drawing is None:
            self._overlays.pop(place, None)
            self._fresh.discard(place)
        elif old is None:
            self._overlays = dict(sorted([*self._overlays.items(), (place, drawing)]))
            self._fresh.add(place)
        else:
            self._overlays[place] = drawing
            self._fresh.add(place)
        if old is not None:
            self._uncover(old.rect)
        if drawing is None:
            return
        if any(
            above > place and laid.rect.intersects(drawing.rect)
            for above, laid in self._overlays.items()
        ):
            self._uncover(drawing.rect)

    def compose(self, now_ns: int) -> list[Rect]:
        """Paint what changed; the parts of the canvas that were painted, none if nothing did."""
        self._passes += 1
        self._canvas.begin()
        bare = self._lay_ground()
        self._paint_tiles(now_ns)
        above = self._paint_overlays()
        self._canvas.end(self._passes, self.version, now_ns)
        later = [rect for rect in (*self._painted, *above) if not _lies_in(rect, bare)]
        return [*bare, *later]

    def presented(self, now_ns: int) -> None:
        """The pass is on the screen."""
        for tile in self.tiles:
            tile.counters.shown(now_ns)

    def pending(self) -> tuple[Pending, ...]:
        """The tiles that are to show a source, and are not live."""
        return tuple(
            Pending(tile.order.number, tile.state)
            for tile in self.tiles
            if tile.order.source is not None
            and tile.state not in AS_IT_SHOULD_BE
            and tile.state is not TileState.MASKED
        )

    def is_settled(self) -> bool:
        """Whether no tile is still coming."""
        return not any(tile.is_coming() for tile in self.tiles)

    def _lay_ground(self) -> list[Rect]:
        """Take away what must not be seen any more; where there was anything."""
        bare, self._bare = self._seen(self._bare), []
        size = self._canvas.size
        for rect in bare:
            self._ground(size).lay(self._planes, 0, 0, rect)
        return bare

    def _ground(self, size: Size) -> Patch:
        if self.order.blanked:
            return self.artist.blanked(self.order.reason, size)
        return self.artist.ground(size)

    def _paint_tiles(self, now_ns: int) -> None:
        self._painted.clear()
        if self.order.blanked:
            return
        artist = self.artist
        for layer in self._shown.stack:
            layer.tile.observe(now_ns)
            part = layer.tile.paint(self._planes, artist)
            if part is None:
                continue
            self._painted += _without(part, self._painted) if layer.is_over else [part]
            for other in layer.above:
                other.dirty |= other.order.rect.intersects(part)

    def _paint_overlays(self) -> list[Rect]:
        """Lay new overlays whole, and the others where a tile was painted below them.

        Nowhere twice: a translucent one would grow darker with each pass. Comes back with where
        the new ones are.
        """
        new = self._seen(self._overlays[place].rect for place in self._fresh)
        for place, drawing in self._overlays.items():
            if place in self._fresh:
                drawing.lay(self._planes)
                continue
            for rect in self._painted:
                if rect.intersects(drawing.rect):
                    drawing.patch.lay(self._planes, drawing.x, drawing.y, rect)
        self._fresh.clear()
        return new

    def _seen(self, rects: Iterable[Rect]) -> list[Rect]:
        """What of them is on the canvas."""
        parts = (overlap(rect, self._planes.rect) for rect in rects)
        return [part for part in parts if part is not None]

    def _uncover(self, rect: Rect) -> None:
        """Have everything in a rectangle painted again, from the ground up."""
        self._bare.append(rect)
        for tile in self.tiles:
            tile.dirty |= tile.order.rect.intersects(rect)
        for place, drawing in self._overlays.items():
            if place not in self._fresh and drawing.rect.intersects(rect):
                self._fresh.add(place)
                self._uncover(drawing.rect)

    def _clear(self) -> None:
        """Have everything painted again, from the ground up."""
        self._bare = [self._planes.rect]
        for tile in self.tiles:
            tile.dirty = True
        self._fresh |= self._overlays.keys()


def _stacked(tiles: list[TileView]) -> list[_Stacked]:
    """Tiles in the order in which they are painted, the lowest first."""
    ordered = sorted(tiles, key=lambda tile: tile.order.z)
    return [
        _Stacked(
            tile,
            above=[other for other in ordered[i + 1 :] if _overlap(tile, other)],
            is_over=any(_overlap(tile, other) for other in ordered[:i]),
        )
        for i, tile in enumerate(ordered)
    ]


def _overlap(one: TileView, other: TileView) -> bool:
    return one.order.rect.intersects(other.order.rect)


def _without(rect: Rect, others: Iterable[Rect]) -> list[Rect]:
    """What of a rectangle none of the others holds, in rectangles that don't overlap."""
    left = [rect]
    for other in others:
        left = [part for one in left for part in _around(one, other)]
    return left


def _around(rect: Rect, hole: Rect) -> list[Rect]:
    """What a hole leaves of a rectangle: above, below, left and right of it."""
    common = overlap(rect, hole)
    if common is None:
        return [rect]
    parts = (
        Rect(rect.x, rect.y, rect.w, common.y - rect.y),
        Rect(rect.x, common.bottom, rect.w, rect.bottom - common.bottom),
        Rect(rect.x, common.y, common.x - rect.x, common.h),
        Rect(common.right, common.y, rect.right - common.right, common.h),
    )
    return [part for part in parts if part.w and part.h]


def _lies_in(rect: Rect, larger: list[Rect]) -> bool:
    """Whether one of those holds all of it."""
    return any(overlap(rect, one) == rect for one in larger)
