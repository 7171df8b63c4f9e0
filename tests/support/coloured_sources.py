"""A wall whose sources are of one colour each, so that a pixel tells which one a tile shows."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.support.live_wall import soon
from tests.support.still_site_files import PICTURE, SMALL, write_site
from tests.support.xserver import screen_rgb
from wallctl.model.base.geometry import Rect
from wallctl.model.site.layout import tile_rects
from wallctl.model.site.site import Site

Levels = NDArray[np.int16]
"""Pixels, for sums."""

COLOURS = (
    (210, 40, 40), (40, 170, 40), (50, 60, 210), (210, 200, 40), (190, 50, 190), (40, 180, 190),
    (230, 230, 230),
)  # fmt: skip
"""Of source 1, 2 ..."""
ALL = (1, 2, 3, 4)
"""What the wall shows at first, on 2x2."""
FRAME = (64, 176, 255)
NEAR = 24
"""How far apart colours may be, in each channel, and count as the same."""
SOON_S = 2.0

NOTHING: tuple[int, ...] = ()
"""No source is seen anywhere."""


def coloured_site(folder: Path, hotkeys: dict[str, str] | None = None) -> Path:
    """The site file."""
    sources = {}
    for number, colour in enumerate(COLOURS, 1):
        file = folder / f"{number}.png"
        Image.new("RGB", (PICTURE.w, PICTURE.h), colour).save(file)
        sources[f"c{number}"] = str(file)
    return write_site(folder, sources, hotkeys=hotkeys)


class Seen(NamedTuple):
    """What a screen shows."""

    layout: str
    """``large`` for one tile that fills it."""
    sources: tuple[int, ...] = NOTHING
    """The number of the source in each tile; 0 where none is."""
    selected: int | None = 1
    """The number of the tile with the frame; 0 for none, ``None`` where that does not matter."""

    def looked_at(self, site: Site, display: str) -> "Seen":
        """What the screen really shows where this layout has its tiles."""
        screen = screen_rgb(display).astype(np.int16)
        rects = self.rects(site)
        sources = tuple(_source_in(screen, rect) for rect in rects)
        framed = [i for i, rect in enumerate(rects, 1) if _is_framed(screen, rect)]
        selected = (*framed, 0)[0] if self.selected is not None else None
        return Seen(self.layout, sources if any(sources) else NOTHING, selected)

    def rects(self, site: Site) -> tuple[Rect, ...]:
        """Where its tiles are."""
        if self.layout == "large":
            return (Rect(0, 0, SMALL.w, SMALL.h),)
        return tile_rects(site.layouts[self.layout], SMALL)


def _source_in(screen: Levels, rect: Rect) -> int:
    """The number of the source in a tile, by a point beside its label and above any words."""
    pixel = screen[rect.y + rect.h * 3 // 10, rect.x + rect.w * 3 // 4]
    near = (i for i, colour in enumerate(COLOURS, 1) if np.abs(pixel - colour).max() <= NEAR)
    return next(near, 0)


def _is_framed(screen: Levels, rect: Rect) -> bool:
    """Whether the selection frame is at a tile's left edge."""
    return bool(np.abs(screen[rect.y + rect.h // 2, rect.x] - FRAME).max() <= NEAR)


def comes(look: Callable[[], object], expected: object) -> bool:
    """Whether what is looked at is soon as expected."""
    return bool(soon(lambda: look() == expected, SOON_S))
