"""The sheet of keys: it covers a whole screen, and shows a site's own layouts and presets small.

From the top: layouts and presets with sketches, the other keys in columns by what they are for,
and the sources by number. All is written as large as still fits the canvas, whatever its shape;
which keys exist is not known here.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from PIL import Image

from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.colours import Colour
from wallctl.model.geometry import Rect, Size, even
from wallctl.model.help import HelpEntry, HelpGroup, HelpPage
from wallctl.present import shapes, sketches
from wallctl.present.overlays import corner_height
from wallctl.present.patch import Drawing, Patch
from wallctl.present.text import Face

SHEET: Colour = (17, 22, 28)
CAP: Colour = (52, 64, 79)
_RULE: Colour = (48, 59, 72)
_LARGEST, _SMALLEST, _STEP = 1.3, 0.3, 0.05
"""How large all is written, as a share of what is right for 1920 x 1080 pixels."""
_COLUMN_ROWS = 8
"""A longer group goes on in a further column."""
_LEAST_FOR_SOURCES = 0.75
"""All is written smaller, down to this, so that there is room for all sources."""
_LEAST_SOURCE_ROWS = 3
"""And smaller still for these; then not all sources are told."""


class _Measures(NamedTuple):
    """Lengths in pixels at one scale."""

    margin: int
    head: int
    heading: int
    row: int
    px: int
    picture: int
    """The height of a sketch, and most of its line's least width."""
    gap: int
    """Between two sketches, and between two columns."""

    @classmethod
    def at(cls, scale: float) -> "_Measures":
        """Those of a scale; 1 is right for 1920 x 1080 pixels."""
        lengths = (56, 104, 54, 45, 26, 98, 28)
        return cls(*(max(2, even(length * scale)) for length in lengths))


class _Ems(NamedTuple):
    """Widths of writing in heights of it, which hold at every scale."""

    pictures: dict[HelpEntry, float]
    """The lines below sketches."""
    sources: float
    """The longest of the sources' names."""

    @classmethod
    def of(cls, face: Face, page: HelpPage) -> "_Ems":
        """Those of a page."""
        entries = [entry for group in page.pictures for entry in group.entries]
        return cls(
            {
                one: (_caps_width(face, one.key, 100) + face.width(one.words, 100)) / 100
                for one in entries
            },
            max((face.width(one.words, 100) for one in page.sources.entries), default=0) / 100,
        )


class _Block(NamedTuple):
    """A group and where it is drawn; its heading takes the first ``heading`` pixels of it."""

    group: HelpGroup
    area: Rect


class _Plan(NamedTuple):
    """Where everything goes on a canvas."""

    measures: _Measures
    pictures: list[_Block]
    actions: list[_Block]
    sources: _Block
    fits: bool
    tells_all: bool
    """Whether there is room for all sources."""


class _Placed(NamedTuple):
    """An image on the middle line of a row, ``x`` pixels from the row's left edge."""

    x: int
    image: Image.Image


class HelpSheet:
    """The sheet of a page in the language of ``words``.

    It is drawn in steps of a few milliseconds, since all of it takes longer than a tick.
    """

    def __init__(self, face: Face, words: Catalogue, page: HelpPage, canvas: Size) -> None:
        self._steps = _steps(face, words, page, canvas)
        self._drawing: Drawing | None = None

    def draw_on(self) -> bool:
        """Do one more step; whether there was one."""
        if self._drawing is not None:
            return False
        self._drawing = next(self._steps)
        return True

    def drawing(self) -> Drawing:
        """The whole sheet; what is still to be drawn of it is drawn now."""
        while self._drawing is None:
            self.draw_on()
        return self._drawing


def _steps(face: Face, words: Catalogue, page: HelpPage, canvas: Size) -> Iterator[Drawing | None]:
    """Nothing after each step, and at last the sheet."""
    ems = _Ems.of(face, page)
    yield None
    plan = _largest(page, canvas, ems)
    yield None
    sheet = Patch.flat(canvas, SHEET)
    painters = (
        _head(face, words, page.site, canvas, plan.measures),
        *(_pictures(face, block, plan.measures, ems) for block in plan.pictures),
        *(_lines(face, block, plan.measures) for block in plan.actions),
        _sources(face, plan.sources, plan.measures, ems),
    )
    for painter in painters:
        for drawing in painter:
            drawing.lay(sheet.ground)
            yield None
    yield Drawing(sheet, 0, 0)


def _largest(page: HelpPage, canvas: Size, ems: _Ems) -> _Plan:
    """The plan at the largest scale at which everything has room; if that would be too small, at
    the largest at which everything has but the last sources; else the smallest."""
    own = max(canvas.w, canvas.h) / 1920
    steps = round((_LARGEST - _SMALLEST) / _STEP)
    scales = [_LARGEST - i * _STEP for i in range(steps + 1)]
    plans = [_planned(page, canvas, own * scale, ems) for scale in scales]
    tellers = (
        plan for scale, plan in zip(scales, plans, strict=True)
        if plan.tells_all and scale >= _LEAST_FOR_SOURCES
    )  # fmt: skip
    return next(tellers, None) or next((plan for plan in plans if plan.fits), plans[-1])


def _planned(page: HelpPage, canvas: Size, scale: float, ems: _Ems) -> _Plan:
    """The plan at one scale: bands from the top, what is left over spread between them."""
    m = _Measures.at(scale)
    w, foot = canvas.w - 2 * m.margin, canvas.h - corner_height(canvas)
    pictures, actions = _picture_bands(page, w, m, ems), _action_band(page.actions, w, m)
    rows = -(-len(page.sources.entries) // _source_columns(ems, w, m))
    told = m.heading + m.row * min(rows, _LEAST_SOURCE_ROWS) if rows else 0
    bands = [*pictures, *([actions] if actions else [])]
    taken = m.head + sum(map(_height, bands)) + told
    spare = foot - taken - m.gap * len(bands)
    beyond = m.row * max(0, rows - _LEAST_SOURCE_ROWS)
    between = m.gap + min(2 * m.gap, max(0, spare - beyond) // (len(bands) + 1))
    y, placed = m.head, []
    for band in bands:
        placed.append([_moved(block, m.margin, y) for block in band])
        y += _height(band) + between
    room = Rect(m.margin, y, w, max(0, foot - y))
    flat = [block for band in placed for block in band]
    of_pictures = sum(map(len, pictures))
    sources = _Block(page.sources, room)
    return _Plan(m, flat[:of_pictures], flat[of_pictures:], sources, spare >= 0, spare >= beyond)


def _moved(block: _Block, by_x: int, by_y: int) -> _Block:
    x, y, w, h = block.area.x, block.area.y, block.area.w, block.area.h
    return _Block(block.group, Rect(x + by_x, y + by_y, w, h))


def _height(band: Sequence[_Block]) -> int:
    return max((block.area.bottom for block in band), default=0)


def _picture_bands(page: HelpPage, w: int, m: _Measures, ems: _Ems) -> list[list[_Block]]:
    """The groups side by side if all of them stand in one row, else one below the other."""
    groups = page.pictures
    lengths = [sum(_widths(group, m, ems)) + m.gap * (len(group.entries) - 1) for group in groups]
    h = m.heading + _picture_row(m)
    if sum(lengths) + 2 * m.gap * (len(groups) - 1) <= w:
        x, band = 0, []
        for group, length in zip(groups, lengths, strict=True):
            last = group is groups[-1]
            band.append(_Block(group, Rect(x, 0, w - x if last else length, h)))
            x += length + 2 * m.gap
        return [band] if band else []
    rows = [max(row for _, row in _flow(group, w, m, ems)) + 1 for group in groups]
    return [
        [_Block(group, Rect(0, 0, w, m.heading + n * _picture_row(m)))]
        for group, n in zip(groups, rows, strict=True)
    ]


def _picture_row(m: _Measures) -> int:
    return m.picture + m.row + m.gap // 2


def _widths(group: HelpGroup, m: _Measures, ems: _Ems) -> list[int]:
    """How wide each picture's place is: as its sketch, or as the line below it if that is not
    too long."""
    return [
        max(
            _sketch_size(entry, Size(4 * m.picture, m.picture)).w,
            round(min((ems.pictures[entry] + 0.6) * m.px, 2.6 * m.picture)),
        )
        for entry in group.entries
    ]


def _sketch_size(entry: HelpEntry, within: Size) -> Size:
    return sketches.fitted(entry.sketch.size, within) if entry.sketch else Size(2, 2)


def _flow(group: HelpGroup, w: int, m: _Measures, ems: _Ems) -> list[tuple[int, int]]:
    """The x and the row of each picture of a group, as many in a row as have room."""
    places, x, row = [], 0, 0
    for own_w in _widths(group, m, ems):
        if x and x + own_w > w:
            x, row = 0, row + 1
        places.append((x, row))
        x += own_w + m.gap
    return places


def _action_band(groups: Sequence[HelpGroup], w: int, m: _Measures) -> list[_Block]:
    """The groups in columns, each below the shortest."""
    parts = [part for group in groups for part in _parted(group)]
    count = max(1, min(len(parts), (w + m.gap) // (17 * m.px)))
    column_w = (w - (count - 1) * 2 * m.gap) // count
    feet, blocks = [0] * count, []
    for part in parts:
        i = feet.index(min(feet))
        y = feet[i] + (m.gap if feet[i] else 0)
        h = m.heading + m.row * len(part.entries)
        blocks.append(_Block(part, Rect(i * (column_w + 2 * m.gap), y, column_w, h)))
        feet[i] = y + h
    return blocks


def _parted(group: HelpGroup) -> Iterator[HelpGroup]:
    for i in range(0, len(group.entries), _COLUMN_ROWS):
        yield HelpGroup(group.heading, group.entries[i : i + _COLUMN_ROWS])


def _source_columns(ems: _Ems, w: int, m: _Measures) -> int:
    """How many columns of sources have room."""
    own_w = min(max(ems.sources, 5), 14) * m.px + 3.6 * m.px
    return max(1, int((w + m.gap) // own_w))


def _head(face: Face, words: Catalogue, site: str, canvas: Size, m: _Measures) -> Iterator[Drawing]:
    """The title, the site, how to close the sheet, and the accent along the upper edge."""
    row = Rect(m.margin, 0, canvas.w - 2 * m.margin, m.head)
    title = face.image(words.say(Text.HELP_TITLE), round(m.px * 1.6), shapes.WHITE, row.w // 2)
    close = face.image(words.say(Text.HELP_CLOSE), m.px, shapes.SOFT)
    cap = _cap(face, "F1", m.px)
    x = row.w - close.width - cap.width - m.px // 2
    name = face.image(site, m.px, shapes.SOFT, max(0, x - title.width - 2 * m.px))
    accent = Patch.flat(Size(canvas.w, max(2, even(m.head * 0.06))), shapes.BLUE)
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


def _heading(face: Face, block: _Block, m: _Measures) -> Iterator[Drawing]:
    area = block.area
    words = face.image(block.group.heading, m.px, shapes.BLUE, area.w)
    yield from _in_row([_Placed(0, words)], area.x, area.y + m.row // 2)
    rule = Patch.flat(Size(max(2, area.w & ~1), 2), _RULE)
    yield Drawing(rule, area.x, area.y + m.row)


def _pictures(face: Face, block: _Block, m: _Measures, ems: _Ems) -> Iterator[Drawing]:
    """Sketches, each with its key and its name below it."""
    yield from _heading(face, block, m)
    places = zip(
        block.group.entries,
        _flow(block.group, block.area.w, m, ems),
        _widths(block.group, m, ems),
        strict=True,
    )
    for entry, (x, row), own_w in places:
        top = block.area.y + m.heading + row * _picture_row(m)
        left = block.area.x + x
        if entry.sketch is not None:
            size = _sketch_size(entry, Size(own_w, m.picture))
            image = sketches.drawn(face, entry.sketch, size, round(m.px * 0.6))
            yield Drawing(Patch.from_image(image), left, top + m.picture - size.h)
        line = _keys_and_words(face, entry, m, own_w)
        yield from _in_row(line, left, top + m.picture + m.row // 2 + m.gap // 8)


def _keys_and_words(face: Face, entry: HelpEntry, m: _Measures, w: int) -> list[_Placed]:
    placed = _caps(face, entry.key, m.px)
    x = placed[-1].x + placed[-1].image.width + m.px // 2 if placed else 0
    return [*placed, _Placed(x, _shrunk(face, entry.words, m.px, shapes.WHITE, w - x))]


def _lines(face: Face, block: _Block, m: _Measures) -> Iterator[Drawing]:
    """Lines of a key and what it does, aligned with each other."""
    yield from _heading(face, block, m)
    area, entries = block.area, block.group.entries
    caps = [_caps(face, entry.key, m.px) for entry in entries]
    caps_w = max(line[-1].x + line[-1].image.width for line in caps)
    x = min(max(caps_w, 2 * m.px), area.w * 3 // 5) + m.px // 2
    for i, (entry, line) in enumerate(zip(entries, caps, strict=True)):
        words = _shrunk(face, entry.words, m.px, shapes.WHITE, area.w - x)
        middle_y = area.y + m.heading + i * m.row + m.row // 2
        yield from _in_row([*line, _Placed(x, words)], area.x, middle_y)


def _sources(face: Face, block: _Block, m: _Measures, ems: _Ems) -> Iterator[Drawing]:
    """Sources by number, column by column; what there is no room for is counted."""
    area, entries = block.area, list(block.group.entries)
    columns = _source_columns(ems, area.w, m)
    rows = min((area.h - m.heading) // m.row, -(-len(entries) // columns))
    if not entries or rows < 1:
        return
    yield from _heading(face, block, m)
    if len(entries) > rows * columns:
        left_out = len(entries) - rows * columns + 1
        entries = [*entries[: rows * columns - 1], HelpEntry("…", f"+ {left_out}")]
    column_w = (area.w - (columns - 1) * m.gap) // columns
    badge_w = even(max(face.width(entry.key, m.px) for entry in entries) + m.px * 0.8)
    for i, entry in enumerate(entries):
        badge = shapes.pill(Size(badge_w, even(m.px * 1.4)), shapes.SLATE_BLUE, 1.0, m.px // 4)
        shapes.centred_on(badge, face.image(entry.key, m.px, shapes.WHITE))
        x = badge_w + m.px // 2
        name = face.image(entry.words, m.px, shapes.WHITE, column_w - x)
        left = area.x + i // rows * (column_w + m.gap)
        middle_y = area.y + m.heading + i % rows * m.row + m.row // 2
        yield from _in_row([_Placed(0, badge), _Placed(x, name)], left, middle_y)


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
    w = _cap_width(face, key, px)
    cap = shapes.pill(Size(w, even(px * 1.46)), CAP, 1.0, px // 4)
    shapes.centred_on(cap, face.image(key, round(px * 0.8), shapes.WHITE))
    return cap


def _cap_width(face: Face, key: str, px: int) -> int:
    return even(max(px * 1.46, face.width(key, round(px * 0.8)) + px * 0.8))


def _caps_width(face: Face, keys: str, px: int) -> int:
    return sum(_cap_width(face, key, px) + max(2, px // 5) for key in keys.split())
