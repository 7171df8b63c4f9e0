"""Demo scenes after dark: lantern alley, high-rises at sunset.

Each scene paints its background on the stage once and hands back what moves on it, back to front.
"""

from wallctl.demo.brush import Brush, Stage
from wallctl.demo.drawn_objects import cloud, house, lantern, skyline, walker
from wallctl.demo.motion import (
    Mover,
    crossing,
    glints,
    grouped,
    hovering,
    pulsing,
    stroll,
    swaying,
)

TOWERS = (
    (60, 150, 400),
    (230, 120, 300),
    (370, 100, 220),
    (720, 150, 480),
    (900, 110, 340),
    (1030, 170, 560),
    (1220, 120, 380),
    (1360, 190, 460),
)
"""The high-rises at sunset: x, width and height of each."""

LANTERNS = (
    (480, 250),
    (1060, 250),
    (330, 170),
    (1210, 170),
    (140, 90),
    (1400, 90),
    (660, 210),
    (870, 210),
)


def lantern_alley(stage: Stage) -> list[Mover]:
    """An old alley at night: tiled roofs, warm windows, red lanterns that swing and glow."""
    _paint_lantern_alley(stage)
    swing = stage.leaning(80, 130, lantern(), 6)
    glow = stage.light(150, "#a8421f")
    folk = [walker(stage, coat) for coat in ("#7d3c3c", "#3d5a80", "#8a5a44")]
    movers: list[Mover] = []
    for x, y in LANTERNS:
        movers += [
            pulsing(glow, x - 110, y - 92, x / 700, 0.7),
            swaying(swing, x, y, x / 900),
        ]
    return [
        stroll(folk[0], (700, 540), (40, 90), 0.0),
        stroll(folk[1], (860, 640), (-20, -90), 0.4),
        stroll(folk[2], (600, 660), (-90, 110), 0.7),
        *movers,
    ]


def _paint_lantern_alley(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 420, "#141433", "#2b2350", "#513059")
    for _ in range(70):
        back.disc(stage.dice.uniform(0, 1600), stage.dice.uniform(0, 260), 1.8, "#ffffffa0")
    back.disc(1010, 110, 44, "#fbeecb")
    back.glow(1010, 110, 170, "#5a4a3a")
    _far_gate(back)
    for depth in range(3):
        _old_house(back, depth, mirrored=False)
        _old_house(back, depth, mirrored=True)
    back.shape([(0, 900), (600, 560), (1000, 560), (1600, 900)], "#4b3a52")
    for row in range(1, 9):
        y = 560 + row * row * 5.2
        half = 200 + (y - 560) * 1.76
        back.line([(800 - half, y), (800 + half, y)], "#62496455", 2 + row * 0.4)
    back.oval(800, 700, 420, 110, "#ff9a4a18")


def _far_gate(back: Brush) -> None:
    """The gate at the alley's end, against the last light."""
    back.shade(420, 150, "#513059", "#8a4f63", "#c9775f")
    back.box(560, 500, 480, 70, "#33284a")
    for x in (610, 700, 880, 970):
        back.box(x, 400, 22, 170, "#6b2f3d")
    for y, half in ((392, 240), (344, 150)):
        back.shape(
            [
                (800 - half, y),
                (800 - half * 0.8, y - 36),
                (800 + half * 0.8, y - 36),
                (800 + half, y),
            ],
            "#26233d",
        )
        back.line([(800 - half, y), (800 + half, y)], "#d98f4a", 4)
        back.box(800 - half * 0.7, y, half * 1.4, 16, "#6b2f3d")


def _old_house(back: Brush, depth: int, *, mirrored: bool) -> None:
    """One house of the alley; depth 0 is the farthest from the camera's corner of the alley."""
    right, top, foot = 600 - depth * 200, 330 - depth * 90, 560 + depth * 114
    left = right - 200

    def part(fill: str, *points: tuple[float, float]) -> None:
        back.shape([(1600 - x if mirrored else x, y) for x, y in points], fill)

    wall = ("#3a2c48", "#4a3550", "#5a3f50")[depth]
    part(wall, (left, top), (right, top + 40), (right, foot), (left, foot + 114))
    eave = ((left - 10, top + 10), (right + 36, top + 40))
    part("#26233d", (left - 10, top - 70), (right + 30, top - 10), eave[1], eave[0])
    part("#d98f4a", *eave, (right + 36, top + 45), (left - 10, top + 15))
    x, y = left + 40, top + 100
    part("#ffc66b", (x, y), (x + 90, y + 8), (x + 90, y + 110), (x, y + 114))
    part("#7a4b3d", (x + 43, y + 3), (x + 48, y + 3), (x + 48, y + 112), (x + 43, y + 112))
    part("#7a4b3d", (x, y + 54), (x + 90, y + 56), (x + 90, y + 61), (x, y + 59))


def sunset(stage: Stage) -> list[Mover]:
    """High-rises at sunset: windows light up, a plane crosses, the river mirrors the sky."""
    _paint_sunset(stage)
    dice = stage.dice
    glint = stage.sprite(90, 6, lambda b: b.box(0, 1, 88, 3, "#ffdca0b8", round_=2))
    spots = [(dice.gauss(590, 260), dice.uniform(664, 890), dice.random()) for _ in range(70)]
    window = stage.sprite(24, 26, lambda b: b.box(0, 0, 24, 26, "#ffe4a0", round_=3))
    lamp = stage.light(26, "#ff4a3d")
    plane = stage.light(18, "#ffffff")
    return [
        hovering(stage.sprite(260, 100, cloud("#dd8487")), (180, 130), (40, 2)),
        hovering(stage.sprite(260, 100, cloud("#b0648c")), (1200, 90), (50, 2), 0.5),
        crossing(plane, 120, (-60, 1660)),
        *(pulsing(lamp, x + w / 2 - 26, 584 - h, x / 300, 0.1, 2) for x, w, h in TOWERS),
        grouped(
            pulsing(window, *_window_place(dice.random(), dice.random()), dice.random())
            for _ in range(40)
        ),
        glints(glint, spots, 40),
    ]


def _paint_sunset(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 640, "#35336b", "#9a4f80", "#ee7f63", "#fdc57b")
    back.disc(590, 500, 90, "#fff0c2")
    back.glow(590, 500, 460, "#8a4a20")
    skyline(back, 650, (50, 130), "#8d5a7c", stage.dice)
    for x, w, h in TOWERS:
        house(
            back, (x, 650 - h), (w, h), ("#3c3158", "#ffd27a"), lambda: stage.dice.random() < 0.42
        )
        back.line([(x + w / 2, 650 - h), (x + w / 2, 610 - h)], "#3c3158", 5)
    back.shade(650, 250, "#e08a6c", "#7d4a77", "#332f5e")
    for x, w, h in TOWERS:
        back.box(x, 650, w, h * 0.36, "#2b25487a")
    back.box(0, 644, 1600, 10, "#2a2444")


def _window_place(which: float, where: float) -> tuple[float, float]:
    """The place of one window of one tower, on the raster that ``house`` paints."""
    x, w, h = TOWERS[int(which * len(TOWERS))]
    columns, rows = max(2, w // 44), max(2, h // 54)
    column, row = divmod(int(where * columns * rows), rows)
    return x + (column + 0.22) * w / columns, 650 - h + (row + 0.24) * h / rows
