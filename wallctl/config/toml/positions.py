"""Lines of keys: where in a TOML text each key, table and list element stands.

``tomllib`` gives values without places; this reads the same text once more for the places alone.
It takes text that ``tomllib`` has accepted, and knows nothing of what the keys mean.
"""

import bisect
import re
import tomllib

from wallctl.storage.file_findings import Key

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PART = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]+")


def locate(text: str) -> dict[Key, int]:
    """The line, from 1, of every key path of a valid TOML text."""
    return _Scanner(text).scan()


class _Scanner:
    """Reads a text from start to end; ``_at`` is the character that comes next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._lines: dict[Key, int] = {}
        self._tables: dict[Key, int] = {}
        """How many tables each array of tables has so far."""

    def scan(self) -> dict[Key, int]:
        table: Key = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)
        return self._lines

    def _header(self) -> Key:
        """``[a.b]`` or ``[[a.b]]``; gives the path of the table that begins."""
        line = self._line()
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        *outer, last = self._key()
        self._at = self._text.index("]", self._at) + (2 if many else 1)
        path: Key = ()
        for part in outer:
            path = self._open((*path, part), line)
        path = (*path, last)
        if many:
            self._note(path, line)
            self._tables[path] = self._tables.get(path, 0) + 1
        return self._open(path, line)

    def _open(self, path: Key, line: int) -> Key:
        """The table that a name in a header means: of an array of tables, the newest."""
        if path in self._tables:
            path = (*path, self._tables[path] - 1)
        self._note(path, line)
        return path

    def _pair(self, table: Key) -> None:
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        self._skip(_EQUALS)
        self._value(path)

    def _key(self) -> list[str]:
        self._skip(_SPACE)
        parts = [self._part()]
        while _DOT.match(self._text, self._at):
            self._skip(_DOT)
            parts.append(self._part())
        return parts

    def _part(self) -> str:
        raw = self._skip(_PART)
        return next(iter(tomllib.loads(f"{raw} = 0")))

    def _value(self, path: Key) -> None:
        start = self._text[self._at]
        if start == "[":
            self._array(path)
        elif start == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if start in "\"'" else _BARE)

    def _array(self, path: Key) -> None:
        index = 0
        self._at += 1
        while not self._closed("]"):
            self._note((*path, index), self._line())
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Key) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Pass over spaces and a comma; whether the bracket came, which is then passed too."""
        self._skip(_SPACE)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_SPACE)
        if self._text[self._at] != bracket:
            return False
        self._at += 1
        return True

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at + 1
        return match[0] if match else ""

    def _line(self) -> int:
        return bisect.bisect_left(self._ends, self._at) + 1

    def _note(self, path: Key, line: int) -> None:
        self._lines.setdefault(path, line)
