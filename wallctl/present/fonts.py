"""Which font file the wall writes with, and which characters it lacks.

The order is: the site's own path, what fontconfig calls the sans font for Chinese, paths where
distributions keep one. How text is drawn is not known here.
"""

import functools
import subprocess
import unicodedata
from pathlib import Path

import msgspec
from PIL import ImageFont

KNOWN_PATHS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
SAMPLE = "信号中断窗口预案一二三"
"""A font that lacks one of these can't serve a Chinese wall."""

_FC_MATCH = ("fc-match", "--format=%{file}", "sans:lang=zh-cn")
_FC_LIMIT_S = 5.0
_PROBE_PX = 24
_NEVER_ASSIGNED = "\U0010ffff"
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


class FontFile(msgspec.Struct, frozen=True):
    """A font file, and the face in it if it is a collection."""

    path: str
    index: int = 0


@functools.cache
def find_font(given: str | None = None) -> FontFile | None:
    """The first usable font; ``None`` if this machine has none for Chinese."""
    if given is not None and (own := _opened(given)) is not None:
        return own
    for path in (_fontconfig_path(), *KNOWN_PATHS):
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
        return (
            f"The font {found.path} lacks Chinese characters ({''.join(sorted(lacking))}), which "
            "will show as boxes: name another under [defaults] font."
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


@functools.lru_cache(maxsize=4)
def _probe(font: FontFile) -> ImageFont.FreeTypeFont:
    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(font.path, _PROBE_PX, index=font.index, layout_engine=basic)


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


def _fontconfig_path() -> str | None:
    """What fontconfig answers; ``None`` where it is not installed or has no answer."""
    try:
        answer = subprocess.run(
            _FC_MATCH, capture_output=True, text=True, check=True, timeout=_FC_LIMIT_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None
