"""One run of text in one font, measured and drawn so that it stays within its line.

Fonts of other scripts are higher or deeper than the wall's own, and those of emoji hold pictures of
one size: both are fitted into the line.
"""

import functools

from PIL import Image, ImageDraw, ImageFont

from wallctl.display.text.installed_fonts import FontFile
from wallctl.display.text.typeset import Run
from wallctl.model.base.colours import Colour

BASELINE = 0.37
"""How far below the middle of the line the baseline is, in em: centres ideographs and digits."""
_PICTURE_SIZES = (109, 128, 136, 160, 96, 64, 32, 20)
"""Pixels to the em in which fonts of pictures come; 109 is that of Noto Color Emoji."""
_PICTURE_EM = 0.82
"""An emoji is drawn so much smaller: then it is as high as the characters beside it."""
_LEAST_PX = 4
_KEPT = 16
_Box = tuple[float, float, float, float]


class GlyphRun:
    """A run in a font of a size. ``draw`` puts it on a picture with its left end at ``x``."""

    def __init__(
        self,
        text: str,
        font: ImageFont.FreeTypeFont,
        to_left: bool = False,
        raised_px: int = 0,
        scale: float | None = None,
    ) -> None:
        """``scale`` is that of a font of pictures; ``None`` for glyphs that take a colour."""
        can_turn = font.layout_engine is ImageFont.Layout.RAQM
        self._direction = ("rtl" if to_left else "ltr") if can_turn else None
        self._text = text if self._direction or not to_left else text[::-1]
        self._font = font
        self._raised_px = raised_px
        self._scale = scale
        length = font.getlength(self._text, direction=self._direction)
        self.width_px = -int(-length * (scale or 1) // 1)

    def box(self) -> _Box:
        """Where its ink is: left, top, right and bottom from its place on the baseline."""
        left, top, right, bottom = self._font.getbbox(
            self._text, anchor="ls", direction=self._direction
        )
        scale = self._scale or 1
        return left * scale, top * scale, right * scale, bottom * scale

    def draw(self, picture: Image.Image, x: int, baseline: int, colour: Colour) -> None:
        """Draw it, transparent around it, with its own colours if it has some."""
        y = baseline - self._raised_px
        if self._scale is None:
            ImageDraw.Draw(picture).text(
                (x, y), self._text, fill=(*colour, 255), font=self._font, anchor="ls",
                direction=self._direction,
            )  # fmt: skip
            return
        left, top, right, bottom = self._font.getbbox(
            self._text, anchor="ls", direction=self._direction
        )
        large = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))))
        ImageDraw.Draw(large).text(
            (-left, -top), self._text, font=self._font, anchor="ls", embedded_color=True,
            direction=self._direction,
        )  # fmt: skip
        size = (max(1, round(large.width * self._scale)), max(1, round(large.height * self._scale)))
        small = large.resize(size, Image.Resampling.BOX)
        at = round(x + left * self._scale), round(y + top * self._scale)
        picture.paste(small, at, small)


def opened(run: Run, px: int, line_px: int, colours: frozenset[FontFile]) -> GlyphRun | None:
    """A run of a line of ``line_px`` at ``px`` to the em; ``None`` if its font can't be opened."""
    if run.font in colours:
        found = _pictures(run.font)
        return None if found is None else _fitted_pictures(run, found, px, line_px)
    above, below = _room(px, line_px)
    size = px
    while True:
        font = _font(run.font, size)
        if font is None:
            return None
        glyphs = GlyphRun(run.text, font, run.to_left)
        _, top, _, bottom = glyphs.box()
        height = bottom - top
        if height <= line_px or size <= _LEAST_PX:
            break
        size = max(_LEAST_PX, min(size - 1, int(size * line_px / height)))
    return GlyphRun(run.text, font, run.to_left, _raise(top, bottom, above, below))


def _fitted_pictures(
    run: Run, found: tuple[ImageFont.FreeTypeFont, int], px: int, line_px: int
) -> GlyphRun | None:
    """``None`` where nothing is drawn: its pictures are in a form that FreeType does not know."""
    font, em_px = found
    scale = px * _PICTURE_EM / em_px
    glyphs = GlyphRun(run.text, font, run.to_left, scale=scale)
    left, top, right, bottom = glyphs.box()
    if right <= left or bottom <= top:
        return None
    if bottom - top > line_px:
        scale *= line_px / (bottom - top)
        top, bottom = top * line_px / (bottom - top), bottom * line_px / (bottom - top)
    raised_px = _raise(top, bottom, *_room(px, line_px))
    return GlyphRun(run.text, font, run.to_left, raised_px, scale)


def _room(px: int, line_px: int) -> tuple[int, int]:
    """Pixels of the line above and below the baseline."""
    above = round(line_px / 2 + BASELINE * px)
    return above, line_px - above


def _raise(top: float, bottom: float, above: int, below: int) -> int:
    """How far up ink is to be moved that would leave the line; negative: down."""
    return max(0, -int(-(bottom - below) // 1)) - max(0, -int(-(-top - above) // 1))


@functools.lru_cache(_KEPT)
def _font(file: FontFile, px: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(file.path, px, index=file.index)
    except OSError:
        return None


@functools.lru_cache(_KEPT)
def _pictures(file: FontFile) -> tuple[ImageFont.FreeTypeFont, int] | None:
    """A font of pictures, in a size that it has."""
    sizes = ((_font(file, px), px) for px in _PICTURE_SIZES)
    return next(((font, px) for font, px in sizes if font is not None), None)
