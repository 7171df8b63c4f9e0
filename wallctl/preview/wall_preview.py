"""A wall as it would look from the front, without a wall: its panels where they hang, their tiles
filled with test cards by the code that fills them with cameras.

Pure except for the drawing libraries: a scene in, a picture out.
"""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from wallctl.display.drawing.drawing_cache import Artist
from wallctl.display.drawing.sprite import Patch, Planes, planes
from wallctl.display.messages import TileOrder
from wallctl.media.scale.canvas_to_rgb import rgb
from wallctl.media.scale.planes import views
from wallctl.media.scale.synthetic_frame import SyntheticFrame
from wallctl.model.base.colours import GROUND, Colour
from wallctl.model.base.geometry import Area, centred
from wallctl.model.site.panel_geometry import bounding_area, panel_area, picture_area
from wallctl.model.site.site import Screen
from wallctl.model.streams.health import TileState
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile

LONGEST_PX = 4096
"""No picture is longer."""
MARGIN_PX = 32
EDGE_PX = 6
"""Around a wall whose bezels are not known."""
BEZEL: Colour = (8, 9, 11)
WALL: Colour = (58, 62, 68)
Cards = Callable[[int], Image.Image]
"""The test card of a source's number."""


class Frame:
    """Where the wall lies in a picture of it."""

    def __init__(self, screens: Sequence[Screen], longest_px: int = LONGEST_PX) -> None:
        """As large as the finest panel is sharp, if that is not too large."""
        self.wall = bounding_area(map(panel_area, screens))
        finest = max(one.size.w / picture_area(one).w for one in screens)
        room = longest_px - 2 * MARGIN_PX
        self.scale = min(finest, room / max(self.wall.w, self.wall.h))
        """Pixels per unit of the wall."""
        w, h = (math.ceil(length * self.scale) for length in (self.wall.w, self.wall.h))
        self.size = (w + 2 * MARGIN_PX, h + 2 * MARGIN_PX)

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        """Where a place of the wall lies, in pixels."""
        x, y = place
        return (
            (x - self.wall.x) * self.scale + MARGIN_PX,
            (y - self.wall.y) * self.scale + MARGIN_PX,
        )

    def area(self, area: Area) -> Area:
        """Where a part of the wall lies, in pixels."""
        x, y = self.at((area.x, area.y))
        return Area(x, y, area.w * self.scale, area.h * self.scale)


def rendered(scene: Scene, screens: Sequence[Screen], artist: Artist, cards: Cards) -> Image.Image:
    """The picture of the wall that shows a scene."""
    drawn = functools.cache(lambda number: SyntheticFrame(np.asarray(cards(number).convert("RGB"))))
    frame = Frame(screens)
    picture = Image.new("RGB", frame.size, WALL)
    draw = ImageDraw.Draw(picture)
    whole = frame.area(frame.wall)
    if any(one.bezel is None for one in screens):
        draw.rectangle(_corners(whole, EDGE_PX), BEZEL)
    for screen in screens:
        draw.rectangle(_corners(frame.area(panel_area(screen))), BEZEL)
    by_name = {one.screen: one for one in scene}
    for screen in screens:
        canvas = _canvas(by_name[screen.name], artist, drawn)
        _hang(picture, canvas, frame.area(picture_area(screen)))
    return picture


def _corners(area: Area, beyond_px: int = 0) -> tuple[float, float, float, float]:
    x, y = area.x - beyond_px, area.y - beyond_px
    return x, y, area.right + beyond_px - 1, area.bottom + beyond_px - 1


def _hang(picture: Image.Image, canvas: Image.Image, area: Area) -> None:
    """Put a panel's picture where it hangs: on whole pixels, and what is taken of it is exact."""
    x, y = math.ceil(area.x - 1e-6), math.ceil(area.y - 1e-6)
    w, h = math.floor(area.right + 1e-6) - x, math.floor(area.bottom + 1e-6) - y
    box = area.share(Area(x, y, w, h))
    taken = (
        max(0.0, box.x * canvas.width), max(0.0, box.y * canvas.height),
        min(canvas.width, box.right * canvas.width), min(canvas.height, box.bottom * canvas.height),
    )  # fmt: skip
    picture.paste(canvas.resize((w, h), Image.Resampling.BICUBIC, box=taken), (x, y))


def _canvas(
    scene: ScreenScene, artist: Artist, drawn: Callable[[int], SyntheticFrame]
) -> Image.Image:
    """What a screen would present."""
    w, h = scene.size.w, scene.size.h
    canvas = np.empty((h * 3 // 2, w), np.uint8)
    target = planes(canvas)
    Patch.flat(scene.size, GROUND).lay(target, 0, 0)
    if scene.blanked:
        artist.blanked(scene.reason, scene.size).lay(target, 0, 0)
    else:
        for tile in sorted(scene.tiles, key=lambda tile: tile.z):
            _paint(tile, target, artist, drawn)
    return Image.fromarray(rgb(canvas), "RGB")


def _paint(
    tile: Tile, canvas: Planes, artist: Artist, drawn: Callable[[int], SyntheticFrame]
) -> None:
    order = TileOrder(tile.number, tile.rect, tile.source, tile.spoken)
    if tile.source is None:
        slate = artist.slate(order, TileState.EMPTY, None)
        slate.lay(canvas, tile.rect.x, tile.rect.y)
        return
    artist.ground(tile.rect.size).lay(canvas, tile.rect.x, tile.rect.y)
    packed, size = drawn(tile.spoken).picture(tile.rect.size, tile.fit, tile.view)
    rect = centred(size, tile.rect)
    for plane, source, share in zip(canvas, views(packed, size), (1, 2, 2), strict=True):
        x, y, w, h = (length // share for length in (rect.x, rect.y, rect.w, rect.h))
        plane[y : y + h, x : x + w] = source
    if tile.is_labelled:
        artist.label(order).lay(canvas, tile.rect)
