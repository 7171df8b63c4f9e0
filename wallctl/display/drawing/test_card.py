"""The test card that stands for a camera where there is none: round, straight, and by its number.

Pure: values in, a picture out. What a wall makes of it is seen at once: a circle that is an egg, a
line that is broken, a corner that is cut off.
"""

import colorsys

from PIL import Image, ImageDraw

from wallctl.display.drawing import icons
from wallctl.display.text.text_line import Face
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Size

CARD = Size(1920, 1080)
CIRCLE_SHARE = 0.9
"""The circle's diameter, of the card's height."""
LINE_SHARE = 1 / 120
"""The circle's line, of the card's height: outwards from its radius one half, inwards the other."""
WHITE: Colour = (235, 238, 242)
_GOLDEN = 0.618
"""Turns of the colour circle from one number to the next: neighbours differ much."""
_SQUARES = 16, 9
_FINE = 2
"""It is drawn so many times larger, and shrunk: smooth without a word about it."""


def card(face: Face, number: int) -> Image.Image:
    """The card of a source."""
    w, h = CARD.w * _FINE, CARD.h * _FINE
    picture = Image.new("RGB", (w, h), _tone(number, 0.20))
    draw = ImageDraw.Draw(picture)
    line = round(h * LINE_SHARE / 4)
    faint = _tone(number, 0.34)
    for i in range(_SQUARES[0] + 1):
        draw.line([(i * w // _SQUARES[0], 0), (i * w // _SQUARES[0], h)], faint, line)
    for i in range(_SQUARES[1] + 1):
        draw.line([(0, i * h // _SQUARES[1]), (w, i * h // _SQUARES[1])], faint, line)
    draw.rectangle((0, 0, w - 1, h - 1), outline=_tone(number, 0.62), width=4 * line)
    radius, thick = h * CIRCLE_SHARE / 2, h * LINE_SHARE
    outer, inner = radius + thick / 2, radius - thick / 2
    for far, colour in ((outer, WHITE), (inner, _tone(number, 0.26))):
        draw.ellipse((w / 2 - far, h / 2 - far, w / 2 + far, h / 2 + far), fill=colour)
    small = picture.resize((CARD.w, CARD.h), Image.Resampling.BOX)
    digits = face.image(str(number), CARD.h // 3, icons.WHITE)
    small.paste(digits, ((CARD.w - digits.width) // 2, (CARD.h - digits.height) // 2), digits)
    return small


def _tone(number: int, light: float) -> Colour:
    """A calm colour of a number, lighter or darker."""
    r, g, b = colorsys.hls_to_rgb(number * _GOLDEN % 1, light, 0.38)
    return round(255 * r), round(255 * g), round(255 * b)
