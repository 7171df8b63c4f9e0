"""Snapshots: the whole wall in its places, clean on request, never torn."""

import io
import threading
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.support.catalogues import CATALOGUES
from tests.support.composer_harness import ARTIST, LEFT, RIGHT, TILE, WALL, Wall
from tests.support.fakes import Pixels, Studio
from wallctl.display.capture import snapshot
from wallctl.display.capture.snapshot import ScreenShot, SnapshotSpec, Stamp, pictured, written
from wallctl.display.drawing.sprite import planes
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.shm.arena import Arena
from wallctl.shm.canvas import Canvas, CanvasWord

UNIX_S = 1_800_000_000


def opened(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


def grey(size: Size, luma: int) -> Pixels:
    samples = np.full(size.w * size.h * 3 // 2, 128, np.uint8)
    samples[: size.w * size.h] = luma
    return samples


def shot(wall: Wall, *tiles: TileOrder, clean: bool) -> Pixels:
    return opened(taken(wall, *tiles, clean=clean))


def file_of(spec: SnapshotSpec, arena: Arena, now_ns: int = 0) -> bytes:
    return written(pictured(spec, arena, CATALOGUES, now_ns, UNIX_S), spec.jpeg)


def taken(wall: Wall, *tiles: TileOrder, clean: bool, **more: Any) -> bytes:
    screen = ScreenShot(Rect(0, 0, WALL.w, WALL.h), wall.studio.canvas_place, tiles)
    spec = SnapshotSpec((screen,), clean, **more)
    return file_of(spec, wall.studio.arena, wall.clock.now_ns)


def test_a_stamp_is_in_the_zone_of_the_site() -> None:
    wall = Wall()
    wall.show(TileOrder(1, LEFT))
    stamp = Stamp("站", "")
    zones = ("Asia/Shanghai", "Etc/GMT-8", "Asia/Tokyo")
    shanghai, same, tokyo = (
        opened(taken(wall, clean=False, stamp=stamp, timezone=zone)) for zone in zones
    )
    assert np.array_equal(shanghai, same)
    assert not np.array_equal(shanghai, tokyo)


def test_a_snapshot_is_what_the_canvas_shows_and_a_clean_one_is_pictures_alone() -> None:
    wall = Wall()
    camera = wall.studio.stream(TILE)
    camera.publish(grey(TILE, 235))
    tiles = (wall.order(1, LEFT, camera), TileOrder(2, RIGHT))
    wall.show(*tiles, selected=1)
    before = wall.canvas.pixels.copy()
    composed, clean = shot(wall, *tiles, clean=False), shot(wall, *tiles, clean=True)
    assert composed.shape == clean.shape == (WALL.h, WALL.w, 3)
    tile = np.s_[LEFT.y : LEFT.bottom, LEFT.x : LEFT.right]
    assert clean[tile].min() >= 254
    assert composed[tile].min() < 100  # label and frame
    assert (composed[LEFT.bottom - 10, LEFT.x + 20] >= 254).all()
    assert clean[RIGHT.y :, RIGHT.x :].max() < 40
    assert np.array_equal(wall.canvas.pixels, before)


def test_a_clean_snapshot_takes_the_first_feed_that_has_a_picture() -> None:
    wall = Wall()
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    sub.publish(grey(TILE, 235))
    clean = shot(wall, wall.order(1, LEFT, main, sub), clean=True)
    assert clean[LEFT.y, LEFT.x].min() >= 254


def test_a_clean_snapshot_shows_the_feed_that_lives_as_the_wall_does() -> None:
    wall = Wall()
    main, sub = wall.studio.stream(TILE), wall.studio.stream(TILE, "sub")
    main.publish(grey(TILE, 16))
    wall.clock.now_ns += 2_000_000_000
    sub.publish(grey(TILE, 235))
    clean = shot(wall, wall.order(1, LEFT, main, sub), clean=True)
    assert clean[LEFT.y : LEFT.bottom, LEFT.x : LEFT.right].min() >= 254


def test_screens_stand_where_the_wall_has_them() -> None:
    studio = Studio(Size(64, 48))
    places = [studio.canvas(Size(64, 48)), studio.canvas(Size(32, 96))]
    shots = []
    for place, x, luma in zip(places, (0, 64), (235, 126), strict=True):
        canvas = Canvas(studio.arena, place)
        canvas.pixels[...] = grey(place.size, luma).reshape(canvas.pixels.shape)
        shots.append(ScreenShot(Rect(x, 0, place.size.w, place.size.h), place, ()))
    picture = opened(file_of(SnapshotSpec(tuple(shots), clean=False), studio.arena))
    assert picture.shape == (96, 96, 3)
    assert picture[0, 0].min() >= 254
    assert abs(int(picture[95, 95].min()) - 128) < 3
    assert picture[95, 0].max() == 0


def test_a_pass_under_way_is_waited_for() -> None:
    wall = Wall()
    wall.tick()
    wall.canvas.begin()
    wall.canvas.pixels[...] = 0

    def finish() -> None:
        ARTIST.ground(WALL).lay(planes(wall.canvas.pixels), 0, 0)
        wall.canvas.end(2, 0, 0)

    threading.Timer(0.02, finish).start()
    assert shot(wall, clean=False).max() < 40
    assert len(np.unique(shot(wall, clean=False).reshape(-1, 3), axis=0)) == 1


def test_a_presenter_that_died_while_it_composed_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshot, "BETWEEN_TRIES_S", 0.0)
    wall = Wall()
    wall.tick()
    wall.canvas.words[CanvasWord.SEQ] |= 1
    assert shot(wall, clean=False).shape == (WALL.h, WALL.w, 3)


def lit(wall: Wall) -> TileOrder:
    """A white picture in the left tile."""
    camera = wall.studio.stream(TILE)
    camera.publish(grey(TILE, 235))
    return wall.order(1, LEFT, camera)


def test_a_tiles_snapshot_is_that_part_of_the_canvas_marks_included() -> None:
    wall = Wall()
    tile = lit(wall)
    wall.show(tile)
    whole, part = shot(wall, tile, clean=False), opened(taken(wall, tile, clean=False, crop=LEFT))
    assert np.array_equal(part, whole[LEFT.y : LEFT.bottom, LEFT.x : LEFT.right])
    assert part.min() < 100, "the label is there"
    clean = opened(taken(wall, tile, clean=True, crop=LEFT))
    assert clean.shape == (LEFT.h, LEFT.w, 3)
    assert clean.min() >= 254


def test_a_frozen_picture_stays_marked_even_on_a_clean_snapshot() -> None:
    wall = Wall()
    tile = lit(wall)
    wall.show(tile)
    wall.clock.now_ns += 2_000_000_000
    clean = opened(taken(wall, tile, clean=True, crop=LEFT))
    assert clean.mean() < 200
    assert len(np.unique(clean)) > 10, "it says since when"


def test_a_stamp_stands_below_the_picture_and_hides_nothing_of_it() -> None:
    wall = Wall()
    tile = lit(wall)
    wall.show(tile)
    plain = shot(wall, tile, clean=False)
    stamped = opened(taken(wall, tile, clean=False, stamp=Stamp("测试", "left")))
    assert np.array_equal(stamped[: WALL.h], plain)
    strip = stamped[WALL.h :]
    assert len(strip) > 12
    assert strip.max() > 200
    assert strip.shape[0] % 2 == 0
    other = opened(taken(wall, tile, clean=False, stamp=Stamp("测试", "right")))
    assert not np.array_equal(other, stamped)


def test_a_clean_snapshot_that_is_stamped_names_its_sources() -> None:
    wall = Wall()
    tile = lit(wall)
    plain = opened(taken(wall, tile, clean=True))
    named = opened(taken(wall, tile, clean=True, stamp=Stamp("测试", "left")))
    corner = np.s_[LEFT.y : LEFT.y + 20, LEFT.x : LEFT.x + 40]
    assert plain[corner].min() >= 254
    assert named[corner].min() < 100


def test_a_jpeg_is_one_and_looks_the_same() -> None:
    wall = Wall()
    tile = lit(wall)
    wall.show(tile)
    jpeg = taken(wall, tile, clean=True, jpeg=True)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.format == "JPEG"
        seen = np.asarray(image, int)
    assert np.abs(seen - shot(wall, tile, clean=True)).mean() < 3
