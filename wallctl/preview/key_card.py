"""The key card of a site: one printed sheet, A4 across, that tells what the help sheet tells.

Dark on white, with little ink. All is written as large as still fits; on paper that may be small,
so nothing is left out.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wallctl.display.text.text_line import Face, clean
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.help_content import HelpEntry, HelpGroup, HelpPage, Sketch, SketchTile
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.preview.sheet_elements import (
    PAPER,
    Box,
    Mark,
    Piece,
    Sheet,
    Writing,
    dealt,
    in_columns,
    in_row,
    rows_within,
    stacked,
)

A4_MM = (297.0, 210.0)
INK: Colour = (24, 30, 38)
SOFT: Colour = (92, 102, 114)
BLUE: Colour = (18, 84, 158)
_RULE: Colour = (176, 186, 198)
_TILE: Colour = (233, 238, 244)
_MARGIN = 11.0
_HEAD, _FOOT = 15.0, 9.0
_TITLE_EM, _FOOT_EM = 7.2, 3.2
_LARGEST, _SHRINKING = 1.15, 0.96
"""The scale of all but head and foot: what is tried first, and each next one by the last."""
_PICTURES = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
"""Heights of a sketch at the scale 1: the largest one that still fits is taken."""
_MEASURED_PX = 100
_ROUNDING = 1e-6
_LEAST_NUMBER, _LEAST_NAME = 1.0, 1.6
"""The em of a number and of a name in a sketch; where that is too large they are left out."""
_LEAST_SHARE = 0.6
"""How much smaller a long name is written, before it is cut."""
_BASELINE = 0.37
"""How far below the middle of a line its baseline is, in em."""


class _Lengths(NamedTuple):
    """In millimetres, at one scale."""

    em: float
    row: float
    picture: float
    """The height of a sketch."""
    gap: float

    @classmethod
    def at(cls, scale: float, picture: float) -> "_Lengths":
        """Those of a scale; 1 is right for some 14 sources."""
        return cls(*(length * scale for length in (3.7, 6.3, picture, 5.0)))


class KeyCard(NamedTuple):
    """A card, and how large the writing on it is."""

    sheet: Sheet
    em_mm: float


def key_card(page: HelpPage, words: Catalogue, face: Face) -> KeyCard:
    """The card of a help page, in the language of ``words``."""
    w, h = A4_MM[0] - 2 * _MARGIN, A4_MM[1] - 2 * _MARGIN - _HEAD - _FOOT
    painter, bands = _largest(page, face, w, h)
    gap, spare = painter.size.gap, h - _height(bands, 0.0)
    between = min(2 * gap, spare / max(1, len(bands) - 1))
    title = SEPARATOR.join(filter(None, (words.say(Text.CARD_TITLE), page.revision)))
    marks = (
        *painter.head(page.site, title, w).at(_MARGIN, _MARGIN),
        *stacked(bands, between).at(_MARGIN, _MARGIN + _HEAD),
        *painter.foot(words.say(Text.CARD_CALL), w).at(_MARGIN, A4_MM[1] - _MARGIN - _FOOT_EM),
    )
    return KeyCard(Sheet(*A4_MM, clean(f"{page.site} {title}"), marks), painter.size.em)


def _largest(page: HelpPage, face: Face, w: float, h: float) -> tuple["_Painter", list[Piece]]:
    """The bands at the largest scale at which they have room, with the largest sketches there."""
    ruler, scale = _Ruler(face), _LARGEST
    while _planned(page, _Painter(ruler, _Lengths.at(scale, _PICTURES[-1])), w, h) is None:
        scale *= _SHRINKING
    painters = (_Painter(ruler, _Lengths.at(scale, picture)) for picture in _PICTURES)
    plans = ((painter, _planned(page, painter, w, h)) for painter in painters)
    return next((painter, bands) for painter, bands in plans if bands is not None)


def _planned(page: HelpPage, painter: "_Painter", w: float, h: float) -> list[Piece] | None:
    """The bands, from the top; ``None`` if they have no room."""
    bands = list(painter.bands(page, w))
    return bands if _height(bands, painter.size.gap) <= h else None


def _height(bands: Sequence[Piece], gap: float) -> float:
    return sum(band.h for band in bands) + gap * (len(bands) - 1)


class _Ruler:
    """Measures writing in em; each text once, since it is tried at many scales."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._widths: dict[str, float] = {}

    def width(self, text: str) -> float:
        """How wide a text is."""
        if text not in self._widths:
            self._widths[text] = self._face.width(text, _MEASURED_PX) / _MEASURED_PX
        return self._widths[text]

    def fitted(self, text: str, room: float) -> str:
        """The text, cut short where it is wider than ``room``."""
        if self.width(text) <= room + _ROUNDING:
            return clean(text)
        return self._face.fitted(text, _MEASURED_PX, max(0, int(room * _MEASURED_PX)))


class _Painter:
    """Makes the pieces of a card at one scale."""

    def __init__(self, ruler: "_Ruler", size: _Lengths) -> None:
        self._ruler = ruler
        self.size = size

    def head(self, site: str, title: str, w: float) -> Piece:
        """The site's name, what this is, and a rule below."""
        what = self._line(title, _TITLE_EM * 0.6, SOFT, w / 3)
        name = self._line(site or title, _TITLE_EM, INK, w * 0.6)
        marks = (
            *name.at(0, 0),
            *(what.at(w - what.w, name.h - what.h - 0.9) if site else ()),
            Box(0, name.h + 0.6, w, 0.7, fill=BLUE),
        )
        return Piece(w, _HEAD, marks)

    def foot(self, call: str, w: float) -> Piece:
        """Whom to call: the number is written in by hand."""
        line = self._line(call, _FOOT_EM, SOFT, w / 2)
        rule = Box(line.w + 2, _FOOT_EM, min(110.0, w - line.w - 2), 0.2, fill=SOFT)
        return Piece(w, _FOOT, (*line.at(0, _FOOT_EM - line.h * 0.8), rule))

    def bands(self, page: HelpPage, w: float) -> Iterator[Piece]:
        """From the top: pictures, keys, sources."""
        if page.pictures:
            yield self._all_pictures(page.pictures, w)
        if page.actions:
            yield self._actions(page.actions, w)
        if page.sources.entries:
            yield self._sources(page.sources, w)

    def _headed(self, heading: str, below: Piece) -> Piece:
        line = self._line(heading, self.size.em, BLUE, below.w)
        rule = Piece(below.w, self.size.em * 0.7, (Box(0, 0, below.w, 0.2, fill=_RULE),))
        return stacked([line, rule, below])

    def _all_pictures(self, groups: Sequence[HelpGroup], w: float) -> Piece:
        """The groups side by side, each as wide as it has pictures; or one below the other, if
        that is lower."""
        gap = self.size.gap
        room = w - 2 * gap * (len(groups) - 1)
        lengths = [in_row(self._pictures(group), gap).w for group in groups]
        share = min(1.0, room / sum(lengths))
        columns = [
            self._flow(group, length * share) for group, length in zip(groups, lengths, strict=True)
        ]
        beside = in_columns(columns, 2 * gap)
        below = stacked([self._flow(group, w) for group in groups], gap)
        return beside if beside.w <= w and beside.h < below.h else below

    def _flow(self, group: HelpGroup, w: float) -> Piece:
        """Pictures in rows, below their heading."""
        gap = self.size.gap
        rows = rows_within(self._pictures(group), w, gap)
        flow = stacked([in_columns(row, gap) for row in rows], gap / 2)
        return self._headed(group.heading, flow.wide(max(w, flow.w)))

    def _pictures(self, group: HelpGroup) -> list[Piece]:
        return [self._picture(entry) for entry in group.entries]

    def _picture(self, entry: HelpEntry) -> Piece:
        """A sketch, and its keys and words below it."""
        caps = self._caps(entry.key)
        sketch = self._sketch(entry.sketch) if entry.sketch else Piece(0, self.size.picture)
        gap = self.size.em * 0.5
        wanted = caps.w + gap + self._width(entry.words, self.size.em)
        w = max(sketch.w, caps.w + gap, min(wanted, 2.5 * self.size.picture))
        line = in_row([caps, self._line(entry.words, self.size.em, INK, w - caps.w - gap)], gap)
        return stacked([sketch, line], self.size.em * 0.3).wide(w)

    def _sketch(self, sketch: Sketch) -> Piece:
        h = self.size.picture
        scale = min(h / sketch.size.h, 4 * h / sketch.size.w)
        w, own_h = sketch.size.w * scale, sketch.size.h * scale
        marks: list[Mark] = [
            Box(*_scaled(rect, scale, 0), 0.4, PAPER, INK, 0.3) for rect in sketch.screens
        ]
        for tile in sketch.tiles:
            fill = _TILE if tile.number else PAPER
            marks.append(Box(*_scaled(tile.rect, scale, 0.3), 0.25, fill, _RULE, 0.15))
            if tile.number:
                marks += self._tile(tile, scale, own_h)
        return Piece(w, h, tuple(Piece(w, own_h, tuple(marks)).at(0, h - own_h)))

    def _tile(self, tile: SketchTile, scale: float, sketch_h: float) -> Iterator[Mark]:
        """A tile's number in its middle, and the name below it where there is room."""
        x, y, w, h = _scaled(tile.rect, scale, 0)
        digits = str(tile.number)
        em = min(h * 0.62, w * 1.1 / len(digits), sketch_h * 0.36)
        name_em = min(max(h * 0.2, _LEAST_NAME), self.size.em * 0.7)
        lines = [self._line(digits, em, INK, w)] if em >= _LEAST_NUMBER else []
        if lines and tile.name and self._width(tile.name, name_em) <= w * 0.92:
            both = [self._line(digits, em * 0.8, INK, w), self._line(tile.name, name_em, SOFT, w)]
            lines = both if sum(line.h for line in both) <= h else lines
        top = y + (h - sum(line.h for line in lines)) / 2
        for line in lines:
            yield from line.at(x + (w - line.w) / 2, top)
            top += line.h

    def _actions(self, groups: Sequence[HelpGroup], w: float) -> Piece:
        gap = self.size.gap
        count = max(1, min(len(groups), int((w + 2 * gap) / (16 * self.size.em + 2 * gap))))
        column_w = (w - (count - 1) * 2 * gap) / count
        pieces = [self._headed(of.heading, self._lines(of.entries, column_w)) for of in groups]
        return dealt(pieces, count, column_w, (2 * gap, gap))

    def _lines(self, entries: Sequence[HelpEntry], w: float) -> Piece:
        """Lines of keys and what they do, aligned with each other."""
        caps = [self._caps(entry.key) for entry in entries]
        caps_w = min(max(piece.w for piece in caps), w * 0.62)
        gap = self.size.em * 0.6
        lines = [
            in_row([
                cap.wide(max(cap.w, caps_w)),
                self._line(entry.words, self.size.em, INK, w - max(cap.w, caps_w) - gap),
            ], gap)
            for cap, entry in zip(caps, entries, strict=True)
        ]  # fmt: skip
        return stacked([self._in_height(line, self.size.row) for line in lines]).wide(w)

    def _sources(self, group: HelpGroup, w: float) -> Piece:
        """Sources by number, column by column."""
        em, gap = self.size.em, self.size.gap
        badge_w = max(self._width(entry.key, em) for entry in group.entries) + em * 0.9
        longest = max(self._width(entry.words, em) for entry in group.entries)
        own_w = badge_w + em * 0.5 + min(max(longest, 5 * em), 14 * em)
        most = max(1, int((w + gap) / (own_w + gap)))
        rows = -(-len(group.entries) // most)
        columns = -(-len(group.entries) // rows)
        column_w = (w - (columns - 1) * gap) / columns
        lines = [
            in_row([
                self._badge(entry.key, badge_w),
                self._line(entry.words, em, INK, column_w - badge_w - em * 0.5),
            ], em * 0.5)
            for entry in group.entries
        ]  # fmt: skip
        lines = [self._in_height(line, self.size.row).wide(column_w) for line in lines]
        parts = [stacked(lines[i : i + rows]) for i in range(0, len(lines), rows)]
        return self._headed(group.heading, in_columns(parts, gap).wide(w))

    def _badge(self, number: str, w: float) -> Piece:
        h = self.size.em * 1.35
        digits = self._line(number, self.size.em, INK, w)
        marks = (
            Box(0, 0, w, h, self.size.em * 0.25, _TILE),
            *digits.at((w - digits.w) / 2, (h - digits.h) / 2),
        )
        return Piece(w, h, marks)

    def _caps(self, keys: str) -> Piece:
        return in_row([self._cap(key) for key in keys.split()], self.size.em * 0.22)

    def _cap(self, key: str) -> Piece:
        """A key as it looks on a keyboard."""
        em = self.size.em
        label = self._line(key, em * 0.85, INK, 20 * em)
        w, h = max(em * 1.45, label.w + em * 0.7), em * 1.4
        marks = (
            Box(0, 0, w, h, em * 0.28, PAPER, INK, 0.3),
            *label.at((w - label.w) / 2, (h - label.h) / 2),
        )
        return Piece(w, h, marks)

    def _line(self, text: str, em: float, ink: Colour, room: float) -> Piece:
        """The text, smaller where it is too wide, and at last cut short."""
        whole = self._width(text, em)
        own = em if whole <= room else max(em * _LEAST_SHARE, em * max(0.0, room) / whole)
        fitted = self._ruler.fitted(text, room / own)
        w, h = self._width(fitted, own), em * 1.32
        return Piece(w, h, (Writing(fitted, 0.0, h / 2 + _BASELINE * own, w, own, ink),))

    def _width(self, text: str, em: float) -> float:
        return self._ruler.width(text) * em

    @staticmethod
    def _in_height(piece: Piece, h: float) -> Piece:
        return Piece(piece.w, h, tuple(piece.at(0, (h - piece.h) / 2)))


def _scaled(rect: Rect, scale: float, inset: float) -> tuple[float, float, float, float]:
    """The x, y, width and height of a rectangle of a sketch, in millimetres."""
    x, y, w, h = (length * scale for length in (rect.x, rect.y, rect.w, rect.h))
    return x + inset, y + inset, max(0.1, w - 2 * inset), max(0.1, h - 2 * inset)
