"""The clock of the site on the wall: each second, in its own zone, also when that is another."""

import numpy as np

from tests.support import composer_harness as composing
from tests.support.catalogues import CATALOGUES
from tests.support.composer_harness import packed
from tests.support.fakes import MS, SECOND, Pixels
from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.messages import Furnish
from wallctl.display.overlays.overlay_board import OverlayBoard
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.site.alarm import AlarmColour
from wallctl.model.streams.health import Phase, TileState
from wallctl.model.wall.scene.alarm_banner import AlarmSign
from wallctl.shm.stream_status import Word

UNIX_S = 1_800_000_000
"""2027-01-15 08:00:00 UTC."""


class Wall(composing.Wall):
    """A wall whose site has a time zone."""

    def __init__(self, timezone: str) -> None:
        super().__init__(Size(480, 270))
        site_clock = SiteTime(timezone)
        drawn_by = artists(None, CATALOGUES, site_clock)
        self.composer = Composer(self.studio.arena, self.canvas, drawn_by)
        self.board = OverlayBoard(self.composer, site_clock, Furnish({}, timezone=timezone))

    def look(self, unix_s: int) -> Pixels:
        """The canvas at that second."""
        self.board.follow(0, unix_s)
        self.tick()
        return self.canvas.pixels.copy()


def test_stamps_are_in_the_zone_of_the_site() -> None:
    clock = SiteTime("Asia/Shanghai")
    assert clock.time_of_day(UNIX_S * SECOND) == "16:00:00"
    clock.timezone = "America/New_York"
    assert clock.time_of_day(UNIX_S * SECOND) == "03:00:00"


def test_the_clock_follows_another_zone_at_once() -> None:
    wall, other = Wall("Asia/Shanghai"), Wall("Asia/Tokyo")
    for one in (wall, other):
        one.show(clock=True)
    before = wall.look(UNIX_S)
    assert np.array_equal(before, wall.look(UNIX_S))
    wall.board.lay(Furnish({}, timezone="Asia/Tokyo"))
    after = wall.look(UNIX_S)
    assert not np.array_equal(before, after)
    assert np.array_equal(after, other.look(UNIX_S))
    assert not np.array_equal(after, wall.look(UNIX_S + 1))


def test_what_tiles_tell_follows_too_and_alarms_without_a_clock() -> None:
    """Since when a picture is frozen, and since when an alarm is."""
    looks = []
    for first, then in (("Asia/Shanghai", "Asia/Tokyo"), ("Asia/Tokyo", "Asia/Tokyo")):
        wall, tile = Wall(first), Rect(0, 0, 400, 240)
        sign = AlarmSign(tile, True, AlarmColour.RED, "gate", "", UNIX_S, "gate", 1, 0)
        camera = wall.studio.stream(tile.size)
        camera.noise(1)
        wall.show(wall.order(1, tile, camera), alarms=(sign,))
        wall.tick(2 * SECOND)
        assert wall.state() is TileState.STALE
        looks.append(wall.look(UNIX_S))
        wall.board.lay(Furnish({}, timezone=then))
        looks.append(wall.look(UNIX_S + 1))
    shanghai, moved, tokyo, again = looks
    assert not np.array_equal(shanghai, moved)
    assert np.array_equal(moved, tokyo)
    assert np.array_equal(tokyo, again)


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


def test_every_language_has_the_clock_of_the_site() -> None:
    one, other = Wall("Asia/Tokyo"), Wall("Etc/GMT-9")
    for version, language in enumerate(Language, 1):
        for wall in (one, other):
            wall.show(version=version, clock=True, language=language)
        look = one.look(UNIX_S)
        assert np.ptp(look[:270]) > 50
        assert np.array_equal(look, other.look(UNIX_S))
