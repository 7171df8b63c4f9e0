"""Reads one TOML file into a struct of ``wallctl.config.schema``, with every fault of its form.

A faulty value is replaced by an empty one, so that the checks of meaning can go on and a person
gets all findings at once; whoever uses the values asks ``Report.sound`` first.
"""

import codecs
import functools
import re
import tomllib
import typing
from collections.abc import Callable
from pathlib import Path

import msgspec

from wallctl.config.schema.type_descriptions import expectation
from wallctl.config.toml.positions import locate
from wallctl.model.base.unicode_rules import invisible_in, spelled, unfit_in, without_floods
from wallctl.storage.file_findings import Key, Report, one_of, quoted
from wallctl.storage.path_checks import beginning, is_device, is_folder, opened

SCHEMA = 1
"""The version of the file formats that this program reads."""
LARGEST_BYTES = 1024 * 1024
LOST = "\ufffd"
"""What programs write for characters that they could not convert."""

MOST_PARTS = 40
"""Of a dotted key: the time to read one grows with their square."""

_LONG_KEY = re.compile(
    rf"(?<![A-Za-z0-9_\-.\"'])(?:(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"
    rf"{{{MOST_PARTS},}}"
)
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_HALF_WIDE = {
    **dict(zip("“”‘’＂＇", "\"\"''\"'", strict=True)),
    **dict(zip("，＝［］｛｝．：＃０１２３４５６７８９", ",=[]{}.:#0123456789", strict=True)),
    "【": "[",
    "】": "]",
    "、": ",",
    "\u3000": "a space",
}
"""What a Chinese keyboard writes, and what TOML wants."""
_READABLE = "a text on one line, of characters that people read"
_EMPTY: dict[type, object] = {str: "", int: 0, float: 0.0, bool: False, tuple: (), dict: {}}

Raw = typing.TypeVar("Raw", bound=msgspec.Struct)


def read(path: Path, kind: type[Raw], report: Report) -> Raw | None:
    """A file as ``kind``; ``None`` if there is nothing to go on with. Faults go to ``report``."""
    return read_as(path, lambda _: kind, report)


def read_as(
    path: Path, kind: Callable[[dict[str, typing.Any]], type[Raw]], report: Report
) -> Raw | None:
    """The same where what stands in a file says of which kind it is."""
    data = read_toml(path, report)
    if data is None or _is_newer(data, report):
        return None
    return _struct(data, kind(data), (), report)


def read_toml(path: Path, report: Report) -> dict[str, typing.Any] | None:
    """The values of a TOML file; ``None`` if it can't be read, and why in ``report``."""
    text = _text(path, report)
    if text is None or _is_endless(text, report):
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _syntax(str(error), text, report)
    except ValueError:
        report.at_line(None, "a number with thousands of digits", "valid TOML")
    except RecursionError:
        report.at_line(None, "lists nested without end", "valid TOML")
    else:
        report.lines = locate(text)
        return data
    return None


def _is_endless(text: str, report: Report) -> bool:
    """Whether a key has so many parts that reading it would take for ever."""
    long = _LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        report.at_line(line, f"a key of more than {MOST_PARTS} parts", "valid TOML")
    return long is not None


def _text(path: Path, report: Report) -> str | None:
    expected = "a TOML file that can be read"
    if is_folder(path):
        report.at_line(None, "a folder", expected)
        return None
    if is_device(path):
        report.at_line(None, "what is no file", expected)
        return None
    try:
        with opened(path) as fd:
            raw = beginning(fd, LARGEST_BYTES + 1)
    except FileNotFoundError:
        report.at_line(None, "no such file", expected)
        return None
    except OSError as error:
        report.at_line(None, f"a file that can't be read ({error.strerror})", expected)
        return None
    if len(raw) > LARGEST_BYTES:
        report.at_line(None, "more than 1 MiB", "a file that a person wrote")
        return None
    return _decoded(raw, report)


def _decoded(raw: bytes, report: Report) -> str | None:
    """The text, without the mark that Windows editors put in front."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = f"characters that are not UTF-8{_other_encoding(raw)}"
        report.at_line(line, found, "a file saved as UTF-8")
        return None


def _other_encoding(raw: bytes) -> str:
    """What a text that is not UTF-8 was perhaps saved as, in brackets."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return " but UTF-16 (Unicode)"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " but GBK (ANSI), it seems"


def _syntax(message: str, text: str, report: Report) -> None:
    place = _AT_LINE.search(message)
    last = text.rstrip().count("\n") + 1
    line = int(place[1]) if place and place[1] else last
    wide = _wide_in(text.splitlines()[line - 1]) if text.strip() else None
    if wide is not None:
        report.at_line(line, f"{wide}, written on a Chinese keyboard", f"{_HALF_WIDE[wide]} (半角)")
        return
    report.at_line(line, f"a fault of TOML: {_AT_LINE.sub('', message)}", "valid TOML")


def _wide_in(line: str) -> str | None:
    """The first character outside quotes that is a full-width twin of one that TOML needs."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
    return next((character for character in bare if character in _HALF_WIDE), None)


def _is_newer(data: dict[str, typing.Any], report: Report) -> bool:
    version = data.get("schema")
    newer = type(version) is int and version > SCHEMA
    if newer:
        expected = f"{SCHEMA} (the file was written for a newer wallctl: update wallctl)"
        report.error(("schema",), _shown(version), expected)
    return newer


def _struct(data: dict[str, typing.Any], kind: type[Raw], key: Key, report: Report) -> Raw:
    hints, fields = _hints(kind), _fields(kind)
    for name in data:
        if name not in fields:
            known = "a known one" if report.is_full else one_of("a known one", name, fields)
            report.error((*key, name), "an unknown key", known)
    values: dict[str, typing.Any] = {}
    for name, field in fields.items():
        here, hint = (*key, name), hints[field.name]
        if name in data:
            value = _value(data[name], hint, here, report)
            values[field.name] = field.default if value is None else value
        elif field.required:
            report.unusable(here, "nothing", expectation(hint))
            values[field.name] = _empty(hint)
    return kind(**values)


@functools.cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, typing.Any]:
    return typing.get_type_hints(kind, include_extras=True)


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _value(value: typing.Any, hint: typing.Any, key: Key, report: Report) -> typing.Any:
    """One value: a container is walked, a plain value is left to msgspec."""
    chosen = _chosen(value, hint)
    plain = _bare(chosen)
    origin = typing.get_origin(plain)
    if _is_struct(plain) and isinstance(value, dict):
        return _struct(value, plain, key, report)
    if origin is tuple and isinstance(value, list):
        item = typing.get_args(plain)[0]
        _length(value, chosen, key, report)
        return tuple(_value(one, item, (*key, i), report) for i, one in enumerate(value))
    if origin is dict and isinstance(value, dict):
        item = typing.get_args(plain)[1]
        for name in filter(unfit_in, value):
            found = f"{quoted(without_floods(name))} with {unfit_in(name)}"
            report.error((*key, name), found, _READABLE)
        return {
            spelled(name): _value(one, item, (*key, name), report) for name, one in value.items()
        }
    return _leaf(value, hint, key, report)


def _length(value: list[typing.Any], hint: typing.Any, key: Key, report: Report) -> None:
    """Whether a list has as many elements as it may, told apart from what is in it."""
    meta = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, msgspec.Meta)), None)
    if meta is None:
        return
    if len(value) < (meta.min_length or 0) or len(value) > (meta.max_length or len(value)):
        report.error(key, f"a list of {len(value)}", expectation(hint))


def _leaf(value: typing.Any, hint: typing.Any, key: Key, report: Report) -> typing.Any:
    if isinstance(value, str) and not _says(hint, "as_written"):
        value = _spelled(value, key, report)
    try:
        whole = msgspec.convert(value, hint)
    except msgspec.ValidationError:
        expected = expectation(hint)
        if isinstance(value, dict) and typing.get_origin(_bare(hint)) is tuple:
            expected += f" (write [[{key[-1]}]] with two brackets)"
        report.unusable(key, _shown(value), expected)
        return _empty(hint)
    if isinstance(value, str) and not _says(hint, "secret") and (unfit := unfit_in(value)):
        report.error(key, f"{quoted(without_floods(value))} with {unfit}", _READABLE)
    return whole


def _spelled(value: str, key: Key, report: Report) -> str:
    """A text in the one form in which all texts are compared and shown."""
    if hidden := invisible_in(value):
        found = f"{quoted(value)} with the invisible {', '.join(hidden)}"
        report.warning(key, found, f"{quoted(spelled(value))}, which is used")
    if LOST in value:
        report.warning(
            key, f"{quoted(value)} with characters lost ({LOST})", "the text as it was meant"
        )
    return spelled(value)


def _says(hint: typing.Any, what: str) -> bool:
    """Whether a type, or a choice of it, says of its texts that they are ``as_written``, taken
    character by character, or ``secret``, shown nowhere."""
    if typing.get_origin(hint) is typing.Annotated:
        return any((meta.extra or {}).get(what) for meta in hint.__metadata__) or (
            _says(_bare(hint), what)
        )
    return any(_says(one, what) for one in typing.get_args(hint))


def _chosen(value: typing.Any, hint: typing.Any) -> typing.Any:
    """Of a type that takes a list, a table or a plain value, the part that fits the value."""
    if typing.get_origin(hint) is typing.Annotated:
        return hint
    for choice in typing.get_args(hint):
        plain = _bare(choice)
        is_list = isinstance(value, list) and typing.get_origin(plain) is tuple
        if is_list or (isinstance(value, dict) and _is_struct(plain)):
            return choice
    return hint


def _bare(hint: typing.Any) -> typing.Any:
    """A type without its conditions."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint


def _is_struct(hint: typing.Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _empty(hint: typing.Any) -> typing.Any:
    """The empty value of a type; ``None`` where only its field's default will do."""
    plain = _bare(hint)
    if _is_struct(plain):
        return _struct({}, plain, (), Report(""))
    return _EMPTY.get(typing.get_origin(plain) or plain)


def _shown(value: typing.Any) -> str:
    """A value as a finding shows it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return str(value) if abs(value) < 10**18 else "a huge number"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return "a date or time"
