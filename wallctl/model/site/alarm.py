"""Alarms: what a site says about each, and one that was raised. Pure values.

``alarm_queue`` decides how they queue for the screens.
"""

import enum
from collections.abc import Container

import msgspec
from msgspec.structs import replace

from wallctl.model.base.language import Language

DEFAULT_HOLD_S = 30
"""How long an alarm is shown if the site does not say."""
MAX_HOLD_S = 86_400
MIN_PRIORITY, DEFAULT_PRIORITY, MAX_PRIORITY = 1, 5, 9


class AlarmColour(enum.Enum):
    """The colour of an alarm's frame and bar. None is that of the selection."""

    RED = "red"
    ORANGE = "orange"
    AMBER = "amber"
    VIOLET = "violet"


class AlarmPlace(msgspec.Struct, frozen=True):
    """Where an alarm may be shown: large on a screen, or in one of its tiles."""

    screen: str
    tile: int | None = None
    """Number of the tile as people see it; ``None``: the whole screen."""

    def meets(self, other: "AlarmPlace") -> bool:
        """Whether two alarms in these places would lie over each other."""
        whole = self.tile is None or other.tile is None
        return self.screen == other.screen and (whole or self.tile == other.tile)

    def __str__(self) -> str:
        return self.screen if self.tile is None else f"{self.screen}/{self.tile}"


class Alarm(msgspec.Struct, frozen=True):
    """What is shown when an alarm is raised."""

    name: str
    source: str
    at: tuple[AlarmPlace, ...]
    """The first free one of these is used."""
    text: str = ""
    text_en: str = ""
    priority: int = DEFAULT_PRIORITY
    """From 1 to 9; the larger is shown first."""
    hold_ns: int | None = DEFAULT_HOLD_S * 1_000_000_000
    """How long it is shown; ``None``: until somebody acknowledges it."""
    colour: AlarmColour = AlarmColour.RED
    sound: str | None = None
    """Path of a file to be played."""

    def words(self, language: Language) -> str:
        """Its text, besides its name."""
        return language.pick(self.text or self.text_en, self.text_en or self.text)


class Rights(msgspec.Struct, frozen=True):
    """What callers of an input may ask for by a name of their choice."""

    alarms: frozenset[str] = frozenset()
    """Names of alarms, and of sources that may be shown as one."""
    text: bool = False
    """Whether the words of a caller replace the site's words on the wall."""


class RaisedAlarm(msgspec.Struct, frozen=True):
    """An alarm that was raised and that nobody has acknowledged."""

    number: int
    """Counts the alarms of a wall, from 1."""
    alarm: Alarm
    since_ns: int
    since_unix_s: int
    """The same as a time of day."""
    latest_ns: int
    """When it was last raised again."""
    said: str = ""
    """The words of the caller that raised it. They replace the site's words."""
    lease: int | None = None
    """The lease by which it is shown, or was until the officer took the screen."""
    place: AlarmPlace | None = None
    """Where that is."""
    until_ns: int | None = None
    """When it is over by itself; ``None`` before it was shown, and where it has no end."""
    count: int = 1
    """How often it was raised since somebody acknowledged it last."""
    is_aside: bool = False
    """The officer changed the picture while it waited: only its notice stays."""
    is_over: bool = False
    """Its time or its cause is over: it wants no screen, and waits to be acknowledged."""

    @property
    def rank(self) -> tuple[int, int]:
        """The smallest is shown first: the highest priority, among equals the oldest."""
        return (-self.alarm.priority, self.number)


def keep_places(
    alarms: tuple[RaisedAlarm, ...], sources: Container[str], screens: Container[str]
) -> tuple[RaisedAlarm, ...]:
    """Keep of each alarm's places those that the site has. One whose source the site lacks, or all
    of its places, is over."""
    known = []
    for one in alarms:
        at = tuple(place for place in one.alarm.at if place.screen in screens)
        if one.is_over:
            known.append(one)
        elif one.alarm.source not in sources or not at:
            known.append(as_over(one))
        else:
            fits = replace(one, alarm=replace(one.alarm, at=at))
            known.append(fits if one.place in (None, *at) else as_waiting(fits))
    return tuple(known)


def as_waiting(one: RaisedAlarm) -> RaisedAlarm:
    """The alarm as if it had never been shown."""
    return replace(one, lease=None, place=None, until_ns=None, is_aside=False, is_over=False)


def as_over(one: RaisedAlarm) -> RaisedAlarm:
    """The alarm when its time or its cause is over. It knows where it was shown last."""
    return replace(as_waiting(one), place=one.place, is_over=True)


def as_kept(one: RaisedAlarm) -> RaisedAlarm:
    """The alarm as it is kept for the next start of the wall, whose clock is another."""
    return replace(as_over(one), since_ns=0, latest_ns=0)
