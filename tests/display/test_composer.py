"""What a composer leaves on its canvas: always what a composer would paint that begins afresh."""

import numpy as np

from tests.support import composer_harness as composing
from tests.support.composer_harness import (
    ARTIST,
    LEFT,
    RIGHT,
    TILE,
    WALL,
    Wall,
    packed,
    part,
    shows,
    translucent,
)
from tests.support.orders import prepare_order
from wallctl.display.compositor.composer import Place
from wallctl.display.drawing.sprite import planes
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.health import Phase, Reason

wall = composing.wall
TOAST = Place(0)


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
    wall.composer.prepare(prepare_order(2, (wall.order(1, LEFT, cameras[1]),)))
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


def test_an_overlay_leaves_no_trace_and_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1)
    wall.show(wall.order(1, LEFT, camera))
    before = wall.canvas.pixels.copy()
    wall.composer.overlay(TOAST, translucent(60, 20, 80, 40))
    assert np.array_equal(wall.canvas.pixels, before)
    assert wall.tick()
    laid = wall.canvas.pixels.copy()
    for _ in range(5):
        camera.noise(1)
        wall.tick()
    assert np.array_equal(wall.canvas.pixels, laid)
    wall.composer.overlay(TOAST, None)
    wall.tick()
    assert np.array_equal(wall.canvas.pixels, before)


def test_a_label_on_the_bar_beside_a_picture_grows_no_darker(wall: Wall) -> None:
    camera = wall.studio.stream(TILE)
    camera.noise(1, Size(30, 48))
    wall.show(wall.order(1, LEFT, camera))
    wall.composer.overlay(TOAST, translucent(0, 30, 30, 20))
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
    wall.composer.overlay(TOAST, translucent(60, 20))
    wall.show(*tiles, version=2, blanked=True, selected=1)
    wall.composer.overlay(TOAST, None)
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
        wall.composer.prepare(prepare_order(2, tiles))
        while wall.composer.draw_ahead(wall.clock.now_ns):
            pass
        return wall.composer.is_ready(wall.clock.now_ns)

    assert is_ready(wall.order(1, LEFT, silent), wall.order(2, RIGHT, live))
    assert not is_ready(wall.order(1, LEFT, silent), wall.order(2, RIGHT, coming))
    assert not is_ready(wall.order(2, RIGHT, silent))
    coming.phase(Phase.FAILED, Reason.TIMED_OUT)
    assert is_ready(wall.order(2, RIGHT, coming), TileOrder(3, LEFT))
