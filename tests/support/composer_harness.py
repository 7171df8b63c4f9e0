"""A composer on a small canvas, with the streams that its orders name, and ways to look at it."""

import typing

import numpy as np
import pytest
from PIL import Image

from tests.support.catalogues import CATALOGUES
from tests.support.fakes import MS, FakeStream, Pixels, Studio
from tests.support.orders import prepare_order
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.sprite import Drawing, Patch, planes
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.streams.health import TileState

WALL = Size(192, 108)
TILE = Size(88, 48)
LEFT, RIGHT = Rect(4, 4, 88, 48), Rect(100, 4, 88, 48)
BELOW = Rect(4, 56, 88, 48)
LOOK_NS = 100 * MS
"""So often at least a live tile is looked at."""
ARTISTS = artists(None, CATALOGUES)
ARTIST = ARTISTS[Language.CHINESE]


def translucent(x: int, y: int, w: int = 40, h: int = 20) -> Drawing:
    """Something half dark over whatever is below."""
    return Drawing(Patch.from_image(Image.new("RGBA", (w, h), (200, 30, 60, 120))), x, y)


def part(canvas: Pixels, rect: Rect) -> list[Pixels]:
    """The three planes of a part of a canvas."""
    y, u, v = planes(canvas)
    half = np.s_[rect.y // 2 : rect.bottom // 2, rect.x // 2 : rect.right // 2]
    return [y[rect.y : rect.bottom, rect.x : rect.right], u[half], v[half]]


def packed(canvas: Pixels, rect: Rect) -> Pixels:
    """A part of a canvas as picture bytes."""
    return np.concatenate([plane.ravel() for plane in part(canvas, rect)])


class Wall:
    """A composer, and the streams that its orders name."""

    def __init__(self, size: Size = WALL) -> None:
        self.studio = Studio(size)
        self.clock = self.studio.clock
        self.canvas = self.studio.mapped()
        self.composer = Composer(self.studio.arena, self.canvas, ARTISTS)

    def order(self, number: int, rect: Rect, *streams: FakeStream) -> TileOrder:
        feeds = tuple(stream.feed for stream in streams)
        return TileOrder(number, rect, f"摄像机{number}", number, feeds=feeds)

    def show(self, *tiles: TileOrder, version: int = 1, **more: typing.Any) -> list[Rect]:
        self.composer.prepare(prepare_order(version, tiles, **more))
        self.composer.commit()
        return self.tick()

    def tick(self, ns: int = 20 * MS) -> list[Rect]:
        self.clock.now_ns += ns
        return self.composer.compose(self.clock.now_ns)

    def state(self, index: int = 0) -> TileState:
        return self.composer.tiles[index].state


@pytest.fixture
def wall() -> Wall:
    return Wall()


def shows(wall: Wall, tile: Rect, pixels: Pixels) -> bool:
    """Whether a tile shows that picture, as far as the label does not cover it."""
    whole = planes(pixels.reshape(tile.h * 3 // 2, tile.w))
    found = part(wall.canvas.pixels, tile)
    below = (tile.h // 2, tile.h // 4, tile.h // 4)
    return all(
        np.array_equal(a[rows:], b[rows:]) for a, b, rows in zip(found, whole, below, strict=True)
    )
