"""Whoever judges a wall's pictures must see what is wrong with them."""

import numpy as np
import pytest

from benchmarks.harness.picture_judge import Finding, judged
from benchmarks.harness.stamp import UNREAD, Luma, Reader, write
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.wall.scene.scene import ScreenScene, Tile

SIZE = Size(640, 180)
LEFT, RIGHT = Rect(0, 0, 320, 180), Rect(320, 0, 320, 180)


def scene(left: int, right: int) -> ScreenScene:
    tiles = (Tile(1, LEFT, f"camera {left}", left), Tile(2, RIGHT, f"camera {right}", right))
    return ScreenScene("wall", SIZE, tiles, "1x2")


def picture(camera: int, frame: int) -> Luma:
    luma = np.random.default_rng(camera).integers(60, 200, (180, 320)).astype(np.uint8)
    write(luma, camera, frame)
    return luma


def canvas(left: Luma, right: Luma) -> Luma:
    return np.hstack([left, right])


TORN = np.vstack([picture(1, 7)[:100], picture(1, 10)[100:]])
MIXED = np.vstack([picture(1, 7)[:100], picture(2, 7)[100:]])
NOISE = np.random.default_rng(3).integers(60, 200, (180, 320)).astype(np.uint8)
CASES = {
    Finding.WHOLE: picture(1, 7),
    Finding.SLATE: np.full((180, 320), 38, np.uint8),
    Finding.BLACK: np.full((180, 320), 16, np.uint8),
    Finding.TORN: TORN,
    Finding.MIXED: MIXED,
    Finding.UNREADABLE: NOISE,
}


@pytest.mark.parametrize("finding", list(Finding), ids=lambda finding: finding.value)
def test_each_fault_of_a_tile_is_found(finding: Finding) -> None:
    seen = canvas(CASES[finding], picture(2, 99))
    assert judged(seen, [scene(1, 2)]) == [finding, Finding.WHOLE]


def test_a_canvas_may_show_any_of_the_scenes_but_no_mixture_of_them() -> None:
    before, after = scene(1, 2), scene(3, 4)
    whole = [Finding.WHOLE, Finding.WHOLE]
    assert judged(canvas(picture(1, 0), picture(2, 0)), [before, after]) == whole
    assert judged(canvas(picture(3, 0), picture(4, 0)), [before, after]) == whole
    half_old = canvas(picture(3, 0), picture(2, 0))
    assert Finding.MIXED in judged(half_old, [before, after])


def test_a_label_over_a_strip_leaves_the_others_to_be_read() -> None:
    luma = picture(5, 4095)
    luma[40:70] = 90
    reading = Reader([LEFT]).read(luma)
    assert reading.cameras.tolist() == [[UNREAD, 5, 5, 5]]
    assert reading.frames.tolist() == [[UNREAD, 4095, 4095, 4095]]
