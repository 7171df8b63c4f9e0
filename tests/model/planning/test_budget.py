"""How large a stream each source may have, so that the machine can decode them."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.sites import site, source_of_three
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.planning.budget import largest_streams, up_to
from wallctl.model.planning.connection_limits import bearable
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile

SITE = site(sources=6)
THREE = replace(SITE, sources=tuple(source_of_three(n, connections=3) for n in range(1, 7)))
LARGE, MIDDLE, SMALL = Size(1920, 1080), Size(800, 450), Size(320, 180)
PRICES = {"main": 0.1, "sub": 0.01, "third": 0.004}
TAP_PRICE = 0.001


def price(stream: StreamKey, tiles: tuple[Size, ...]) -> float:
    return PRICES[stream[1]] + TAP_PRICE * len(tiles)


def scene(*tiles: Size, selected: int = 1) -> Scene:
    made = (
        Tile(n, Rect(0, 0, size.w, size.h), f"摄像机{n}", n)
        for n, size in enumerate(tiles, start=1)
    )
    return (ScreenScene("left", LARGE, tuple(made), "any", selected),)


def streams(shown: Scene, budget: float, there: Site = SITE) -> list[str]:
    """The largest stream of each source that is shown, in the order of their numbers."""
    return [name for _, name in sorted(largest_streams(there, shown, {}, price, budget).items())]


def spent(shown: Scene, may: dict[str, str], there: Site) -> float:
    """What is decoded if sources may have these streams, and tiles choose of them."""
    taps: dict[StreamKey, set[Size]] = {}
    for tile in shown[0].tiles:
        source = there.source(tile.source or "")
        assert source is not None
        sizes = [t.rect.size for t in shown[0].tiles if t.source == source.name]
        given = bearable(up_to(source, may[source.name]), sizes, {})
        stream = choose_stream(given, tile.rect.size, {})
        taps.setdefault((source.name, stream), set()).add(tile.rect.size)
    return sum(price(key, tuple(sizes)) for key, sizes in taps.items())


def test_with_room_everyone_gets_what_the_tile_wants() -> None:
    assert streams(scene(LARGE, LARGE, SMALL), 1.0) == ["main", "main", "sub"]


def test_the_selected_tile_comes_first_and_the_last_ones_do_without() -> None:
    shown = scene(LARGE, LARGE, LARGE, LARGE, selected=3)
    room = 2 * (PRICES["main"] + TAP_PRICE) + 2.5 * (PRICES["sub"] + TAP_PRICE)
    assert streams(shown, room) == ["main", "sub", "main", "sub"]


def test_the_selected_tile_gets_its_stream_on_any_machine() -> None:
    assert streams(scene(LARGE, LARGE), 0.0) == ["main", "sub"]


def test_small_tiles_ask_for_nothing() -> None:
    assert streams(scene(SMALL, SMALL, SMALL), 0.0) == ["sub", "sub", "sub"]


def test_a_stream_is_paid_for_once_however_many_tiles_show_it() -> None:
    both = (*scene(LARGE, LARGE)[0].tiles, Tile(3, Rect(0, 0, 1920, 1080), "摄像机2", 2))
    shown = (replace(scene(LARGE)[0], tiles=both),)
    assert streams(shown, 2 * (PRICES["main"] + TAP_PRICE) + 1e-9) == ["main", "main"]


def test_a_blanked_screen_asks_for_nothing() -> None:
    assert streams((replace(scene(SMALL, LARGE)[0], blanked=True),), 0.0) == []


def test_beyond_the_budget_the_middle_size_is_taken_where_it_fits() -> None:
    room = PRICES["main"] + 2.5 * PRICES["sub"] + 5 * TAP_PRICE + 2 * PRICES["third"]
    shown = scene(LARGE, LARGE, MIDDLE, LARGE, SMALL)
    assert streams(shown, room, THREE) == ["main", "sub", "third", "sub", "third"]


def test_a_camera_that_bears_one_connection_is_paid_for_one_stream() -> None:
    alone = replace(THREE, sources=tuple(source_of_three(n, connections=1) for n in range(1, 7)))
    small = Tile(2, Rect(0, 0, SMALL.w, SMALL.h), "摄像机1", 1)
    shown = (replace(scene(LARGE)[0], tiles=(*scene(LARGE)[0].tiles, small)),)
    assert spent(shown, {"摄像机1": "main"}, alone) == PRICES["main"] + 2 * TAP_PRICE
    assert spent(shown, {"摄像机1": "main"}, THREE) == (
        PRICES["main"] + PRICES["third"] + 2 * TAP_PRICE
    )


SITES = st.builds(
    lambda bears: replace(
        SITE, sources=tuple(source_of_three(n, connections=bears) for n in range(1, 7))
    ),
    st.integers(1, 3),
)


def scene_of(tiles: list[tuple[int, Size]]) -> Scene:
    """Tiles by the number of their source and their size; the first is selected."""
    made = (
        Tile(i, Rect(0, 0, size.w, size.h), f"摄像机{n}", n)
        for i, (n, size) in enumerate(tiles, start=1)
    )
    return (ScreenScene("left", LARGE, tuple(made), "any", 1),)


TILES = st.tuples(st.integers(1, 6), st.sampled_from([LARGE, MIDDLE, SMALL]))
SCENES = st.lists(TILES, min_size=1, max_size=9).map(scene_of)
SCENES_OF_SINGLE_TILES = st.lists(
    TILES, min_size=1, max_size=6, unique_by=lambda tile: tile[0]
).map(scene_of)
BUDGETS = st.floats(0, 0.8)


@given(SITES, SCENES, BUDGETS)
def test_the_budget_holds_but_for_the_most_important_tile(
    there: Site, shown: Scene, budget: float
) -> None:
    may = largest_streams(there, shown, {}, price, budget)
    least = dict.fromkeys(may, "third")
    first = shown[0].tiles[0]
    source = there.source(first.source or "")
    assert source is not None
    wish = choose_stream(source, first.rect.size, {})
    unavoidable = spent(shown, least | {source.name: wish}, there)
    assert spent(shown, may, there) <= max(budget, unavoidable) + 1e-9
    assert PRICES[may[source.name]] >= PRICES[wish]


@given(SITES, SCENES, BUDGETS)
def test_a_refused_tile_had_no_room_for_the_next_larger_stream(
    there: Site, shown: Scene, budget: float
) -> None:
    may = largest_streams(there, shown, {}, price, budget)
    for tile in shown[0].tiles:
        source = there.source(tile.source or "")
        assert source is not None
        names = [one.name for one in source.streams]
        wish, given = (choose_stream(source, tile.rect.size, {}), may[source.name])
        if names.index(given) > names.index(wish):
            larger = names[names.index(given) - 1]
            assert spent(shown, may | {source.name: larger}, there) > budget - 1e-9


@given(SITES, SCENES_OF_SINGLE_TILES, BUDGETS, st.floats(0, 0.3))
def test_with_more_budget_the_first_tile_that_differs_has_the_larger_stream(
    there: Site, shown: Scene, budget: float, more: float
) -> None:
    """Of a source in several tiles one may come early and another late, so each is in one here."""
    poor = largest_streams(there, shown, {}, price, budget)
    rich = largest_streams(there, shown, {}, price, budget + more)
    differs = next((name for name in poor if poor[name] != rich[name]), None)
    assert differs is None or PRICES[rich[differs]] > PRICES[poor[differs]]
