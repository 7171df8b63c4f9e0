"""What cameras and recorders push over HTTP when something happens, by their makers. Pure.

Hikvision posts an ``EventNotificationAlert`` as XML or JSON, often as a part of a multipart body
with pictures behind it (ISAPI, "HTTP listening"). Dahua posts ``Code``, ``Action`` and ``Index``
as JSON, or as lines such as ``Code=VideoMotion;action=Start;index=0``. Uniview posts an
``AlarmInfo`` as JSON (LiteAPI). Each says which channel, what, and whether it begins or ends.
"""

import itertools
import re
import typing
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping

import msgspec

from wallctl.inputs.alarm_signal import decoded, is_raised, keyed, read_json
from wallctl.inputs.http_bodies import Part
from wallctl.model.site.alarm_input import Maker

MOST_EVENTS = 16
"""Events of one push that are heard."""
_LONGEST_WORD = 64
_ALIVE = frozenset({"heartbeat", "keepalive"})
"""What devices send for no event at all, so that it is known that they live."""
_ALERT_BEGINS, _ALERT_ENDS = b"<eventnotificationalert", b"</eventnotificationalert>"
_DAHUA_LINE = re.compile(r"(?i)Code=([^;\s]{1,64});\s*action=([^;\s]{1,16});\s*index=(\d{1,6})")


class PushedEvent(msgspec.Struct, frozen=True):
    """Something begins, ends, or happens in one moment on a channel."""

    channel: str
    """As people count: from 1. A contact of Hikvision's is ``io1``."""
    kind: str
    """The maker's word for what it is, as ``linedetection``."""
    begins: bool
    """Whether it begins or happens; else it ends."""


def events_of(maker: Maker, part: Part) -> list[PushedEvent]:
    """What a part of a push tells; nothing if it is not one of the maker's, or a sign of life."""
    found = (one for one in _READERS[maker](part.content) if one.kind.casefold() not in _ALIVE)
    return list(itertools.islice(found, MOST_EVENTS))


def is_readable(maker: Maker, part: Part) -> bool:
    """Whether a part is of a form that devices send, whatever it tells: nothing at all, a word
    that says that they live, JSON, or an alert in XML. A picture is not."""
    text = decoded(part.content)
    if text is None:
        return False
    text = text.strip()
    if text.casefold() in ("", *_ALIVE) or any(True for _ in _READERS[maker](part.content)):
        return True
    whole = read_json(text) if text[:1] in ("{", "[") else None
    return isinstance(whole, dict | list) or bool(_alert_in(part.content))


def _hikvision(part: bytes) -> Iterator[PushedEvent]:
    alert = _alert_in(part)
    fields = _xml_fields(decoded(alert) or "") if alert else keyed(read_json(decoded(part) or ""))
    fields = keyed(fields.get("eventnotificationalert")) or fields
    kind, state = _word(fields.get("eventtype")), is_raised(fields.get("eventstate"))
    if not kind or state is None:
        return
    port = _word(fields.get("inputioportid"))
    # A recorder tells its own channel beside the one of the camera that it speaks for.
    named = (_word(fields.get(key)) for key in ("dynchannelid", "channelid"))
    channel = f"io{port}" if port else next((one for one in named if one), "1")
    yield PushedEvent(channel, kind, state)


def _alert_in(part: bytes) -> bytes:
    """The XML of an alert without what is around it; empty if there is none.

    Some devices end it by a zero byte, or send a multipart's lines and do not say so.
    """
    small = part.lower()
    begin = small.find(_ALERT_BEGINS)
    end = small.find(_ALERT_ENDS, begin) if begin >= 0 else -1
    return part[begin : end + len(_ALERT_ENDS)] if end >= 0 else b""


def _xml_fields(text: str) -> dict[str, typing.Any]:
    """The texts of an XML document by the names of its elements, in small letters.

    A document that declares entities is none that a camera sends, and is not read.
    """
    if "<!" in text.replace("<!--", ""):
        return {}
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError):
        return {}
    found: dict[str, typing.Any] = {}
    for element in itertools.islice(root.iter(), 1000):
        name = element.tag.rpartition("}")[2].casefold()
        found.setdefault(name, (element.text or "").strip())
    return found


def _dahua(part: bytes) -> Iterator[PushedEvent]:
    text = decoded(part) or ""
    for code, action, index in itertools.islice(_DAHUA_LINE.findall(text), MOST_EVENTS):
        yield _dahua_event(code, action, int(index))
    whole = read_json(text) if text.lstrip()[:1] in ("{", "[") else None
    listed = whole if isinstance(whole, list) else keyed(whole).get("events")
    for one in listed[:MOST_EVENTS] if isinstance(listed, list) else [whole]:
        fields = keyed(one)
        code, index = _word(fields.get("code")), _word(fields.get("index", 0))
        if code and index.isascii() and index.isdecimal():
            yield _dahua_event(code, _word(fields.get("action")), int(index))


def _dahua_event(code: str, action: str, index: int) -> PushedEvent:
    """Dahua counts channels from 0. A ``Pulse`` is an event without an end."""
    return PushedEvent(str(index + 1), code, action.casefold() != "stop")


def _uniview(part: bytes) -> Iterator[PushedEvent]:
    whole = keyed(read_json(decoded(part) or ""))
    fields = keyed(whole.get("alarminfo")) or whole
    kind = _word(fields.get("alarmtype"))
    numbers = (_word(fields.get(key)) for key in ("channelid", "alarmsrcid", "sourceid"))
    if kind:
        ends = kind.casefold().endswith("off")
        name = re.sub(r"(?i)(alarm)?(on|off)$", "", kind)
        yield PushedEvent(next((one for one in numbers if one), "1"), name, not ends)


def _word(value: object) -> str:
    """A short word or number as a text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if len(text) <= _LONGEST_WORD else ""


_READERS: Mapping[Maker, Callable[[bytes], Iterator[PushedEvent]]] = {
    Maker.HIKVISION: _hikvision,
    Maker.DAHUA: _dahua,
    Maker.UNIVIEW: _uniview,
}


class Ongoing:
    """What goes on at each channel of one device, as far as it said so."""

    def __init__(self) -> None:
        self._kinds: dict[str, frozenset[str]] = {}

    def heard(self, event: PushedEvent) -> bool | None:
        """Whether the channel's alarm is to be raised (again), or is over; ``None`` for neither.

        Devices repeat that nothing goes on, as a sign of life. An alarm is over when all that
        began on its channel has ended.
        """
        before = self._kinds.get(event.channel, frozenset())
        now = before | {event.kind} if event.begins else before - {event.kind}
        self._kinds[event.channel] = frozenset(list(now)[:MOST_EVENTS])
        if event.begins:
            return True
        return False if before and not now else None
