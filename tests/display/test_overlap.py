"""Tiles that lie over each other: the highest is seen whatever is painted below it.

That this holds in any order of events, the oracle shows (``test_oracle.py``).
"""

import numpy as np
from msgspec.structs import replace

from tests.support.composer_harness import TILE, WALL, Wall, part, shows
from wallctl.model.base.geometry import Rect


def test_of_tiles_that_overlap_the_highest_is_seen() -> None:
    wall = Wall()
    below, above = wall.studio.stream(WALL), wall.studio.stream(TILE)
    below.noise(1)
    over = above.noise(2)
    whole, small = Rect(0, 0, WALL.w, WALL.h), Rect(60, 40, TILE.w, TILE.h)
    tiles = (replace(wall.order(1, small, above), z=1), wall.order(2, whole, below))
    wall.show(*tiles)
    assert shows(wall, small, over)
    under = below.noise(3)
    assert wall.tick() == [whole]
    assert shows(wall, small, over)
    corner = Rect(0, WALL.h - 20, 40, 20)
    for found, painted in zip(
        part(wall.canvas.pixels, corner), part(under.reshape(-1, WALL.w), corner), strict=True
    ):
        assert np.array_equal(found, painted)
    over = above.noise(4)
    assert wall.tick() == [small]
    assert shows(wall, small, over)
