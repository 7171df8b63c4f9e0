"""What a composer leaves on its canvas: always what a composer would paint that begins afresh."""

import typing

import numpy as np
import pytest

from tests.composing import (
    ARTIST,
    LEFT,
    LOOK_NS,
    RIGHT,
    TILE,
    WALL,
    Wall,
    packed,
    part,
    shows,
    translucent,
)
from tests.fakes import MS, SECOND, FakeStream, Pixels, picture
from wallctl.frames.ring import Flag
from wallctl.frames.stream_block import Word
from wallctl.model.effort import Effort
from wallctl.model.geometry import Rect, Size
from wallctl.model.health import Phase, Reason, TileState
from wallctl.present.feed import FeedView
from wallctl.present.orders import Pending, Prepare, TileOrder
from wallctl.present.patch import planes


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_a_picture_is_where_its_tile_is_and_nowhere_else(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    pixels = camera.noise(1)
    wall.show(wall.order(1, RIGHT, camera))
    assert shows(wall, RIGHT, pixels)
    ground = ARTIST.ground(LEFT.size)
    for plane, layer in zip(part(wall.canvas.pixels, LEFT), ground.layers, strict=True):
        assert np.array_equal(plane, layer.ink)


def test_a_smaller_picture_stands_in_the_middle_of_its_tile(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    pixels = camera.noise(1, Size(40, 48))
    wall.show(wall.order(1, LEFT, camera))
    assert shows(wall, Rect(LEFT.x + 24, LEFT.y, 40, 48), pixels)


def test_the_first_pass_leaves_a_calm_wall(wall: Wall) -> None:
    assert wall.tick()
    assert len(np.unique(planes(wall.canvas.pixels).y)) == 1
    assert not wall.tick()


def test_nothing_is_seen_before_the_commit(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(2)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    wall.show(wall.order(1, LEFT, cameras[0]))
    before = wall.canvas.pixels.copy()
    wall.composer.prepare(Prepare(2, (wall.order(1, LEFT, cameras[1]),)))
    assert not wall.composer.is_ready(wall.clock.now_ns)
    while wall.composer.draw_ahead(wall.clock.now_ns):
        pass
    assert wall.composer.is_ready(wall.clock.now_ns)
    assert not wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)
    assert (wall.composer.version, wall.composer.coming) == (1, 2)
    wall.composer.commit()
    assert np.array_equal(wall.canvas.pixels, before)  # a reader between two passes sees no hole
    assert wall.tick()
    assert not np.array_equal(wall.canvas.pixels, before)
    assert (wall.composer.version, wall.composer.coming) == (2, None)


def test_a_commit_without_a_prepared_scene_changes_nothing(wall: Wall) -> None:
    wall.tick()
    wall.composer.commit()
    assert not wall.composer.draw_ahead(wall.clock.now_ns)
    assert not wall.composer.is_ready(wall.clock.now_ns)
    assert not wall.tick()


def test_an_untouched_tile_is_not_painted_again(wall: Wall) -> None:
    still, moving = wall.studio.stream(TILE), wall.studio.stream(TILE)
    still.noise(1)
    moving.noise(2)
    wall.show(wall.order(1, LEFT, still), wall.order(2, RIGHT, moving))
    part(wall.canvas.pixels, LEFT)[0][10:20, 30:50] = 99  # a scratch that painting would remove
    before = packed(wall.canvas.pixels, LEFT)
    for seed in range(3, 8):
        moving.noise(seed)
        assert wall.tick()
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), before)
    assert not wall.tick()


def test_the_same_tile_in_a_new_scene_is_not_painted_again(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(3)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    wall.show(wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[1]))
    part(wall.canvas.pixels, LEFT)[0][10:20, 30:50] = 99
    before = packed(wall.canvas.pixels, LEFT)
    wall.show(wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[2]), version=2)
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), before)


class TornRing:
    """Pixels whose writer comes round while they are copied, for so many copies."""

    def __init__(self, stream: FakeStream, times: int) -> None:
        self._stream = stream
        self.left = times

    def disturb(self) -> None:
        if self.left:
            self.left -= 1
            for seed in range(3):
                self._stream.noise(100 + 3 * self.left + seed)


class DisturbedView:
    """An array that is written by its stream each time it is read."""

    def __init__(self, pixels: Pixels, writer: TornRing) -> None:
        self._pixels, self._writer = pixels, writer

    def __getitem__(self, key: slice) -> Pixels:
        found = self._pixels[key].copy()
        if not key.start:  # the luma is copied first
            self._writer.disturb()
        return found


def disturbed(wall: Wall, camera: FakeStream, times: int) -> FeedView:
    """The feed of the first tile, with a writer that publishes during ``times`` copies."""
    view = wall.composer.tiles[0]._feeds[0]
    writer = TornRing(camera, times)
    view.ring.pixels = [
        typing.cast(Pixels, DisturbedView(pixels, writer)) for pixels in view.ring.pixels
    ]
    return view


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_torn_copy_is_done_again_from_the_newest(wall: Wall, times: int) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    view = disturbed(wall, camera, times)
    camera.noise(2)
    wall.tick()
    assert shows(wall, LEFT, picture(TILE, 102))
    assert view.torn == wall.composer.tiles[0].torn == times


def test_what_stays_torn_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    disturbed(wall, camera, 4)
    camera.noise(2)
    assert wall.tick()
    assert len(np.unique(part(wall.canvas.pixels, LEFT)[0])) == 1
    assert wall.tick()
    assert shows(wall, LEFT, picture(TILE, 102))


def test_a_ring_that_goes_to_another_during_the_copy_is_never_seen(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    view = wall.composer.tiles[0]._feeds[0]

    class Reassigned(DisturbedView):
        def __getitem__(self, key: slice) -> Pixels:
            view.ring.words[0] += 1
            return self._pixels[key]

    view.ring.pixels = [
        typing.cast(Pixels, Reassigned(pixels, TornRing(camera, 0))) for pixels in view.ring.pixels
    ]
    camera.noise(2)
    wall.tick()
    assert len(np.unique(part(wall.canvas.pixels, LEFT)[0])) == 1
    assert view.torn == 1
    wall.tick()
    assert wall.state() is TileState.CONNECTING


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
    assert wall.state() is TileState.LIVE


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


def test_an_overlay_leaves_no_trace_and_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    before = wall.canvas.pixels.copy()
    wall.composer.overlay("toast", translucent(60, 20, 80, 40))
    assert np.array_equal(wall.canvas.pixels, before)
    assert wall.tick()
    laid = wall.canvas.pixels.copy()
    for _ in range(5):
        camera.noise(1)
        wall.tick()
    assert np.array_equal(wall.canvas.pixels, laid)
    wall.composer.overlay("toast", None)
    wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)


def test_a_label_on_the_bar_beside_a_picture_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1, Size(30, 48))
    wall.show(wall.order(1, LEFT, camera))
    wall.composer.overlay("toast", translucent(0, 30, 30, 20))
    wall.tick()
    before = wall.canvas.pixels.copy()
    for _ in range(5):
        camera.noise(1, Size(30, 48))
        wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)


def test_the_selection_frame_comes_and_goes(wall: Wall) -> None:
    cameras = [wall.studio.stream(TILE) for _ in range(2)]
    for i, camera in enumerate(cameras):
        camera.noise(i)
    tiles = wall.order(1, LEFT, cameras[0]), wall.order(2, RIGHT, cameras[1])
    wall.show(*tiles)
    without = wall.canvas.pixels.copy()
    wall.show(*tiles, version=2, selected=2)
    assert np.array_equal(packed(wall.canvas.pixels, LEFT), packed(without, LEFT))
    frame = part(wall.canvas.pixels, RIGHT)[0]
    assert len(np.unique(frame[0])) == len(np.unique(frame[-1])) == 1
    wall.show(*tiles, version=3, selected=1)
    assert np.array_equal(packed(wall.canvas.pixels, RIGHT), packed(without, RIGHT))


def test_a_blanked_screen_shows_nothing_of_any_camera(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    tiles = (wall.order(1, LEFT, camera),)
    wall.show(*tiles, selected=1)
    before = wall.canvas.pixels.copy()
    wall.composer.overlay("toast", translucent(60, 20))
    wall.show(*tiles, version=2, blanked=True, selected=1)
    wall.composer.overlay("toast", None)
    camera.noise(2)
    wall.tick()
    expected = np.zeros_like(wall.canvas.pixels)
    ARTIST.blanked("", WALL).lay(planes(expected), 0, 0)
    assert np.array_equal(wall.canvas.pixels, expected)
    camera.noise(3)
    assert not wall.tick()
    camera.noise(1)
    wall.show(*tiles, version=3, selected=1)
    assert np.array_equal(wall.canvas.pixels, before)


def test_a_scene_waits_for_new_tiles_that_are_coming_and_for_no_others(wall: Wall) -> None:
    silent, coming, live = (wall.studio.stream(TILE) for _ in range(3))
    live.noise(1)
    wall.show(wall.order(1, LEFT, silent))

    def is_ready(*tiles: TileOrder) -> bool:
        wall.composer.prepare(Prepare(2, tiles))
        while wall.composer.draw_ahead(wall.clock.now_ns):
            pass
        return wall.composer.is_ready(wall.clock.now_ns)

    assert is_ready(wall.order(1, LEFT, silent), wall.order(2, RIGHT, live))
    assert not is_ready(wall.order(1, LEFT, silent), wall.order(2, RIGHT, coming))
    assert not is_ready(wall.order(2, RIGHT, silent))
    coming.phase(Phase.FAILED, Reason.TIMED_OUT)
    assert is_ready(wall.order(2, RIGHT, coming), TileOrder(3, LEFT))


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
