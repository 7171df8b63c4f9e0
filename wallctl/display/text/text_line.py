"""Lines of text as RGBA images: cleaned, measured, shortened to a width.

What a text says and where it goes is decided by the drawings that use it.
"""

import functools
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from wallctl.display.text.fonts import FontChain, held_path
from wallctl.display.text.glyph_run import BASELINE, GlyphRun, opened
from wallctl.display.text.installed_fonts import FontFile
from wallctl.display.text.typeset import is_attached, runs
from wallctl.model.base.bidi import turns
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import even
from wallctl.model.base.unicode_rules import JOINERS, is_unfit, without_floods

ELLIPSIS = "…"
UNREADABLE = "\ufffd"
"""Stands for what is no character: half of one, a control."""
_LONGEST = 200
"""Characters of a text that are looked at: a name must not cost time by its length."""
_KEPT_LINES = 64
"""Lines in several fonts that are kept, so that measuring and drawing share the work."""
_KEPT_SIZES = 3
"""Sizes of a font that stay loaded: a Chinese one takes 1 MB at each, and half a millisecond."""
_LINE = 1.32
"""Height of a line box in em: room for accents and descenders."""
_BREAKS = " ·,;:?!，；：？！。、"
"""A line may end behind one of these."""


def clean(text: str) -> str:
    """NFC, on one line, without direction-changing characters and floods of marks; what is no
    character is shown as such. Any text can be drawn then."""
    flat = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    if flat.isascii() and flat.isprintable():
        return flat
    drawable = "".join(map(_drawable, flat))
    return " ".join(without_floods(drawable).split())  # a space may stand beside what went


def _drawable(character: str) -> str:
    if character in JOINERS:
        return character
    if is_unfit(character):
        return UNREADABLE
    return "" if unicodedata.category(character) == "Cf" else character


class Face:
    """A font that writes at any size. Others write what it lacks.

    ``Face(None)`` writes with Pillow's built-in Latin font, so that a wall without a Chinese font
    still shows numbers.
    """

    def __init__(self, font: FontFile | None) -> None:
        self.font = font
        self._at = functools.lru_cache(_KEPT_SIZES)(self._load)
        self._chain = None if font is None else FontChain(font)
        self._plain: set[str] = set()
        """Characters that the font writes by itself, from left to right."""
        self._set = functools.lru_cache(_KEPT_LINES)(self._typeset)

    def _load(self, px: int) -> ImageFont.FreeTypeFont:
        if self.font is not None:
            try:
                path = held_path(self.font.path)
                return ImageFont.truetype(path, px, index=self.font.index)
            except OSError:
                pass  # the file is gone while the wall runs: digits are better than nothing
        builtin = ImageFont.load_default(px)
        if isinstance(builtin, ImageFont.FreeTypeFont):
            return builtin
        raise OSError("This Pillow was built without FreeType: install Pillow from PyPI.")

    def width(self, text: str, px: int) -> int:
        """Pixels that a text takes at ``px`` pixels to the em: those of the cleaned one."""
        return self._width(clean(text), px)

    def _width(self, text: str, px: int) -> int:
        if not self.is_plain(text):
            return sum(run.width_px for run in self._set(text, px))
        font = self._at(px)
        return -int(-font.getlength(text, language=_language(font)) // 1)

    def fitted(self, text: str, px: int, max_w: int) -> str:
        """The cleaned text, ended by an ellipsis where it is wider than ``max_w`` pixels."""
        whole = clean(text)
        if self._width(whole, px) <= max_w:
            return whole
        short, long = 0, len(whole)
        while short + 1 < long:
            middle = (short + long) // 2
            fits = self._width(_cut(whole, middle), px) <= max_w
            short, long = (middle, long) if fits else (short, middle)
        cut = _cut(whole, short)
        return cut if self._width(cut, px) <= max_w else ""

    def wrapped(self, text: str, px: int, max_w: int, most: int) -> list[str]:
        """The cleaned text on as many lines as it takes, broken where words or phrases end.

        Of more than ``most`` lines the last one ends with an ellipsis.
        """
        left, lines = clean(text), list[str]()
        while len(lines) < most - 1 and self._width(left, px) > max_w:
            fitting = self._fitting(left, px, max_w)
            broken = max(left.rfind(mark, 0, fitting) for mark in _BREAKS) + 1
            cut = broken if 2 * broken > fitting else fitting
            lines.append(left[:cut].rstrip())
            left = left[cut:].lstrip()
        return [*lines, self.fitted(left, px, max_w)]

    def _fitting(self, text: str, px: int, max_w: int) -> int:
        """How many characters of a cleaned text fit, one at the least."""
        short, long = 1, len(text)
        while short + 1 < long:
            middle = (short + long) // 2
            fits = self._width(text[:middle], px) <= max_w
            short, long = (middle, long) if fits else (short, middle)
        return short

    def image(self, text: str, px: int, colour: Colour, max_w: int | None = None) -> Image.Image:
        """One line, transparent around it; ``line_height(px)`` high, as wide as the text, even."""
        line = clean(text) if max_w is None else self.fitted(text, px, max_w)
        w, h = self._width(line, px), line_height(px)
        picture = Image.new("RGBA", (max(2, w + w % 2), h), (*colour, 0))
        if not self.is_plain(line):
            x = 0
            for run in self._set(line, px):
                run.draw(picture, x, round(h / 2 + BASELINE * px), colour)
                x += run.width_px
            return picture
        font = self._at(px)
        ImageDraw.Draw(picture).text(
            (0, round(h / 2 + BASELINE * px)),
            line,
            fill=(*colour, 255),
            font=font,
            anchor="ls",
            language=_language(font),
        )
        return picture

    def is_plain(self, text: str) -> bool:
        """Whether the font alone writes a cleaned text, from left to right."""
        if self._chain is None or self._plain.issuperset(text):
            return True
        new = set(text) - self._plain
        self._plain |= {c for c in new if not turns(c) and self._chain.owns(c)}
        return self._plain.issuperset(text)

    def _typeset(self, text: str, px: int) -> tuple[GlyphRun, ...]:
        """A text that needs other fonts, or another direction, as runs from left to right."""
        chain = self._chain
        assert chain is not None
        while True:
            found = []
            for run in runs(text, chain.own, chain.font_of):
                glyphs = opened(run, px, line_height(px), chain.colours)
                if glyphs is None and run.font != chain.own:
                    chain.drop(run.font)
                    break
                found.append(glyphs or GlyphRun(run.text, self._at(px), run.to_left))
            else:
                return tuple(found)


def _language(font: ImageFont.FreeTypeFont) -> str | None:
    """What tells a font to write Chinese as it is written on the mainland, if it can be told."""
    return "zh-Hans" if font.layout_engine is ImageFont.Layout.RAQM else None


def line_height(px: int) -> int:
    """Height of the line box of a text of ``px`` pixels to the em, even."""
    return even(_LINE * px)


def _cut(text: str, length: int) -> str:
    while 0 < length < len(text) and (is_attached(text[length]) or text[length - 1] in JOINERS):
        length -= 1
    return text[:length].rstrip() + ELLIPSIS
