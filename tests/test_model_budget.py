"""Larger streams go to the most important tiles, as far as the machine can decode them."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.sites import site
from wallctl.model.budget import beyond_budget
from wallctl.model.geometry import Rect, Size
from wallctl.model.scene import Scene, ScreenScene, Tile
from wallctl.model.site import StreamKey

SITE = site(sources=6)
LARGE, SMALL = Size(1920, 1080), Size(480, 270)
MAIN_PRICE, SUB_PRICE = 0.1, 0.01


def price(stream: StreamKey, tile: Size) -> float:
    del tile
    return MAIN_PRICE if stream[1] == "main" else SUB_PRICE


def scene(*tiles: Size, selected: int = 1) -> Scene:
    made = (
        Tile(n, Rect(0, 0, size.w, size.h), f"摄像机{n}", n, selected=n == selected)
        for n, size in enumerate(tiles, start=1)
    )
    return (ScreenScene("left", LARGE, tuple(made), "any"),)


def refused(shown: Scene, budget: float) -> frozenset[str]:
    return beyond_budget(SITE, shown, {}, price, budget)


def test_with_room_everyone_gets_what_the_tile_wants() -> None:
    assert refused(scene(LARGE, LARGE, SMALL), 1.0) == frozenset()


def test_the_selected_tile_comes_first_and_the_last_ones_do_without() -> None:
    shown = scene(LARGE, LARGE, LARGE, LARGE, selected=3)
    assert refused(shown, 2 * MAIN_PRICE + 2.5 * SUB_PRICE) == {"摄像机2", "摄像机4"}


def test_the_selected_tile_gets_its_stream_on_any_machine() -> None:
    assert refused(scene(LARGE, LARGE), 0.0) == {"摄像机2"}


def test_small_tiles_ask_for_nothing() -> None:
    assert refused(scene(SMALL, SMALL, SMALL), 0.0) == frozenset()


def test_a_stream_is_paid_for_once_however_many_tiles_show_it() -> None:
    twice = scene(LARGE, LARGE)
    same = tuple(replace(tile, source="摄像机1") for tile in twice[0].tiles)
    assert refused((replace(twice[0], tiles=same),), 0.0) == frozenset()


def test_a_blanked_screen_asks_for_nothing() -> None:
    shown = scene(SMALL, LARGE)
    assert refused((replace(shown[0], blanked=True),), 0.0) == frozenset()


@given(st.lists(st.sampled_from([LARGE, SMALL]), min_size=1, max_size=6), st.floats(0, 1))
def test_more_budget_never_takes_a_stream_away(tiles: list[Size], budget: float) -> None:
    shown = scene(*tiles)
    assert refused(shown, budget + 0.1) <= refused(shown, budget)
    wanting = sum(size == LARGE for size in tiles)
    spent = (wanting - len(refused(shown, budget))) * MAIN_PRICE
    assert spent <= max(budget, MAIN_PRICE) + MAIN_PRICE * 1e-6
