"""Findings: what is wrong in a file, said so that the person who wrote it can mend it.

It knows nothing of TOML or of sites. A finding never holds a password: ``Report`` takes logins out
of all that it is told.
"""

import enum
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from wallctl.model.base.redaction import redacted
from wallctl.model.base.suggestions import near
from wallctl.model.base.unicode_rules import JOINERS, is_invisible, is_unfit

Key = tuple[str | int, ...]
"""Where in a file: names of keys and indices of lists, from the outside in."""

SHOWN_CHARACTERS = 60
SHOWN_NAMES = 8
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Level(enum.Enum):
    """How bad it is."""

    ERROR = "error"
    """The file can't be used."""
    WARNING = "warning"
    """The file can be used; something of it will not be as meant."""


class Finding(msgspec.Struct, frozen=True):
    """One fault of one file. ``str`` gives it as one sentence."""

    file: str
    line: int | None
    key: str
    """As ``sources[3].number``: the third source. Empty for the file as a whole."""
    found: str
    expected: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        kind = "warning: " if self.level is Level.WARNING else ""
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {kind}{key}found {self.found}, expected {self.expected}"


class FilesError(Exception):
    """Files that can't be used. The faults are the writer's, and ``findings`` lists all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


MOST_LISTED = 200
"""Errors of one file that are listed, and warnings as well."""


class Report:
    """The findings of one file, collected while it is checked."""

    def __init__(self, file: Path | str) -> None:
        self.file = file
        self.lines: Mapping[Key, int] = {}
        """The line of each key; filled in when the file was read."""
        self.findings: list[Finding] = []
        self._count = dict.fromkeys(Level, 0)
        self._faulty: set[Key] = set()
        """Keys at or below which an error was found."""
        self._unusable: set[Key] = set()
        """Keys whose value is of no use, so that nothing can be said of what is below."""

    def error(self, key: Key, found: str, expected: str) -> None:
        """Add what makes the file useless."""
        self._faulty.update(key[:length] for length in range(len(key) + 1))
        self._add(key, found, expected, Level.ERROR)

    def unusable(self, key: Key, found: str, expected: str) -> None:
        """Add an error of a value that had to be replaced by an empty one."""
        self._unusable.add(key)
        self.error(key, found, expected)

    def warning(self, key: Key, found: str, expected: str) -> None:
        """Add what a person should know, though the file can be used."""
        self._add(key, found, expected, Level.WARNING)

    def at_line(self, line: int | None, found: str, expected: str) -> None:
        """Add an error of the text as a whole."""
        self._faulty.add(())
        self.findings.append(Finding(place(self.file), line, "", redacted(found), expected))

    def sound(self, *key: str | int) -> bool:
        """Whether no error was found at ``key`` or below it, and its value is the file's own."""
        around = (key[:length] for length in range(len(key) + 1))
        return key not in self._faulty and self._unusable.isdisjoint(around)

    def usable(self, *key: str | int) -> bool:
        """Whether the value at ``key`` is the file's own, whatever else is wrong with it."""
        return self._unusable.isdisjoint(key[:length] for length in range(len(key) + 1))

    def line(self, key: Key) -> int | None:
        """The line of the key, or of the nearest table around it that has one."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)

    @property
    def is_full(self) -> bool:
        """Whether so many errors were found that no more are listed."""
        return self._count[Level.ERROR] > MOST_LISTED

    def _add(self, key: Key, found: str, expected: str, level: Level) -> None:
        self._count[level] += 1
        if self._count[level] > MOST_LISTED + 1:
            return
        if self._count[level] > MOST_LISTED:
            key, found, expected = (), "more than can be listed", "those before mended first"
        file, line, found = place(self.file), self.line(key), redacted(found)
        self.findings.append(Finding(file, line, key_text(key), found, expected, level))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as a person mends them: file by file in the order given, then by line."""
    listed = list(findings)
    files = list(dict.fromkeys(finding.file for finding in listed))
    return tuple(sorted(listed, key=lambda one: (files.index(one.file), one.line or 0)))


def key_text(key: Key) -> str:
    """A key as a person reads it; lists count from 1."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{_name(part)}" if text else _name(part)
    return text


def _name(part: str) -> str:
    return part if _BARE.fullmatch(part) else quoted(part)


def quoted(text: str) -> str:
    """A text in quotation marks on one line, cut where it is long."""
    clean = redacted(text)
    short = clean if len(clean) <= SHOWN_CHARACTERS else f"{clean[:SHOWN_CHARACTERS]}..."
    return visible(json.dumps(short, ensure_ascii=False))


def visible(text: str) -> str:
    """A text in which characters that nobody sees, or that turn others around, stand as codes."""
    return "".join(_escaped(c) if _is_unseen(c) else c for c in text)


def _is_unseen(character: str) -> bool:
    if character in JOINERS:
        return False
    return is_invisible(character) or is_unfit(character)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def readable(path: Path | str) -> str:
    """A path as text that can be printed and sent, though another system wrote its names."""
    return visible("/".join(map(decoded, os.fsencode(path).split(b"/"))))


def place(path: Path | str) -> str:
    """A path as ``readable``; what is no file may be an address at the place of a file's name."""
    return readable(path) if os.path.lexists(path) else redacted(readable(path))


def decoded(raw: bytes) -> str:
    """A name that may not be UTF-8: then it is GBK, as zip files from a Chinese Windows hold."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def one_of(what: str, wrong: str, known: Iterable[str]) -> str:
    """``a layout (did you mean "3x3"?)``, or the known names where none is near."""
    names = tuple(dict.fromkeys(name for name in known if name))
    likely = near(wrong, names, 1)
    if likely:
        return f"{what} (did you mean {quoted(likely[0])}?)"
    shown = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
    if not names:
        return f"{what} (there is none)"
    return f"{what} (there {'are' if len(names) > 1 else 'is'} {shown})"
