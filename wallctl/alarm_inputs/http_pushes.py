"""What cameras and recorders push over HTTP when something happens, by their makers. Pure.

Hikvision posts an ``EventNotificationAlert`` as XML or JSON, often as a part of a multipart body
with pictures behind it (ISAPI, "HTTP listening"). Dahua posts ``Code``, ``Action`` and ``Index``
as JSON, or as lines such as ``Code=VideoMotion;action=Start;index=0``. Uniview posts an
``AlarmInfo`` as JSON (LiteAPI). Each says which channel, what, and whether it begins or ends.
"""

import html
import itertools
import re
import typing
from collections.abc import Callable, Iterator, Mapping

import msgspec

from wallctl.alarm_inputs.alarm_signal import decoded, is_raised, is_wide, keyed, read_json
from wallctl.alarm_inputs.http_bodies import Part
from wallctl.model.site.alarm_input import Maker

MOST_EVENTS = 16
"""Events of one push that are heard."""
MOST_OBJECTS = 64
"""Objects and lists of a JSON text that are looked at."""
_LONGEST_WORD = 64
_ALIVE = frozenset({"heartbeat", "keepalive"})
"""What devices send for no event at all, so that it is known that they live."""
_ALERT_TAG = re.compile(rb"(?i)<(/?)(?:[\w.-]{1,32}:)?eventnotificationalert\b[^<>]{0,1024}>")
_ELEMENT = re.compile(
    r"<(?:[\w.-]{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,512})?>([^<>]{0,1024})</", re.ASCII
)
"""An element that holds a text and no others. No parser of XML reads this: cameras write an ``&``
as it is, and prefixes that they declare nowhere; and so no document can have anything expanded."""
_WRAPPINGS = (
    *("eventnotificationalert", "eventnotificationalertlist"),
    *("events", "alarminfo", "alarminfolist", "alarmlist"),
)
"""Keys under which devices put an event, or several."""
_TELLING = frozenset({"eventtype", "code", "alarmtype"})
"""Keys of an object that is an event itself, whatever else it holds."""
_DAHUA_LINE = re.compile(r"(?i)Code=([^;\s]{1,64});\s*action=([^;\s]{1,16});\s*index=(\d{1,6})")


class PushedEvent(msgspec.Struct, frozen=True):
    """Something begins, ends, or happens in one moment on a channel."""

    channel: str
    """As people count: from 1. A contact of Hikvision's is ``io1``."""
    kind: str
    """The maker's word for what it is, as ``linedetection``."""
    begins: bool
    """Whether it begins or happens; else it ends."""
    is_moment: bool = False
    """Whether it happens in one moment, and nothing ever tells its end."""


def events_of(maker: Maker, part: Part) -> list[PushedEvent]:
    """What a part of a push tells; nothing if it is not one of the maker's, or a sign of life."""
    told = _READERS[maker](part.content)
    found = (one for one in told if one.kind.casefold() not in _ALIVE)
    return list(itertools.islice(found, MOST_EVENTS))


def is_readable(maker: Maker, part: Part) -> bool:
    """Whether a part is of a form that devices send, whatever it tells: nothing at all, a word
    that says that they live, JSON, or an alert in XML. A picture is not."""
    if any(True for _ in _READERS[maker](part.content)):
        return True
    text = decoded(part.content)
    if text is None:
        return False
    text = text.strip()
    if text.casefold() in ("", *_ALIVE):
        return True
    whole = read_json(text) if text[:1] in ("{", "[") else None
    return isinstance(whole, dict | list) or any(True for _ in _alerts_in(part.content))


def _hikvision(part: bytes) -> Iterator[PushedEvent]:
    alerts = [_texts_of(_text(alert)) for alert in _alerts_in(part)]
    for fields in alerts or _objects_in(part):
        yield from _hikvision_event(fields)


def _hikvision_event(fields: dict[str, typing.Any]) -> Iterator[PushedEvent]:
    kind, state = _word(fields.get("eventtype")), is_raised(fields.get("eventstate"))
    if not kind or state is None:
        return
    port = _word(fields.get("inputioportid"))
    # A recorder tells its own channel beside the one of the camera that it speaks for.
    named = (_word(fields.get(key)) for key in ("dynchannelid", "channelid"))
    channel = f"io{port}" if port else next((one for one in named if one), "1")
    yield PushedEvent(channel, kind, state)


def _alerts_in(part: bytes) -> Iterator[bytes]:
    """The XML of each alert without what is around it.

    Some devices end it by a zero byte, or send a multipart's lines and do not say so.
    """
    if is_wide(part):
        part = _text(part).encode()
    begin: int | None = None
    for tag in itertools.islice(_ALERT_TAG.finditer(part), 2 * MOST_EVENTS):
        if not tag[1]:
            begin = tag.end()
        elif begin is not None:
            yield part[begin : tag.start()]
            begin = None


def _texts_of(xml: str) -> dict[str, typing.Any]:
    """The texts of an alert by the names of its elements, in small letters; the first of a name
    counts."""
    before, *remarked = xml.split("<!--")
    plain = before + "".join(remark.partition("-->")[2] for remark in remarked)
    plain = plain.replace("<![CDATA[", "").replace("]]>", "")
    found: dict[str, typing.Any] = {}
    for element in itertools.islice(_ELEMENT.finditer(plain), 1000):
        found.setdefault(element[1].casefold(), html.unescape(element[2]).strip())
    return found


def _objects_in(part: bytes) -> Iterator[dict[str, typing.Any]]:
    """The objects of a JSON text that tell an event each, by their keys in small letters."""
    waiting = [read_json(_text(part).strip())]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one[:MOST_EVENTS], *waiting]
            continue
        fields = keyed(one)
        if not fields.keys().isdisjoint(_TELLING):
            yield fields
            continue
        wrapped = [fields[key] for key in _WRAPPINGS if isinstance(fields.get(key), dict | list)]
        waiting = [*wrapped, *waiting]
        if fields and not wrapped:
            yield fields


def _dahua(part: bytes) -> Iterator[PushedEvent]:
    text = _text(part)
    for code, action, index in itertools.islice(_DAHUA_LINE.findall(text), MOST_EVENTS):
        yield _dahua_event(code, action, int(index))
    for fields in _objects_in(part):
        code, action = _word(fields.get("code")), _word(fields.get("action"))
        told = fields.get("index", 0)
        for one in told[:MOST_EVENTS] if isinstance(told, list) else [told]:
            index = _word(one)
            if code and index.isascii() and index.isdecimal():
                yield _dahua_event(code, action, int(index))


def _dahua_event(code: str, action: str, index: int) -> PushedEvent:
    """Dahua counts channels from 0. A ``Pulse`` is an event without an end."""
    does = action.casefold()
    return PushedEvent(str(index + 1), code, does != "stop", does == "pulse")


def _uniview(part: bytes) -> Iterator[PushedEvent]:
    for fields in _objects_in(part):
        kind = _word(fields.get("alarmtype"))
        numbers = (_word(fields.get(key)) for key in ("channelid", "alarmsrcid", "sourceid"))
        if kind:
            ends = kind.casefold().endswith(("off", "recover"))
            name = re.sub(r"(?i)(alarm)?(on|off|recover)$", "", kind)
            yield PushedEvent(next((one for one in numbers if one), "1"), name, not ends)


def _text(part: bytes) -> str:
    """A text; of a name that was cut within a character, the rest."""
    text = decoded(part)
    return part.decode("utf-8", "replace") if text is None else text


def _word(value: object) -> str:
    """A short word or whole number as a text; empty for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
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
        if event.is_moment:
            return True
        before, kind = self._kinds.get(event.channel, frozenset()), event.kind.casefold()
        now = before | {kind} if event.begins else before - {kind}
        self._kinds[event.channel] = frozenset(list(now)[:MOST_EVENTS])
        if event.begins:
            return True
        return False if before and not now else None
