"""JSON read strictly: nothing passes that two readers might read in two ways. Pure."""

import collections
import json
import typing

import msgspec

OBJECTS_MAX = 1024
"""Each costs time beside its bytes. A request has two; a text may hold some braces, too."""


class NotJsonError(Exception):
    """The bytes are no JSON object; the text says why in one sentence."""


class StrictObject(msgspec.Struct):
    """A JSON object, and what is wrong in it although it could be read.

    Members that are wrong are left out of ``value``, so the rest can still tell whom to answer.
    """

    value: dict[str, typing.Any]
    faults: list[str]


def read_object(body: bytes, limit_bytes: int) -> StrictObject:
    """Read one object. Raises ``NotJsonError``, and nothing else, whatever the bytes are."""
    if len(body) > limit_bytes:
        raise NotJsonError(f"the message is larger than {limit_bytes} bytes")
    if body.count(b"{") > OBJECTS_MAX:
        raise NotJsonError(f"the message is nested too deeply or has over {OBJECTS_MAX} objects")
    faults: list[str] = []
    try:
        value = _read(body, faults)
    except UnicodeDecodeError:
        raise NotJsonError("the message is not UTF-8") from None
    except RecursionError:
        raise NotJsonError("the message is nested too deeply") from None
    except ValueError as error:
        raise NotJsonError(f"the message is not JSON: {one_line(str(error))}") from None
    if not isinstance(value, dict):
        raise NotJsonError("the message is not a JSON object")
    return StrictObject(value, faults)


def _read(body: bytes, faults: list[str]) -> object:
    """What stands there; what is wrong in it goes into ``faults``."""
    may_be_halved = b"\\u" in body  # only what is escaped can be half of a surrogate pair

    def checked(pairs: list[tuple[str, typing.Any]]) -> dict[str, typing.Any]:
        value = _object(pairs, faults)
        return _without_halves(value, faults) if may_be_halved else value

    return json.loads(
        body.decode("utf-8"),
        object_pairs_hook=checked,
        parse_constant=lambda word: faults.append(f"{word} is no JSON number"),
    )


def shown(text: str) -> str:
    """A stranger's text as messages show it: quoted, cut, on one line."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


def one_line(text: str) -> str:
    """A sentence without anything that breaks a line, cut at 200 characters."""
    return "".join(char if char.isprintable() else "?" for char in text)[:200]


def _object(pairs: list[tuple[str, typing.Any]], faults: list[str]) -> dict[str, typing.Any]:
    """An object without its faulty members, which are told in ``faults``."""
    value = dict(pairs)
    if len(value) < len(pairs):
        counts = collections.Counter(key for key, _ in pairs)
        twice = [key for key, count in counts.items() if count > 1]
        faults += [f"{shown(key)} is given twice" for key in twice]
        for key in twice:
            del value[key]
    return value


def _without_halves(value: dict[str, typing.Any], faults: list[str]) -> dict[str, typing.Any]:
    """An object without the members that hold half of a surrogate pair."""
    good = {key: one for key, one in value.items() if _is_whole(key, one)}
    if len(good) < len(value):
        faults.append("a text holds half of a surrogate pair")
    return good


def _is_whole(*values: object) -> bool:
    """Whether no text among the values holds half of a surrogate pair."""
    try:
        for value in values:
            if isinstance(value, str):
                value.encode()
    except UnicodeEncodeError:
        return False
    return True
