"""When info panels are drawn: at once where there is none, then each second, one at a time."""

import msgspec
import numpy as np
import pytest

from tests.support.composer_harness import LEFT, RIGHT, Wall
from tests.support.fakes import MS, SECOND
from tests.support.orders import prepare_order
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.messages import Furnish
from wallctl.display.overlays.overlay_board import OverlayBoard
from wallctl.display.overlays.tile_overlays import APART_NS
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.shm.stream_status import Word


@pytest.fixture
def wall() -> Wall:
    """Two tiles with sources, and what is known of them is to be shown."""
    wall = Wall()
    orders = []
    for number, rect in ((1, LEFT), (2, RIGHT)):
        camera = wall.studio.stream(rect.size)
        camera.noise(number)
        orders.append(wall.order(number, rect, camera))
    wall.composer.prepare(prepare_order(1, tuple(orders), readouts=frozenset({"info"})))
    wall.composer.commit()
    return wall


def board_of(wall: Wall) -> OverlayBoard:
    return OverlayBoard(wall.composer, SiteTime(), Furnish({}))


def drawn(board: OverlayBoard, now_ns: int) -> int:
    """How many panels are brought up to date at a time."""
    count = 0
    while board.draw_tiles_on(now_ns):
        count += 1
    return count


def test_all_are_drawn_at_once_and_then_one_after_the_other_each_second(wall: Wall) -> None:
    board, began_ns = board_of(wall), 10 * SECOND
    assert drawn(board, began_ns) == 2
    assert drawn(board, began_ns + SECOND - MS) == 0
    assert drawn(board, began_ns + SECOND) == 1
    assert drawn(board, began_ns + SECOND + APART_NS - 1) == 0
    assert drawn(board, began_ns + SECOND + APART_NS) == 1
    assert drawn(board, began_ns + SECOND + 10 * APART_NS) == 0


def test_a_scene_that_hides_them_takes_them_away_and_one_with_other_tiles_draws_those(
    wall: Wall,
) -> None:
    board, now_ns = board_of(wall), 10 * SECOND
    drawn(board, now_ns)
    shown = wall.composer.order
    moved = msgspec.structs.replace(shown.tiles[0], rect=RIGHT)
    for order, count in (
        (msgspec.structs.replace(shown, version=2, tiles=(moved,)), 1),
        (msgspec.structs.replace(shown, version=3, readouts=frozenset()), 0),
        (msgspec.structs.replace(shown, version=4), 2),
        (msgspec.structs.replace(shown, version=5, blanked=True), 0),
    ):
        wall.composer.prepare(order)
        wall.composer.commit()
        assert drawn(board, now_ns) == count


def test_under_a_panel_a_slate_leaves_what_to_do_to_it(wall: Wall) -> None:
    """Both would be told in the same place, one through the other."""
    large = Wall(Size(960, 540))
    camera = large.studio.stream(Size(480, 270))
    camera.phase(Phase.FAILED, Reason.NO_SUCH_STREAM)
    order = large.order(1, Rect(0, 0, 480, 270), camera)
    looks = []
    for version, shown in enumerate((False, True, False), 1):
        large.show(order, version=version, readouts=frozenset({"info"} if shown else ()))
        looks.append(large.canvas.pixels.copy())
    (tile,) = large.composer.tiles
    assert tile.state is TileState.OFFLINE
    assert not np.array_equal(looks[1], looks[0])
    assert np.array_equal(looks[2], looks[0])


def test_what_a_stream_carries_is_known_on_when_its_tile_changes_places(wall: Wall) -> None:
    camera = wall.studio.stream(LEFT.size)
    camera.noise(1)
    order = wall.order(1, LEFT, camera)
    wall.show(order, version=2)
    wall.composer.tiles[0].figures(SECOND)
    camera.words[Word.BYTES] += 125_000
    before = wall.composer.tiles[0].figures(2 * SECOND)
    wall.show(msgspec.structs.replace(order, rect=RIGHT), version=3)
    after = wall.composer.tiles[0].figures(2 * SECOND + MS)
    assert before is not None
    assert after is not None
    assert before.bits_s == after.bits_s == 1_000_000
