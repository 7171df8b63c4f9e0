"""Where everything on the sheet of keys goes: bands from the top, as large as still fits. Pure.

How anything of it is drawn is not known here, only how much room it takes.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wallctl.display.drawing import layout_thumbnails
from wallctl.display.drawing.screen_foot import corner_height
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Rect, Size, even
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage

_LARGEST, _SMALLEST, _STEP = 1.3, 0.3, 0.05
"""How large all is written, as a share of what is right for 1920 x 1080 pixels."""
_COLUMN_ROWS = 8
"""A longer group goes on in a further column."""
_LEAST_FOR_SOURCES = 0.75
"""All is written smaller, down to this, so that there is room for all sources."""
_LEAST_SOURCE_ROWS = 3
"""And smaller still for these; then not all sources are told."""


class Measures(NamedTuple):
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
    def at(cls, scale: float) -> "Measures":
        """Those of a scale; 1 is right for 1920 x 1080 pixels."""
        lengths = (56, 104, 54, 45, 26, 98, 28)
        return cls(*(max(2, even(length * scale)) for length in lengths))


class Ems(NamedTuple):
    """Widths of writing in heights of it, which hold at every scale."""

    pictures: dict[HelpEntry, float]
    """The lines below sketches."""
    sources: float
    """The longest of the sources' names."""

    @classmethod
    def of(cls, face: Face, page: HelpPage) -> "Ems":
        """Those of a page."""
        entries = [entry for group in page.pictures for entry in group.entries]
        return cls(
            {
                one: (_caps_width(face, one.key, 100) + face.width(one.words, 100)) / 100
                for one in entries
            },
            max((face.width(one.words, 100) for one in page.sources.entries), default=0) / 100,
        )


class Block(NamedTuple):
    """A group and where it is drawn; its heading takes the first ``heading`` pixels of it."""

    group: HelpGroup
    area: Rect


class Plan(NamedTuple):
    """Where everything goes on a canvas."""

    measures: Measures
    pictures: list[Block]
    actions: list[Block]
    sources: Block
    fits: bool
    tells_all: bool
    """Whether there is room for all sources."""


def largest(page: HelpPage, canvas: Size, ems: Ems) -> Plan:
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


def _planned(page: HelpPage, canvas: Size, scale: float, ems: Ems) -> Plan:
    """The plan at one scale: bands from the top, what is left over spread between them."""
    m = Measures.at(scale)
    w, foot = canvas.w - 2 * m.margin, canvas.h - corner_height(canvas)
    pictures, actions = _picture_bands(page, w, m, ems), _action_band(page.actions, w, m)
    rows = -(-len(page.sources.entries) // source_columns(ems, w, m))
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
    sources = Block(page.sources, room)
    return Plan(m, flat[:of_pictures], flat[of_pictures:], sources, spare >= 0, spare >= beyond)


def _moved(block: Block, by_x: int, by_y: int) -> Block:
    x, y, w, h = block.area.x, block.area.y, block.area.w, block.area.h
    return Block(block.group, Rect(x + by_x, y + by_y, w, h))


def _height(band: Sequence[Block]) -> int:
    return max((block.area.bottom for block in band), default=0)


def _picture_bands(page: HelpPage, w: int, m: Measures, ems: Ems) -> list[list[Block]]:
    """The groups side by side if all of them stand in one row, else one below the other."""
    groups = page.pictures
    lengths = [
        sum(picture_widths(group, m, ems)) + m.gap * (len(group.entries) - 1) for group in groups
    ]
    h = m.heading + picture_row(m)
    if sum(lengths) + 2 * m.gap * (len(groups) - 1) <= w:
        x, band = 0, []
        for group, length in zip(groups, lengths, strict=True):
            last = group is groups[-1]
            band.append(Block(group, Rect(x, 0, w - x if last else length, h)))
            x += length + 2 * m.gap
        return [band] if band else []
    rows = [max(row for _, row in flow(group, w, m, ems)) + 1 for group in groups]
    return [
        [Block(group, Rect(0, 0, w, m.heading + n * picture_row(m)))]
        for group, n in zip(groups, rows, strict=True)
    ]


def picture_row(m: Measures) -> int:
    """The height of a sketch with its line below, in pixels."""
    return m.picture + m.row + m.gap // 2


def picture_widths(group: HelpGroup, m: Measures, ems: Ems) -> list[int]:
    """How wide each picture's place is: as its sketch, or as the line below it if that is not
    too long."""
    return [
        max(
            sketch_size(entry, Size(4 * m.picture, m.picture)).w,
            round(min((ems.pictures[entry] + 0.6) * m.px, 2.6 * m.picture)),
        )
        for entry in group.entries
    ]


def sketch_size(entry: HelpEntry, within: Size) -> Size:
    """How large a picture's sketch is; next to nothing for one that has none."""
    return layout_thumbnails.fitted(entry.sketch.size, within) if entry.sketch else Size(2, 2)


def flow(group: HelpGroup, w: int, m: Measures, ems: Ems) -> list[tuple[int, int]]:
    """The x and the row of each picture of a group, as many in a row as have room."""
    places, x, row = [], 0, 0
    for own_w in picture_widths(group, m, ems):
        if x and x + own_w > w:
            x, row = 0, row + 1
        places.append((x, row))
        x += own_w + m.gap
    return places


def _action_band(groups: Sequence[HelpGroup], w: int, m: Measures) -> list[Block]:
    """The groups in columns, each below the shortest."""
    parts = [part for group in groups for part in _parted(group)]
    count = max(1, min(len(parts), (w + m.gap) // (17 * m.px)))
    column_w = (w - (count - 1) * 2 * m.gap) // count
    feet, blocks = [0] * count, []
    for part in parts:
        i = feet.index(min(feet))
        y = feet[i] + (m.gap if feet[i] else 0)
        h = m.heading + m.row * len(part.entries)
        blocks.append(Block(part, Rect(i * (column_w + 2 * m.gap), y, column_w, h)))
        feet[i] = y + h
    return blocks


def _parted(group: HelpGroup) -> Iterator[HelpGroup]:
    for i in range(0, len(group.entries), _COLUMN_ROWS):
        yield HelpGroup(group.heading, group.entries[i : i + _COLUMN_ROWS])


def source_columns(ems: Ems, w: int, m: Measures) -> int:
    """How many columns of sources have room."""
    own_w = min(max(ems.sources, 5), 14) * m.px + 3.6 * m.px
    return max(1, int((w + m.gap) // own_w))


def cap_width(face: Face, key: str, px: int) -> int:
    """How wide a key is drawn, in pixels, beside writing of ``px`` to the em."""
    return even(max(px * 1.46, face.width(key, round(px * 0.8)) + px * 0.8))


def _caps_width(face: Face, keys: str, px: int) -> int:
    return sum(cap_width(face, key, px) + max(2, px // 5) for key in keys.split())
