"""JSON read strictly: nothing passes that two readers might read in two ways. Pure."""

import collections
import json
import typing

import msgspec


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
    faults: list[str] = []
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=lambda pairs: _object(pairs, faults),
            parse_constant=lambda word: faults.append(f"{word} is no JSON number"),
        )
    except UnicodeDecodeError:
        raise NotJsonError("the message is not UTF-8") from None
    except RecursionError:
        raise NotJsonError("the message is nested too deeply") from None
    except ValueError as error:
        raise NotJsonError(f"the message is not JSON: {one_line(str(error))}") from None
    if not isinstance(value, dict):
        raise NotJsonError("the message is not a JSON object")
    return StrictObject(value, faults)


def shown(text: str) -> str:
    """A stranger's text as messages show it: quoted, cut, on one line."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


def one_line(text: str) -> str:
    """A sentence without anything that breaks a line, cut at 200 characters."""
    return "".join(char if char.isprintable() else "?" for char in text)[:200]


def _object(pairs: list[tuple[str, typing.Any]], faults: list[str]) -> dict[str, typing.Any]:
    """An object without its faulty members, which are told in ``faults``."""
    counts = collections.Counter(key for key, _ in pairs)
    faults += [f"{shown(key)} is given twice" for key, count in counts.items() if count > 1]
    good = {key: value for key, value in pairs if counts[key] == 1 and _whole(key, value)}
    if len(good) < sum(count == 1 for count in counts.values()):
        faults.append("a text holds half of a surrogate pair")
    return good


def _whole(*values: object) -> bool:
    """Whether no text among the values holds half of a surrogate pair."""
    texts = (value for value in values if isinstance(value, str))
    return not any("\ud800" <= char <= "\udfff" for text in texts for char in text)
