"""What a device says of an alarm: it is raised, or it is over. Pure.

A payload is a word (``OFF``), a text for people, or a JSON object, in UTF-8 or in GBK, as devices
and programs of many makers send it.
"""

import json
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
        *("closed", "close", "shut", "dry", "safe", "disarmed", "deactivated", "resolved", "rtn"),
        *("not detected", "no motion", "no alarm", "alarm off", "alarm cleared", "all clear"),
        *("恢复", "已恢复", "恢复正常", "报警恢复", "告警恢复", "复位", "正常", "取消", "已取消"),
        *("解除", "已解除", "报警解除", "告警解除", "警报解除", "消警", "撤防", "消除", "停止"),
        *("结束", "报警结束", "关", "关闭", "已关闭", "无", "无报警", "无人", "离开", "否"),
    }
)
"""Words that say that an alarm is over."""
RAISED = frozenset(
    {
        *("on", "1", "true", "yes", "alarm", "active", "start", "started", "raised"),
        *("开", "报警", "是"),
    }
)
"""Words that say that an alarm is raised, and nothing that a person needs to read."""
TOLD = frozenset({"open", "opened", "detected", "打开"})
"""Words that say so and are read, too."""
UNKNOWN = frozenset(
    {
        *("unknown", "undefined", "unavailable", "available", "offline", "online"),
        *("connected", "disconnected", "connection lost", "alive", "no_data"),
        *("未知", "不可用", "离线", "在线"),
    }
)
"""Words that say how the device fares, and nothing of the alarm."""

LONGEST_WORD = 64
"""Characters, with what stands around it."""
_AROUND_WORDS = " \t\r\n.,;:!。、"
_ZERO = re.compile(r"[+-]?0+(\.0*)?")

STATE_KEYS = (
    *("state", "status", "eventstate", "action", "active", "alarm", "alarm_state", "value"),
    *("to_state", "type"),
)
"""Keys of an object that say whether the alarm is raised; the first that does so counts."""
SENSOR_KEYS = (
    *("occupancy", "motion", "ismotion", "presence", "person", "moving", "detected", "triggered"),
    *("vibration", "glass_break", "smoke", "fire", "gas", "carbon_monoxide", "sos"),
    *("water", "water_leak", "leak", "rain", "opening", "door", "window"),
    *("power", "switch", "relay", "input", "di"),
)
"""Keys of what a sensor may notice, as Zigbee2MQTT, Tasmota and their like call it. They go before
the others, which may tell of a lamp or a siren in the same housing; each may raise the alarm."""
TAMPER_KEY = "tamper"
"""It may raise the alarm; that nobody tampers says nothing beside another key."""
CONTACT_KEY = "contact"
"""A door's contact: ``true`` is closed, and so no alarm; words are those of a door."""
_PAST = ("old", "before", "from", "previous", "last")
"""How keys begin below which a device tells what was."""
_COUNTED = re.compile(r"[_:]?\d+$")
"""The number in a key, where a device has several of a kind: ``POWER1``, ``input:0``."""
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
            return payload.decode(encoding).rstrip("\0")
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
    return False if word in OVER else True if word in RAISED | TOLD else None


def _state_in(fields: dict[str, typing.Any], deepest: int = DEEPEST) -> bool | None:
    """Whether an object's entries say that the alarm is raised."""
    fields = {_COUNTED.sub("", key): value for key, value in reversed(fields.items())}
    noticed = [is_raised(fields[key], deepest) for key in SENSOR_KEYS if key in fields]
    tampered = is_raised(fields.get(TAMPER_KEY), deepest)
    contact = fields.get(CONTACT_KEY)
    noticed.append(not contact if isinstance(contact, bool) else is_raised(contact, deepest))
    if True in noticed or tampered:
        return True
    if False in noticed:
        return False
    states = (is_raised(fields[key], deepest) for key in STATE_KEYS if key in fields)
    below = (
        _state_in(keyed(value), deepest - 1)
        for key, value in fields.items()
        if deepest > 1 and isinstance(value, dict) and not key.startswith(_PAST)
    )
    found = next((one for one in (*states, *below) if one is not None), None)
    return tampered if found is None else found


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
    told = [fields[key] for key in (*STATE_KEYS, *SENSOR_KEYS, CONTACT_KEY) if key in fields]
    says_unknown = any(_is_unknown(one) for one in told if one is not None or not text)
    if raised is None and says_unknown:
        return None
    return _of_text(text, raised)


def read_json(text: str) -> object:
    """The value of a JSON text; ``None`` if it is none, or nested without end.

    Some programs write ``NaN``, and control characters within texts.
    """
    try:
        return typing.cast(object, msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        return typing.cast(object, json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return None


def _of_json(text: str) -> AlarmSignal | None:
    found = read_json(text)
    for _ in range(DEEPEST):
        if not isinstance(found, list):
            break
        found = found[0] if found else None
    return of_fields(keyed(found))
