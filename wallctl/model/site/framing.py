"""Which part of a source's picture is seen, and how: set upright, masked, cut, turned.

Everything is in fractions of a picture (0 to 1 from its top left), since the streams of a source
differ in size. Code that has pixels converts them.
"""

import math
from collections.abc import Callable

import msgspec

from wallctl.model.base.affine import Point
from wallctl.model.base.geometry import Area, Fit, Rect, Size, place

Mask = tuple[Point, ...]
"""The corners of a part of a picture that nobody may see, in order; no two sides cross."""


WHOLE = Area(0.0, 0.0, 1.0, 1.0)
"""All of a picture."""


class Turn(msgspec.Struct, frozen=True):
    """One of the eight ways in which a picture can stand: mirrored left to right, or not, and then
    turned clockwise by quarters (0 to 3)."""

    mirrored: bool = False
    quarters: int = 0

    @property
    def swaps(self) -> bool:
        """Whether width and height change places."""
        return self.quarters % 2 == 1

    def then(self, other: "Turn") -> "Turn":
        """This turn and another one after it, as one."""
        own = -self.quarters if other.mirrored else self.quarters
        return Turn(self.mirrored != other.mirrored, (own + other.quarters) % 4)

    def back(self) -> "Turn":
        """The turn that undoes this one."""
        return self if self.mirrored else Turn(quarters=-self.quarters % 4)

    def size(self, picture: Size) -> Size:
        """The size of a picture when it is turned."""
        return Size(picture.h, picture.w) if self.swaps else picture

    def point(self, at: Point) -> Point:
        """Where a place of the picture, in fractions, comes to lie."""
        x, y = at
        if self.mirrored:
            x = 1 - x
        for _ in range(self.quarters):
            x, y = 1 - y, x
        return x, y

    def rect(self, rect: Rect, picture: Size) -> Rect:
        """Where a part of a picture of that size comes to lie, in pixels."""
        x, y, w, h, across, down = rect.x, rect.y, rect.w, rect.h, picture.w, picture.h
        if self.mirrored:
            x = across - x - w
        for _ in range(self.quarters):
            x, y, w, h, across, down = down - y - h, x, h, w, down, across
        return Rect(x, y, w, h)


UPRIGHT = Turn()


class Framing(msgspec.Struct, frozen=True):
    """What a tile does to the picture that it shows."""

    crop: Area = WHOLE
    turn: Turn = UPRIGHT
    fit: Fit | None = None
    """``None``: that of the source."""


UNFRAMED = Framing()


class Span(msgspec.Struct, frozen=True):
    """A tile is a piece of a larger place that reaches beyond its screen."""

    place: Size
    """The whole place, in pixels of the screen that has most of them there."""
    shape: float
    """Its width over its height."""
    part: Area
    """What the tile is of it, exactly."""


class View(msgspec.Struct, frozen=True):
    """How a source's picture goes into a tile. The steps follow each other in the order of the
    fields: a source says the first two, a tile the others."""

    upright: Turn = UPRIGHT
    """Sets upright what the camera sends."""
    masks: tuple[Mask, ...] = ()
    """Parts of the upright picture that are covered before anybody sees it."""
    crop: Area = WHOLE
    """The part of the upright picture that is taken."""
    turn: Turn = UPRIGHT
    """How that part is turned."""
    span: Span | None = None
    """The larger place that the tile is a piece of, if it is one."""

    def sent(self, tile: Size) -> Size:
        """The size that the whole picture, as it is sent, needs for its part to fill a tile."""
        across = self.turn.back().size(tile if self.span is None else self.span.place)
        whole = Size(math.ceil(across.w / self.crop.w), math.ceil(across.h / self.crop.h))
        return self.upright.back().size(whole)


PLAIN = View()


class FittedPicture(msgspec.Struct, frozen=True):
    """How a stored picture goes into a tile: a part of it, turned, at a size."""

    part: Rect
    """Of the picture as it is stored; begins at even pixels, since chroma does."""
    turn: Turn
    size: Size
    """When turned; even."""

    @property
    def enlarged(self) -> float:
        """How much the picture is enlarged, where that is most; less than 1 if it shrinks."""
        cut = self.turn.size(self.part.size)
        return max(self.size.w / cut.w, self.size.h / cut.h)

    def pixel(self, at: Point, stored: Size) -> Point:
        """Where a place of the stored picture, in fractions, lies in the tile's, in pixels."""
        x = (at[0] * stored.w - self.part.x) / self.part.w
        y = (at[1] * stored.h - self.part.y) / self.part.h
        across, down = self.turn.point((x, y))
        return across * self.size.w, down * self.size.h


class StoredPicture(msgspec.Struct, frozen=True):
    """A decoded picture as it lies in memory."""

    size: Size
    aspect: float = 1.0
    """Width of a pixel over its height."""
    upright: Turn = UPRIGHT
    """Sets it upright, as the stream says."""


def fit_picture(stored: StoredPicture, tile: Size, fit: Fit, view: View) -> FittedPicture:
    """Put what a view takes of a picture into a tile."""
    stands = stored.upright.then(view.upright)
    turn = stands.then(view.turn)
    picture = stands.size(stored.size)
    crop = view.crop.pixels(picture)
    cut = view.turn.size(crop.size)
    shape = cut.w / cut.h * (1 / stored.aspect if turn.swaps else stored.aspect)
    placed = place(cut, shape, tile, fit)
    taken = view.turn.back().rect(placed.crop, cut)
    taken = Rect(crop.x + taken.x, crop.y + taken.y, taken.w, taken.h)
    part = stands.back().rect(taken, picture)
    return FittedPicture(Rect(part.x & ~1, part.y & ~1, part.w, part.h), turn, placed.size)


def masks_px(
    stored: StoredPicture, view: View, pixel: Callable[[Point, Size], Point]
) -> tuple[Mask, ...]:
    """The masks of a view as they lie on a tile's picture, in pixels; they may reach beyond it.

    ``pixel`` tells where a place of the stored picture, in fractions, lies there.
    """
    back = stored.upright.then(view.upright).back()
    return tuple(
        tuple(pixel(back.point(corner), stored.size) for corner in mask) for mask in view.masks
    )


def sides_cross(corners: Mask) -> bool:
    """Whether two sides of a polygon meet elsewhere than at the corner that they share."""
    count = len(corners)
    sides = [(corners[i], corners[(i + 1) % count]) for i in range(count)]
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (j + 1) % count != i
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines share a point."""
    first, second = _side(a, b, c) * _side(a, b, d), _side(c, d, a) * _side(c, d, b)
    apart = max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0])
    apart |= max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1])
    return first <= 0 and second <= 0 and not apart


def _side(a: Point, b: Point, at: Point) -> float:
    """On which side of a line a point lies: the sign."""
    return (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
