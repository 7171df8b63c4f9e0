"""Marks on paper, in millimetres: boxes and lines of writing, and how pieces are put together.

Pure. What is told on a sheet, and how a sheet becomes a file, is not known here.
"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from wallctl.model.base.colours import Colour

PAPER: Colour = (255, 255, 255)


class Box(msgspec.Struct, frozen=True):
    """A rectangle with round corners, filled, edged or both."""

    x: float
    y: float
    w: float
    h: float
    radius: float = 0.0
    fill: Colour | None = None
    edge: Colour | None = None
    edge_w: float = 0.25


class Writing(msgspec.Struct, frozen=True):
    """One line of text from ``x``, on the baseline ``y``; ``em`` is its size, ``w`` its width."""

    text: str
    x: float
    y: float
    w: float
    em: float
    ink: Colour


Mark = Box | Writing


class Piece(msgspec.Struct, frozen=True):
    """Marks within a rectangle that begins at 0, 0."""

    w: float
    h: float
    marks: tuple[Mark, ...] = ()

    def at(self, x: float, y: float) -> Iterable[Mark]:
        """The marks, moved."""
        return (replace(mark, x=mark.x + x, y=mark.y + y) for mark in self.marks)

    def wide(self, w: float) -> "Piece":
        """The same in a rectangle of another width."""
        return replace(self, w=w)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of paper."""

    w: float
    h: float
    title: str
    marks: tuple[Mark, ...]


def in_row(pieces: Sequence[Piece], gap: float = 0.0) -> Piece:
    """Pieces side by side, their middles on one line."""
    h = max((piece.h for piece in pieces), default=0.0)
    x = 0.0
    marks: list[Mark] = []
    for piece in pieces:
        marks += piece.at(x, (h - piece.h) / 2)
        x += piece.w + gap
    return Piece(max(0.0, x - gap), h, tuple(marks))


def in_columns(pieces: Sequence[Piece], gap: float = 0.0) -> Piece:
    """Pieces side by side, their upper edges on one line."""
    h = max((piece.h for piece in pieces), default=0.0)
    return in_row([replace(piece, h=h) for piece in pieces], gap)


def stacked(pieces: Sequence[Piece], gap: float = 0.0) -> Piece:
    """Pieces one below the other, from the left."""
    y = 0.0
    marks: list[Mark] = []
    for piece in pieces:
        marks += piece.at(0.0, y)
        y += piece.h + gap
    w = max((piece.w for piece in pieces), default=0.0)
    return Piece(w, max(0.0, y - gap), tuple(marks))


def rows_within(pieces: Sequence[Piece], w: float, gap: float) -> list[Sequence[Piece]]:
    """The pieces in as few rows as have room in ``w``, about as many in each."""
    rows: list[list[Piece]] = []
    taken = 0.0
    for piece in pieces:
        if not rows or taken + piece.w > w:
            rows.append([])
            taken = 0.0
        rows[-1].append(piece)
        taken += piece.w + gap
    each = -(-len(pieces) // max(1, len(rows)))
    even = [pieces[i : i + each] for i in range(0, len(pieces), each)] if each else []
    return even if all(in_row(row, gap).w <= w for row in even) else [*rows]


def dealt(pieces: Sequence[Piece], columns: int, column_w: float, gap: Sequence[float]) -> Piece:
    """Pieces in columns, each below the shortest; ``gap``: between columns, and within one."""
    stacks: list[list[Piece]] = [[] for _ in range(columns)]
    for piece in pieces:
        min(stacks, key=lambda stack: sum(one.h + gap[1] for one in stack)).append(piece)
    return in_columns([stacked(stack, gap[1]).wide(column_w) for stack in stacks], gap[0])
