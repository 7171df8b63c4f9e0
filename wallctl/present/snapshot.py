"""A picture of the wall as PNG, made in a process of its own so that no tick and no command waits.

``clean`` leaves out what was drawn: then the tiles are laid anew from their rings onto an empty
canvas, by the same code that presenters use.
"""

import io
import time

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wallctl.frames.arena import Arena, picture_bytes
from wallctl.frames.canvas import Canvas, CanvasPlace
from wallctl.media.convert import BgraConverter
from wallctl.model.geometry import Rect, centred
from wallctl.model.health import SHOWS_PICTURE
from wallctl.present.feed import FeedView
from wallctl.present.orders import TileOrder
from wallctl.present.patch import Patch, planes
from wallctl.present.shapes import GROUND

TRIES, BETWEEN_TRIES_S = 200, 0.001
"""A canvas is composed for 2 ms of 20, and a copy takes less than 1 ms. A presenter that died while
it composed is not waited for."""


class ScreenShot(msgspec.Struct, frozen=True):
    """One screen of a snapshot: where it stands in the picture, and what it shows."""

    rect: Rect
    canvas: CanvasPlace
    tiles: tuple[TileOrder, ...]


class SnapshotSpec(msgspec.Struct, frozen=True):
    """What a snapshot is made of."""

    screens: tuple[ScreenShot, ...]
    clean: bool


def take(spec: SnapshotSpec, arena: Arena, now_ns: int) -> bytes:
    """The PNG file."""
    w, h = max(s.rect.right for s in spec.screens), max(s.rect.bottom for s in spec.screens)
    picture = Image.new("RGB", (w, h))
    for screen in spec.screens:
        canvas = _clean(screen, arena, now_ns) if spec.clean else _composed(screen, arena)
        picture.paste(_rgb(canvas), (screen.rect.x, screen.rect.y))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _composed(screen: ScreenShot, arena: Arena) -> NDArray[np.uint8]:
    canvas = Canvas(arena, screen.canvas)
    for _ in range(TRIES):
        copy = canvas.copy()
        if copy is not None:
            return copy.pixels
        time.sleep(BETWEEN_TRIES_S)
    return canvas.pixels.copy()


def _clean(screen: ScreenShot, arena: Arena, now_ns: int) -> NDArray[np.uint8]:
    size = screen.canvas.size
    canvas = np.empty(picture_bytes(size), np.uint8).reshape(size.h * 3 // 2, size.w)
    target = planes(canvas)
    Patch.flat(size, GROUND).lay(target, 0, 0)
    for tile in screen.tiles:
        for feed in tile.feeds:
            view = FeedView(arena, feed)
            glimpse = view.glimpse(again=True)
            if glimpse is not None and view.state(now_ns) in SHOWS_PICTURE:
                view.copy(glimpse, target, centred(glimpse.header.size, tile.rect))
                break
    return canvas


def _rgb(canvas: NDArray[np.uint8]) -> Image.Image:
    h, w = canvas.shape[0] * 2 // 3, canvas.shape[1]
    bgra = np.empty((h, w, 4), np.uint8)
    BgraConverter(w, h).convert(canvas, bgra)
    return Image.fromarray(np.ascontiguousarray(bgra[:, :, 2::-1]), "RGB")
