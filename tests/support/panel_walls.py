"""Walls of panels that differ, and circles that reach over them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wallctl.model.base.geometry import Area, Rect
from wallctl.model.site.panel_geometry import picture_area
from wallctl.model.site.site import Screen

MIXED = (
    Screen("a", Rect(0, 0, 1280, 720), Area(0, 0, 1018, 572.6)),
    Screen("b", Rect(1280, 0, 640, 480), Area(1030, 190, 410, 307.5)),
    Screen("c", Rect(0, 720, 800, 600), Area(400, 600, 610, 457.5)),
    Screen("d", Rect(1280, 720, 360, 640), Area(1030, 590, 271, 481.8)),
)
"""2 x 2 panels of other sizes, other pixels per mm and other bezels; the last hangs turned."""


class Circle:
    """A bright disc on a dark picture, and where its edge is seen."""

    def __init__(self, side_px: int, radius: float) -> None:
        """``radius`` in fractions of the picture's side; the disc is in its middle."""
        self.radius = radius
        at = (np.arange(side_px) + 0.5) / side_px - 0.5
        far = np.hypot(at[:, None], at[None, :])
        soft = np.clip((radius - far) * side_px + 0.5, 0, 1)
        self.luma = np.rint(30 + 200 * soft).astype(np.uint8)


def edge_mm(screen: Screen, luma: NDArray[np.uint8], level: int = 130) -> list[tuple[float, float]]:
    """Where on the wall, in mm, the brightness of a canvas passes a level along its rows and
    columns; between two pixels where it lies between theirs."""
    area, (h, w) = picture_area(screen), luma.shape
    found: list[tuple[float, float]] = []
    for lines, turned in ((luma, False), (luma.T, True)):
        values = lines.astype(float)
        row, left = np.nonzero((values[:, :-1] < level) != (values[:, 1:] < level))
        a, b = values[row, left], values[row, left + 1]
        along, across = left + 0.5 + (level - a) / (b - a), row + 0.5
        x, y = (across, along) if turned else (along, across)
        found += zip(
            (area.x + x / w * area.w).tolist(), (area.y + y / h * area.h).tolist(), strict=True
        )
    return found


def worst_px(
    screens: tuple[Screen, ...], lumas: dict[str, NDArray[np.uint8]], middle: tuple[float, float],
    radius_mm: float,
) -> dict[str, float]:  # fmt: skip
    """By how many of its own pixels each screen's edge of a disc misses the circle; only of
    screens that show some."""
    found = {}
    for screen in screens:
        pixel_mm = picture_area(screen).w / screen.size.w
        misses = [
            abs(math.dist(at, middle) - radius_mm) / pixel_mm
            for at in edge_mm(screen, lumas[screen.name])
        ]
        if misses:
            found[screen.name] = max(misses)
    return found


class Ring(NamedTuple):
    """A circle on the wall, in mm."""

    middle: tuple[float, float]
    radius: float


NEAR_MM = 15
"""What is farther from a circle than this is something else."""
INSIDE_PX = 3
"""At the very edge of a panel there is no pixel beside to tell an edge by."""


def check_round(screens: tuple[Screen, ...], lumas: dict[str, NDArray[np.uint8]], of: Ring) -> None:
    """That a bright disc is seen exactly where a circle is, within a pixel, on every panel that
    the circle crosses, and all the way."""
    for screen in screens:
        pixel_mm = picture_area(screen).w / screen.size.w
        edge = np.array(edge_mm(screen, lumas[screen.name]))
        far = np.hypot(*(edge - of.middle).T) - of.radius
        near = np.abs(far) < NEAR_MM
        assert near.any(), f"screen {screen.name} shows nothing of the circle"
        assert np.abs(far[near]).max() < pixel_mm, f"screen {screen.name} shows it elsewhere"
        expected = _on_panel(screen, of, INSIDE_PX * pixel_mm)
        gaps = np.hypot(*(edge[near][None] - expected[:, None]).T).min(0)
        assert gaps.max() < 1.5 * pixel_mm, f"screen {screen.name} has a gap in it"


def _on_panel(screen: Screen, of: Ring, inside_mm: float) -> NDArray[np.float64]:
    """Points of a circle, one each quarter of a degree, that lie on a panel."""
    area, angles = picture_area(screen), np.radians(np.arange(0, 360, 0.25))
    x = of.middle[0] + of.radius * np.cos(angles)
    y = of.middle[1] + of.radius * np.sin(angles)
    on = (area.x + inside_mm < x) & (x < area.right - inside_mm)
    on &= (area.y + inside_mm < y) & (y < area.bottom - inside_mm)
    return np.column_stack([x[on], y[on]])
