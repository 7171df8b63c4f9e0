"""The strip below a snapshot: when it was taken, where, and of what. Pure.

It stands below the picture, so that nothing of it is hidden. The time is never cut: where one line
is too short for all, the other words get a line of their own.
"""

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.text.text_line import Face, line_height
from wallctl.model.base.geometry import even

_TEXT_SHARE = 1 / 40
"""The text's height, of the picture's."""
_LEAST_PX, _MOST_PX = 13, 30
_APART_EM, _MARGIN_EM = 1.2, 0.8


def captioned(face: Face, picture: Image.Image, when: str, words: tuple[str, ...]) -> Image.Image:
    """The picture with the strip; as wide as it was, its height even."""
    px = round(min(_MOST_PX, max(_LEAST_PX, picture.height * _TEXT_SHARE)))
    margin, apart = round(px * _MARGIN_EM), round(px * _APART_EM)
    room = picture.width - 2 * margin
    while face.width(when, px) > room and px > 1:
        px -= 1
    time = face.image(when, px, icons.WHITE)
    said = "  ·  ".join(word for word in words if word)
    beside = room - time.width - apart
    fits = bool(said) and face.width(said, px) <= beside
    rows = 1 if fits or not said else 2
    h = line_height(px)
    strip = Image.new("RGBA", (picture.width, even(rows * h + margin)), (*icons.NIGHT, 255))
    top = (strip.height - rows * h) // 2
    strip.alpha_composite(time, (margin, top))
    if said:
        text = face.image(said, px, icons.SOFT, None if fits else room)
        at = (margin + time.width + apart, top) if fits else (margin, top + h)
        strip.alpha_composite(text, at)
    whole = Image.new("RGB", (picture.width, picture.height + strip.height))
    whole.paste(picture, (0, 0))
    whole.paste(strip.convert("RGB"), (0, picture.height))
    return whole
