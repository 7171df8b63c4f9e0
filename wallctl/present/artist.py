"""Drawings for one screen, drawn once and kept: the door between what a tile is and how it looks.

Everything here is a cache in front of the pure drawing functions (``slates``, ``overlays``): the
same words in the same size are never drawn twice in a row.
"""

import datetime
import functools
import time

from wallctl.model.catalogue import Text, say, wall_clock
from wallctl.model.geometry import Size
from wallctl.model.health import Reason, TileState, reason_told
from wallctl.model.help import HelpEntry
from wallctl.present import overlays, slates
from wallctl.present.feed import FeedView
from wallctl.present.fonts import find_font
from wallctl.present.help_sheet import HelpSheet
from wallctl.present.orders import TileOrder
from wallctl.present.patch import Drawing, Patch
from wallctl.present.shapes import GROUND
from wallctl.present.slates import Caption
from wallctl.present.text import Face

KEPT = 512
"""Drawings of each kind that are kept: labels of 8 x 8 tiles on a few layouts."""

KEPT_SLATES = 16
"""A slate is as large as its tile: 3 MB on a whole 1920x1080 screen."""


class Artist:
    """Draws in one font."""

    def __init__(self, font: str | None) -> None:
        self._face = Face(find_font(font))
        self._label = functools.lru_cache(KEPT)(functools.partial(slates.label, self._face))
        self._slate = functools.lru_cache(KEPT_SLATES)(functools.partial(slates.slate, self._face))
        self._badge = functools.lru_cache(KEPT)(functools.partial(slates.badge, self._face))
        self._small_print = functools.lru_cache(KEPT)(
            functools.partial(slates.small_print, self._face)
        )
        self.ground = functools.lru_cache(KEPT)(_ground)
        self.frame = functools.lru_cache(KEPT)(overlays.frame)
        self.veil = slates.veil
        self._help = functools.lru_cache(2)(functools.partial(HelpSheet, self._face))
        self._clock: overlays.ClockFace | None = None

    def warm_up(self, canvas: Size) -> None:
        """Draw a little of everything: the first use of a font takes longer than a tick."""
        self.clock(0, canvas)
        self.toast(*say(Text.SWITCHING, name="0123456789"), canvas)
        self.ground(canvas)

    def label(self, order: TileOrder) -> Drawing:
        """The name of a tile's source."""
        return self._label(order.spoken, order.source or "", order.rect.size)

    def slate(self, order: TileOrder, state: TileState, feed: FeedView | None) -> Patch:
        """What a tile without a picture shows, but for its label: then many tiles share one."""
        if feed is None:
            return self._slate(state, order.rect.size, Caption(order.number))
        report = feed.report()
        told = state in (TileState.OFFLINE, TileState.REFUSED)
        since_ns = report.picture_unix_ns or report.since_unix_ns
        caption = Caption(
            number=0,
            reason=reason_told(report.facts.reason, state) if told else Reason.NONE,
            since=time_of_day(since_ns) if told else "",
        )
        return self._slate(state, order.rect.size, caption)

    def mark(
        self, order: TileOrder, state: TileState, feed: FeedView, given: str
    ) -> Drawing | None:
        """What says that a picture is not live, or live with less than there is (``given`` tells
        what it gets); ``None`` for one that is wholly live."""
        if state is TileState.STALE:
            since = time_of_day(feed.report().picture_unix_ns)
            return self._badge(state, order.rect.size, since)
        if state is TileState.CATCHING_UP:
            return self._badge(state, order.rect.size, "")
        if state is TileState.SHED:
            return self._badge(state, order.rect.size, given)
        return self._small_print(given, order.rect.size) if given else None

    def toast(self, zh: str, en: str, canvas: Size) -> Drawing:
        """A few words over the foot of the canvas."""
        return overlays.toast(self._face, zh, en, canvas)

    def help(self, entries: tuple[HelpEntry, ...], canvas: Size) -> Drawing:
        """The sheet of keys."""
        return self._help(entries, say(Text.HELP_TITLE), canvas).drawing()

    def draw_help(self, entries: tuple[HelpEntry, ...], canvas: Size) -> bool:
        """Draw a little of the sheet of keys; whether anything of it was still to be drawn."""
        return self._help(entries, say(Text.HELP_TITLE), canvas).draw_on()

    def countdown(self, progress: float, canvas: Size) -> Drawing | None:
        """How far the quitting key is held; ``None`` when it is not."""
        if progress <= 0:
            return None
        return overlays.quit_countdown(self._face, progress, canvas)

    def clock(self, unix_s: int, canvas: Size) -> Drawing:
        """The wall clock, with date, weekday and seconds."""
        if self._clock is None:
            self._clock = overlays.ClockFace(self._face, canvas)
        now = datetime.datetime.fromtimestamp(unix_s)
        return self._clock.drawn(wall_clock(now))

    def blanked(self, size: Size) -> Patch:
        """What a blanked screen shows."""
        return self._slate(TileState.BLANKED, size, Caption(0))


def _ground(size: Size) -> Patch:
    return Patch.flat(size, GROUND)


def time_of_day(unix_ns: int) -> str:
    """Local time as people at the wall read it: 14:05:09."""
    return time.strftime("%H:%M:%S", time.localtime(unix_ns // 1_000_000_000))
