"""How the list of alarms looks: a head, and a row for each alarm. Pure: values in, drawings out."""

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.help_sheet import CAP, NUMBER, SHEET
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.alarm_sheet import AlarmEntry, head_height, row_rects

_TEXT_SHARE = 0.44
"""Of a row's height, in pixels to the em."""
_COLUMNS = (0.3, 0.38, 0.32)
"""Of what the time leaves of a row's width: which camera, what, and who has acknowledged it."""
_BY: dict[Role, Text] = {Role.OFFICER: Text.AT_THE_WALL, Role.REMOTE: Text.FROM_AFAR}


class RowTimes(NamedTuple):
    """When an alarm was raised and acknowledged, as people read it."""

    since: str
    done: str


class Head(NamedTuple):
    """What stands over the rows."""

    page: int
    pages: int
    key: str
    """What acknowledges an alarm; empty where no key does."""
    is_empty: bool
    """No row follows."""


def head(face: Face, words: Catalogue, told: Head, canvas: Size) -> tuple[Drawing, ...]:
    """The ground of the whole sheet, the accent along its upper edge, the title and the keys."""
    first, h = row_rects(canvas)[0], head_height(canvas)
    px = round(first.h * _TEXT_SHARE)
    title = face.image(words.say(Text.ALARM_LIST), round(px * 1.7), icons.WHITE, first.w // 2)
    hints = [words.say(Text.ALARM_LIST_KEYS)]
    if told.key:
        hints.append(words.say(Text.ALARM_KEY, key=told.key))
    if told.pages > 1:
        hints.append(words.say(Text.PAGE, page=told.page, pages=told.pages))
    keys = face.image(SEPARATOR.join(hints), px, icons.SOFT, first.w - title.width - 2 * px)
    drawings = [
        *bare_ground(canvas),
        _at(title, first.x, h // 2),
        _at(keys, first.right - keys.width, h // 2),
    ]
    if told.is_empty:
        none = face.image(words.say(Text.ALARM_LIST_EMPTY), px, icons.SOFT, first.w)
        drawings.append(_at(none, first.x, first.y + first.h))
    return tuple(drawings)


def bare_ground(canvas: Size) -> tuple[Drawing, ...]:
    """The sheet without any text."""
    accent = Patch.flat(Size(canvas.w, max(2, even(head_height(canvas) * 0.06))), icons.RED)
    return Drawing(Patch.flat(canvas, SHEET), 0, 0), Drawing(accent, 0, 0)


def row(
    face: Face, words: Catalogue, entry: AlarmEntry, times: RowTimes, rect: Rect
) -> tuple[Drawing, ...]:
    """An alarm: red while nobody has acknowledged it, brighter while it is marked."""
    back = CAP if entry.is_marked else SHEET
    picture = Image.new("RGBA", (rect.w & ~1, rect.h & ~1), (*back, 255))
    px = round(rect.h * _TEXT_SHARE)
    open_ = entry.by is None
    ink = icons.WHITE if open_ or entry.is_marked else icons.SOFT
    if open_:
        picture.paste((*icons.RED, 255), (0, 0, max(4, px // 3), picture.height))
    x, time_w = px, face.width("0" * len(times.since), px) + px
    columns = (time_w, *(round((rect.w - px - time_w) * share) for share in _COLUMNS))
    for width, pieces in zip(columns, _cells(words, entry, times, ink), strict=True):
        room, left = width - px, x
        for text, colour in pieces:
            image = face.image(text, px, colour, max(0, room))
            icons.centred_on(picture, image, left)
            left, room = left + image.width + px // 2, room - image.width - px // 2
        x += width
    return (Drawing(Patch.from_image(picture), rect.x & ~1, rect.y & ~1),)


def _cells(
    words: Catalogue, entry: AlarmEntry, times: RowTimes, ink: Colour
) -> Sequence[list[tuple[str, Colour]]]:
    """What stands in each column, each piece with its colour."""
    number = [(str(entry.spoken), NUMBER)] if entry.spoken else []
    what = [] if entry.name == entry.source else [entry.name]
    what += [entry.words] if entry.words else []
    count = [(f"×{entry.count}", icons.AMBER)] if entry.count > 1 else []
    if entry.by is None:
        done = [(words.say(Text.NOT_ACKNOWLEDGED), icons.RED)]
    else:
        by = words.say(_BY.get(entry.by, Text.FROM_AFAR))
        done = [(words.say(Text.ACKNOWLEDGED_BY, who=by, time=times.done), ink)]
    return (
        [(times.since, ink)],
        [*number, (entry.source, ink)],
        [*count, *((text, ink) for text in what)],
        done,
    )


def _at(image: Image.Image, x: int, middle_y: int) -> Drawing:
    return Drawing(Patch.from_image(image), x & ~1, (middle_y - image.height // 2) & ~1)
