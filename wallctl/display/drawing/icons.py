"""Colours, pills and icons: vector shapes with smooth edges, so that no font has to have them.

Icons are drawn in a square of 100 x 100 units, whatever their size in pixels. What an icon stands
for is decided where it is used.
"""

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Size

WHITE: Colour = (255, 255, 255)
SOFT: Colour = (168, 180, 194)
FAINT: Colour = (124, 137, 152)
NIGHT: Colour = (12, 16, 21)
SLATE_BLUE: Colour = (54, 70, 88)
BLUE: Colour = (90, 162, 255)
TEAL: Colour = (62, 196, 178)
RED: Colour = (242, 92, 92)
ORANGE: Colour = (255, 150, 66)
AMBER: Colour = (255, 193, 61)
LIME: Colour = (196, 214, 92)
VIOLET: Colour = (165, 148, 222)

_OVERSAMPLED = 4
Point = tuple[float, float]


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with a share (0-1) of ``b`` in it."""
    red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return red, green, blue


def pill(
    size: Size, colour: Colour, opacity: float = 1.0, radius_px: int | None = None
) -> Image.Image:
    """A filled rectangle with round corners; without a radius, its ends are half circles."""
    radius = size.h // 2 if radius_px is None else radius_px
    mask = Image.new("L", (size.w * _OVERSAMPLED, size.h * _OVERSAMPLED))
    corners = (0, 0, mask.width - 1, mask.height - 1)
    ink = round(255 * opacity)
    ImageDraw.Draw(mask).rounded_rectangle(corners, radius * _OVERSAMPLED, fill=ink)
    return _inked(mask, colour)


def centred_on(below: Image.Image, above: Image.Image, x: int | None = None) -> None:
    """Put an image on the middle line of another: at ``x`` pixels, or in its middle."""
    left = (below.width - above.width) // 2 if x is None else x
    below.alpha_composite(above, (max(0, left), max(0, (below.height - above.height) // 2)))


class Pen:
    """Draws in units of a hundredth of the icon's side. ``ink`` 0 takes away what was drawn."""

    def __init__(self, draw: ImageDraw.ImageDraw, unit: float) -> None:
        self._draw = draw
        self._unit = unit

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._unit, y * self._unit) for x, y in points]

    def line(self, points: Sequence[Point], width: float = 8, ink: int = 255) -> None:
        """A line with round ends and corners."""
        scaled, pixels = self._scaled(points), round(width * self._unit)
        self._draw.line(scaled, ink, pixels, joint="curve")
        for x, y in points:
            self.dot((x, y), width / 2, ink)

    def dot(self, centre: Point, radius: float, ink: int = 255) -> None:
        """A filled circle."""
        x, y = centre
        self._draw.ellipse(self._scaled([(x - radius, y - radius), (x + radius, y + radius)]), ink)

    def arc(self, centre: Point, radius: float, degrees: Point, width: float = 8) -> None:
        """Part of a ring, clockwise from three o'clock."""
        (x, y), outer = centre, radius + width / 2
        box = self._scaled([(x - outer, y - outer), (x + outer, y + outer)])
        self._draw.arc(box, *degrees, 255, round(width * self._unit))

    def box(self, a: Point, b: Point, radius: float, ink: int = 255) -> None:
        """A filled rectangle with round corners."""
        self._draw.rounded_rectangle(self._scaled([a, b]), radius * self._unit, ink)

    def area(self, points: Sequence[Point], ink: int = 255) -> None:
        """A filled polygon."""
        self._draw.polygon(self._scaled(points), ink)


Icon = Callable[[Pen], None]


def icon(paint: Icon, side_px: int, colour: Colour) -> Image.Image:
    """An icon as a square image, transparent around its shape."""
    mask = Image.new("L", (side_px * _OVERSAMPLED, side_px * _OVERSAMPLED))
    paint(Pen(ImageDraw.Draw(mask), mask.width / 100))
    return _inked(mask, colour)


def _inked(oversampled: Image.Image, colour: Colour) -> Image.Image:
    mask = oversampled.reduce(_OVERSAMPLED)
    image = Image.new("RGBA", mask.size, (*colour, 0))
    image.putalpha(mask)
    return image


def waves(pen: Pen) -> None:
    """Radio waves from a dot: a connection being made."""
    pen.dot((50, 78), 8.5)
    for radius in (24, 42, 60):
        pen.arc((50, 78), radius, (224, 316), 9)


def hourglass(pen: Pen) -> None:
    """An hourglass: something is on its way."""
    pen.line([(22, 10), (78, 10)], 9)
    pen.line([(22, 90), (78, 90)], 9)
    outline = [(30, 12), (30, 28), (46, 50), (30, 72), (30, 88)]
    pen.line(outline, 7)
    pen.line([(100 - x, y) for x, y in outline], 7)
    pen.area([(38, 30), (62, 30), (50, 46)])
    pen.area([(36, 86), (64, 86), (64, 78), (50, 66), (36, 78)])


def camera_off(pen: Pen) -> None:
    """A camera, crossed out: no signal."""
    pen.box((6, 28), (66, 74), 9)
    pen.area([(70, 46), (94, 31), (94, 71), (70, 56)])
    pen.line([(14, 96), (90, 8)], 22, ink=0)
    pen.line([(14, 92), (86, 10)], 9)


def key(pen: Pen) -> None:
    """A key: the one that we have does not open the camera."""
    pen.arc((30, 30), 19, (0, 360), 13)
    pen.line([(46, 46), (90, 90)], 13)
    pen.line([(66, 66), (80, 52)], 12)
    pen.line([(83, 83), (95, 71)], 12)


def padlock(pen: Pen) -> None:
    """A closed padlock, plain enough to be known when it is small: locked."""
    pen.arc((50, 34), 22, (180, 360), 12)
    pen.line([(28, 34), (28, 50)], 12)
    pen.line([(72, 34), (72, 50)], 12)
    pen.box((14, 44), (86, 94), 10)


def play(pen: Pen) -> None:
    """A triangle that points to the right: it runs."""
    pen.line([(28, 18), (82, 50), (28, 82), (28, 18)], 10)
    pen.area([(28, 18), (82, 50), (28, 82)])


def pause(pen: Pen) -> None:
    """Two bars: it stands still."""
    for x in (20, 58):
        pen.box((x, 14), (x + 22, 86), 6)


def clock(pen: Pen) -> None:
    """The face of a clock: at some hours."""
    pen.arc((50, 50), 38, (0, 360), 11)
    pen.line([(50, 26), (50, 52), (68, 62)], 10)


def bell(pen: Pen) -> None:
    """A bell: somebody is wanted."""
    pen.line([(50, 10), (50, 20)], 10)
    pen.dot((50, 42), 26)
    pen.box((24, 42), (76, 70), 2)
    pen.line([(16, 74), (84, 74)], 10)
    pen.dot((50, 88), 9)


def eye_off(pen: Pen) -> None:
    """An eye, crossed out: hidden on purpose."""
    pen.arc((50, 71), 47, (206.5, 333.5))
    pen.arc((50, 29), 47, (26.5, 153.5))
    for corner in (8, 92):
        pen.dot((corner, 50), 4)
    pen.dot((50, 50), 14)
    pen.line([(18, 86), (82, 14)], 20, ink=0)
    pen.line([(18, 86), (82, 14)])


def warning(pen: Pen) -> None:
    """A triangle with an exclamation mark."""
    pen.line([(50, 16), (90, 84), (10, 84), (50, 16)], 12)
    pen.area([(50, 16), (90, 84), (10, 84)])
    pen.line([(50, 40), (50, 60)], 9, ink=0)
    pen.dot((50, 75), 5.5, ink=0)


def chevrons_down(pen: Pen) -> None:
    """Two arrow heads that point down: less than there is."""
    for y in (18, 50):
        pen.line([(22, y), (50, y + 30), (78, y)], 12)


def chevrons(pen: Pen) -> None:
    """Two arrow heads to the right: going faster than time."""
    for x in (18, 50):
        pen.line([(x, 22), (x + 30, 50), (x, 78)], 12)
