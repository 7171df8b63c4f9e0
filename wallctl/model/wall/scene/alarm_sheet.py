"""What stands in the list of alarms on a screen: a page of it, the marked alarm among them. Pure.

It knows where each row lies, for who draws it and for who points at it, and no font.
"""

import msgspec

from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.base.language import Language
from wallctl.model.site.alarm import RaisedAlarm
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.alarm_list import listed, marked, raised_of
from wallctl.model.wall.state.state import AcknowledgedAlarm, WallState, spoken

_DESIGNED = Size(1920, 1080)
_HEAD, _ROW, _FOOT, _MARGIN = 120, 54, 80, 48
"""Heights on a canvas of that size, in pixels, and what stays free beside the rows."""
_LEAST_ROW_PX = 24


class AlarmEntry(msgspec.Struct, frozen=True):
    """An alarm of the list."""

    number: int
    spoken: int
    """The source's own number; 0 for none."""
    source: str
    name: str
    words: str
    since_unix_s: int
    count: int
    """How often it was raised."""
    is_marked: bool = False
    by: Role | None = None
    """Who has acknowledged it; ``None``: nobody."""
    by_unix_s: int = 0


class AlarmSheet(msgspec.Struct, frozen=True):
    """A page of the list."""

    entries: tuple[AlarmEntry, ...]
    page: int
    """From 1."""
    pages: int
    key: str = ""
    """What acknowledges an alarm; empty where no key does."""


def row_rects(canvas: Size) -> tuple[Rect, ...]:
    """Where the rows of a page lie."""
    scale = _scale(canvas)
    row_h = max(_LEAST_ROW_PX, even(_ROW * scale))
    top, x = head_height(canvas), even(_MARGIN * scale)
    count = max(1, (canvas.h - top - even(_FOOT * scale)) // row_h)
    return tuple(Rect(x, top + i * row_h, canvas.w - 2 * x, row_h) for i in range(count))


def head_height(canvas: Size) -> int:
    """The height of what stands over the rows."""
    return max(2 * _LEAST_ROW_PX, even(_HEAD * _scale(canvas)))


def _scale(canvas: Size) -> float:
    """How large the list is on a canvas, as a share of its size on the designed one."""
    return min(canvas.w / _DESIGNED.w, canvas.h / _DESIGNED.h)


def alarm_sheet(state: WallState, site: Site, canvas: Size, key: str = "") -> AlarmSheet:
    """The page of the list that the marked alarm is on."""
    alarms, at, rows = listed(state), marked(state), len(row_rects(canvas))
    first = at // rows * rows
    language = spoken(state, site)
    page = alarms[first : first + rows]
    return AlarmSheet(
        tuple(_entry(one, site, language, first + i == at) for i, one in enumerate(page)),
        first // rows + 1,
        max(1, -(-len(alarms) // rows)),
        key,
    )


def _entry(
    one: RaisedAlarm | AcknowledgedAlarm, site: Site, language: Language, is_marked: bool
) -> AlarmEntry:
    raised = raised_of(one)
    source = site.source(raised.alarm.source)
    done = one if isinstance(one, AcknowledgedAlarm) else None
    return AlarmEntry(
        number=raised.number,
        spoken=source.number if source is not None else 0,
        source=raised.alarm.source,
        name=raised.alarm.name,
        words=raised.said or raised.alarm.words(language),
        since_unix_s=raised.since_unix_s,
        count=raised.count,
        is_marked=is_marked,
        by=None if done is None else done.by.role,
        by_unix_s=0 if done is None else done.unix_s,
    )
