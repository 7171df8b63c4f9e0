"""How an alarm looks: frame and bar around the tile that shows it, or a notice at a screen's foot.

Nothing of it moves or blinks: it is large, of one strong colour, and stays until the alarm ends.
Pure: values in, drawings out.
"""

from typing import NamedTuple

from PIL import Image

from wallctl.model.alarm import AlarmColour
from wallctl.model.alarm_sign import AlarmSign
from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.colours import Colour
from wallctl.model.geometry import Rect, Size, even
from wallctl.present import shapes
from wallctl.present.overlays import above_notices, scale
from wallctl.present.patch import Drawing, Patch
from wallctl.present.slates import SEPARATOR, label_height, label_inset
from wallctl.present.text import Face, clean


class _Look(NamedTuple):
    back: Colour
    ink: Colour
    """What is read on it: contrast at least 4.5."""


LOOKS: dict[AlarmColour, _Look] = {
    AlarmColour.RED: _Look((206, 32, 41), shapes.WHITE),
    AlarmColour.ORANGE: _Look((255, 132, 31), shapes.NIGHT),
    AlarmColour.AMBER: _Look((255, 200, 40), shapes.NIGHT),
    AlarmColour.VIOLET: _Look((116, 72, 196), shapes.WHITE),
}
_BAR_SHARE = 0.1
"""Of the tile's height. On a panel of 1.2 m its name can be read at five metres."""
_FRAME_SHARE = 0.018
_EDGE_PX = 2
"""Of the frame, a dark line on its inner side, so that it shows on a picture of its colour too."""


def sign(face: Face, words: Catalogue, alarm: AlarmSign, time: str) -> tuple[Drawing, ...]:
    """What an alarm puts over the canvas; ``time``: since when, as a time of day."""
    size = alarm.rect.size
    if alarm.is_shown:
        frame = _framed(alarm.rect, alarm.colour, max(6, even(_unit(size) * _FRAME_SHARE)))
        return (*frame, _bar(face, words, alarm, time))
    frame = _framed(alarm.rect, alarm.colour, max(4, even(8 * scale(size))))
    return (*frame, _notice(face, words, alarm, time))


def _unit(tile: Size) -> int:
    return min(tile.h, tile.w * 9 // 16)


def bar_height(tile: Size) -> int:
    """Height of the bar in a tile: it covers the tile's label, whose words stand in it."""
    return max(even(_unit(tile) * _BAR_SHARE), even(label_height(tile) + 2 * label_inset(tile)))


def _framed(rect: Rect, colour: AlarmColour, thick: int) -> tuple[Drawing, ...]:
    """Four strips inside a rectangle's edges, as far as there is room for them."""
    if min(rect.w, rect.h) <= 2 * thick:
        return ()
    back, side = LOOKS[colour].back, rect.h - 2 * thick
    light = thick - _EDGE_PX
    across = Patch.flat(Size(rect.w - 2 * light, _EDGE_PX), shapes.NIGHT)
    down = Patch.flat(Size(_EDGE_PX, side), shapes.NIGHT)
    strips = (
        (Size(rect.w, thick), Drawing(across, light, light), 0, 0),
        (Size(rect.w, thick), Drawing(across, light, 0), 0, rect.h - thick),
        (Size(thick, side), Drawing(down, light, 0), 0, thick),
        (Size(thick, side), Drawing(down, 0, 0), rect.w - thick, thick),
    )
    return tuple(
        Drawing(Patch.composed(size, back, [edge]), rect.x + x, rect.y + y)
        for size, edge, x, y in strips
    )


def _bar(face: Face, words: Catalogue, alarm: AlarmSign, time: str) -> Drawing:
    """Along the tile's upper edge: what it is about on the left, since when and where right.

    What there is no room for is left out, the source first: what the alarm tells goes before it.
    """
    tile, look = alarm.rect.size, LOOKS[alarm.colour]
    h = bar_height(tile)
    picture = Image.new("RGBA", (tile.w, h), (*look.back, 255))
    gap = h // 3
    x = _head(picture, h, look.ink)
    name = face.image(alarm.name, round(h * 0.54), look.ink, max(0, tile.w - gap - x))
    shapes.centred_on(picture, name, x)
    x += name.width + gap
    px = round(h * 0.42)
    needed = min(face.width(clean(alarm.words), px), tile.w // 2) if alarm.words else 0
    right = tile.w - gap
    for piece in _aside(face, words, alarm, time, h):
        if right - piece.width - gap < x + needed:
            break
        shapes.centred_on(picture, piece, right - piece.width)
        right -= piece.width + gap
    if needed and right - x >= min(needed, 2 * h):
        shapes.centred_on(picture, face.image(alarm.words, px, look.ink, right - x), x)
    return Drawing(Patch.from_image(picture), alarm.rect.x, alarm.rect.y)


def _head(picture: Image.Image, h: int, ink: Colour) -> int:
    """Put the warning sign at the beginning of a line; where the next piece begins."""
    side = even(h * 0.62)
    shapes.centred_on(picture, shapes.icon(shapes.warning, side, ink), h // 4)
    return h // 4 + side + h // 5


def _aside(
    face: Face, words: Catalogue, alarm: AlarmSign, time: str, h: int
) -> tuple[Image.Image, ...]:
    """Time, how many wait, and the source: a bar's right, from its end to the left.

    That a picture is a backup's goes before all that: it is another camera than one would think.
    """
    look, px = LOOKS[alarm.colour], round(h * 0.4)
    since = face.image(time, px, look.ink)
    pills = []
    if alarm.more:
        text = words.say(Text.MORE_ALARMS, count=alarm.more)
        pills.append(_pill(face, text, h, (look.ink, look.back)))
    if alarm.stands_for is not None:
        told = words.say(Text.BACKUP, name=alarm.source, lost=alarm.stands_for)
        return (_pill(face, told, h, (shapes.NIGHT, shapes.AMBER)), since, *pills)
    source = f"{alarm.spoken}  {alarm.source}" if alarm.spoken else alarm.source
    return (since, *pills, _pill(face, source, h, (shapes.NIGHT, shapes.WHITE)))


def _pill(face: Face, text: str, h: int, colours: tuple[Colour, Colour]) -> Image.Image:
    back, ink = colours
    line = face.image(text, round(h * 0.34), ink, 6 * h)
    pill = shapes.pill(Size(line.width + round(h * 0.5), even(h * 0.6)), back, 1.0, h // 8)
    shapes.centred_on(pill, line)
    return pill


def _notice(face: Face, words: Catalogue, alarm: AlarmSign, time: str) -> Drawing:
    """One line at the canvas's lower left, above the quiet notices."""
    canvas, look = alarm.rect.size, LOOKS[alarm.colour]
    h, margin = max(24, even(56 * scale(canvas))), even(20 * scale(canvas))
    more = words.say(Text.MORE_ALARMS, count=alarm.more) if alarm.more else ""
    about = alarm.words or ("" if alarm.name == alarm.source else alarm.source)
    told = (words.say(Text.ALARM_WAITING), alarm.name, about, time, more)
    text = SEPARATOR.join(filter(None, told))
    start = h // 4 + even(h * 0.62) + h // 5
    room = min(round(canvas.w * 0.6), canvas.w - margin - start - h)
    line = face.image(text, round(h * 0.5), look.ink, max(0, room))
    picture = shapes.pill(Size(even(start + line.width + h // 2), h), look.back, 1.0, h // 5)
    shapes.centred_on(picture, line, _head(picture, h, look.ink))
    return Drawing(Patch.from_image(picture), margin, max(0, above_notices(canvas, h)))
