"""Drawings for one screen, drawn once and kept: the door between what a tile is and how it looks.

Everything here is a cache in front of the pure drawing functions (``tile_graphics``): the
same words in the same size are never drawn twice in a row. A part that can't be drawn is left out
(``failed``): nothing that holds a text raises.
"""

import functools
from typing import NamedTuple

from PIL import Image

from wallctl.display.compositor.ring_reader import FeedView
from wallctl.display.drawing import (
    snapshot_caption,
    textless_fallback,
    tile_graphics,
)
from wallctl.display.drawing.failed_drawings import FailedDrawings, or_plain
from wallctl.display.drawing.screen_foot import clear_of_clock, clear_of_foot
from wallctl.display.drawing.selection_frame import frame
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.drawing.sprite import Drawing, Patch, Planes
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.drawing.tile_graphics import Caption
from wallctl.display.messages import TileOrder
from wallctl.display.text.fonts import find_font
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import GROUND
from wallctl.model.base.geometry import Size
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Catalogue, Catalogues, Text
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Reason, TileState, reason_told

KEPT = 512
"""Drawings of each kind that are kept: labels of 8 x 8 tiles on a few layouts."""

KEPT_SLATES = 16
"""A slate is as large as its tile: 3 MB on a whole 1920x1080 screen."""


class Given(NamedTuple):
    """What a tile gets of a stream that is not decoded wholly."""

    stream: str
    effort: Effort
    rate_hz: int
    """Pictures a second; 0 where it gets none that move."""


def artists(
    font: str | None,
    catalogues: Catalogues,
    clock: SiteTime | None = None,
    failed: FailedDrawings | None = None,
) -> dict[Language, "Artist"]:
    """One for each language. They share a font, the site's own if it can be read, its clock, and
    what they leave out."""
    face, clock, failed = Face(find_font(font)), clock or SiteTime(), failed or FailedDrawings()
    return {one: Artist(face, words, clock, failed) for one, words in catalogues.items()}


class Artist:
    """Draws in one font, and writes in one language."""

    def __init__(
        self,
        face: Face,
        words: Catalogue,
        clock: SiteTime | None = None,
        failed: FailedDrawings | None = None,
    ) -> None:
        self.failed = failed or FailedDrawings()
        self.pen = TextContext(face, words, clock or SiteTime())
        self._label = functools.lru_cache(KEPT)(functools.partial(tile_graphics.label, face))
        self._slate = functools.lru_cache(KEPT_SLATES)(
            functools.partial(tile_graphics.slate, face, words)
        )
        self._badge = functools.lru_cache(KEPT)(functools.partial(tile_graphics.badge, face, words))
        self._small_print = functools.lru_cache(KEPT)(
            functools.partial(tile_graphics.small_print, face)
        )
        self.ground = functools.lru_cache(KEPT)(_ground)
        self.frame = functools.lru_cache(KEPT)(frame)
        self.veil = tile_graphics.veil

    @or_plain(textless_fallback.label)
    def label(self, order: TileOrder) -> Drawing:
        """The name of a tile's source; of a backup, for which one it stands there."""
        name = order.source or ""
        if order.stands_for is None:
            return self._label(order.spoken, name, order.rect.size)
        words = self.pen.words.say(Text.BACKUP, name=name, lost=order.stands_for)
        return self._label(order.spoken, words, order.rect.size, stands_in=True)

    @or_plain(textless_fallback.slate)
    def slate(
        self, order: TileOrder, state: TileState, feed: FeedView | None, *, informed: bool = False
    ) -> Patch:
        """What a tile without a picture shows, except its label: then many tiles share one."""
        if order.masked:
            return self._slate(state, order.rect.size, Caption(0, words=order.reason))
        if feed is None:
            return self._slate(state, order.rect.size, Caption(order.number))
        report = feed.report()
        told = state in (TileState.OFFLINE, TileState.REFUSED)
        since_ns = report.picture_unix_ns or report.since_unix_ns
        caption = Caption(
            number=0,
            reason=reason_told(report.facts.reason, state) if told else Reason.NONE,
            since=self.pen.clock.time_of_day(since_ns) if told else "",
            keys_apart_s=feed.keys_apart_s() if state is TileState.WAITING_KEY else 0,
            informed=informed,
        )
        return self._slate(state, order.rect.size, caption)

    @or_plain(textless_fallback.mark)
    def mark(
        self,
        order: TileOrder,
        state: TileState,
        feed: FeedView,
        given: Given | None,
        canvas: Planes,
        *,
        is_still: bool = False,
    ) -> Drawing | None:
        """What says that a picture is not live, or live with less than there is (``given`` tells
        what it gets), or only a part of it, or one of those that are fetched one at a time
        (``is_still``); ``None`` for one that is wholly live."""
        size, is_badge = order.rect.size, state in tile_graphics.BADGES
        if state is TileState.STALE:
            since = self.pen.clock.time_of_day(feed.report().picture_unix_ns)
            lifted_px = clear_of_foot(order.rect, canvas.rect.size)
            return self._badge(state, size, since, lifted_px)
        is_fetched = is_still and state is TileState.LIVE
        if not is_badge and given is None and order.zoom.factor <= 1 and not is_fetched:
            return None  # asked for each picture: nothing more is looked at
        lifted_px = clear_of_clock(order.rect, canvas.rect.size)
        if is_badge:
            told = self._told(given) if state is TileState.SHED else ""
            return self._badge(state, size, told, lifted_px)
        zoom = f"{order.zoom.factor:.1f}×" if order.zoom.factor > 1 else ""
        fetched = self._fetched(feed) if is_fetched else ""
        told = SEPARATOR.join(filter(None, (zoom, fetched, self._told(given))))
        return self._small_print(told, size, lifted_px)

    def _fetched(self, feed: FeedView) -> str:
        since = self.pen.clock.time_of_day(feed.report().picture_unix_ns)
        return self.pen.words.say(Text.FETCHED, time=since)

    def _told(self, given: Given | None) -> str:
        """What a tile gets, and why: "sub · 12 fps · CPU busy"."""
        if given is None:
            return ""
        text = {Effort.KEYS: Text.KEYFRAMES, Effort.NONE: Text.STILL}.get(given.effort)
        say = self.pen.words.say
        what = say(text) if text else say(Text.RATE, rate=given.rate_hz)
        return SEPARATOR.join((given.stream, what, say(Text.CPU_BUSY)))

    @or_plain(textless_fallback.captioned)
    def captioned(self, picture: Image.Image, when: str, words: tuple[str, ...]) -> Image.Image:
        """A picture with a strip below: the time, then other words."""
        return snapshot_caption.captioned(self.pen.face, picture, when, words)

    @or_plain(textless_fallback.blanked)
    def blanked(self, reason: str, size: Size) -> Patch:
        """What a blanked screen shows."""
        return self._slate(TileState.MASKED, size, Caption(0, words=reason))


def _ground(size: Size) -> Patch:
    return Patch.flat(size, GROUND)
