"""Proof of life at the glass: what a presenter shows of pictures that stand still, or seem to."""

import pytest

from tests.support import composer_harness as composing
from tests.support.composer_harness import LEFT, TILE, Wall, packed
from tests.support.fakes import MS, SECOND, FakeStream, picture
from wallctl.model.streams.health import TileState
from wallctl.shm.ring import Flag
from wallctl.shm.stream_status import Word

TEN_MINUTES_NS = 600 * SECOND
TICK_NS = 20 * MS
IN_TIME_NS = 1200 * MS

wall = composing.wall


def showing(wall: Wall) -> FakeStream:
    """A stream, live in the tile on the left."""
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    assert wall.state() is TileState.LIVE
    return camera


def marked_after_ns(wall: Wall) -> int:
    """When a pass first paints the tile again, though nothing came."""
    for passes in range(1, 200):
        if wall.tick(TICK_NS):
            return passes * TICK_NS
    raise AssertionError("it never did")


def test_a_frozen_picture_is_marked_within_1200_ms_of_its_presentation(wall: Wall) -> None:
    showing(wall)
    for _ in range(20):  # whatever the moment at which its tile was last looked at
        assert SECOND <= marked_after_ns(wall) + TICK_NS <= IN_TIME_NS
        assert wall.state() is TileState.STALE
        wall.clock.now_ns += 7 * MS
        showing(wall)


def test_a_picture_that_its_stream_left_behind_is_marked_though_the_stream_says_it_lives(
    wall: Wall,
) -> None:
    camera = showing(wall)
    states = []
    for _ in range(5 * SECOND // TICK_NS):
        camera.words[Word.PICTURE_NS] = wall.clock.now_ns
        camera.words[Word.DECODED] += 1
        wall.tick(TICK_NS)
        states.append(wall.state())
    behind = TileState.CATCHING_UP
    assert list(dict.fromkeys(states)) == [TileState.LIVE, behind, TileState.CONNECTING]
    assert states.index(behind) * TICK_NS <= IN_TIME_NS
    assert states.index(TileState.CONNECTING) * TICK_NS == pytest.approx(3 * SECOND, abs=200 * MS)


def test_one_picture_over_and_over_stays_live_for_ten_minutes(wall: Wall) -> None:
    camera = showing(wall)
    pixels, before = picture(TILE, 1), packed(wall.canvas.pixels, LEFT)
    for _ in range(TEN_MINUTES_NS // (2 * TICK_NS)):
        wall.tick(2 * TICK_NS)
        assert wall.state() is TileState.LIVE
        camera.publish(pixels)
    wall.tick()
    assert (packed(wall.canvas.pixels, LEFT) == before).all()


def test_one_picture_a_second_stays_live_for_ten_minutes(wall: Wall) -> None:
    camera = showing(wall)
    camera.words[Word.INTERVAL_NS] = SECOND
    pixels = picture(TILE, 1)
    for passes in range(TEN_MINUTES_NS // (5 * TICK_NS)):
        wall.tick(5 * TICK_NS)
        assert wall.state() is TileState.LIVE
        if passes % 10 == 0:
            camera.publish(pixels)


def test_a_still_image_is_not_touched_for_ten_minutes(wall: Wall) -> None:
    camera = showing(wall)
    camera.noise(2, flags=Flag.STILL)
    assert wall.tick()
    wall.tick(5 * TICK_NS)  # it was live before
    for _ in range(TEN_MINUTES_NS // (5 * TICK_NS)):
        assert not wall.tick(5 * TICK_NS)
        assert wall.state() is TileState.STILL
