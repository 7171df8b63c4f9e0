"""One doing and all that came of it: what is published, and what can be written down for a replay.

``Record`` is whole: what the reducer was given, and what it said. It holds the site where that is
read again, so it is for the wall's own files alone. ``Happening`` is what others may read of it.
"""

import typing

import msgspec

from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands.actor import SITE, TIME, Actor, Origin, Role
from wallctl.model.wall.commands.command import Change, Command
from wallctl.model.wall.commands.syntax import to_text
from wallctl.model.wall.events.event import Event


class Who(msgspec.Struct, frozen=True):
    """An actor as programs read it."""

    name: str
    role: str
    """``officer``, ``remote``, ``alarm``, ``tour`` or ``schedule``."""
    origin: Origin

    @classmethod
    def of(cls, actor: Actor) -> "Who":
        """The actor's names."""
        return cls(actor.name, actor.role.label, actor.origin)

    @property
    def actor(self) -> Actor:
        """The actor of these names."""
        return Actor(self.name, Role[self.role.upper()], self.origin)


class _Given(msgspec.Struct, frozen=True, tag_field="given"):
    """Something that the wall was given."""


class Asked(_Given, frozen=True, tag="asked"):
    """Somebody asked the reducer for a change."""

    who: Who
    command: Change
    now_ns: int
    unix_s: int
    for_ns: int | None
    """``None``: until the next."""


class Denied(_Given, frozen=True, tag="denied"):
    """Somebody asked for what never came to the reducer. Or the command stands for many that were
    refused."""

    who: Who
    command: Command


class TimePassed(_Given, frozen=True, tag="time"):
    """Time has passed, and has changed something."""

    now_ns: int
    dead: frozenset[str]
    """The sources that gave no picture, where somebody looked for them."""
    due: ScheduleEntry | None


class SiteRead(_Given, frozen=True, tag="site"):
    """The wall was given another site."""

    site: Site


Given = Asked | Denied | TimePassed | SiteRead


class Record(msgspec.Struct, frozen=True):
    """What the wall was given, and what came of it: one line of a journal."""

    number: int
    """Counts the records of a wall's controller, from 1."""
    unix_s: float
    revision: int
    """Of the state that came of it."""
    given: Given
    events: tuple[Event, ...]


class Happening(msgspec.Struct, frozen=True):
    """What others may read of a record."""

    number: int
    unix_s: float
    revision: int
    actor: Who
    reason: str
    """The command in words; else ``time`` or ``site``."""
    events: tuple[Event, ...]


def happening(record: Record) -> Happening:
    """What others may read of a record."""
    actor, reason = _cause(record.given)
    return Happening(record.number, record.unix_s, record.revision, actor, reason, record.events)


def to_line(record: Record) -> bytes:
    """A record as a line of JSON."""
    return msgspec.json.encode(record) + b"\n"


def from_line(line: bytes) -> Record:
    """The record of a line; ``msgspec.MsgspecError`` where it is none."""
    return _records.decode(line)


_records = msgspec.json.Decoder(Record)


def _cause(given: Given) -> tuple[Who, str]:
    match given:
        case Asked(who, command) | Denied(who, command):
            return who, to_text(command)
        case TimePassed():
            return Who.of(TIME), TIME.name
        case SiteRead():
            return Who.of(SITE), SITE.name
        case _:
            typing.assert_never(given)
