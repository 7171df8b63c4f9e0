"""What stands and moves in the demo cameras' streets: cars, people, trees, houses, boats.

Each is drawn flat, in units, from its own top left corner. No faces, no readable people: a head is
a disc. It knows nothing of time or of files.
"""

import math
import random
from collections.abc import Callable, Sequence

from wallctl.demo.brush import Brush, Draw, Point, Sprite, Stage

SHADOW = "#0000003a"
CAR_W, CAR_H = 250, 96
BUS_W, BUS_H = 430, 168
PERSON_W, PERSON_H = 46, 104
CAR_COLOURS = ("#e4572e", "#f3f0e8", "#2e86ab", "#3c3f58", "#f2b134", "#8fa7b3", "#4f9d69")
COATS = ("#c8553d", "#2d6a8e", "#f2a65a", "#6b4e71", "#3f7d58", "#b23a6b", "#38405f", "#e0b33c")


def car(paint: str, glass: str = "#bfe0ea") -> Draw:
    """A saloon car from the side, driving to the right, 250 x 96."""

    def draw(brush: Brush) -> None:
        brush.oval(125, 88, 122, 8, SHADOW)
        cabin = [(58, 40), (88, 10), (96, 6), (158, 6), (168, 10), (204, 42)]
        brush.shape(cabin, paint)
        brush.shape([(74, 40), (96, 15), (122, 15), (122, 40)], glass)
        brush.shape([(130, 40), (130, 15), (157, 15), (184, 40)], glass)
        brush.box(6, 38, 238, 42, paint, round_=18)
        brush.box(10, 64, 230, 14, "#00000030", round_=6)
        brush.box(6, 62, 238, 4, "#ffffff50")
        brush.box(226, 46, 16, 11, "#fff6d8", round_=5)
        brush.box(7, 46, 12, 11, "#c63d2f", round_=4)
        brush.box(134, 50, 16, 4, "#00000055", round_=2)
        for x in (62, 190):
            wheel(brush, x, 76, 19)

    return draw


def wheel(brush: Brush, x: float, y: float, r: float) -> None:
    """A wheel with its rim."""
    brush.disc(x, y, r, "#23262e")
    brush.disc(x, y, r * 0.55, "#b9c0c7")
    brush.disc(x, y, r * 0.2, "#5d656e")


def bus(paint: str, band: str = "#ffffff") -> Draw:
    """A city bus from the side, driving to the right, 430 x 168."""

    def draw(brush: Brush) -> None:
        brush.oval(215, 158, 208, 9, SHADOW)
        brush.box(4, 10, 422, 136, paint, round_=20)
        brush.box(4, 96, 422, 14, band)
        for x in range(22, 330, 76):
            brush.box(x, 30, 66, 52, "#c9e6ef", round_=6)
            brush.shape([(x + 10, 78), (x + 34, 34), (x + 48, 34), (x + 24, 78)], "#ffffff55")
        brush.box(336, 30, 40, 108, "#a9cfdb", round_=6)
        brush.box(355, 30, 3, 108, paint)
        brush.box(386, 26, 40, 66, "#c9e6ef", round_=10)
        brush.box(410, 116, 14, 12, "#fff6d8", round_=5)
        brush.box(4, 116, 10, 12, "#c63d2f", round_=4)
        for x in (90, 300):
            wheel(brush, x, 142, 23)

    return draw


def person(coat: str, legs: str, stride: float, umbrella: str | None = None) -> Draw:
    """A walker of simple shapes, 46 x 104; ``stride`` -1..1 is how far the feet are apart."""

    def draw(brush: Brush) -> None:
        brush.oval(23, 99, 17, 4, SHADOW)
        for side in (-1, 1):
            foot = 23 + side * stride * 10
            brush.line([(23, 60), (foot, 97)], legs, 9)
        brush.box(11, 30, 24, 40, coat, round_=11)
        brush.line([(23, 40), (23 - stride * 9, 60)], "#00000030", 6)
        brush.disc(23, 18, 10, "#e3b591")
        brush.pie(23, 16, 11, (180, 360), "#33292b")
        if umbrella:
            brush.pie(23, 22, 23, (180, 360), umbrella)
            brush.box(22, 20, 2, 34, "#333842")

    return draw


def walker(stage: Stage, coat: str, umbrella: str | None = None) -> tuple[Sprite, ...]:
    """The steps of one walker."""
    strides = (1.0, 0.4, -0.4, -1.0)
    draws = [person(coat, "#2f3542", stride, umbrella) for stride in strides]
    return tuple(stage.sprite(PERSON_W, PERSON_H, draw) for draw in draws)


def tree(leaf: str, light: str, trunk: str = "#6b4a35") -> Draw:
    """A round tree, 220 x 300, its foot at (110, 300)."""
    crown = ((110, 104, 76), (62, 140, 50), (158, 138, 52), (84, 76, 48), (140, 72, 46))

    def draw(brush: Brush) -> None:
        brush.oval(110, 293, 60, 7, SHADOW)
        brush.shape([(101, 296), (105, 150), (117, 150), (121, 296)], trunk)
        brush.line([(110, 220), (142, 176)], trunk, 7)
        for x, y, r in crown:
            brush.disc(x, y, r, leaf)
        for x, y, r in crown:
            brush.disc(x - r * 0.22, y - r * 0.26, r * 0.58, light)

    return draw


def pine(leaf: str, snow: str | None = None) -> Draw:
    """A fir, 180 x 300, its foot at (90, 300); with snow on its branches if a colour is given."""

    def draw(brush: Brush) -> None:
        brush.box(81, 250, 18, 48, "#5b4636")
        for top, half in ((150, 86), (84, 68), (20, 50)):
            brush.shape([(90, top), (90 - half, top + 118), (90 + half, top + 118)], leaf)
            brush.shape([(90, top), (90, top + 118), (90 + half, top + 118)], "#00000018")
            if snow:
                brush.shape(
                    [(90, top), (90 - half * 0.4, top + 47), (90 + half * 0.4, top + 47)], snow
                )
                for side in (-half, half):
                    tip, up = (90 + side, top + 118), (90 + side * 0.5, top + 59)
                    brush.shape([tip, up, (90 + side * 0.55, top + 96)], snow)

    return draw


def willow(leaf: str, light: str) -> Draw:
    """A weeping willow, 260 x 340, its foot at (130, 340)."""

    def draw(brush: Brush) -> None:
        brush.oval(130, 334, 70, 6, SHADOW)
        brush.shape([(118, 338), (124, 120), (138, 120), (144, 338)], "#6a5138")
        brush.oval(130, 96, 92, 66, leaf)
        for row, colour in ((0, leaf), (1, light)):
            for number in range(13 - row):
                x = 30 + row * 8 + number * 16.6
                arch = 1 - ((x - 130) / 112) ** 2
                top = 100 - (62 - 26 * row) * arch
                drop = 110 + 60 * arch + 56 * math.sin(number * 2.3 + row) ** 2
                brush.box(x - 7, top, 14 - 6 * row, drop - row * 60, colour, round_=8)

    return draw


def cloud(colour: str = "#ffffff") -> Draw:
    """A cloud, 260 x 100."""

    def draw(brush: Brush) -> None:
        for x, y, r in ((66, 62, 34), (118, 46, 44), (176, 58, 38)):
            brush.disc(x, y, r, colour)
        brush.box(32, 60, 190, 36, colour, round_=18)

    return draw


def boat(hull: str, roof: str) -> Draw:
    """A river boat with a cabin, 300 x 130."""

    def draw(brush: Brush) -> None:
        brush.box(66, 40, 150, 46, "#f4efe2", round_=6)
        for x in range(78, 200, 33):
            brush.box(x, 50, 24, 20, "#6fa8bd", round_=4)
        brush.box(54, 28, 176, 14, roof, round_=6)
        brush.line([(232, 84), (232, 20)], "#5b4636", 4)
        brush.shape([(234, 22), (268, 32), (234, 44)], "#d94f3d")
        brush.shape([(6, 80), (294, 80), (262, 122), (38, 122)], hull)
        brush.box(14, 80, 272, 7, "#ffffff60")

    return draw


def lantern(red: str = "#d6322c") -> Draw:
    """A round paper lantern on its string, 80 x 130."""

    def draw(brush: Brush) -> None:
        brush.box(39, 0, 2, 24, "#3a2a24")
        brush.box(27, 22, 26, 8, "#e7b75a", round_=3)
        brush.oval(40, 58, 36, 32, red)
        brush.oval(40, 58, 20, 32, "#ff7a4d90")
        brush.oval(40, 58, 8, 32, "#ffd08a90")
        brush.box(27, 86, 26, 8, "#e7b75a", round_=3)
        brush.box(36, 94, 8, 30, "#e2a03f", round_=3)

    return draw


def umbrella_stall(first: str, second: str) -> Draw:
    """A striped awning over crates, 240 x 260."""

    def draw(brush: Brush) -> None:
        for x in (18, 214):
            brush.box(x, 60, 8, 190, "#7d6b5d")
        for number in range(8):
            x = number * 30
            colour = first if number % 2 == 0 else second
            brush.shape(
                [(x, 76), (x + 30, 76), (30 + (x + 30) * 0.75, 8), (30 + x * 0.75, 8)], colour
            )
            brush.pie(x + 15, 76, 15, (0, 180), colour)
        brush.box(10, 160, 220, 92, "#a9744f", round_=5)
        brush.box(10, 160, 220, 12, "#c48f66", round_=4)

    return draw


def street_lamp(brush: Brush, x: float, foot: float, height: float, colour: str) -> None:
    """A street lamp painted into a background."""
    brush.box(x - 5, foot - height, 10, height, colour, round_=4)
    brush.line([(x, foot - height + 4), (x + 54, foot - height - 14)], colour, 8)
    brush.box(x + 36, foot - height - 24, 52, 12, colour, round_=6)


def house(
    brush: Brush,
    at: tuple[float, float],
    size: tuple[float, float],
    colours: tuple[str, str],
    lit: Callable[[], bool] = lambda: True,
) -> None:
    """A block of flats painted into a background: wall colour, window colour, which are lit."""
    (x, y), (w, h), (wall, window) = at, size, colours
    brush.box(x, y, w, h, wall)
    brush.box(x + w * 0.8, y, w * 0.2, h, "#00000014")
    brush.box(x - 4, y - 8, w + 8, 10, wall)
    columns, rows = max(2, int(w // 44)), max(2, int(h // 54))
    pitch_x, pitch_y = w / columns, h / rows
    for row in range(rows):
        for column in range(columns):
            if lit():
                left, top = x + (column + 0.22) * pitch_x, y + (row + 0.24) * pitch_y
                brush.box(left, top, pitch_x * 0.56, pitch_y * 0.5, window, round_=3)


def skyline(
    brush: Brush, foot: float, heights: tuple[float, float], colour: str, dice: random.Random
) -> None:
    """A far row of houses, as one silhouette."""
    x = -20.0
    while x < brush.w:
        w, h = dice.uniform(60, 130), dice.uniform(*heights)
        brush.box(x, foot - h, w + 1, h, colour)
        if dice.random() < 0.4:
            brush.box(x + w * 0.3, foot - h - 18, w * 0.25, 18, colour)
        x += w


def hills(brush: Brush, foot: float, peaks: Sequence[tuple[float, float]], colour: str) -> None:
    """Soft hills: each peak is (x, height)."""
    outline = [(float(x), foot - _height(x, peaks)) for x in range(0, 1612, 12)]
    brush.shape([(0, foot + 2), *outline, (1612, foot + 2)], colour)


def _height(x: float, peaks: Sequence[tuple[float, float]]) -> float:
    return sum(h * math.exp(-(((x - at) / 190) ** 2)) for at, h in peaks)


def winding(points: Sequence[Point]) -> list[Point]:
    """A closed outline with soft bends through points (a Catmull-Rom spline)."""
    count = len(points)
    outline: list[Point] = []
    for number in range(count):
        a, b, c, d = (points[(number + k) % count] for k in (-1, 0, 1, 2))
        outline += [_between((a, b, c, d), step / 12) for step in range(12)]
    return outline


def _between(four: tuple[Point, Point, Point, Point], u: float) -> Point:
    weights = (
        (-u + 2 * u**2 - u**3) / 2,
        (2 - 5 * u**2 + 3 * u**3) / 2,
        (u + 4 * u**2 - 3 * u**3) / 2,
        (-(u**2) + u**3) / 2,
    )
    x, y = (sum(w * p[axis] for w, p in zip(weights, four, strict=True)) for axis in (0, 1))
    return x, y
