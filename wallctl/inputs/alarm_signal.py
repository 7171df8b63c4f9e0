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

OVER = frozenset(
    {
        *("off", "0", "false", "no", "clear", "cleared", "over", "end", "ended", "stop", "stopped"),
        *("inactive", "normal", "reset", "restore", "restored", "idle", "ok", "none"),
        *("恢复", "已恢复", "恢复正常", "解除", "已解除", "消除", "结束", "正常", "关"),
    }
)
"""Words that say that an alarm is over."""
RAISED = frozenset(
    {"on", "1", "true", "yes", "alarm", "active", "start", "started", "raised", "开"}
)
"""Words that say that an alarm is raised, and nothing that a person needs to read."""

LONGEST_WORD = 64
"""Characters, with what stands around it."""
_AROUND_WORDS = " \t\r\n.,;:!。、"
_ZERO = re.compile(r"[+-]?0+(\.0*)?")

STATE_KEYS = ("state", "status", "eventstate", "action", "active", "alarm", "value")
"""Keys of an object that say whether the alarm is raised; the first that does so counts."""
TEXT_KEYS = ("text", "message", "msg", "description", "eventdescription", "desc", "content")
"""Keys of an object that hold a text for people; the first that is there counts."""


class AlarmSignal(msgspec.Struct, frozen=True):
    """One alarm is raised, or is over."""

    raised: bool = True
    text: str = ""
    """What people shall read, besides the alarm's name."""


def decoded(payload: bytes) -> str | None:
    """The text of a payload; ``None`` if it is in no encoding that devices use."""
    for encoding in ENCODINGS:
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def signal_of(payload: bytes) -> AlarmSignal:
    """What a whole payload says. One that says nothing raises the alarm."""
    text = (decoded(payload) or "").strip()
    if text[:1] in ("{", "["):
        return _of_json(text)
    quoted = read_json(text) if text[:1] == '"' else None
    return said(quoted if isinstance(quoted, str) else text)


def said(text: str, raised: bool | None = None) -> AlarmSignal:
    """What a text says; ``raised`` is what another entry says."""
    word = _word(text)
    if raised is None and word in OVER:
        return AlarmSignal(raised=False)
    return AlarmSignal(raised is not False, "" if word in OVER | RAISED else text.strip())


def is_raised(value: object) -> bool | None:
    """Whether a value says that an alarm is raised; ``None`` if it says neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    word = _word(value) if isinstance(value, str) else ""
    return False if word in OVER else True if word in RAISED else None


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


def of_fields(fields: dict[str, typing.Any]) -> AlarmSignal:
    """What the entries of an object or a form say, by their keys in small letters."""
    states = (is_raised(fields[key]) for key in STATE_KEYS if key in fields)
    raised = next((one for one in states if one is not None), None)
    texts = (fields[key] for key in TEXT_KEYS if isinstance(fields.get(key), str))
    return said(next(texts, ""), raised)


def read_json(text: str) -> object:
    """The value of a JSON text; ``None`` if it is none, or nested without end."""
    try:
        return typing.cast(object, msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return None


def _of_json(text: str) -> AlarmSignal:
    found = read_json(text)
    for _ in range(DEEPEST):
        if not isinstance(found, list):
            break
        found = found[0] if found else None
    return of_fields(keyed(found))
