"""The events' messages, and the rule by which a reader knows that it missed none. Pure."""

import enum
import typing

import msgspec

from wallctl.api.protocol import VERSION


class Topic(enum.Enum):
    """What an event is about; its first frame."""

    STATE = "state"
    """The whole state: at each change, and when somebody subscribes."""
    SETTLED = "settled"
    """Every tile of a change shows its new source."""
    TILE = "tile"
    """A tile went live, stale, offline ..."""
    FILES = "files"
    """The site's files were read again."""
    SCREEN = "screen"
    """A screen's monitor went, came back, fell asleep ..."""
    ALARM = "alarm"
    """An alarm is raised, shown, put aside, acknowledged, over."""
    EVENT = "event"
    """Something happened on the wall, and who did it; or somebody was refused something."""
    BEAT = "beat"
    """Each second: the wall lives."""


class Event(msgspec.Struct, frozen=True):
    """One event. ``seq`` grows by one with each event of an ``epoch``, over all topics."""

    topic: str
    epoch: str
    seq: int
    body: dict[str, typing.Any]


def write_event(topic: Topic, body: bytes, epoch: str, seq: int) -> list[bytes]:
    """The frames of an event: its topic; its body, a JSON object, with version, epoch and seq."""
    head = msgspec.json.encode({"v": VERSION, "epoch": epoch, "seq": seq})
    comma = b"" if body == b"{}" else b","
    return [topic.value.encode(), body[:-1] + comma + head[1:]]


def read_event(frames: list[bytes]) -> Event:
    """The event in a wall's frames. Raises ``ValueError`` where they are no event."""
    if len(frames) != 2:
        raise ValueError("an event has two frames")
    body = msgspec.json.decode(frames[1], type=dict[str, typing.Any])
    head = {key: body.pop(key, None) for key in ("v", "epoch", "seq")}
    if head["v"] != VERSION:
        raise ValueError(f"the wall speaks version {head['v']} of the protocol, not {VERSION}")
    return msgspec.convert({"topic": frames[0].decode(), "body": body} | head, type=Event)


class Cursor(msgspec.Struct, frozen=True):
    """How far a reader of all topics has come. ``epoch`` is ``None`` while it needs a ``state``."""

    epoch: str | None = None
    seq: int = 0


class Verdict(enum.Enum):
    """What a reader does with an event."""

    TAKE = "take"
    DROP = "drop"
    ASK = "ask"
    """Drop it and ask for the state again: something was missed."""


def follow(cursor: Cursor, event: Event) -> tuple[Cursor, Verdict]:
    """Judge an event. A ``state`` is taken whenever it is new; all else only without a gap."""
    known = event.epoch == cursor.epoch
    here = Cursor(event.epoch, event.seq)
    if known and event.seq <= cursor.seq:
        return cursor, Verdict.DROP
    if event.topic == Topic.STATE.value or (known and event.seq == cursor.seq + 1):
        return here, Verdict.TAKE
    if cursor.epoch is None and event.topic != Topic.BEAT.value:
        return cursor, Verdict.DROP  # asked already; the next beat asks again
    return Cursor(), Verdict.ASK
