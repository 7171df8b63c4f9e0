"""A picture of the wall, a screen or a tile, made in a process of its own: no tick waits for it.

``clean`` leaves out what was drawn: then the tiles are laid again from their rings onto an empty
canvas, by the same code that presenters use. ``stamp`` adds a strip below, which hides nothing.
"""

import datetime
import functools
import io
import time
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wallctl.display.compositor.ring_reader import FeedView, cropped
from wallctl.display.compositor.tile import best
from wallctl.display.drawing.drawing_cache import Artist, artists
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.drawing.sprite import Patch, Planes, planes
from wallctl.display.messages import TileOrder
from wallctl.media.scale.canvas_to_rgb import rgb
from wallctl.model.base.colours import GROUND
from wallctl.model.base.geometry import Rect, centred
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Catalogue, Catalogues, format_wall_clock
from wallctl.model.streams.health import SHOWS_PICTURE, TileState
from wallctl.shm.arena import Arena, picture_bytes
from wallctl.shm.canvas import Canvas, CanvasPlace
from wallctl.storage.local_time import local_time

TRIES, BETWEEN_TRIES_S = 200, 0.001
"""A canvas is composed for 2 ms of 20, and a copy takes less than 1 ms. A presenter that died while
it composed is not waited for."""

JPEG_QUALITY = 92


class ScreenShot(msgspec.Struct, frozen=True):
    """One screen of a snapshot: where it stands in the picture, and what it shows."""

    rect: Rect
    canvas: CanvasPlace
    tiles: tuple[TileOrder, ...]


class Stamp(msgspec.Struct, frozen=True):
    """What is written below a snapshot, beside the time."""

    site: str
    shown: str
    """The tile and its source, or the screen; empty for the whole wall."""


class SnapshotSpec(msgspec.Struct, frozen=True):
    """What a snapshot is made of."""

    screens: tuple[ScreenShot, ...]
    clean: bool
    crop: Rect | None = None
    """Of the picture, what is wanted; ``None``: all of it."""
    stamp: Stamp | None = None
    jpeg: bool = False
    font: str | None = None
    timezone: str | None = None
    language: Language = Language.CHINESE
    folder: str | None = None
    """Where the file goes; ``None``: to who asked for it."""

    @property
    def ending(self) -> str:
        """What the file's name ends with."""
        return "jpg" if self.jpeg else "png"


def pictured(
    spec: SnapshotSpec, arena: Arena, catalogues: Catalogues, now_ns: int, unix_s: int
) -> Image.Image:
    """What is to be seen on the snapshot; from then on the screens may change.

    Both times are of now, monotonic and of the day.
    """
    w, h = max(s.rect.right for s in spec.screens), max(s.rect.bottom for s in spec.screens)
    picture = Image.new("RGB", (w, h))
    artist = functools.cache(
        lambda: artists(spec.font, catalogues, SiteTime(spec.timezone))[spec.language]
    )
    for screen in spec.screens:
        canvas = (
            _clean(screen, arena, now_ns, artist, named=spec.stamp is not None)
            if spec.clean
            else _composed(screen, arena)
        )
        picture.paste(Image.fromarray(rgb(canvas), "RGB"), (screen.rect.x, screen.rect.y))
    if spec.crop is not None:
        picture = picture.crop((spec.crop.x, spec.crop.y, spec.crop.right, spec.crop.bottom))
    if spec.stamp is not None:
        words = (spec.stamp.site, spec.stamp.shown)
        when = local_time(unix_s, spec.timezone)
        picture = artist().captioned(picture, _told(when, catalogues[spec.language]), words)
    return picture


def _told(when: datetime.datetime, words: Catalogue) -> str:
    """A time that means the same to whoever reads it elsewhere: with what it is ahead of UTC."""
    return f"{format_wall_clock(when, words)} UTC{when.isoformat()[-len('+00:00') :]}"


def written(picture: Image.Image, jpeg: bool) -> bytes:
    """The PNG or JPEG file; it takes longer than the picture."""
    file = io.BytesIO()
    if jpeg:
        picture.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)  # text stays crisp
    else:
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


def _clean(
    screen: ScreenShot, arena: Arena, now_ns: int, artist: Callable[[], Artist], named: bool
) -> NDArray[np.uint8]:
    """Pictures alone, or with the names of their sources. One that is frozen says so even here."""
    size = screen.canvas.size
    canvas = np.empty(picture_bytes(size), np.uint8).reshape(size.h * 3 // 2, size.w)
    target = planes(canvas)
    Patch.flat(size, GROUND).lay(target, 0, 0)
    for tile in sorted(screen.tiles, key=lambda tile: tile.z):
        _lay_picture(target, tile, [FeedView(arena, feed) for feed in tile.feeds], now_ns, artist)
        if named and tile.source is not None and tile.is_labelled:
            artist().label(tile).lay(target, tile.rect)
    return canvas


def _lay_picture(
    target: Planes,
    tile: TileOrder,
    feeds: Sequence[FeedView],
    now_ns: int,
    artist: Callable[[], Artist],
) -> None:
    """The picture of the feed that serves the tile on the wall, if it has one."""
    if not feeds:
        return
    states = [feed.state(now_ns) for feed in feeds]
    i = best(states)
    feed, state = feeds[i], states[i]
    glimpse = feed.glimpse(again=True)
    if glimpse is None or state not in SHOWS_PICTURE:
        return
    if feed.copy(glimpse, target, centred(glimpse.header.size, tile.rect)) is None:
        ground = artist().ground(tile.rect.size)
        ground.lay(target, tile.rect.x, tile.rect.y)  # rather nothing than what is torn
    elif state is TileState.STALE:
        _mark_frozen(target, tile, feed, artist())


def _mark_frozen(target: Planes, tile: TileOrder, view: FeedView, artist: Artist) -> None:
    artist.veil(cropped(target, tile.rect))
    mark = artist.mark(tile, TileState.STALE, view, None, target)
    if mark is not None:
        mark.lay(target, tile.rect)
