"""Rectangles on a canvas.

Coordinates are ``x, y, w, h`` in pixels from the top left, half-open. Canvas rectangles are even
in all four numbers, because a canvas is 4:2:0: chroma has half the rows and columns.
"""

import enum

import msgspec


class Fit(enum.Enum):
    """How a picture of one shape fills a tile of another."""

    CONTAIN = "contain"
    """All of the picture, bars where it does not reach."""
    COVER = "cover"
    """All of the tile, the picture's overhang cut off evenly."""
    STRETCH = "stretch"
    """All of both; the picture is distorted."""


class Side(enum.Enum):
    """A side of a rectangle."""

    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"
    LEFT = "left"


class Size(msgspec.Struct, frozen=True, order=True):
    """Width and height in pixels."""

    w: int
    h: int


class Rect(msgspec.Struct, frozen=True):
    """A half-open rectangle in pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def size(self) -> Size:
        """Its width and height."""
        return Size(self.w, self.h)

    @property
    def right(self) -> int:
        """The first column right of it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    def intersects(self, other: "Rect") -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


class Area(msgspec.Struct, frozen=True):
    """A rectangle in lengths that are no pixels: fractions of a picture, or places on the wall."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right end."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return self.y + self.h

    def overlap(self, other: "Area") -> "Area | None":
        """What two have in common, if that is anything."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        w, h = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Area(x, y, w, h) if w > 0 and h > 0 else None

    def part(self, share: "Area") -> "Area":
        """A part of it that is given in fractions of it."""
        x, y = self.x + share.x * self.w, self.y + share.y * self.h
        return Area(x, y, share.w * self.w, share.h * self.h)

    def share(self, other: "Area") -> "Area":
        """Another rectangle in fractions of this one; it may reach beyond."""
        x, y = (other.x - self.x) / self.w, (other.y - self.y) / self.h
        return Area(x, y, other.w / self.w, other.h / self.h)

    def at(self, share: tuple[float, float]) -> tuple[float, float]:
        """The place in it that is given in fractions of it."""
        return self.x + share[0] * self.w, self.y + share[1] * self.h

    def within(self, place: tuple[float, float]) -> tuple[float, float]:
        """A place in fractions of it."""
        return (place[0] - self.x) / self.w, (place[1] - self.y) / self.h

    def pixels(self, size: Size) -> Rect:
        """Of fractions: the nearest pixels of a picture of that size, and at least one."""
        x, y = (min(round(at * n), n - 1) for at, n in ((self.x, size.w), (self.y, size.h)))
        right, bottom = round(self.right * size.w), round(self.bottom * size.h)
        return Rect(x, y, max(1, right - x), max(1, bottom - y))

    def even_pixels(self, size: Size) -> Rect:
        """The same for a canvas: even, and perhaps none."""
        x, y = even(self.x * size.w), even(self.y * size.h)
        right, bottom = even(self.right * size.w), even(self.bottom * size.h)
        return Rect(x, y, right - x, bottom - y)


def even(length_px: float) -> int:
    """The nearest even number of pixels."""
    return 2 * round(length_px / 2)


def cut(length_px: int, parts: int) -> tuple[int, ...]:
    """The ``parts + 1`` even edges that divide a length as evenly as even numbers can."""
    return (*(even(length_px * i / parts) for i in range(parts)), length_px)


def inset(rect: Rect, gap_px: int) -> Rect:
    """``rect`` with half a gap taken from each side; never smaller than 2 x 2."""
    half = even(gap_px / 2)
    w, h = max(2, rect.w - 2 * half), max(2, rect.h - 2 * half)
    return Rect(rect.x + (rect.w - w) // 4 * 2, rect.y + (rect.h - h) // 4 * 2, w, h)


class Placed(msgspec.Struct, frozen=True):
    """Where a picture goes: the part of it that is shown, and the size that part is scaled to."""

    crop: Rect
    size: Size


def place(picture: Size, shape: float, tile: Size, fit: Fit) -> Placed:
    """Fit a picture of ``picture`` pixels and display aspect ``shape`` (w/h) into a tile.

    The size is even and never larger than the tile; the crop is in picture pixels.
    """
    whole = Rect(0, 0, picture.w, picture.h)
    if fit is Fit.STRETCH:
        return Placed(whole, tile)
    if fit is Fit.COVER:
        return Placed(_middle(picture, shape, tile), tile)
    scale = min(tile.w / shape, float(tile.h))
    size = Size(min(tile.w, max(2, even(scale * shape))), min(tile.h, max(2, even(scale))))
    return Placed(whole, size)


def _middle(picture: Size, shape: float, tile: Size) -> Rect:
    """The largest centred part of a picture that has the tile's shape."""
    tile_shape = tile.w / tile.h
    w = picture.w if shape <= tile_shape else min(picture.w, round(picture.w * tile_shape / shape))
    h = picture.h if shape >= tile_shape else min(picture.h, round(picture.h * shape / tile_shape))
    w, h = max(1, w), max(1, h)
    return Rect((picture.w - w) // 2, (picture.h - h) // 2, w, h)


def centred(size: Size, tile: Rect) -> Rect:
    """A rectangle of an even ``size`` in the middle of an even ``tile``, on even pixels."""
    return Rect(
        tile.x + (tile.w - size.w) // 4 * 2, tile.y + (tile.h - size.h) // 4 * 2, size.w, size.h
    )
