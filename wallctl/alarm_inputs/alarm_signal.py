"""What a device says of an alarm: it is raised, or it is over. Pure.

A payload is a word (``OFF``), a text for people, or a JSON object, in UTF-8 or in GBK, as devices
and programs of many makers send it.
"""

import re
import typing
import unicodedata

import msgspec

DEEPEST = 4
"""Levels of JSON that are looked at."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""What devices write Chinese in. GB18030 holds all of GBK and GB2312."""
_WIDE_BEGINS = {
    **{b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"},
    **{b"<\0": "utf-16-le", b"{\0": "utf-16-le", b"\0<": "utf-16-be", b"\0{": "utf-16-be"},
}
"""How a text in UTF-16 begins: with its mark, or with XML or JSON."""

OVER = frozenset(
    {
        *("off", "0", "false", "no", "clear", "cleared", "over", "end", "ended", "stop", "stopped"),
        *("inactive", "normal", "reset", "restore", "restored", "idle", "ok", "none", "null"),
        *("恢复", "已恢复", "恢复正常", "解除", "已解除", "消除", "结束", "正常", "关"),
    }
)
"""Words that say that an alarm is over."""
RAISED = frozenset(
    {"on", "1", "true", "yes", "alarm", "active", "start", "started", "raised", "开"}
)
"""Words that say that an alarm is raised, and nothing that a person needs to read."""
UNKNOWN = frozenset(
    {
        *("unknown", "undefined", "unavailable", "available", "offline", "online"),
        *("未知", "不可用", "离线", "在线"),
    }
)
"""Words that say how the device fares, and nothing of the alarm."""

LONGEST_WORD = 64
"""Characters, with what stands around it."""
_AROUND_WORDS = " \t\r\n.,;:!。、"
_ZERO = re.compile(r"[+-]?0+(\.0*)?")

STATE_KEYS = ("state", "status", "eventstate", "action", "active", "alarm", "value")
"""Keys of an object that say whether the alarm is raised; the first that does so counts."""
SENSOR_KEYS = (
    *("occupancy", "motion", "presence", "detected", "triggered", "tamper", "vibration"),
    *("smoke", "gas", "carbon_monoxide", "water_leak"),
)
"""Keys of what a sensor may notice, as Zigbee2MQTT and its like call it; each may raise the
alarm."""
CONTACT_KEY = "contact"
"""A door's contact: it is open while the alarm is raised."""
TEXT_KEYS = ("text", "message", "msg", "description", "eventdescription", "desc", "content")
"""Keys of an object that hold a text for people; the first that is there counts."""


class AlarmSignal(msgspec.Struct, frozen=True):
    """One alarm is raised, or is over."""

    raised: bool = True
    text: str = ""
    """What people shall read, besides the alarm's name."""


def decoded(payload: bytes) -> str | None:
    """The text of a payload; ``None`` if it is in no encoding that devices use."""
    wide = _WIDE_BEGINS.get(payload[:2])
    for encoding in (wide,) if wide else ENCODINGS:
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def is_wide(payload: bytes) -> bool:
    """Whether a text is in UTF-16."""
    return payload[:2] in _WIDE_BEGINS


def signal_of(payload: bytes) -> AlarmSignal | None:
    """What a whole payload says; ``None`` if it tells of the device, and nothing of the alarm.

    One that says nothing at all raises the alarm.
    """
    text = (decoded(payload) or "").strip()
    if text[:1] in ("{", "["):
        return _of_json(text)
    quoted = read_json(text) if text[:1] == '"' else None
    said = quoted if isinstance(quoted, str) else text
    return None if _word(said) in UNKNOWN else _of_text(said)


def _of_text(text: str, raised: bool | None = None) -> AlarmSignal:
    """What a text says; ``raised`` is what another entry says."""
    word = _word(text)
    if raised is None and word in OVER:
        return AlarmSignal(raised=False)
    return AlarmSignal(raised is not False, "" if word in OVER | RAISED else text.strip())


def is_raised(value: object, deepest: int = DEEPEST) -> bool | None:
    """Whether a value says that an alarm is raised; ``None`` if it says neither.

    An object says what its entries say, ``deepest`` levels down.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, dict):
        return _state_in(keyed(value), deepest - 1) if deepest > 1 else None
    word = _word(value) if isinstance(value, str) else ""
    return False if word in OVER else True if word in RAISED else None


def _state_in(fields: dict[str, typing.Any], deepest: int = DEEPEST) -> bool | None:
    """Whether an object's entries say that the alarm is raised."""
    states = (is_raised(fields[key], deepest) for key in STATE_KEYS if key in fields)
    raised = next((one for one in states if one is not None), None)
    if raised is not None:
        return raised
    noticed = {is_raised(fields[key], deepest) for key in SENSOR_KEYS if key in fields}
    closed = is_raised(fields[CONTACT_KEY], deepest) if CONTACT_KEY in fields else None
    noticed.add(None if closed is None else not closed)
    return True if True in noticed else False if False in noticed else None


def _is_unknown(value: object) -> bool:
    """Whether a value says that nobody knows whether the alarm is raised."""
    return value is None or (isinstance(value, str) and _word(value) in UNKNOWN)


def _word(text: str) -> str:
    """A word as the tables have it: of half width, in small letters, without what ends a sentence;
    a zero however it is written. Empty for what is too long to be one."""
    if len(text) > LONGEST_WORD:
        return ""
    word = unicodedata.normalize("NFKC", text).casefold().strip(_AROUND_WORDS)
    return "0" if _ZERO.fullmatch(word) else word


def keyed(found: object) -> dict[str, typing.Any]:
    """An object's entries by their keys in small letters; nothing for anything else."""
    if not isinstance(found, dict):
        return {}
    return {str(key).casefold(): value for key, value in found.items()}


def of_fields(fields: dict[str, typing.Any]) -> AlarmSignal | None:
    """What the entries of an object or a form say, by their keys in small letters.

    ``None`` if they tell of the device, and nothing of the alarm.
    """
    raised = _state_in(fields)
    text = next((fields[key] for key in TEXT_KEYS if isinstance(fields.get(key), str)), "")
    told = (fields[key] for key in (*STATE_KEYS, *SENSOR_KEYS, CONTACT_KEY) if key in fields)
    if raised is None and not text and any(_is_unknown(one) for one in told):
        return None
    return _of_text(text, raised)


def read_json(text: str) -> object:
    """The value of a JSON text; ``None`` if it is none, or nested without end."""
    try:
        return typing.cast(object, msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return None


def _of_json(text: str) -> AlarmSignal | None:
    found = read_json(text)
    for _ in range(DEEPEST):
        if not isinstance(found, list):
            break
        found = found[0] if found else None
    return of_fields(keyed(found))
