"""A backup's tile says for which source it stands there, in the wall's language."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.composer_harness import Wall, part
from tests.support.fakes import Pixels
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language

SCREEN = Size(480, 270)
TILE = Rect(0, 0, 480, 270)


@pytest.fixture
def wall() -> Wall:
    return Wall(SCREEN)


def shown(wall: Wall, order: TileOrder, version: int, language: Language) -> list[Pixels]:
    wall.show(order, version=version, language=language)
    return [plane.copy() for plane in part(wall.canvas.pixels, TILE)]


def test_the_label_changes_with_who_is_stood_in_for_and_with_the_language(wall: Wall) -> None:
    camera = wall.studio.stream(TILE.size)
    camera.publish(np.full(SCREEN.w * SCREEN.h * 3 // 2, 128, np.uint8))
    plain = wall.order(1, TILE, camera)
    for_gate, for_yard = (replace(plain, stands_for=name) for name in ("东门", "西门"))
    chinese, english = Language.CHINESE, Language.ENGLISH
    looks = [
        shown(wall, plain, 1, chinese),
        shown(wall, for_gate, 2, chinese),
        shown(wall, for_yard, 3, chinese),
        shown(wall, for_gate, 4, english),
    ]
    for i, one in enumerate(looks):
        for other in looks[:i]:
            assert not np.array_equal(one[0], other[0])
    usual, amber = (looks[i][1].min() for i in (0, 1))
    assert amber < 100 < usual, "an amber badge: there is little blue in it"
    again = shown(wall, plain, 5, chinese)
    assert all(np.array_equal(a, b) for a, b in zip(again, looks[0], strict=True))


def test_the_label_of_a_tile_that_stays_changes_with_the_language(wall: Wall) -> None:
    camera = wall.studio.stream(TILE.size)
    camera.publish(np.full(SCREEN.w * SCREEN.h * 3 // 2, 128, np.uint8))
    backup = replace(wall.order(1, TILE, camera), stands_for="东门")
    chinese = shown(wall, backup, 1, Language.CHINESE)
    english = shown(wall, backup, 2, Language.ENGLISH)
    other = Wall(SCREEN)
    camera = other.studio.stream(TILE.size)
    camera.publish(np.full(SCREEN.w * SCREEN.h * 3 // 2, 128, np.uint8))
    fresh = shown(other, replace(backup, feeds=(camera.feed,)), 1, Language.ENGLISH)
    assert not np.array_equal(chinese[0], english[0])
    assert all(np.array_equal(a, b) for a, b in zip(english, fresh, strict=True))
