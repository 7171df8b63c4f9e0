"""Demo scenes on the road: crossing, rainy night, parking lot, bridge, bus stop.

Each scene paints its background on the stage once and hands back what moves on it, back to front.
"""

from wallctl.demo.brush import Brush, Draw, Stage
from wallctl.demo.drawn_objects import (
    CAR_COLOURS,
    CAR_W,
    COATS,
    bus,
    car,
    cloud,
    hills,
    house,
    person,
    skyline,
    street_lamp,
    tree,
    walker,
)
from wallctl.demo.motion import (
    Mover,
    crossing,
    falling,
    glints,
    grouped,
    hovering,
    still,
    stroll,
    swaying,
)

EAST, WEST = (-300.0, 1700.0), (1700.0, -300.0)


def lane(stage: Stage, y: float, path: tuple[float, float], colours: tuple[str, ...]) -> Mover:
    """A lane of cars, evenly but not quite regularly spaced, each crossing once a loop."""
    westward = path[1] < path[0]
    cars = [stage.sprite(CAR_W, 96, car(c), mirrored=westward) for c in colours]
    gap = 1 / len(cars)
    phases = [(number + 0.3 * stage.dice.random()) * gap for number in range(len(cars))]
    return grouped(crossing(one, y, path, at) for one, at in zip(cars, phases, strict=True))


def crossing_day(stage: Stage) -> list[Mover]:
    """A day street with a zebra crossing, trees and traffic both ways."""
    _paint_crossing_day(stage)
    clouds = [stage.sprite(260, 100, cloud()) for _ in range(3)]
    oak = stage.leaning(220, 300, tree("#4f9d69", "#79bd84"), 9)
    folk = [walker(stage, coat) for coat in COATS[:4]]
    return [
        *(
            hovering(one, (x, y), (26, 3), phase)
            for one, (x, y, phase) in zip(
                clouds, ((180, 50, 0), (700, 100, 0.3), (1240, 40, 0.7)), strict=True
            )
        ),
        *(swaying(oak, x, 240, x / 700) for x in (560, 830, 1440, -70)),
        stroll(folk[0], (200, 460), (290, 0), 0.1),
        stroll(folk[1], (1320, 466), (-260, 0), 0.6),
        lane(stage, 590, WEST, (CAR_COLOURS[0], CAR_COLOURS[2])),
        lane(stage, 760, EAST, (CAR_COLOURS[4], CAR_COLOURS[1])),
        stroll(folk[2], (960, 792), (240, 0), 0.3),
    ]


def _paint_crossing_day(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 520, "#8ecae6", "#d7eef5", "#fbf3e0")
    skyline(back, 470, (110, 230), "#bcd5de", stage.dice)
    for x, w, h, wall in (
        (40, 250, 300, "#e8b48a"),
        (330, 200, 220, "#f1d9b5"),
        (980, 220, 260, "#d9a38f"),
        (1250, 290, 330, "#c9d6c3"),
    ):
        house(back, (x, 500 - h), (w, h), (wall, "#7fa6b5"))
        back.box(x, 448, w, 52, "#7b5d4a")
        back.box(x - 8, 440, w + 16, 16, "#d5533f")
    back.shade(500, 70, "#d8d2c4", "#c6bfb0")
    back.shade(570, 330, "#6f7681", "#565c67")
    back.box(0, 566, 1600, 8, "#eee8da")
    for x in range(-40, 1600, 150):
        back.box(x, 728, 84, 8, "#f2e6b8")
    for y in range(586, 880, 38):
        back.box(690, y, 190, 20, "#f4f2ec")


def rainy_night(stage: Stage) -> list[Mover]:
    """A wet road at night: headlights, their mirror images, rain."""
    _paint_rainy_night(stage)
    return [
        headlit(stage, 566, WEST, (0.05, 0.5)),
        headlit(stage, 740, EAST, (0.2, 0.72)),
        rain(stage),
    ]


def _paint_rainy_night(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 500, "#101a35", "#1d2a4d", "#3a3a63")
    skyline(back, 470, (120, 300), "#18223f", stage.dice)
    for x, w, h in ((60, 220, 280), (380, 180, 360), (1060, 240, 320), (1360, 200, 250)):
        house(back, (x, 480 - h), (w, h), ("#222c4c", "#f6c667"), lambda: stage.dice.random() < 0.4)
    back.shade(480, 60, "#2c3252", "#262c49")
    back.shade(540, 360, "#2a3050", "#151a30")
    for x in range(-60, 1600, 170):
        back.box(x, 716, 92, 7, "#8a8ba088")
    for x, colour in ((150, "#ff5f7e"), (450, "#56cfe1"), (1150, "#ffd166"), (1420, "#9b5de5")):
        back.box(x, 440, 120, 36, colour, round_=8)
        back.glow(x + 60, 458, 170, colour)
        for depth in range(6):
            back.box(x + 8 * depth, 560 + depth * 34, 120 - 14 * depth, 16, colour + "22", round_=8)
    for x in (340, 930, 1500):
        street_lamp(back, x, 548, 300, "#3d4668")
        back.glow(x + 62, 250, 230, "#8d7a4c")


def headlit(stage: Stage, y: float, path: tuple[float, float], phases: tuple[float, ...]) -> Mover:
    """Cars at night: dark bodies, a beam before them, red behind, both mirrored on the road."""
    ahead = 1 if path[1] > path[0] else -1
    body = stage.sprite(CAR_W, 96, car("#3a4262", "#5d6b93"), mirrored=ahead < 0)
    beam = stage.sprite(330, 130, _beam, mirrored=ahead < 0)
    lamp, tail = stage.light(90, "#fff1c4"), stage.light(70, "#ff3b30")
    shine, blush = (
        stage.sprite(40, 150, _mirrored("#fff1c4")),
        stage.sprite(40, 150, _mirrored("#ff4a3d")),
    )
    nose, rear = (CAR_W - 12, 12) if ahead > 0 else (12, CAR_W - 12)
    parts = (
        (shine, nose - 20, 70),
        (blush, rear - 20, 70),
        (body, 0, 0),
        (beam, nose if ahead > 0 else nose - 330, 14),
        (lamp, nose - 90, 52 - 90),
        (tail, rear - 70, 52 - 70),
    )
    return grouped(
        crossing(sprite, y + down, (path[0] + x, path[1] + x), phase)
        for phase in phases
        for sprite, x, down in parts
    )


def _beam(brush: Brush) -> None:
    for narrow in range(6):
        spread = 60 - narrow * 9
        points = [(0, 34), (320 - narrow * 26, 56 - spread * 0.6), (320 - narrow * 26, 56 + spread)]
        brush.shape([*points, (0, 44)], "#fff1c414")


def _mirrored(colour: str) -> Draw:
    """A lamp's image on the wet road, longer and fainter than the lamp."""

    def draw(brush: Brush) -> None:
        for step in range(7):
            brush.oval(20, 75, 6 + step * 2, 30 + step * 7, colour + "16")

    return draw


def rain(stage: Stage) -> Mover:
    """Slanting rain in two depths."""

    def streak(brush: Brush) -> None:
        brush.line([(10, 1), (2, 50)], "#cfe1ff6a", 2.2)

    def far(brush: Brush) -> None:
        brush.line([(6, 1), (1, 30)], "#cfe1ff3c", 1.6)

    near_drops = [(stage.dice.uniform(0, 1760), stage.dice.random()) for _ in range(70)]
    far_drops = [(stage.dice.uniform(0, 1760), stage.dice.random()) for _ in range(70)]
    return grouped(
        (
            falling(stage.sprite(8, 32, far), far_drops, (-150, 980), 5),
            falling(stage.sprite(12, 52, streak), near_drops, (-170, 1020), 8),
        )
    )


def parking_lot(stage: Stage) -> list[Mover]:
    """A parking lot with marked bays; at the gate a barrier lifts for a car that drives in."""
    _paint_parking_lot(stage)
    parked = [stage.sprite(CAR_W, 96, car(colour)) for colour in CAR_COLOURS]
    bays = ((45, 384, 0), (335, 384, 1), (915, 384, 3), (1205, 384, 6), (45, 556, 4), (625, 556, 5))
    elm = stage.leaning(220, 300, tree("#5a9f63", "#86c07f"), 8)
    incoming = stage.sprite(CAR_W, 96, car("#d9483b"))
    driver, guest = (walker(stage, coat) for coat in (COATS[1], COATS[7]))
    return [
        hovering(stage.sprite(260, 100, cloud()), (760, 40), (36, 3)),
        *(swaying(elm, x, 50, x / 500) for x in (250, 560, 1010, 1360)),
        *(still(parked[number], x, y) for x, y, number in bays),
        stroll(driver, (330, 604), (270, 0), 0.5),
        stroll(guest, (1500, 606), (-280, 0), 0.1),
        crossing(incoming, 762, EAST, 0.0),
        gate(stage),
    ]


def _paint_parking_lot(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 330, "#a7d3e8", "#e9f2ea")
    hills(back, 330, ((300, 120), (760, 90), (1250, 140)), "#a9c9a4")
    back.shade(320, 30, "#86ad7a", "#79a06f")
    back.shade(350, 550, "#8d949c", "#71777f")
    for row in (350, 520):
        back.box(0, row + 150, 1600, 4, "#e9e6d8")
        for x in range(20, 1600, 290):
            back.box(x, row + 30, 6, 122, "#f2efe2")
    back.box(0, 716, 1600, 10, "#d8cf9f")
    back.shade(726, 174, "#686e77", "#555b64")


def gate(stage: Stage) -> Mover:
    """The booth and the barrier: open while a car passes in the middle of the loop."""

    def booth(brush: Brush) -> None:
        brush.box(8, 20, 104, 168, "#f2efe6", round_=6)
        brush.box(0, 6, 120, 22, "#2f6f9f", round_=6)
        brush.box(22, 48, 76, 60, "#9fcbd8", round_=4)
        brush.box(8, 150, 104, 12, "#e9a23b")

    def arm(lift: float) -> Mover:
        def draw(brush: Brush) -> None:
            brush.box(0, 300, 30, 90, "#e9a23b", round_=4)
            for part in range(10):
                start, end = part * 40 + 10, part * 40 + 50
                points = [(15 + s * (1 - lift), 316 - s * lift * 0.75) for s in (start, end)]
                brush.line(points, "#f7f4ea" if part % 2 else "#d4382c", 12)

        return still(stage.sprite(440, 400, draw), 930, 480)

    lifts = [arm(step / 6) for step in range(7)]

    def barrier(t: float) -> int:
        openness = min(1.0, max(0.0, 2.2 * (0.34 - abs(t - 0.57)) / 0.34))
        return round(6 * openness)

    return grouped((still(stage.sprite(120, 200, booth), 830, 680), lambda t: lifts[barrier(t)](t)))


def great_bridge(stage: Stage) -> list[Mover]:
    """A cable-stayed bridge over a wide river in the morning."""
    _paint_great_bridge(stage)
    small = [stage.sprite(85, 34, far_car(colour)) for colour in CAR_COLOURS[:6]]
    glint = stage.sprite(70, 6, lambda b: b.box(0, 1, 68, 3, "#ffffffb0", round_=2))
    dice = stage.dice
    spots = [(dice.uniform(-40, 1560), dice.uniform(590, 880), dice.random()) for _ in range(60)]
    return [
        *(
            crossing(one, 486, (-100, 1700) if number % 2 else (1700, -100), number / 6)
            for number, one in enumerate(small)
        ),
        glints(glint, spots, 46),
    ]


def _paint_great_bridge(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 560, "#f7cda4", "#fbe3c8", "#dfeef0")
    back.glow(800, 330, 460, "#6b4a22")
    back.disc(800, 330, 70, "#fff3d6")
    hills(back, 560, ((140, 130), (520, 180), (1000, 110), (1420, 190)), "#b9c7c9")
    hills(back, 566, ((0, 70), (380, 80), (800, 60), (1300, 100)), "#98b0ae")
    back.shade(560, 340, "#8fc1c9", "#4f92a6", "#2f7389")
    for tower in (430, 1170):
        for side in (-1, 1):
            for cable in range(1, 9):
                back.line(
                    [(tower, 120 + cable * 22), (tower + side * cable * 43, 520)], "#f4f1ea", 3
                )
        back.shape(
            [(tower - 30, 720), (tower - 8, 90), (tower + 8, 90), (tower + 30, 720)], "#d96f4f"
        )
        back.box(tower - 46, 700, 92, 26, "#8a5a4a", round_=6)
    back.box(0, 514, 1600, 26, "#e8e2d6")
    back.box(0, 540, 1600, 14, "#b9a999")


def far_car(colour: str) -> Draw:
    """A far car, 85 x 34."""

    def draw(brush: Brush) -> None:
        brush.box(18, 4, 46, 18, colour, round_=7)
        brush.box(24, 7, 34, 9, "#d5ecf2", round_=3)
        brush.box(2, 14, 80, 13, colour, round_=6)
        for x in (20, 64):
            brush.disc(x, 26, 6, "#2b2f38")

    return draw


def bus_stop(stage: Stage) -> list[Mover]:
    """A bus stop with people who wait; buses pass behind a shelter of glass."""
    _paint_bus_stop(stage)
    elm = stage.leaning(220, 300, tree("#58a06a", "#84c48d"), 9)
    folk = [walker(stage, coat) for coat in COATS]
    waiting = [stage.sprite(46, 104, person(coat, "#39404e", 0.25)) for coat in COATS[:5]]
    city_bus = stage.sprite(430, 168, bus("#2a9d8f"))
    other_bus = stage.sprite(430, 168, bus("#e76f51"), mirrored=True)
    return [
        hovering(stage.sprite(260, 100, cloud()), (760, 70), (36, 3)),
        *(swaying(elm, x, 226, x / 600) for x in (270, 700, 920)),
        crossing(other_bus, 470, (1700, -520), 0.15),
        crossing(city_bus, 594, (-520, 1700), 0.6),
        still(stage.sprite(700, 300, shelter), 440, 520),
        *(hovering(one, (520 + 104 * n, 692), (3, 0), n / 5) for n, one in enumerate(waiting)),
        stroll(folk[5], (90, 762), (280, 0), 0.2),
        stroll(folk[6], (1500, 776), (-300, 0), 0.7),
    ]


def _paint_bus_stop(stage: Stage) -> None:
    back = stage.back
    back.shade(0, 520, "#9fd3ea", "#e3f3ee")
    skyline(back, 440, (90, 200), "#bfd9dc", stage.dice)
    for x, w, h, wall in (
        (-20, 300, 330, "#dcb89a"),
        (420, 260, 270, "#c7d3da"),
        (1100, 240, 300, "#e6cfa6"),
        (1360, 260, 360, "#bfa7a0"),
    ):
        house(back, (x, 490 - h), (w, h), (wall, "#6f98a8"))
    back.shade(490, 40, "#cfcabd", "#bdb7a9")
    back.shade(530, 220, "#737a84", "#666d77")
    for x in range(-30, 1600, 160):
        back.box(x, 556, 90, 7, "#f2e6b8")
    back.box(0, 744, 1600, 12, "#efe9dc")
    back.shade(756, 144, "#d3ccbd", "#bfb7a7")
    for x in range(0, 1600, 80):
        back.line([(x, 900), (x + 40, 758)], "#b3ab9c", 2)


def shelter(brush: Brush) -> None:
    """A bus shelter of glass with a bench and a sign, 700 x 300."""
    brush.box(20, 34, 640, 190, "#d8eef433")
    for x in (20, 232, 444, 652):
        brush.box(x, 30, 8, 250, "#46586a")
    brush.box(0, 10, 690, 28, "#2f6690", round_=8)
    brush.box(0, 30, 690, 8, "#f2b134")
    brush.box(60, 216, 520, 14, "#a9744f", round_=5)
    brush.box(470, 66, 150, 116, "#f6f1e4", round_=6)
    brush.box(482, 78, 126, 60, "#7cb8a8", round_=4)
    brush.disc(545, 108, 22, "#f6d55c")
