"""Which fonts this machine has, and which characters each writes, as fontconfig says.

It is asked once, before any process of a wall is forked. Which font is chosen is not known here.
"""

import bisect
import functools
import os
import subprocess
from array import array

import msgspec

_QUERY = "sans:lang=zh-cn"
_FORMAT = "%{file}\t%{index}\t%{color}\t%{weight}\t%{slant}\t%{family[0]}\t%{charset}\n"
_FC_MATCH = ("fc-match", "--sort", "--all", f"--format={_FORMAT}", _QUERY)
_FC_LIMIT_S = 5.0
_ANSWER_BYTES = 1 << 20
"""Room for its answer, so that it need not wait to be read. With many fonts it is half of that."""
_MOST = 1000
"""Fonts that are looked at: no desktop has so many families."""
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_HEAVY = 100
"""The weight of Medium; what is heavier is a second cut of a family that is there in Regular."""
_FACE = 0xFFFF
"""The bits of an index that are the face in its file; the rest names a cut of a variable font."""


class FontFile(msgspec.Struct, frozen=True):
    """A font file, and the face in it if it is a collection."""

    path: str
    index: int = 0


class InstalledFont:
    """A font of this machine."""

    def __init__(self, file: FontFile, family: str, charset: str, is_colour: bool = False) -> None:
        """``charset`` is as fontconfig writes it: ``20-7e a0 4e00-9fff``."""
        self.file = file
        self.family = family
        self.is_colour = is_colour
        """Whether its glyphs are pictures of one size, as those of emoji."""
        self._firsts, self._lasts = _code_points(charset)

    def has(self, character: str) -> bool:
        """Whether it has a glyph for a character."""
        code = ord(character)
        i = bisect.bisect_right(self._firsts, code) - 1
        return i >= 0 and code <= self._lasts[i]


def _code_points(charset: str) -> tuple["array[int]", "array[int]"]:
    """The first and the last code point of each range. ValueError for other words.

    Arrays, since the fonts of a machine have tens of thousands of ranges, and every process of a
    wall is forked from the one that holds them.
    """
    ranges = [written.split("-") for written in charset.split()]
    firsts = array("I", [int(of[0], 16) for of in ranges])
    return firsts, array("I", [int(of[-1], 16) for of in ranges])


@functools.cache
def ask() -> "subprocess.Popen[bytes] | None":
    """Ask fontconfig now: it answers while other things are done. ``None`` where it is missing."""
    try:
        return subprocess.Popen(
            _FC_MATCH,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_ANSWER_BYTES,
        )
    except OSError:
        return None


@functools.cache
def installed_fonts() -> tuple[InstalledFont, ...]:
    """The upright fonts of this machine in fontconfig's order; none where it is not installed."""
    found = (_font(line) for line in _answer().split("\n")[:_MOST])
    return tuple(font for font in found if font is not None)


def _answer() -> str:
    """What fontconfig says; nothing if it fails, or takes too long."""
    asked = ask()
    if asked is None:
        return ""
    try:
        answer, _ = asked.communicate(timeout=_FC_LIMIT_S)
    except subprocess.TimeoutExpired:
        asked.kill()
        asked.communicate()
        return ""
    return os.fsdecode(answer) if asked.returncode == 0 else ""


def _font(line: str) -> InstalledFont | None:
    """The font of a line of fontconfig's answer, if text can be written with it."""
    fields = line.split("\t")
    if len(fields) != 7 or not fields[0].lower().endswith(_ENDINGS):
        return None
    path, index, colour, weight, slant, family, charset = fields
    try:
        if float(weight) > _HEAVY or float(slant) > 0:
            return None
        file = FontFile(path, int(index) & _FACE)
        return InstalledFont(file, family, charset, is_colour=colour == "True")
    except ValueError:
        return None
