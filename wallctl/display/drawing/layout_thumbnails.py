"""Sketches of screens: small pictures of which tile, or which source, is where.

Pure. What is too small to be read from some metres away is left out.
"""

from PIL import Image, ImageDraw

from wallctl.display.drawing import icons
from wallctl.display.text.text_line import Face
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.help_content import Sketch, SketchTile

GLASS: Colour = (6, 8, 11)
"""Between the tiles."""
TILE: Colour = (53, 68, 85)
EMPTY: Colour = (26, 33, 41)
_DIGITS_SHARE, _MOST_DIGITS_SHARE = 0.68, 0.4
"""Height of a number in its tile, and in the sketch."""
_NAME_SHARE = 0.26
_OVERSAMPLED = 4


def fitted(sketch: Size, within: Size) -> Size:
    """The largest even size of a sketch's shape that lies within a size."""
    scale = min(within.w / sketch.w, within.h / sketch.h)
    return Size(max(4, even(sketch.w * scale)), max(4, even(sketch.h * scale)))


def drawn(face: Face, sketch: Sketch, size: Size, least_px: int) -> Image.Image:
    """A sketch as an image of that size; ``least_px``: smaller writing is left out."""
    scale = size.w / sketch.size.w
    large = Image.new("RGBA", (size.w * _OVERSAMPLED, size.h * _OVERSAMPLED))
    draw = ImageDraw.Draw(large)
    radius = size.h * _OVERSAMPLED // 40
    for rect in sketch.screens:
        draw.rounded_rectangle(_box(rect, scale * _OVERSAMPLED, 0), radius, (*GLASS, 255))
    for tile in sketch.tiles:
        fill = TILE if tile.number else EMPTY
        draw.rounded_rectangle(
            _box(tile.rect, scale * _OVERSAMPLED, _OVERSAMPLED), radius, (*fill, 255)
        )
    image = large.reduce(_OVERSAMPLED)
    for tile in sketch.tiles:
        if tile.number:
            _write(face, image, tile, scale, least_px)
    return image


def _box(rect: Rect, scale: float, inset: int) -> tuple[int, int, int, int]:
    """The corners of a rectangle, both inside of it, and never in the wrong order."""
    x, y = round(rect.x * scale) + inset, round(rect.y * scale) + inset
    right, bottom = round(rect.right * scale) - inset - 1, round(rect.bottom * scale) - inset - 1
    return x, y, max(x, right), max(y, bottom)


def _write(face: Face, image: Image.Image, tile: SketchTile, scale: float, least_px: int) -> None:
    """A tile's number in its middle, and the name below it where there is room."""
    w, h = tile.rect.w * scale, tile.rect.h * scale
    digits = str(tile.number)
    px = round(min(h * _DIGITS_SHARE, w * 1.2 / len(digits), image.height * _MOST_DIGITS_SHARE))
    if px < least_px:
        return
    lines = [face.image(digits, px, icons.WHITE)]
    name_px = max(least_px, round(h * _NAME_SHARE))
    if tile.name and h >= 4 * name_px * 0.9 and face.width(tile.name, name_px) <= w * 0.92:
        lines = [
            face.image(digits, round(px * 0.8), icons.WHITE),
            face.image(tile.name, name_px, icons.SOFT),
        ]
    y = round((tile.rect.y * scale) + (h - sum(line.height for line in lines)) / 2)
    for line in lines:
        x = round(tile.rect.x * scale + (w - line.width) / 2)
        image.alpha_composite(line, (max(0, x), max(0, y)))
        y += line.height
