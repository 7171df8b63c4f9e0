"""Demo scenes by day: school gate, market, metro entrance.

Each scene paints its background on the stage once and hands back what moves on it, back to front.
"""

from wallctl.demo.brush import Brush, Draw, Stage
from wallctl.demo.drawn_objects import (
    COATS,
    house,
    person,
    skyline,
    tree,
    umbrella_stall,
    walker,
)
from wallctl.demo.motion import (
    Mover,
    hovering,
    pulsing,
    still,
    stroll,
    swaying,
)


def school(stage: Stage) -> list[Mover]:
    """A school gate: flag, clock, pupils with bright bags going in."""
    _paint_school(stage)
    flag = stage.leaning(150, 96, _flag, 16)
    elm = stage.leaning(220, 300, tree("#4f9d69", "#7cc08a"), 9)
    pupils = [walker(stage, coat) for coat in COATS]
    routes = (
        ((420, 780), (260, -140)),
        ((1160, 790), (-250, -150)),
        ((640, 770), (110, -170)),
        ((930, 780), (-90, -180)),
        ((150, 760), (280, 0)),
        ((1500, 740), (-280, 0)),
    )
    return [
        swaying(flag, 268, 116),
        *(swaying(elm, x, 330, x / 600) for x in (20, 1380)),
        *(stroll(pupils[n], start, by, n * 0.17) for n, (start, by) in enumerate(routes)),
    ]


def _paint_school(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 520, "#86c5ea", "#e2f2f4")
    house(back, (120, 190), (1360, 320), ("#f3d9b1", "#7fb0c2"))
    back.box(640, 120, 320, 390, "#d9694f")
    back.shape([(620, 124), (800, 50), (980, 124)], "#a94a3a")
    back.disc(800, 196, 50, "#fbf6ea")
    back.line([(800, 196), (800, 164)], "#37404d", 6)
    back.line([(800, 196), (822, 206)], "#37404d", 6)
    back.box(720, 330, 160, 180, "#7a4b3d", round_=10)
    back.box(262, 110, 8, 400, "#e9e9e9")
    back.shade(510, 390, "#dccfb8", "#bfae93")
    for y in (560, 630, 730, 850):
        back.box(0, y, 1600, 3, "#b3a286")
    for x in range(20, 1600, 46):
        if not 540 < x < 1050:
            back.box(x, 470, 8, 170, "#47617a")
    for x, w in ((0, 540), (1060, 540)):
        back.box(x, 486, w, 8, "#47617a")
        back.box(x, 600, w, 8, "#47617a")
    for x in (520, 1030):
        back.box(x, 410, 60, 240, "#c9573f")
        back.box(x - 8, 398, 76, 18, "#f0e3c8")


def _flag(brush: Brush) -> None:
    brush.box(4, 4, 136, 86, "#2f6fb2", round_=4)
    brush.disc(72, 47, 26, "#f6f3ea")
    brush.box(56, 43, 32, 8, "#f2b134", round_=4)


STALLS = (
    ("#e4572e", "#e4572e"),
    ("#2a9d8f", "#7ab648"),
    ("#f2b134", "#f2b134"),
    ("#5f7fbf", "#8a4fa0"),
    ("#b23a6b", "#e8892b"),
)
"""The market's stalls: the colour of the awning and of the fruit."""


def market(stage: Stage) -> list[Mover]:
    """Market stalls under striped awnings, fruit in crates, people between them."""
    _paint_market(stage)
    folk = [walker(stage, coat) for coat in COATS]
    bulb = stage.light(110, "#c98f3f")
    sellers: list[Mover] = []
    stands: list[Mover] = []
    for number, (awning, fruit) in enumerate(STALLS):
        x = 60 + number * 310
        seller = stage.sprite(46, 104, person(COATS[-number - 1], "#39404e", 0.1))
        sellers.append(hovering(seller, (x + 90, 420), (22, 1), number / 5))
        stall = stage.sprite(240, 260, umbrella_stall(awning, "#fdf3e3"))
        stands.append(still(stall, x, 350))
        stands.append(still(stage.sprite(220, 60, _fruit(fruit)), x + 12, 462))
        stands.append(pulsing(bulb, x + 10, 350, number / 5, 0.4))
    return [
        *sellers,
        *stands,
        stroll(folk[5], (260, 630), (280, 0), 0.1),
        stroll(folk[6], (1280, 660), (-290, 0), 0.5),
        stroll(folk[7], (760, 720), (260, 0), 0.8),
        stroll(folk[2], (480, 760), (-270, 0), 0.35),
        stroll(folk[0], (1500, 750), (-280, 0), 0.9),
    ]


def _paint_market(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 440, "#f6dcae", "#f9ecd2")
    walls = ("#d99b7c", "#e9c79b", "#c98d78", "#e3b98a", "#cf9f86")
    for number, wall in enumerate(walls):
        h = (300, 250, 320, 260, 310)[number]
        house(back, (-10 + number * 324, 430 - h), (324, h), (wall, "#8a6f63"))
    back.shade(430, 470, "#dccaa8", "#b9a280")
    for row in range(1, 10):
        y = 430 + row * row * 5.9
        back.box(0, y, 1600, 2 + row * 0.2, "#a8906c")
        for x in range(-140 + row % 2 * 70, 1740, 140):
            slope = (x - 800) * 0.05
            back.line([(x - slope, y), (x + slope, y + row * 11)], "#a8906c", 2)
    for number in range(41):
        x, y = number * 40, 120 + 60 * ((number % 20 - 10) / 10) ** 2
        drop = 190 - y * 0.5
        flag = ("#e4572e", "#2a9d8f", "#f2b134", "#fdf3e3")[number % 4]
        back.shape([(x, drop), (x + 34, drop), (x + 17, drop + 36)], flag)
        back.box(x, drop - 2, 40, 3, "#7d6b5d")


def _fruit(colour: str) -> Draw:
    def draw(brush: Brush) -> None:
        for row in range(2):
            for column in range(8):
                x, y = 22 + column * 25 + row * 8, 44 - row * 16
                brush.disc(x, y, 13, colour)
                brush.disc(x - 4, y - 4, 4, "#ffffff60")

    return draw


def metro(stage: Stage) -> list[Mover]:
    """A metro entrance with a glass roof; people go down and come up."""
    _paint_metro(stage)
    elm = stage.leaning(220, 300, tree("#559f78", "#82c4a0"), 8)
    folk = [walker(stage, coat) for coat in COATS]
    sign = stage.sprite(150, 190, _metro_sign)
    return [
        *(swaying(elm, x, 250, x / 600) for x in (240, 1150, 1380)),
        stroll(folk[0], (600, 640), (20, -190), 0.0),
        stroll(folk[1], (690, 630), (0, -180), 0.5),
        stroll(folk[2], (880, 450), (-10, 190), 0.25),
        stroll(folk[3], (980, 440), (30, 200), 0.75),
        still(stage.sprite(760, 400, _glass_roof), 420, 240),
        still(sign, 300, 430),
        stroll(folk[4], (180, 700), (290, 0), 0.15),
        stroll(folk[5], (1440, 720), (-300, 0), 0.6),
        stroll(folk[6], (800, 740), (240, 10), 0.85),
    ]


def _paint_metro(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 500, "#9cc9dd", "#e6eff0")
    skyline(back, 480, (140, 330), "#b8cdd6", stage.dice)
    for x, w, h, wall in ((0, 260, 380, "#9fb4c1"), (1300, 300, 420, "#8ea6b6")):
        house(back, (x, 500 - h), (w, h), (wall, "#d5e6ea"))
    back.shade(500, 400, "#dad6cf", "#b8b2a8")
    for y in (548, 610, 690, 790):
        back.box(0, y, 1600, 3, "#aaa499")
    back.box(470, 300, 660, 330, "#31424f", round_=12)
    for step in range(9):
        back.box(500, 440 + step * 21, 600, 14, "#5f7381")
        back.box(500, 452 + step * 21, 600, 8, "#42535f")
    for x in (494, 790, 1096):
        back.line([(x, 420), (x, 640)], "#d7a13c", 10)


def _metro_sign(brush: Brush) -> None:
    brush.box(70, 90, 10, 100, "#5a6872")
    brush.box(20, 0, 110, 100, "#1f6fb2", round_=16)
    brush.shape(
        [
            (42, 76),
            (42, 26),
            (56, 26),
            (75, 56),
            (94, 26),
            (108, 26),
            (108, 76),
            (95, 76),
            (95, 48),
            (75, 76),
            (55, 48),
            (55, 76),
        ],
        "#ffffff",
    )


def _glass_roof(brush: Brush) -> None:
    brush.shape([(0, 70), (60, 8), (700, 8), (760, 70)], "#5c87a0")
    for x in range(60, 720, 80):
        brush.shape([(x, 62), (x + 8, 16), (x + 62, 16), (x + 66, 62)], "#b8dbe8")
    brush.box(0, 66, 760, 16, "#1f6fb2", round_=6)
    for x in (30, 720):
        brush.box(x, 80, 14, 316, "#6f8593")
