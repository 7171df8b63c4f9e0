"""Drawings for one screen, drawn once and kept: the door between what a tile is and how it looks.

Everything here is a cache in front of the pure drawing functions (``slates``, ``overlays``): the
same words in the same size are never drawn twice in a row. A part that can't be drawn is left out
(``left_out``): nothing that holds a text raises.
"""

import functools
from typing import NamedTuple

from PIL import Image

from wallctl.display.compositor.ring_reader import FeedView
from wallctl.display.drawing import (
    alarm_banner,
    caption,
    info_panel,
    overlays,
    plain,
    tile_graphics,
)
from wallctl.display.drawing.help_sheet import HelpSheet
from wallctl.display.drawing.left_out import LeftOut, or_plain
from wallctl.display.drawing.site_clock import SiteClock
from wallctl.display.drawing.sprite import Drawing, Patch, Planes
from wallctl.display.drawing.tile_graphics import Caption
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.display.text.fonts import find_font
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import GROUND
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.operator.catalogue import Catalogue, Catalogues, Text, format_wall_clock
from wallctl.model.operator.help_content import HelpPage
from wallctl.model.operator.notice import Notice
from wallctl.model.streams.decode_level import Effort
from wallctl.model.streams.health import Reason, TileState, reason_told
from wallctl.model.wall.scene.alarm_banner import AlarmSign

KEPT = 512
"""Drawings of each kind that are kept: labels of 8 x 8 tiles on a few layouts."""

KEPT_SLATES = 16
"""A slate is as large as its tile: 3 MB on a whole 1920x1080 screen."""


KEPT_ALARMS = 16


class Given(NamedTuple):
    """What a tile gets of a stream that is not decoded wholly."""

    stream: str
    effort: Effort
    rate_hz: int
    """Pictures a second; 0 where it gets none that move."""


def artists(
    font: str | None,
    catalogues: Catalogues,
    clock: SiteClock | None = None,
    left_out: LeftOut | None = None,
) -> dict[Language, "Artist"]:
    """One for each language. They share a font, the site's own if it can be read, its clock, and
    what they leave out."""
    face, clock, left_out = Face(find_font(font)), clock or SiteClock(), left_out or LeftOut()
    return {one: Artist(face, words, clock, left_out) for one, words in catalogues.items()}


class Artist:
    """Draws in one font, and writes in one language."""

    def __init__(
        self,
        face: Face,
        words: Catalogue,
        clock: SiteClock | None = None,
        left_out: LeftOut | None = None,
    ) -> None:
        self.left_out = left_out or LeftOut()
        self._face = face
        self._words = words
        self._site_clock = clock or SiteClock()
        self._label = functools.lru_cache(KEPT)(functools.partial(tile_graphics.label, face))
        self._slate = functools.lru_cache(KEPT_SLATES)(
            functools.partial(tile_graphics.slate, face, words)
        )
        self._badge = functools.lru_cache(KEPT)(functools.partial(tile_graphics.badge, face, words))
        self._alarm = functools.lru_cache(KEPT_ALARMS)(
            functools.partial(alarm_banner.sign, face, words)
        )
        self._small_print = functools.lru_cache(KEPT)(
            functools.partial(tile_graphics.small_print, face)
        )
        self._write = functools.lru_cache(KEPT)(face.image)
        self.ground = functools.lru_cache(KEPT)(_ground)
        self.frame = functools.lru_cache(KEPT)(overlays.frame)
        self.veil = tile_graphics.veil
        self._help = functools.lru_cache(2)(functools.partial(HelpSheet, face, words))
        self._clock: overlays.ClockFace | None = None

    def warm_up(self, canvas: Size) -> None:
        """Draw a little of everything: the first use of a font takes longer than a tick."""
        self.clock(0, canvas)
        self.toast(self._words.say(Text.SWITCHING, name="0123456789"), canvas)
        self.ground(canvas)

    @or_plain(plain.label)
    def label(self, order: TileOrder) -> Drawing:
        """The name of a tile's source; of a backup, for which one it stands there."""
        name = order.source or ""
        if order.stands_for is None:
            return self._label(order.spoken, name, order.rect.size)
        words = self._words.say(Text.BACKUP, name=name, lost=order.stands_for)
        return self._label(order.spoken, words, order.rect.size, stands_in=True)

    @or_plain(plain.slate)
    def slate(
        self, order: TileOrder, state: TileState, feed: FeedView | None, *, informed: bool = False
    ) -> Patch:
        """What a tile without a picture shows, but for its label: then many tiles share one."""
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
            since=self._site_clock.time_of_day(since_ns) if told else "",
            keys_apart_s=feed.keys_apart_s() if state is TileState.WAITING_KEY else 0,
            informed=informed,
        )
        return self._slate(state, order.rect.size, caption)

    @or_plain(plain.mark)
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
            since = self._site_clock.time_of_day(feed.report().picture_unix_ns)
            lifted_px = overlays.clear_of_foot(order.rect, canvas.rect.size)
            return self._badge(state, size, since, lifted_px)
        is_fetched = is_still and state is TileState.LIVE
        if not is_badge and given is None and order.zoom <= 1 and not is_fetched:
            return None  # asked for each picture: nothing more is looked at
        lifted_px = overlays.clear_of_clock(order.rect, canvas.rect.size)
        if is_badge:
            told = self._told(given) if state is TileState.SHED else ""
            return self._badge(state, size, told, lifted_px)
        zoom = f"{order.zoom:.1f}×" if order.zoom > 1 else ""
        fetched = self._fetched(feed) if is_fetched else ""
        told = SEPARATOR.join(filter(None, (zoom, fetched, self._told(given))))
        return self._small_print(told, size, lifted_px)

    def _fetched(self, feed: FeedView) -> str:
        since = self._site_clock.time_of_day(feed.report().picture_unix_ns)
        return self._words.say(Text.FETCHED, time=since)

    def _told(self, given: Given | None) -> str:
        """What a tile gets, and why: "sub · 12 fps · CPU busy"."""
        if given is None:
            return ""
        text = {Effort.KEYS: Text.KEYFRAMES, Effort.NONE: Text.STILL}.get(given.effort)
        say = self._words.say
        what = say(text) if text else say(Text.RATE, rate=given.rate_hz)
        return SEPARATOR.join((given.stream, what, say(Text.CPU_BUSY)))

    @or_plain(plain.nothing)
    def toast(self, words: str, canvas: Size) -> Drawing | None:
        """A few words over the foot of the canvas."""
        return overlays.toast(self._face, words, canvas)

    @or_plain(plain.nothing)
    def notice(self, notice: Notice, canvas: Size, below: int) -> Drawing | None:
        """What is wrong around the wall, in the canvas's bottom left corner, over ``below`` other
        notices."""
        return overlays.notice(self._face, notice.line(self._words), canvas, below)

    @or_plain(plain.nothing)
    def wrong_mode(self, mode: Size, canvas: Size, below: int) -> Drawing | None:
        """That the monitor shows another size than the canvas's, over ``below`` other notices."""
        shown, wanted = (f"{size.w}×{size.h}" for size in (mode, canvas))
        words = self._words.say(Text.WRONG_MODE, mode=shown, wanted=wanted)
        return overlays.notice(self._face, words, canvas, below)

    @or_plain(plain.no_lines)
    def info(self, figures: TileFigures) -> info_panel.Info:
        """What is known of a tile's stream, in words."""
        return info_panel.told(self._words, figures)

    @or_plain(plain.alarm)
    def alarm(self, sign: AlarmSign) -> tuple[Drawing, ...]:
        """What an alarm puts over the canvas."""
        return self._alarm(sign, self._site_clock.time_of_day(sign.since_unix_s * 1_000_000_000))

    @or_plain(plain.nothing)
    def panel(self, info: info_panel.Info, tile: Rect) -> Drawing | None:
        """The same as a panel over its tile."""
        drawn = info_panel.panel(self._write, info, tile.size)
        return Drawing(drawn.patch, tile.x + drawn.x, tile.y + drawn.y)

    @or_plain(plain.nothing)
    def help(self, page: HelpPage, canvas: Size) -> Drawing | None:
        """The sheet of keys."""
        return self._help(page, canvas).drawing()

    @or_plain(plain.none_left)
    def draw_help(self, page: HelpPage, canvas: Size) -> bool:
        """Draw a little of the sheet of keys; whether anything of it was still to be drawn."""
        return self._help(page, canvas).draw_on()

    @or_plain(plain.nothing)
    def countdown(self, progress: float, canvas: Size) -> Drawing | None:
        """How far the quitting key is held; ``None`` when it is not."""
        if progress <= 0:
            return None
        text = Text.QUITTING if progress >= 1 else Text.HOLD_TO_QUIT
        return overlays.quit_countdown(self._face, self._words.say(text), progress, canvas)

    @or_plain(plain.nothing)
    def clock(self, unix_s: int, canvas: Size) -> Drawing | None:
        """The wall clock, with date, weekday and seconds."""
        if self._clock is None:
            self._clock = overlays.ClockFace(self._face, canvas)
        return self._clock.drawn(format_wall_clock(self._site_clock.at(unix_s), self._words))

    @or_plain(plain.captioned)
    def captioned(self, picture: Image.Image, when: str, words: tuple[str, ...]) -> Image.Image:
        """A picture with a strip below: the time, then other words."""
        return caption.captioned(self._face, picture, when, words)

    @or_plain(plain.blanked)
    def blanked(self, reason: str, size: Size) -> Patch:
        """What a blanked screen shows."""
        return self._slate(TileState.MASKED, size, Caption(0, words=reason))


def _ground(size: Size) -> Patch:
    return Patch.flat(size, GROUND)
