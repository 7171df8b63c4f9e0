"""The sheet of keys: an opaque panel in the middle of a canvas, in two columns.

It shows the entries it is given, in their order; which keys exist is not known here.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PIL import Image

from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.geometry import Size, even
from wallctl.model.help import HelpEntry
from wallctl.present import shapes
from wallctl.present.overlays import scale
from wallctl.present.patch import Colour, Drawing, Patch
from wallctl.present.text import Face

_PANEL: Colour = (24, 30, 38)
_CAP: Colour = (52, 64, 79)
_RULE: Colour = (58, 70, 85)
_HEIGHT_SHARE = 0.94
"""The most of a canvas's height that the panel takes; longer sheets are written smaller."""


class _Grid(NamedTuple):
    """Measures of one section, in pixels; ``x`` numbers are from the column's left edge."""

    px: int
    words_x: int
    column_w: int


class _Placed(NamedTuple):
    """An image on the middle line of a row, ``x`` pixels from the column's left edge."""

    x: int
    image: Image.Image


class HelpSheet:
    """The sheet of ``entries`` (headings are those without a key) in the language of ``words``.

    It is drawn in steps of a few milliseconds, since all of it takes longer than a tick.
    """

    def __init__(
        self, face: Face, words: Catalogue, entries: Sequence[HelpEntry], canvas: Size
    ) -> None:
        self._steps = _steps(face, words, entries, canvas)
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


def _steps(
    face: Face, words: Catalogue, entries: Sequence[HelpEntry], canvas: Size
) -> Iterator[Drawing | None]:
    """Nothing after each step, and at last the sheet."""
    unit = scale(canvas)
    margin, head_h = even(64 * unit), even(128 * unit)
    columns = _columns(entries)
    rows = max(1, *(len(column) for column in columns))
    room = even(canvas.h * _HEIGHT_SHARE) - head_h - margin
    row_h = max(8, min(even(64 * unit), room // rows // 2 * 2))
    panel = Size(even(1640 * unit), head_h + rows * row_h + margin)
    column = Size(even((panel.w - 3 * margin) / 2), row_h)
    drawings = _head(face, words, panel, margin, head_h)
    for i, lines in enumerate(columns):
        x = margin + i * (margin + column.w)
        for drawing in _column(face, lines, column, x, head_h):
            drawings.append(drawing)
            yield None
    patch = Patch.composed(panel, _PANEL, drawings)
    yield Drawing(patch, (canvas.w - panel.w) // 2, (canvas.h - panel.h) // 2)


def _columns(entries: Sequence[HelpEntry]) -> tuple[list[HelpEntry], list[HelpEntry]]:
    """Two columns of nearly one length, parted before a heading where that costs little."""

    def cost(at: int) -> int:
        before_heading = at == len(entries) or not entries[at].key
        after_heading = at > 0 and not entries[at - 1].key
        return max(at, len(entries) - at) + (0 if before_heading else 3) + 9 * after_heading

    best = min(range(len(entries) + 1), key=cost)
    return list(entries[:best]), list(entries[best:])


def _head(face: Face, words: Catalogue, panel: Size, margin: int, head_h: int) -> list[Drawing]:
    """The title, how to close the sheet, and the accent along the upper edge."""
    px = max(10, round(head_h * 0.36))
    title = face.image(words.say(Text.HELP_TITLE), px, shapes.WHITE, panel.w // 2)
    close = face.image(f"F1 {words.say(Text.HELP_CLOSE)}", round(px * 0.56), shapes.SOFT)
    accent = Patch.flat(Size(panel.w, max(2, even(head_h * 0.05))), shapes.BLUE)
    placed = (_Placed(margin, title), _Placed(panel.w - margin - close.width, close))
    return [Drawing(accent, 0, 0), *_on_line(placed, 0, round(head_h * 0.47))]


def _on_line(placed: Sequence[_Placed], x: int, middle_y: int) -> Iterator[Drawing]:
    for one in placed:
        yield Drawing(Patch.from_image(one.image), x + one.x, middle_y - one.image.height // 2)


def _column(face: Face, lines: Sequence[HelpEntry], row: Size, x: int, y: int) -> Iterator[Drawing]:
    """The drawings of a column; what stands below one heading is aligned with itself only."""
    for section in _sections(lines):
        grid = _grid(face, section, row)
        for entry in section:
            placed = _line(face, entry, grid) if entry.key else _heading(face, entry, grid)
            yield from _on_line(placed, x, y + row.h // 2)
            if not entry.key:
                yield Drawing(Patch.flat(Size(row.w, 2), _RULE), x, y + row.h - 2 - row.h // 10)
            y += row.h


def _sections(lines: Sequence[HelpEntry]) -> list[list[HelpEntry]]:
    sections: list[list[HelpEntry]] = [[]]
    for entry in lines:
        if not entry.key:
            sections.append([])
        sections[-1].append(entry)
    return sections


def _grid(face: Face, section: Sequence[HelpEntry], row: Size) -> _Grid:
    px = max(7, round(row.h * 0.5))
    caps_w = max((_caps_width(face, one.key, px) for one in section if one.key), default=0)
    return _Grid(px, min(max(caps_w, 3 * px), row.w // 2) + px, row.w)


def _heading(face: Face, entry: HelpEntry, grid: _Grid) -> list[_Placed]:
    return [_Placed(0, face.image(entry.words, round(grid.px * 0.9), shapes.BLUE, grid.column_w))]


def _line(face: Face, entry: HelpEntry, grid: _Grid) -> list[_Placed]:
    placed, x = [], 0
    for key in entry.key.split():
        cap = _cap(face, key, grid.px)
        placed.append(_Placed(x, cap))
        x += cap.width + _cap_gap(grid.px)
    room = grid.column_w - grid.words_x
    placed.append(_Placed(grid.words_x, face.image(entry.words, grid.px, shapes.WHITE, room)))
    return placed


def _cap(face: Face, key: str, px: int) -> Image.Image:
    """A key as it looks on a keyboard."""
    cap = shapes.pill(Size(_cap_width(face, key, px), even(px * 1.46)), _CAP, 1.0, px // 4)
    shapes.centred_on(cap, face.image(key, round(px * 0.8), shapes.WHITE))
    return cap


def _cap_width(face: Face, key: str, px: int) -> int:
    return even(max(px * 1.46, face.width(key, round(px * 0.8)) + px * 0.8))


def _cap_gap(px: int) -> int:
    return max(2, px // 5)


def _caps_width(face: Face, keys: str, px: int) -> int:
    caps = [_cap_width(face, key, px) for key in keys.split()]
    return sum(caps) + _cap_gap(px) * (len(caps) - 1)
