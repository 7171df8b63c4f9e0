"""What an alarm puts on a screen: a frame and a bar around its picture, else a notice. Pure.

It knows where each alarm is announced, in which words, and what room that takes: an alarm's picture
is whole, below its bar. It does not know how that is drawn.
"""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.base.language import Language
from wallctl.model.site.alarm import AlarmColour, AlarmPlace, RaisedAlarm
from wallctl.model.site.site import Screen, Site
from wallctl.model.wall.state.alarm_queue import in_order, is_shown
from wallctl.model.wall.state.screen_state import leader
from wallctl.model.wall.state.state import WallState, spoken

_BAR_SHARE = 0.1
"""Of the tile's height. On a panel of 1.2 m its name can be read at five metres."""
_SMALL_BAR_SHARE, _LEAST_BAR_PX, _MOST_SMALL_BAR_PX = 0.135, 24, 72
"""Of a small tile, where that share could not be read."""
_FRAME_SHARE, _LEAST_FRAME_PX = 0.018, 6
_LEAST_PICTURE_PX = 32
"""In a smaller place frame and bar lie over the picture."""


class Framed(msgspec.Struct, frozen=True):
    """A tile, as far as a sign tells of it."""

    rect: Rect
    source: str | None
    spoken: int
    stands_for: str | None
    """The lost source whose tile it is, if the source is its backup."""


class AlarmSign(msgspec.Struct, frozen=True):
    """An alarm as a screen tells it."""

    rect: Rect
    """The tile that shows it, or the whole screen for an alarm that has only a notice."""
    is_shown: bool
    colour: AlarmColour
    name: str
    words: str
    since_unix_s: int
    source: str
    spoken: int
    """The source's own number; 0 for none."""
    more: int
    """How many others wait."""
    stands_for: str | None = None
    """The lost source that the alarm is about, where ``source`` is its backup."""
    key: str = ""
    """What acknowledges it; empty where no key does."""
    over_help: bool = False
    """The help sheet covers its screen, so the sign stands around and below the sheet."""


class Unacknowledged(msgspec.Struct, frozen=True):
    """The alarms that are over, and that nobody has acknowledged."""

    count: int
    spoken: int
    """The number of the oldest one's source; 0 for none."""
    name: str
    """Of the oldest one: its source, or the alarm's own name."""
    since_unix_s: int
    key: str = ""
    """What acknowledges it; empty where no key does, or another alarm comes first."""


def bar_height(tile: Size) -> int:
    """The height of the bar in a tile, in pixels."""
    unit = _unit(tile)
    small = min(_MOST_SMALL_BAR_PX, max(_LEAST_BAR_PX, even(unit * _SMALL_BAR_SHARE)))
    return max(even(unit * _BAR_SHARE), small)


def frame_px(tile: Size) -> int:
    """How thick the frame of a tile is."""
    return max(_LEAST_FRAME_PX, even(_unit(tile) * _FRAME_SHARE))


def picture_rect(framed: Rect) -> Rect:
    """Where the picture lies within frame and bar."""
    thick, bar = frame_px(framed.size), bar_height(framed.size)
    inner = Rect(framed.x + thick, framed.y + bar, framed.w - 2 * thick, framed.h - bar - thick)
    return inner if min(inner.w, inner.h) >= _LEAST_PICTURE_PX else framed


def _unit(tile: Size) -> int:
    return min(tile.h, tile.w * 9 // 16)


def unacknowledged(state: WallState, site: Site, key: str) -> Unacknowledged | None:
    """What is told of the alarms that are over; ``key`` acknowledges."""
    alarms = in_order(state)
    over = [one for one in alarms if one.is_over]
    if not over:
        return None
    oldest = over[0]
    source = site.source(oldest.alarm.source)
    return Unacknowledged(
        len(over),
        source.number if source is not None else 0,
        oldest.alarm.name,
        oldest.since_unix_s,
        key if len(over) == len(alarms) else "",
    )


def signs(
    state: WallState, site: Site, screen: Screen, tiles: Mapping[int, Framed]
) -> tuple[AlarmSign, ...]:
    """The signs of the alarms that a screen shows in its ``tiles``, by their numbers.

    One that shows none tells of the first of those that wait to be shown there.
    """
    alarms = in_order(state)
    alarms = [one for one in alarms if not one.is_over]
    waiting = [one for one in alarms if not is_shown(state, one)]
    language = spoken(state, site)
    leading = leader(state.screens, screen.name, site)
    large = state.screens[leading].enlarged is not None
    here = tuple(
        _sign(one, tile, language, len(waiting))
        for one in alarms
        if one not in waiting and one.place is not None and one.place.screen == leading
        if (tile := _tile(one.place, large, tiles)) is not None
    )
    if here:
        return here
    told = [one for one in waiting if any(at.screen == screen.name for at in one.alarm.at)]
    whole = _whole(screen.size)
    return tuple(
        replace(_sign(one, _nowhere(one, whole, site), language, len(waiting) - 1), is_shown=False)
        for one in told[:1]
    )


def over_help(told: tuple[AlarmSign, ...], size: Size) -> tuple[AlarmSign, ...]:
    """The signs of a screen that the help sheet covers: the first alone, for the whole screen."""
    others = len(told) - 1
    return tuple(
        replace(one, rect=_whole(size), over_help=True, more=one.more + others) for one in told[:1]
    )


def _whole(size: Size) -> Rect:
    return Rect(0, 0, size.w, size.h)


def _tile(place: AlarmPlace, large: bool, tiles: Mapping[int, Framed]) -> Framed | None:
    """The alarm's tile, as far as it lies on this screen; one that is large has no other beside
    it."""
    if large or place.tile is None:
        return next(iter(tiles.values()), None)
    return tiles.get(place.tile)


def _nowhere(one: RaisedAlarm, whole: Rect, site: Site) -> Framed:
    """The whole screen, for an alarm that has only a notice."""
    source = site.source(one.alarm.source)
    return Framed(whole, one.alarm.source, source.number if source is not None else 0, None)


def _sign(one: RaisedAlarm, tile: Framed, language: Language, more: int) -> AlarmSign:
    return AlarmSign(
        rect=tile.rect,
        is_shown=True,
        colour=one.alarm.colour,
        name=one.alarm.name,
        words=one.said or one.alarm.words(language),
        since_unix_s=one.since_unix_s,
        source=tile.source or one.alarm.source,
        spoken=tile.spoken,
        more=more,
        stands_for=tile.stands_for,
    )
