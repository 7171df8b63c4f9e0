"""Lines of text as RGBA images: cleaned, measured, shortened to a width.

What a text says and where it goes is decided by the drawings that use it.
"""

import unicodedata

from PIL import Image, ImageDraw, ImageFont, features

from wallctl.model.colours import Colour
from wallctl.model.geometry import even
from wallctl.present.fonts import FontFile

ELLIPSIS = "…"
_LONGEST = 200
"""Characters of a text that are looked at: a name must not cost time by its length."""
_JOINERS = "\u200c\u200d"
"""Invisible, but Arabic-script and Indic names are spelled with them."""
_LINE = 1.32
"""Height of a line box in em: room for accents and descenders."""
_BASELINE = 0.37
"""How far below the middle of the line the baseline is, in em: centres ideographs and digits."""


def clean(text: str) -> str:
    """NFC, on one line, without control, direction-changing or broken characters."""
    flat = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    drawable = "".join(
        c for c in flat if c in _JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join(drawable.split())  # what went may have stood between two spaces


class Face:
    """A font that writes at any size; each size is loaded once.

    ``Face(None)`` writes with Pillow's built-in Latin font, so that a wall without a Chinese font
    still shows numbers.
    """

    def __init__(self, font: FontFile | None) -> None:
        self.font = font
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        self._language = "zh-Hans" if font is not None and features.check("raqm") else None

    def _at(self, px: int) -> ImageFont.FreeTypeFont:
        if px not in self._sizes:
            self._sizes[px] = self._load(px)
        return self._sizes[px]

    def _load(self, px: int) -> ImageFont.FreeTypeFont:
        if self.font is not None:
            return ImageFont.truetype(self.font.path, px, index=self.font.index)
        builtin = ImageFont.load_default(px)
        if isinstance(builtin, ImageFont.FreeTypeFont):
            return builtin
        raise OSError("This Pillow was built without FreeType: install Pillow from PyPI.")

    def width(self, text: str, px: int) -> int:
        """Pixels that a cleaned text takes at ``px`` pixels to the em."""
        return -int(-self._at(px).getlength(text, language=self._language) // 1)

    def fitted(self, text: str, px: int, max_w: int) -> str:
        """The cleaned text, ended by an ellipsis where it is wider than ``max_w`` pixels."""
        whole = clean(text)
        if self.width(whole, px) <= max_w:
            return whole
        short, long = 0, len(whole)
        while short + 1 < long:
            middle = (short + long) // 2
            fits = self.width(_cut(whole, middle), px) <= max_w
            short, long = (middle, long) if fits else (short, middle)
        cut = _cut(whole, short)
        return cut if self.width(cut, px) <= max_w else ""

    def image(self, text: str, px: int, colour: Colour, max_w: int | None = None) -> Image.Image:
        """One line, transparent around it; ``line_height(px)`` high, as wide as the text, even."""
        line = clean(text) if max_w is None else self.fitted(text, px, max_w)
        w, h = self.width(line, px), line_height(px)
        picture = Image.new("RGBA", (max(2, w + w % 2), h), (*colour, 0))
        ImageDraw.Draw(picture).text(
            (0, round(h / 2 + _BASELINE * px)),
            line,
            fill=(*colour, 255),
            font=self._at(px),
            anchor="ls",
            language=self._language,
        )
        return picture


def line_height(px: int) -> int:
    """Height of the line box of a text of ``px`` pixels to the em, even."""
    return even(_LINE * px)


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip() + ELLIPSIS
