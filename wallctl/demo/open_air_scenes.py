"""Demo scenes by day: square, park, river pier, mountain path in the snow.

Each scene paints its background on the stage once and hands back what moves on it, back to front.
"""

from wallctl.demo.brush import Brush, Stage
from wallctl.demo.drawn_objects import (
    COATS,
    boat,
    cloud,
    hills,
    person,
    pine,
    skyline,
    tree,
    walker,
    willow,
    winding,
)
from wallctl.demo.motion import (
    Mover,
    crossing,
    falling,
    glints,
    hovering,
    jet,
    pulsing,
    still,
    stroll,
    swaying,
)


def square(stage: Stage) -> list[Mover]:
    """A culture square with a fountain, paving and a hall behind it."""
    _paint_square(stage)
    drop = stage.sprite(14, 14, lambda b: b.disc(7, 7, 5, "#f4fcffd0"))
    mist = stage.light(120, "#5f7f88")
    elm = stage.leaning(220, 300, tree("#4b9b72", "#77c095"), 8)
    folk = [walker(stage, coat) for coat in COATS[:5]]
    return [
        hovering(stage.sprite(260, 100, cloud()), (260, 50), (30, 3)),
        hovering(stage.sprite(260, 100, cloud("#e9f5fa")), (1120, 90), (40, 3), 0.4),
        *(swaying(elm, x, 226, x / 800) for x in (30, 210, 1180, 1380)),
        stroll(folk[0], (250, 490), (250, 20), 0.0),
        stroll(folk[1], (1330, 520), (-240, 16), 0.45),
        pulsing(mist, 680, 420, 0, 0.6),
        *(jet(drop, (793, 630), (reach, 250), 30) for reach in (-110, -60, -20, 20, 60, 110)),
        *(jet(drop, (793 + side * 240, 672), (-side * 150, 150), 20) for side in (-1, 1)),
        stroll(folk[2], (300, 740), (280, 14), 0.3),
        stroll(folk[3], (1400, 760), (-290, -10), 0.75),
    ]


def _paint_square(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 480, "#6fb7e0", "#cfeaf3")
    skyline(back, 450, (80, 190), "#b4d3df", stage.dice)
    _hall(back)
    back.shade(470, 430, "#e9dfcc", "#cfc0a6")
    for number in range(1, 9):
        y = 470 + number * number * 6.6
        back.box(0, y, 1600, 2 + number * 0.3, "#c4b497")
    for x in range(-2400, 4200, 240):
        back.line([(800 + (x - 800) * 0.25, 470), (x, 900)], "#c4b49780", 2)
    for rx, ry, y, fill in (
        (330, 84, 690, "#a99a82"),
        (316, 76, 684, "#efe7d8"),
        (288, 64, 682, "#5fb3cc"),
        (270, 54, 684, "#7cc6da"),
        (96, 22, 640, "#a99a82"),
        (90, 19, 636, "#efe7d8"),
    ):
        back.oval(800, y, rx, ry, fill)


def _hall(back: Brush) -> None:
    back.shape([(420, 280), (800, 170), (1180, 280)], "#c95d45")
    back.box(440, 276, 720, 200, "#f3e6cf")
    back.box(430, 276, 740, 16, "#e0a458")
    for x in range(470, 1140, 84):
        back.box(x, 292, 22, 180, "#d9c4a0")
        back.box(x + 36, 330, 34, 142, "#8fb1b3", round_=16)
    back.box(400, 464, 800, 16, "#d6c6aa")


def park(stage: Stage) -> list[Mover]:
    """A riverside park: trees in the wind, a path, walkers, a pond."""
    _paint_park(stage)
    dice = stage.dice
    oak = stage.leaning(220, 300, tree("#3f8f5f", "#66b37d"), 16)
    maple = stage.leaning(220, 300, tree("#d98e4a", "#efb26c"), 16)
    weeping = stage.leaning(260, 340, willow("#6fae5c", "#8cc572"), 14)
    folk = [walker(stage, coat) for coat in COATS]
    glint = stage.sprite(60, 5, lambda b: b.box(0, 1, 58, 3, "#ffffffb0", round_=2))
    spots = [(dice.uniform(960, 1400), dice.uniform(528, 600), dice.random()) for _ in range(16)]
    return [
        hovering(stage.sprite(260, 100, cloud()), (420, 60), (34, 2)),
        *(swaying(oak, x, y, x / 500) for x, y in ((60, 190), (340, 216), (640, 180), (1110, 166))),
        glints(glint, spots, 26),
        swaying(maple, 820, 230, 0.2),
        swaying(weeping, 1340, 168, 0.5),
        stroll(folk[0], (470, 600), (270, 6), 0.0),
        stroll(folk[1], (1380, 690), (-280, -14), 0.5),
        stroll(folk[4], (300, 650), (-220, 46), 0.7),
        swaying(oak, 120, 560, 0.1),
        swaying(maple, 1400, 590, 0.6),
    ]


def _paint_park(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 420, "#93d0ea", "#e8f6ea")
    hills(back, 420, ((200, 150), (620, 110), (1040, 170), (1480, 120)), "#b7dcc0")
    hills(back, 430, ((0, 90), (420, 70), (900, 80), (1300, 90)), "#97cba0")
    back.shade(424, 476, "#8fcc7e", "#5da75b")
    back.oval(1210, 560, 330, 76, "#e6dcb6")
    back.oval(1210, 558, 312, 66, "#6cbdd0")
    back.oval(1180, 546, 230, 38, "#8bd0de")
    path = [(-60, 920), (-60, 790), (300, 712), (640, 650), (1000, 692), (1680, 730)]
    back.shape(winding([*path, (1680, 850), (1000, 790), (640, 734), (380, 800)]), "#ecdcb4")
    dice = stage.dice
    for _ in range(90):
        x, y = dice.uniform(0, 1600), dice.uniform(450, 890)
        if y > 800 or y < 480:
            back.disc(x, y, 4, dice.choice(("#f9e07f", "#f7f3ea", "#f29ca3")))


def river(stage: Stage) -> list[Mover]:
    """A river pier: boats, glints, a pagoda on the far bank."""
    _paint_river(stage)
    dice = stage.dice
    glint = stage.sprite(80, 6, lambda b: b.box(0, 1, 78, 3, "#ffffffa8", round_=2))
    spots = [(dice.uniform(-40, 1560), dice.uniform(450, 880), dice.random()) for _ in range(80)]
    ferry = stage.sprite(300, 130, boat("#c8553d", "#2d6a8e"))
    barge = stage.sprite(300, 130, boat("#33658a", "#f2a65a"), mirrored=True)
    moored = stage.sprite(300, 130, boat("#3f7d58", "#c8553d"))
    wake = stage.sprite(260, 12, lambda b: b.oval(130, 6, 128, 5, "#ffffff70"))
    return [
        glints(glint, spots, 50),
        crossing(wake, 588, (1730, -330), 0.3),
        crossing(barge, 470, (1700, -360), 0.3),
        crossing(wake, 748, (-420, 1640), 0.8),
        crossing(ferry, 634, (-360, 1700), 0.8),
        hovering(moored, (610, 720), (4, 6)),
        still(stage.sprite(46, 104, person(COATS[3], "#39404e", 0.2)), 240, 700),
        hovering(stage.sprite(260, 100, cloud()), (240, 40), (30, 2)),
    ]


def _paint_river(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 430, "#7cc0e3", "#d9eff2")
    hills(back, 430, ((180, 190), (560, 120), (980, 210), (1440, 150)), "#a7cbc9")
    hills(back, 436, ((360, 90), (800, 70), (1240, 110)), "#7fb29b")
    for level in range(5):
        w = 150 - level * 20
        y = 372 - level * 44
        back.box(1180 - w * 0.32, y, w * 0.64, 44, "#efe0c4")
        back.shape(
            [
                (1180 - w * 0.62, y + 6),
                (1180 - w * 0.3, y - 12),
                (1180 + w * 0.3, y - 12),
                (1180 + w * 0.62, y + 6),
            ],
            "#8c3f35",
        )
    back.shape([(1174, 190), (1180, 140), (1186, 190)], "#c99b3f")
    back.shade(430, 470, "#9fd6de", "#4d9fb8", "#2b7594")
    back.box(0, 424, 1600, 12, "#6b9a78")
    for x in range(40, 560, 104):
        back.box(x, 800, 18, 100, "#6d5240")
    back.shape([(-10, 800), (560, 800), (600, 830), (-10, 830)], "#a47c59")
    back.box(-10, 828, 610, 14, "#7d5c43")


def snow(stage: Stage) -> list[Mover]:
    """A mountain path in the snow: firs, a pavilion, big flakes."""
    _paint_snow(stage)
    dice = stage.dice
    firs = stage.leaning(180, 300, pine("#3d6b62", "#f4f8fb"), 5)
    folk = walker(stage, "#c8553d", "#d9483b")
    flake = stage.sprite(14, 14, lambda b: b.disc(7, 7, 6, "#ffffffe8"))
    far = stage.sprite(8, 8, lambda b: b.disc(4, 4, 3, "#ffffffc0"))
    near = [(dice.uniform(-100, 1600), dice.random()) for _ in range(90)]
    distant = [(dice.uniform(-100, 1600), dice.random()) for _ in range(150)]
    places = (
        (40, 300),
        (190, 250),
        (330, 310),
        (520, 260),
        (900, 250),
        (1420, 300),
        (1500, 430),
        (90, 520),
        (320, 560),
    )
    return [
        falling(far, distant, (60, 980), 1),
        *(swaying(firs, x, y, x / 500) for x, y in places),
        stroll(folk, (700, 600), (140, 120), 0.2),
        falling(flake, near, (110, 1000), 2),
    ]


def _paint_snow(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 520, "#9fb7d1", "#d9e4ee", "#eef3f6")
    hills(back, 500, ((160, 260), (560, 190), (1010, 300), (1450, 220)), "#c3d2e1")
    hills(back, 510, ((380, 120), (820, 100), (1260, 150)), "#d9e4ee")
    back.shade(500, 400, "#f2f6fa", "#dbe6f0")
    path = [(700, 500), (740, 500), (880, 590), (800, 690), (1100, 930)]
    back.shape(winding([*path, (560, 930), (640, 690), (800, 590)]), "#cbd8e6")
    for x in (1120, 1310):
        back.box(x, 400, 14, 170, "#a5483c")
    back.shape([(1070, 410), (1140, 330), (1304, 330), (1374, 410)], "#5b4a4a")
    back.shape(
        [(1066, 400), (1138, 322), (1306, 322), (1378, 400), (1310, 372), (1132, 372)], "#fafcff"
    )
    back.box(1090, 560, 260, 16, "#c9d5e2")
