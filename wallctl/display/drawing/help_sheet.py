"""The sheet of keys: it covers a whole screen, and shows a site's own layouts and presets small.

From the top: layouts and presets with sketches, the other keys in columns by what they are for,
and the sources by number. Which keys exist, and where each goes, is not known here.
"""

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons, layout_thumbnails
from wallctl.display.drawing.help_layout import (
    Block,
    Ems,
    Measures,
    cap_width,
    flow,
    largest,
    picture_row,
    picture_widths,
    sketch_size,
    source_columns,
)
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.help_content import HelpEntry, HelpPage
from wallctl.model.operator.key_table import built_in_key
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.wall.commands.command import Help

SHEET: Colour = (17, 22, 28)
CAP: Colour = (52, 64, 79)
NUMBER: Colour = (140, 176, 216)
"""Of a source: the blue of the badges in tiles' labels, light enough to be read on the sheet."""
_RULE: Colour = (48, 59, 72)


class _Placed(NamedTuple):
    """An image on the middle line of a row, ``x`` pixels from the row's left edge."""

    x: int
    image: Image.Image


class HelpSheet:
    """The sheet of a page in the language of ``words``.

    It is drawn in steps of a few milliseconds, since all of it takes longer than a tick.
    """

    def __init__(self, face: Face, words: Catalogue, page: HelpPage, canvas: Size) -> None:
        self._begin = functools.partial(_steps, face, words, page, canvas)
        self._steps = self._begin()
        self._drawing: Drawing | None = None
        self._error: Exception | None = None
        """Why it could not be drawn ahead."""

    def draw_on(self) -> bool:
        """Do one more step; whether there was one. What failed fails again for the same reason."""
        if self._drawing is not None:
            return False
        if self._error is not None:
            raise self._error
        try:
            self._drawing = next(self._steps)
        except Exception as error:
            self._error = error
            raise
        return True

    def drawing(self) -> Drawing:
        """The whole sheet; what is still to be drawn of it is drawn now, and all of it where it
        failed before."""
        if self._error is not None:
            self._error, self._steps = None, self._begin()
        while self._drawing is None:
            self.draw_on()
        return self._drawing


def _steps(face: Face, words: Catalogue, page: HelpPage, canvas: Size) -> Iterator[Drawing | None]:
    """Nothing after each step, and at last the sheet."""
    ems = Ems.of(face, page)
    yield None
    plan = largest(page, canvas, ems)
    yield None
    sheet = Patch.flat(canvas, SHEET)
    painters = (
        _head(
            face,
            words,
            SEPARATOR.join(filter(None, (page.site, page.revision))),
            canvas,
            plan.measures,
        ),
        *(_pictures(face, block, plan.measures, ems) for block in plan.pictures),
        *(_lines(face, block, plan.measures) for block in plan.actions),
        _sources(face, plan.sources, plan.measures, ems),
    )
    for painter in painters:
        for drawing in painter:
            drawing.lay(sheet.ground)
            yield None
    yield Drawing(sheet, 0, 0)


def _head(face: Face, words: Catalogue, site: str, canvas: Size, m: Measures) -> Iterator[Drawing]:
    """The title, the site, how to close the sheet, and the accent along the upper edge."""
    row = Rect(m.margin, 0, canvas.w - 2 * m.margin, m.head)
    title = face.image(words.say(Text.HELP_TITLE), round(m.px * 1.6), icons.WHITE, row.w // 2)
    close = face.image(words.say(Text.HELP_CLOSE), m.px, icons.SOFT)
    cap = _cap(face, built_in_key(Help()), m.px)
    x = row.w - close.width - cap.width - m.px // 2
    name = face.image(site, m.px, icons.SOFT, max(0, x - title.width - 2 * m.px))
    accent = Patch.flat(Size(canvas.w, max(2, even(m.head * 0.06))), icons.BLUE)
    placed = (
        _Placed(0, title),
        _Placed(title.width + m.px, name),
        _Placed(x, cap),
        _Placed(row.w - close.width, close),
    )
    yield Drawing(accent, 0, 0)
    yield from _in_row(placed, row.x, m.head // 2)


def _in_row(placed: Iterable[_Placed], x: int, middle_y: int) -> Iterator[Drawing]:
    for one in placed:
        yield Drawing(Patch.from_image(one.image), x + one.x, middle_y - one.image.height // 2)


def _heading(face: Face, block: Block, m: Measures) -> Iterator[Drawing]:
    area = block.area
    words = face.image(block.group.heading, m.px, icons.BLUE, area.w)
    yield from _in_row([_Placed(0, words)], area.x, area.y + m.row // 2)
    rule = Patch.flat(Size(max(2, area.w & ~1), 2), _RULE)
    yield Drawing(rule, area.x, area.y + m.row)


def _pictures(face: Face, block: Block, m: Measures, ems: Ems) -> Iterator[Drawing]:
    """Sketches, each with its key and its name below it."""
    yield from _heading(face, block, m)
    places = zip(
        block.group.entries,
        flow(block.group, block.area.w, m, ems),
        picture_widths(block.group, m, ems),
        strict=True,
    )
    for entry, (x, row), own_w in places:
        top = block.area.y + m.heading + row * picture_row(m)
        left = block.area.x + x
        if entry.sketch is not None:
            size = sketch_size(entry, Size(own_w, m.picture))
            image = layout_thumbnails.drawn(face, entry.sketch, size, round(m.px * 0.6))
            yield Drawing(Patch.from_image(image), left, top + m.picture - size.h)
        line = _keys_and_words(face, entry, m, own_w)
        yield from _in_row(line, left, top + m.picture + m.row // 2 + m.gap // 8)


def _keys_and_words(face: Face, entry: HelpEntry, m: Measures, w: int) -> list[_Placed]:
    placed = _caps(face, entry.key, m.px)
    x = placed[-1].x + placed[-1].image.width + m.px // 2 if placed else 0
    return [*placed, _Placed(x, _shrunk(face, entry.words, m.px, icons.WHITE, w - x))]


def _lines(face: Face, block: Block, m: Measures) -> Iterator[Drawing]:
    """Lines of a key and what it does, aligned with each other."""
    yield from _heading(face, block, m)
    area, entries = block.area, block.group.entries
    caps = [_caps(face, entry.key, m.px) for entry in entries]
    caps_w = max(line[-1].x + line[-1].image.width for line in caps)
    x = min(max(caps_w, 2 * m.px), area.w * 3 // 5) + m.px // 2
    for i, (entry, line) in enumerate(zip(entries, caps, strict=True)):
        words = _shrunk(face, entry.words, m.px, icons.WHITE, area.w - x)
        middle_y = area.y + m.heading + i * m.row + m.row // 2
        yield from _in_row([*line, _Placed(x, words)], area.x, middle_y)


def _sources(face: Face, block: Block, m: Measures, ems: Ems) -> Iterator[Drawing]:
    """Sources by number, column by column; what there is no room for is counted.

    A number stands bare, since it is no key.
    """
    area, entries = block.area, list(block.group.entries)
    columns = source_columns(ems, area.w, m)
    rows = min((area.h - m.heading) // m.row, -(-len(entries) // columns))
    if not entries or rows < 1:
        return
    yield from _heading(face, block, m)
    if len(entries) > rows * columns:
        left_out = len(entries) - rows * columns + 1
        entries = [*entries[: rows * columns - 1], HelpEntry("…", f"+ {left_out}")]
    column_w = (area.w - (columns - 1) * m.gap) // columns
    number_w = even(max(face.width(entry.key, m.px) for entry in entries) + 1)
    for i, entry in enumerate(entries):
        number = face.image(entry.key, m.px, NUMBER)
        x = number_w + m.px // 2
        name = face.image(entry.words, m.px, icons.WHITE, column_w - x)
        left = area.x + i // rows * (column_w + m.gap)
        middle_y = area.y + m.heading + i % rows * m.row + m.row // 2
        yield from _in_row(
            [_Placed(number_w - number.width, number), _Placed(x, name)], left, middle_y
        )


def _shrunk(face: Face, words: str, px: int, colour: Colour, room: int) -> Image.Image:
    """The words, smaller where they are too wide, and at last cut short."""
    w = face.width(words, px)
    own_px = px if w <= room else max(round(px * 0.72), px * room // max(1, w))
    return face.image(words, own_px, colour, max(0, room))


def _caps(face: Face, keys: str, px: int) -> list[_Placed]:
    placed, x = [], 0
    for key in keys.split():
        cap = _cap(face, key, px)
        placed.append(_Placed(x, cap))
        x += cap.width + max(2, px // 5)
    return placed


def _cap(face: Face, key: str, px: int) -> Image.Image:
    """A key as it looks on a keyboard."""
    w = cap_width(face, key, px)
    cap = icons.pill(Size(w, even(px * 1.46)), CAP, 1.0, px // 4)
    icons.centred_on(cap, face.image(key, round(px * 0.8), icons.WHITE))
    return cap
