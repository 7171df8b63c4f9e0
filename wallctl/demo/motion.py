"""How things move in the demo cameras: paths over one loop, where the end meets the beginning.

Time is the share of the loop that has passed, 0 <= t < 1. It knows sprites and nothing of scenes.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from wallctl.demo.brush import Sprite

Pose = tuple[Sprite, float, float, float]
"""A sprite, its top left corner in units, and its opacity 0..1."""

Mover = Callable[[float], Iterator[Pose]]
"""Everything that one thing shows at one moment."""

FADE = 0.12
"""The share of a stroll in which a walker appears, and again vanishes."""


def wave(t: float, phase: float = 0.0, laps: int = 1) -> float:
    """A gentle swing between -1 and 1, ``laps`` times a loop."""
    return math.sin(2 * math.pi * (t * laps + phase))


def still(sprite: Sprite, x: float, y: float) -> Mover:
    """Something that stands in front of others."""
    return lambda _t: iter([(sprite, x, y, 1.0)])


def crossing(
    sprite: Sprite, y: float, path: tuple[float, float], phase: float = 0.0, laps: int = 1
) -> Mover:
    """From one x to another, ``laps`` times a loop; both ends are out of sight."""
    start, end = path

    def pose(t: float) -> Iterator[Pose]:
        yield sprite, start + (end - start) * ((t * laps + phase) % 1.0), y, 1.0

    return pose


def stroll(
    steps: Sequence[Sprite], start: tuple[float, float], by: tuple[float, float], phase: float
) -> Mover:
    """A walker from ``start`` by an offset, who appears and vanishes softly at its ends."""

    def pose(t: float) -> Iterator[Pose]:
        along = (t + phase) % 1.0
        step = steps[int(along * 8 * len(steps)) % len(steps)]
        seen = min(1.0, along / FADE, (1 - along) / FADE)
        bob = abs(math.sin(math.pi * along * 8 * len(steps))) * 2.0
        yield step, start[0] + by[0] * along, start[1] + by[1] * along - bob, seen

    return pose


def swaying(leans: Sequence[Sprite], x: float, y: float, phase: float = 0.0) -> Mover:
    """Something rooted that leans with the wind: sprites from the left lean to the right."""
    middle = (len(leans) - 1) / 2

    def pose(t: float) -> Iterator[Pose]:
        wind = 0.7 * wave(t, phase) + 0.3 * wave(t, phase * 2, 2)
        yield leans[round(middle + middle * wind)], x, y, 1.0

    return pose


def hovering(
    sprite: Sprite, at: tuple[float, float], by: tuple[float, float], phase: float = 0.0
) -> Mover:
    """Something that swings around its place by up to an offset."""

    def pose(t: float) -> Iterator[Pose]:
        x, y = at[0] + by[0] * wave(t, phase), at[1] + by[1] * wave(t, phase + 0.25)
        yield sprite, x, y, 1.0

    return pose


def pulsing(
    sprite: Sprite, x: float, y: float, phase: float = 0.0, low: float = 0.0, laps: int = 1
) -> Mover:
    """Something that brightens and dims between ``low`` and full."""

    def pose(t: float) -> Iterator[Pose]:
        yield sprite, x, y, low + (1 - low) * (0.5 + 0.5 * wave(t, phase, laps))

    return pose


def shown(sprite: Sprite, x: float, y: float, when: Callable[[float], bool]) -> Mover:
    """Something that is there or not."""
    return lambda t: iter([(sprite, x, y, 1.0)] if when(t) else [])


def glints(sprite: Sprite, places: Iterable[tuple[float, float, float]], drift: float) -> Mover:
    """Many small lights on water, each at x, y with a phase: they drift while they flare up."""
    spots = tuple(places)

    def pose(t: float) -> Iterator[Pose]:
        for x, y, phase in spots:
            along = (t + phase) % 1.0
            yield sprite, x + drift * along, y, math.sin(math.pi * along) ** 2

    return pose


def falling(
    sprite: Sprite, drops: Iterable[tuple[float, float]], fall: tuple[float, float], laps: int
) -> Mover:
    """Rain or snow: drops at x with a phase, each moved by ``fall`` ``laps`` times a loop."""
    starts = tuple(drops)

    def pose(t: float) -> Iterator[Pose]:
        for x, phase in starts:
            along = (t * laps + phase) % 1.0
            yield sprite, x + fall[0] * along, -60 + fall[1] * along, 1.0

    return pose


def jet(sprite: Sprite, foot: tuple[float, float], speed: tuple[float, float], count: int) -> Mover:
    """Water thrown from a foot: sideways reach and height in units; drops fade as they fall."""
    reach, height = speed

    def pose(t: float) -> Iterator[Pose]:
        for number in range(count):
            along = (t * 4 + number / count) % 1.0
            rise = 4 * height * along * (1 - along)
            yield sprite, foot[0] + reach * along, foot[1] - rise, 0.9 - 0.5 * along

    return pose


def grouped(movers: Iterable[Mover]) -> Mover:
    """Several movers as one, in their order from back to front."""
    members = tuple(movers)

    def pose(t: float) -> Iterator[Pose]:
        for mover in members:
            yield from mover(t)

    return pose
