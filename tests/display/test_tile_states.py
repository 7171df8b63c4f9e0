"""What a tile tells of its stream: how old its picture is, which stream it has, what is missing."""

import numpy as np
import pytest

from tests.support import composer_harness as composing
from tests.support.composer_harness import LEFT, LOOK_NS, RIGHT, TILE, Wall, packed, shows
from tests.support.fakes import MS, SECOND, Pixels, picture
from wallctl.display.messages import Pending, TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.shm.ring import Flag
from wallctl.shm.stream_status import Word

wall = composing.wall


def test_live_goes_stale_then_offline_by_the_clock_alone_and_comes_back(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    looks = [packed(wall.canvas.pixels, LEFT)]
    for ns, state in ((1 * SECOND, TileState.STALE), (2 * SECOND, TileState.OFFLINE)):
        assert wall.tick(ns)
        assert wall.state() is state
        looks.append(packed(wall.canvas.pixels, LEFT))
        assert not wall.tick()
    camera.noise(1)
    assert wall.tick()
    assert wall.state() is TileState.LIVE
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), looks[0])
    assert not np.array_equal(looks[0], looks[1])
    assert not np.array_equal(looks[1], looks[2])
    assert looks[1].mean() < looks[0].mean()  # dimmed


def test_a_still_never_goes_stale(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1, flags=Flag.STILL)
    wall.show(wall.order(1, LEFT, camera))
    assert not wall.tick(60 * SECOND)
    assert wall.state() is TileState.STILL
    assert wall.composer.pending() == ()


def test_a_picture_that_is_fetched_says_so_and_grows_old(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.words[Word.INTERVAL_NS] = SECOND
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    live = packed(wall.canvas.pixels, LEFT)
    looks = []
    for _ in range(2):  # each tells its own time
        camera.noise(1, flags=Flag.STILL)
        camera.phase(Phase.LIVE)
        wall.tick(SECOND)
        assert wall.state() is TileState.LIVE
        looks.append(packed(wall.canvas.pixels, LEFT))
    assert not np.array_equal(looks[0], live)
    assert not np.array_equal(looks[0], looks[1])
    wall.tick(3 * SECOND + LOOK_NS)
    assert wall.state() is TileState.STALE


def test_what_is_caught_up_is_never_shown_as_live(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    live = packed(wall.canvas.pixels, LEFT)
    camera.noise(1, flags=Flag.CATCHING_UP)
    wall.tick()
    assert not np.array_equal(packed(wall.canvas.pixels, LEFT), live)
    camera.words[Word.CATCHING_UP] = 1
    wall.tick(LOOK_NS)
    assert wall.state() is TileState.CATCHING_UP
    assert not wall.composer.is_settled()


def test_a_slate_tells_the_newest_reason() -> None:
    wall = Wall(Size(320, 180))
    camera = wall.studio.stream(TILE)
    looks: list[Pixels] = []
    for reason in (Reason.UNREACHABLE, Reason.NO_SUCH_STREAM):
        camera.phase(Phase.FAILED, reason)
        wall.tick() if looks else wall.show(wall.order(1, Rect(0, 0, 320, 180), camera))
        looks.append(wall.canvas.pixels.copy())
        assert not wall.tick()
    assert not np.array_equal(looks[0], looks[1])


def test_a_slate_tells_for_how_long_a_keyframe_is_waited_for() -> None:
    wall = Wall(Size(320, 180))
    camera = wall.studio.stream(TILE)
    camera.phase(Phase.WAITING_KEY)
    wall.show(wall.order(1, Rect(0, 0, 320, 180), camera))
    looks = [wall.canvas.pixels.tobytes()]
    for waited_s, is_another in ((9, False), (10, True), (19, False), (20, True)):
        camera.words[Word.KEY_INTERVAL_NS] = waited_s * SECOND
        wall.tick()
        assert (wall.canvas.pixels.tobytes() != looks[-1]) is is_another
        looks.append(wall.canvas.pixels.tobytes())


def test_each_state_without_a_picture_has_its_own_look(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    looks: list[bytes] = []
    for phase in (Phase.CONNECTING, Phase.WAITING_KEY, Phase.FAILED, Phase.REFUSED):
        camera.phase(phase)
        wall.show(wall.order(1, LEFT, camera))
        looks.append(wall.canvas.pixels.tobytes())
    wall.show(TileOrder(1, LEFT))
    assert wall.state() is TileState.EMPTY
    assert wall.composer.pending() == ()
    assert len({*looks, wall.canvas.pixels.tobytes()}) == 5


def test_the_main_stream_is_preferred_and_the_sub_stream_bridges(wall: Wall) -> None:
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.noise(2)
    wall.show(wall.order(1, LEFT, main, sub))
    tile = wall.composer.tiles[0]

    def shown(seed: int, stream: str) -> bool:
        figures = tile.figures(wall.clock.now_ns)
        assert figures is not None
        assert figures.stream == stream
        return shows(wall, LEFT, picture(TILE, seed))

    assert shown(2, "sub")
    main.noise(1)
    wall.tick(LOOK_NS)
    assert shown(1, "main")
    for seed in range(3, 6):  # main falls silent
        wall.tick(500 * MS)
        sub.noise(seed)
    wall.tick(LOOK_NS)
    assert shown(5, "sub")
    main.noise(6)
    sub.noise(7)
    wall.tick(LOOK_NS)
    assert shown(6, "main")


def test_a_stream_not_decoded_for_this_tile_shows_no_old_picture(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.tick(10 * SECOND)
    camera.words[Word.PICTURE_NS] = wall.clock.now_ns  # packets go on, this ring gets nothing
    wall.show(wall.order(1, LEFT, camera))
    assert wall.state() is TileState.CONNECTING
    assert wall.composer.pending() == (Pending(1, TileState.CONNECTING),)


def test_a_tile_with_less_than_all_says_so_and_one_with_all_does_not(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    pixels = camera.noise(1)
    wall.show(wall.order(1, RIGHT, camera))
    assert shows(wall, RIGHT, pixels)
    camera.words[Word.EFFORT] = Effort.CAPPED
    assert wall.tick(LOOK_NS)
    assert not shows(wall, RIGHT, pixels)
    assert wall.composer.tiles[0].state is TileState.LIVE
    camera.words[Word.EFFORT] = Effort.FULL
    assert wall.tick(LOOK_NS)
    assert shows(wall, RIGHT, pixels)


@pytest.mark.parametrize("effort", [Effort.KEYS, Effort.NONE])
def test_a_tile_whose_motion_was_shed_keeps_its_picture_however_old(
    wall: Wall, effort: Effort
) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, RIGHT, camera))
    camera.words[Word.EFFORT] = effort
    for _ in range(20):
        camera.words[Word.PICTURE_NS] = wall.clock.now_ns + SECOND  # packets come
        wall.tick(SECOND)
    states = [wall.composer.tiles[0].state]
    wall.tick(10 * SECOND)
    states.append(wall.composer.tiles[0].state)
    assert states == [TileState.SHED, TileState.OFFLINE]
