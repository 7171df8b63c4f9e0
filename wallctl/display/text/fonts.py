"""Which fonts the wall writes with, and which characters none of them has.

The order is: the site's own path, what fontconfig calls the sans font for Chinese, paths where
distributions keep one. What that font lacks is written with others of the machine. How text is
drawn is not known here.
"""

import functools
import itertools
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from PIL import ImageFont

from wallctl.display.text.installed_fonts import FontFile, InstalledFont, installed_fonts
from wallctl.display.text.typeset import is_drawn

KNOWN_PATHS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
SAMPLE = "信号中断窗口预案一二三"
"""A font that lacks one of these can't serve a Chinese wall."""

_PROBE_PX = 24
_NEVER_ASSIGNED = "\U0010ffff"
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
PREFERRED = (
    *("Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "UKIJ Tuz", "Noto Serif Tibetan"),
    *("Noto Sans Tibetan", "Jomolhari", "Noto Sans Mongolian", "Noto Sans Yi"),
    *("Noto Color Emoji", "Noto Emoji", "HanaMinA", "HanaMinB", "BabelStone Han"),
)
"""Families that write well what the wall's font lacks; others follow in fontconfig's order."""
PACKAGES = (
    ("fonts-noto-color-emoji", (0x1F000, 0x1FAFF)),
    ("fonts-hanazono fonts-babelstone-han", (0x2E80, 0xA000)),
    ("fonts-hanazono fonts-babelstone-han", (0x20000, 0x3FFFF)),
    ("fonts-noto-core", (0x0000, 0x1EFFF)),
)
"""Which Debian package writes which characters; the first that fits is named."""


@functools.cache
def find_font(given: str | None = None) -> FontFile | None:
    """The first usable font; ``None`` if this machine has none for Chinese."""
    if given is not None and (own := _opened(given)) is not None:
        return own
    having = (font for font in installed_fonts() if all(map(font.has, SAMPLE)))
    first = (font.file.path for font in itertools.islice(having, 1))
    for path in (*first, *KNOWN_PATHS):
        font = _opened(path) if path else None
        if font is not None and not missing_glyphs(font, SAMPLE):
            return font
    return None


def font_warning(given: str | None, found: FontFile | None) -> str | None:
    """One sentence for start-up if the font is not what was asked or can't write Chinese."""
    if found is None:
        return (
            "No font on this machine has Chinese characters, so Chinese text will show as boxes: "
            "install fonts-noto-cjk or name a font file under [defaults] font."
        )
    if given is not None and found.path != given:
        return (
            f"The site's font {given} is not a readable font file, so {found.path} is used: "
            "correct [defaults] font."
        )
    if lacking := missing_glyphs(found, SAMPLE):
        instead = "show as boxes" if FontChain(found).lacking(SAMPLE) else "come from another font"
        return (
            f"The font {found.path} lacks Chinese characters ({''.join(sorted(lacking))}), which "
            f"{instead}: name another under [defaults] font."
        )
    return None


def missing_glyphs(font: FontFile, text: str) -> set[str]:
    """The characters of ``text`` that would be drawn as the font's .notdef box.

    OSError if the file is not a readable font.
    """
    face = _probe(font)
    notdef = _drawn(face, _NEVER_ASSIGNED)
    visible = {
        c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _NEVER_DRAWN
    }
    return {c for c in visible if _drawn(face, c) == notdef}


class FontChain:
    """The wall's font, and those that write what it lacks."""

    def __init__(self, own: FontFile, others: Iterable[InstalledFont] | None = None) -> None:
        """``others`` are those of the machine, if nothing is said."""
        fonts = installed_fonts() if others is None else tuple(others)
        self.own = own
        self._own = next((font for font in fonts if font.file == own), None)
        self._others = sorted((font for font in fonts if font.file != own), key=_preference)
        self._found: dict[str, FontFile | None] = {}
        self.colours = frozenset(font.file for font in fonts if font.is_colour)
        """Those whose glyphs are pictures."""

    def font_of(self, characters: str) -> FontFile | None:
        """The first font that has all of some characters; ``None`` if there is none."""
        if characters not in self._found:
            self._found[characters] = self._first(characters)
        return self._found[characters]

    def owns(self, character: str) -> bool:
        """Whether the wall's own font has a character."""
        if self._own is not None:
            return self._own.has(character)
        return not missing_glyphs(self.own, character)

    def lacking(self, text: str) -> str:
        """The characters of a text that would show as boxes, each once."""
        drawn = dict.fromkeys(c for c in unicodedata.normalize("NFC", text) if is_drawn(c))
        return "".join(c for c in drawn if self.font_of(c) is None)

    def drop(self, font: FontFile) -> None:
        """A font can't be opened any more: others write what it wrote."""
        self._others = [one for one in self._others if one.file != font]
        self._found.clear()

    def _first(self, characters: str) -> FontFile | None:
        if all(map(self.owns, characters)):
            return self.own
        having = (font for font in self._others if all(map(font.has, characters)))
        found = next(having, None)
        return None if found is None else found.file


def _preference(font: InstalledFont) -> int:
    return PREFERRED.index(font.family) if font.family in PREFERRED else len(PREFERRED)


def package_for(character: str) -> str:
    """The Debian package to install for a character that no font has; empty for one of no use."""
    code = ord(character)
    fits = (name for name, (first, last) in PACKAGES if first <= code <= last)
    return next(fits, "") if unicodedata.category(character) not in {"Co", "Cn"} else ""


@functools.cache
def held_path(path: str) -> str:
    """The path by which this process and its children open a font file, also once it is gone.

    The file stays open: a wall must not lose its words when a package is removed or replaced.
    """
    try:
        return f"/proc/self/fd/{os.open(path, os.O_RDONLY | os.O_CLOEXEC)}"
    except OSError:
        return path


@functools.lru_cache(maxsize=4)
def _probe(font: FontFile) -> ImageFont.FreeTypeFont:
    basic = ImageFont.Layout.BASIC
    path = held_path(font.path)
    return ImageFont.truetype(path, _PROBE_PX, index=font.index, layout_engine=basic)


def _drawn(face: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character)
    return mask.size, bytes(mask)


def _opened(path: str) -> FontFile | None:
    """The font at a path, the simplified Chinese face of a collection; ``None`` if unusable."""
    if not Path(path).is_file():
        return None
    names = _face_names(path)
    if not names:
        return None
    chinese = (i for i, name in enumerate(names) if name.endswith(" SC") and "Mono" not in name)
    return FontFile(path, next(chinese, 0))


def _face_names(path: str) -> list[str]:
    """The family name of each face in a font file; none if it is no font."""
    names: list[str] = []
    while True:
        try:
            face = ImageFont.truetype(path, _PROBE_PX, index=len(names))
        except OSError:
            return names
        names.append(face.getname()[0] or "")
