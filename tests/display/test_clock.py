"""The clock of the site on the wall: each second, in its own zone, also when that is another."""

import numpy as np

from tests.support import composer_harness as composing
from tests.support.catalogues import CATALOGUES
from tests.support.composer_harness import packed
from tests.support.fakes import MS, SECOND, Pixels
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.site_clock import SiteClock
from wallctl.display.drawing.sprite import Drawing, planes
from wallctl.display.overlays.clock import ClockBoard
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.streams.health import Phase, TileState
from wallctl.shm.stream_status import Word

UNIX_S = 1_800_000_000
"""2027-01-15 08:00:00 UTC."""


class Wall(composing.Wall):
    """A wall whose site has a time zone."""

    def __init__(self, timezone: str) -> None:
        super().__init__(Size(480, 270))
        self.site_clock = SiteClock(timezone)
        drawn_by = artists(None, CATALOGUES, self.site_clock)
        self.composer = Composer(self.studio.arena, self.canvas, drawn_by)
        self.board = ClockBoard(self.composer, self.site_clock)


def test_stamps_are_in_the_zone_of_the_site() -> None:
    clock = SiteClock("Asia/Shanghai")
    assert clock.time_of_day(UNIX_S * SECOND) == "16:00:00"
    clock.timezone = "America/New_York"
    assert clock.time_of_day(UNIX_S * SECOND) == "03:00:00"


def test_the_clock_follows_another_zone_within_a_second() -> None:
    wall, other = Wall("Asia/Shanghai"), Wall("Asia/Tokyo")
    for one in (wall, other):
        one.show(clock=True)
    assert not wall.board.follow(UNIX_S, True)
    wall.tick()
    before = wall.canvas.pixels.copy()
    assert not wall.board.follow(UNIX_S, True)
    wall.board.move("Asia/Tokyo")
    assert wall.board.follow(UNIX_S + 1, True)
    assert not wall.board.follow(UNIX_S + 2, True)
    other.board.follow(UNIX_S + 2, True)
    for one in (wall, other):
        one.tick()
    assert not np.array_equal(wall.canvas.pixels, before)
    assert np.array_equal(wall.canvas.pixels, other.canvas.pixels)


def test_a_wall_without_a_clock_follows_too() -> None:
    wall = Wall("Asia/Shanghai")
    wall.board.follow(UNIX_S, False)
    wall.board.move("Asia/Tokyo")
    assert wall.board.follow(UNIX_S + 1, False)


def test_what_a_tile_tells_moves_with_the_clock_that_was_set() -> None:
    wall, tile = Wall("Asia/Shanghai"), Rect(0, 0, 400, 240)
    camera = wall.studio.stream(tile.size)
    camera.noise(1)
    wall.show(wall.order(1, tile, camera))
    wall.tick(2 * SECOND)
    camera.words[Word.PHASE] = Phase.FAILED
    wall.tick(9 * SECOND)
    assert wall.state() is TileState.OFFLINE
    before = packed(wall.canvas.pixels, tile)
    assert not wall.tick()
    camera.words[Word.PICTURE_UNIX_NS] += 3600 * SECOND
    assert wall.tick(100 * MS)
    assert not np.array_equal(packed(wall.canvas.pixels, tile), before)


def laid(drawing: Drawing) -> Pixels:
    canvas = np.zeros((270 * 3 // 2, 480), np.uint8)
    drawing.lay(planes(canvas))
    return canvas


def test_every_language_has_the_clock_of_the_site() -> None:
    drawn_by = artists(None, CATALOGUES, SiteClock("Asia/Tokyo"))
    same = artists(None, CATALOGUES, SiteClock("Etc/GMT-9"))
    for language in Language:
        one, two = (each[language].clock(UNIX_S, Size(480, 270)) for each in (drawn_by, same))
        assert one is not None
        assert two is not None
        assert np.array_equal(laid(one), laid(two))
