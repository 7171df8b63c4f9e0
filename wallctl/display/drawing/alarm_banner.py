"""How an alarm looks: frame and bar around the tile that shows it, or a line at a screen's foot.

Nothing of it moves or blinks: it is large, of one strong colour, and stays until the alarm ends.
Pure: values in, drawings out.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import above_toast, corner_height, scale
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR, turns
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.wall.scene.alarm_banner import AlarmSign, bar_height, frame_px


class _Look(NamedTuple):
    back: Colour
    ink: Colour
    """What is read on it: contrast at least 4.5."""


LOOKS: dict[AlarmColour, _Look] = {
    AlarmColour.RED: _Look((206, 32, 41), icons.WHITE),
    AlarmColour.ORANGE: _Look((255, 132, 31), icons.NIGHT),
    AlarmColour.AMBER: _Look((255, 200, 40), icons.NIGHT),
    AlarmColour.VIOLET: _Look((116, 72, 196), icons.WHITE),
}
_ABOVE_CLOCK, _BESIDE_CLOCK = 0.85, 0.64
"""How much of the canvas's width a line may take: above the clock, and in one row with it."""
_LEAST_PILL = 3
"""Heights of the bar: in less room the name of a camera says nothing."""
_LEAST_PX = 10
"""Of what to do and which camera it is: it is quiet, but it must be read."""
_EDGE_PX = 2
"""Of the frame, a dark line on its inner side, so that it shows on a picture of its colour too."""


def sign(face: Face, words: Catalogue, alarm: AlarmSign, time: str) -> tuple[Drawing, ...]:
    """What an alarm puts over the canvas: a frame, and last what is read; ``time``: since when, as
    a time of day."""
    frame = _framed(alarm.rect, alarm.colour, _thick(alarm))
    told = _bar if alarm.is_shown and not alarm.over_help else _line
    return (*frame, told(face, words, alarm, time))


def bare_sign(alarm: AlarmSign) -> tuple[Drawing, ...]:
    """The same without any text: the frame, and a bar with the warning sign."""
    tile, look = alarm.rect.size, LOOKS[alarm.colour]
    h = bar_height(tile)
    picture = Image.new("RGBA", (tile.w, h), (*look.back, 255))
    _head(picture, h, look.ink)
    bar = Drawing(Patch.from_image(picture), alarm.rect.x, alarm.rect.y)
    return (*_framed(alarm.rect, alarm.colour, _thick(alarm)), bar)


def _thick(alarm: AlarmSign) -> int:
    """How thick the frame is: thin, where the alarm is only told of."""
    size = alarm.rect.size
    if alarm.is_shown:
        return frame_px(size)
    return max(4, even(8 * scale(size)))


def _framed(rect: Rect, colour: AlarmColour, thick: int) -> tuple[Drawing, ...]:
    """Four strips inside a rectangle's edges, as far as there is room for them."""
    if min(rect.w, rect.h) <= 2 * thick:
        return ()
    back, side = LOOKS[colour].back, rect.h - 2 * thick
    light = thick - _EDGE_PX
    across = Patch.flat(Size(rect.w - 2 * light, _EDGE_PX), icons.NIGHT)
    down = Patch.flat(Size(_EDGE_PX, side), icons.NIGHT)
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
    """Along the tile's upper edge: what it is about on the left; where, since when and what to do
    on the right, as far as there is room beside what it is about."""
    tile, look = alarm.rect.size, LOOKS[alarm.colour]
    h = bar_height(tile)
    picture = Image.new("RGBA", (tile.w, h), (*look.back, 255))
    gap = h // 3
    x = _head(picture, h, look.ink)
    number = _number(face, alarm, h)
    beside = tile.w - gap - x - (number.width + 2 * gap if number else 0)
    name = face.image(alarm.name, round(h * 0.54), look.ink, max(0, beside))
    icons.centred_on(picture, name, x)
    x += name.width + gap
    px = round(h * 0.42)
    needed = min(face.width(alarm.words, px), tile.w // 2) if alarm.words else 0
    right = tile.w - gap
    pieces = _aside(face, words, alarm, time, h)
    for image in _fitting(pieces, right - x - needed, gap, right - x):
        icons.centred_on(picture, image, right - image.width)
        right -= image.width + gap
    if needed and right - x >= min(needed, 2 * h):
        icons.centred_on(picture, face.image(alarm.words, px, look.ink, right - x), x)
    return Drawing(Patch.from_image(picture), alarm.rect.x, alarm.rect.y)


def _head(picture: Image.Image, h: int, ink: Colour) -> int:
    """Put the warning sign at the beginning of a line; where the next piece begins."""
    side = even(h * 0.62)
    icons.centred_on(picture, icons.icon(icons.warning, side, ink), h // 4)
    return h // 4 + side + h // 5


class _Piece(NamedTuple):
    """Something on a bar's right."""

    image: Image.Image
    rank: int
    """Of pieces that have no room side by side the one with the lowest stays."""
    narrowed: Callable[[int], Image.Image] | None = None
    """Draws it for less room, in px, if that says more than nothing."""
    least_px: int = 0
    bare: Image.Image | None = None
    """The least of it, which stays whatever else has to go."""


def _aside(face: Face, words: Catalogue, alarm: AlarmSign, time: str, h: int) -> Iterator[_Piece]:
    """What to do, since when, how many wait, and the source: a bar's right, from its end.

    That a picture is a backup's goes before all that: it is another camera than one would think.
    """
    look = LOOKS[alarm.colour]
    if alarm.key:
        told = words.say(Text.ALARM_KEY, key=alarm.key)
        yield _Piece(face.image(told, max(_LEAST_PX, round(h * 0.34)), look.ink), 1)
    yield _Piece(face.image(time, round(h * 0.4), look.ink), 4)
    if alarm.more:
        text = words.say(Text.MORE_ALARMS, count=alarm.more)
        yield _Piece(_pill(face, [text], h, (look.ink, look.back)), 3)
    pill = functools.partial(_pill, face, _source(words, alarm), h, _pill_colours(alarm))
    rank = 2 if alarm.stands_for is None else 0
    yield _Piece(pill(), rank, pill, _LEAST_PILL * h, _number(face, alarm, h))


def _fitting(
    pieces: Iterator[_Piece], room_px: int, gap_px: int, most_px: int
) -> list[Image.Image]:
    """What has room of pieces that stand so far apart, in their order. What must stay may take up
    to ``most_px`` of all together."""
    given, kept = list(pieces), dict[int, Image.Image]()
    words_px = most_px - room_px
    held_px = sum(piece.bare.width + gap_px for piece in given if piece.bare is not None)
    for piece in sorted(given, key=lambda one: one.rank):
        image, free_px = piece.image, room_px - gap_px
        if piece.bare is None:
            free_px -= max(0, held_px - words_px)
        else:
            held_px -= piece.bare.width + gap_px
        if piece.narrowed is not None and piece.least_px <= free_px < image.width:
            image = piece.narrowed(free_px)
        if piece.bare is not None and image.width > free_px:
            image, free_px = piece.bare, free_px + words_px
        if image.width <= free_px:
            room_px -= image.width + gap_px
            kept[piece.rank] = image
    return [kept[piece.rank] for piece in given if piece.rank in kept]


def _number(face: Face, alarm: AlarmSign, h: int) -> Image.Image | None:
    """What people call the camera by, if it has a number."""
    return _pill(face, [str(alarm.spoken)], h, _pill_colours(alarm)) if alarm.spoken else None


def _pill_colours(alarm: AlarmSign) -> tuple[Colour, Colour]:
    return icons.NIGHT, icons.WHITE if alarm.stands_for is None else icons.AMBER


def _source(words: Catalogue, alarm: AlarmSign) -> tuple[str, ...]:
    """Which camera it is, by number and name; of a backup, for which one it stands there."""
    if alarm.stands_for is not None:
        return (words.say(Text.BACKUP, name=alarm.source, lost=alarm.stands_for),)
    return (str(alarm.spoken), alarm.source) if alarm.spoken else (alarm.source,)


def _pill(
    face: Face,
    texts: Sequence[str],
    h: int,
    colours: tuple[Colour, Colour],
    most_px: int | None = None,
) -> Image.Image:
    """Texts side by side. Each is drawn by itself: in one line a number that ends a name from right
    to left would stand beside the number before it."""
    back, ink = colours
    px, pad, gap = max(_LEAST_PX, round(h * 0.34)), round(h * 0.5), round(h * 0.25)
    room = 6 * h if most_px is None else min(6 * h, (most_px - pad) // 2 * 2)
    lines = []
    for text in texts:
        lines.append(face.image(text, px, ink, max(0, room)))
        room -= lines[-1].width + gap
    w = sum(line.width for line in lines) + (len(lines) - 1) * gap
    pill = icons.pill(Size(even(w + pad), even(h * 0.6)), back, 1.0, h // 8)
    x = pad // 2
    for line in lines:
        icons.centred_on(pill, line, x)
        x += line.width + gap
    return pill


def _line(face: Face, words: Catalogue, alarm: AlarmSign, time: str) -> Drawing:
    """One line at the canvas's lower left: above the toast, or at the help sheet's foot, which is
    free. What there is no room for is left out from the end, but what to do."""
    canvas, look = alarm.rect.size, LOOKS[alarm.colour]
    h, y = _at_sheets_foot(canvas) if alarm.over_help else _above_toast(canvas)
    margin, start, px = even(20 * scale(canvas)), h // 4 + even(h * 0.62) + h // 5, round(h * 0.5)
    share = _BESIDE_CLOCK if alarm.over_help else _ABOVE_CLOCK
    room = min(round(canvas.w * share), canvas.w - margin) - start - h // 2
    ends = [words.say(Text.ALARM_KEY, key=alarm.key)] if alarm.key else []
    end_w = sum(face.width(SEPARATOR + end, px) for end in ends)
    about = _about(face, _told(words, alarm, time), px, room - end_w)
    line = face.image(SEPARATOR.join([about, *ends]), px, look.ink, max(0, room))
    picture = icons.pill(Size(even(start + line.width + h // 2), h), look.back, 1.0, h // 5)
    icons.centred_on(picture, line, _head(picture, h, look.ink))
    return Drawing(Patch.from_image(picture), margin, max(0, y))


def _about(face: Face, told: Sequence[str], px: int, room_px: int) -> str:
    """What has room of what is told: of the last two all or nothing."""
    texts = (SEPARATOR.join(filter(None, told[: len(told) - i])) for i in range(3))
    whole = (text for text in texts if face.width(text, px) <= room_px)
    least = SEPARATOR.join(filter(None, told[:-2]))
    return next(whole, None) or face.fitted(least, px, max(0, room_px))


def _told(words: Catalogue, alarm: AlarmSign, time: str) -> Sequence[str]:
    """What a line tells, except what to do: the most important first."""
    waits = "" if alarm.is_shown else words.say(Text.ALARM_WAITING)
    name = "" if alarm.name == alarm.source else alarm.name
    more = words.say(Text.MORE_ALARMS, count=alarm.more) if alarm.more else ""
    return waits, name, _source_in_line(words, alarm), alarm.words, time, more


def _source_in_line(words: Catalogue, alarm: AlarmSign) -> str:
    parts = _source(words, alarm)
    return (SEPARATOR if turns(alarm.source) else " ").join(parts)


def _above_toast(canvas: Size) -> tuple[int, int]:
    """The height of a line there, and where it begins."""
    h = max(24, even(56 * scale(canvas)))
    return h, above_toast(canvas, h)


def _at_sheets_foot(canvas: Size) -> tuple[int, int]:
    """The same, of one between the sheet and even the thicker frame."""
    free = corner_height(canvas) - frame_px(canvas)
    h = max(24, even(free * 0.86))
    return h, canvas.h - corner_height(canvas) + (free - h) // 2
