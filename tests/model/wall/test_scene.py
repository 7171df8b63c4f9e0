"""Scenes: rectangles that fit, one selected tile, and the streams that are worth decoding."""

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.reducing import step
from tests.support.sites import LAYOUTS, site, source
from wallctl.config.layout_files import shipped_layouts
from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.planning.stream_choice import wanted_taps
from wallctl.model.planning.sufficient_stream import ASSUMED, UPSCALE_LIMIT, choose_stream
from wallctl.model.site.framing import PLAIN, WHOLE, Framing, Turn, View
from wallctl.model.site.layout import Cell, Layout
from wallctl.model.site.site import Preset, PresetScreen, Screen, Site, Source, Stream
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import TapKey, Tile
from wallctl.model.wall.scene.status_icons import Mark, WallMark
from wallctl.model.wall.state.screen_state import Selection
from wallctl.model.wall.state.selection import moved
from wallctl.model.wall.state.state import WallState, initial

SITE = site(14, screens=2)
TILE = Size(480, 270)
SIZES = st.builds(Size, st.integers(16, 4096), st.integers(16, 4096))


def after(*changes: c.Change, of: Site = SITE) -> WallState:
    state = initial(of)
    for change in changes:
        state = step(state, change, of)
    return state


def test_each_screen_has_its_tiles_in_order() -> None:
    left, right = resolve(initial(SITE), SITE)
    assert (left.screen, left.layout, left.size) == ("left", "4x4", Size(1920, 1080))
    assert [tile.number for tile in left.tiles] == list(range(1, 17))
    assert [tile.source for tile in left.tiles] == [
        *(f"摄像机{i}" for i in range(1, 15)),
        None,
        None,
    ]
    assert [tile.spoken for tile in left.tiles[-3:]] == [14, 0, 0]
    assert [tile.source for tile in right.tiles] == [None] * 4
    assert left.clock
    assert not left.blanked
    assert not left.help_shown


def test_an_enlarged_tile_fills_its_screen() -> None:
    [scene, *_] = resolve(after(c.Enlarge(c.TileRef(5))), SITE)
    [tile] = scene.tiles
    assert (tile.number, tile.source, tile.rect) == (1, "摄像机5", Rect(0, 0, 1920, 1080))
    assert scene.selected_tile is tile


def test_blank_and_help_reach_the_scene() -> None:
    left, right = resolve(after(c.Blank("right"), c.Help(True)), SITE)
    assert (left.blanked, right.blanked) == (False, True)
    assert (left.help_shown, right.help_shown) == (True, False)
    left, right = resolve(after(c.Help(True), c.Select(c.TileRef(1, "right"))), SITE)
    assert (left.help_shown, right.help_shown) == (False, True)
    left, right = resolve(after(c.Blank(), c.Unblank("right"), c.Help(), c.Help()), SITE)
    assert (left.blanked, right.blanked, left.help_shown) == (True, False, False)


def test_locks_reach_the_scene_where_they_are_seen() -> None:
    left, right = resolve(after(c.Lock(c.TileRef(3)), c.Lock(c.TileRef(2, "right"))), SITE)
    assert (left.locked, right.locked, left.marks) == ((3,), (2,), ())
    paged = after(c.SetLayout("2x2"), c.Lock(c.TileRef(3)), c.Page("next"))
    assert resolve(paged, SITE)[0].locked == ()
    large = after(c.Lock(c.TileRef(3)), c.Enlarge(c.TileRef(3)))
    assert resolve(large, SITE)[0].locked == (1,)
    left, right = resolve(after(c.Lock()), SITE)
    assert left.marks == right.marks == (WallMark(Mark.LOCKED),)
    assert resolve(after(c.Lock(), c.Unlock()), SITE)[0].marks == ()


def test_the_fit_is_the_sources_own_or_the_sites() -> None:
    own = replace(SITE.sources[0], fit=Fit.COVER)
    fitted = replace(SITE, sources=(own, *SITE.sources[1:]), fit=Fit.STRETCH)
    tiles = resolve(initial(fitted), fitted)[0].tiles
    assert [tile.fit for tile in tiles[:2]] == [Fit.COVER, Fit.STRETCH]


@given(
    st.sampled_from(sorted(shipped_layouts())),
    st.builds(Size, *[st.integers(40, 2000).map(lambda n: 2 * n)] * 2),
    st.integers(0, 13),
)
def test_tiles_of_any_layout_fit_the_canvas_and_touch_nowhere(
    layout: str, size: Size, index: int
) -> None:
    screen = Screen("left", Rect(0, 0, size.w, size.h))
    all_layouts = replace(site(14), layouts=shipped_layouts(), screens=(screen,))
    state = after(c.Select(c.TileRef(index + 1)), c.SetLayout(layout), of=all_layouts)
    [scene] = resolve(state, all_layouts)
    assert len(scene.tiles) == all_layouts.layouts[layout].count
    assert scene.selected_tile is not None
    for i, tile in enumerate(scene.tiles):
        rect = tile.rect
        assert not {rect.x % 2, rect.y % 2, rect.w % 2, rect.h % 2} - {0}
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= size.w
        assert rect.bottom <= size.h
        assert not any(rect.intersects(other.rect) for other in scene.tiles[:i])


# Which stream


THREE = Source(
    "门", 1, tuple(Stream(name, f"rtsp://192.0.2.1/{name}") for name in ("main", "sub", "third"))
)


@pytest.mark.parametrize(
    ("tile", "stream"),
    [
        (Size(240, 134), "third"),
        (Size(470, 262), "third"),
        (Size(530, 298), "third"),
        (Size(960, 540), "sub"),
        (Size(962, 542), "main"),
        (Size(1920, 1080), "main"),
    ],
)
def test_the_smallest_stream_that_is_large_enough(tile: Size, stream: str) -> None:
    assert choose_stream(THREE, tile, {}) == stream


def test_what_a_stream_has_told_counts_and_not_what_was_assumed() -> None:
    assert choose_stream(source(1), Size(960, 540), {}) == "sub"
    assert choose_stream(source(1), Size(960, 540), {("摄像机1", "sub"): Size(352, 288)}) == "main"
    assert (
        choose_stream(source(1), Size(1920, 1080), {("摄像机1", "sub"): Size(1280, 720)}) == "sub"
    )


def test_where_none_is_large_enough_the_largest_is_taken() -> None:
    known = {("摄像机1", "main"): Size(640, 360), ("摄像机1", "sub"): Size(320, 180)}
    assert choose_stream(source(1), Size(3840, 2160), known) == "main"


def test_the_smaller_streams_bridge() -> None:
    tile = Tile(1, Rect(0, 0, 1920, 1080), "门", 1)
    assert wanted_taps(tile, THREE, {}) == tuple(
        TapKey("门", name, Size(1920, 1080), Fit.CONTAIN) for name in ("main", "sub", "third")
    )
    small = Tile(1, Rect(0, 0, TILE.w, TILE.h), "门", 1, Fit.COVER)
    assert wanted_taps(small, THREE, {}) == (TapKey("门", "third", TILE, Fit.COVER),)


@given(SIZES, st.dictionaries(st.sampled_from(["main", "sub", "third"]), SIZES))
def test_no_smaller_stream_would_have_done(tile: Size, told: dict[str, Size]) -> None:
    chosen = choose_stream(THREE, tile, {("门", name): size for name, size in told.items()})
    sizes = {**ASSUMED, **told}

    def enough(name: str) -> bool:
        size = sizes.get(name)
        return size is None or min(tile.w / size.w, tile.h / size.h) <= UPSCALE_LIMIT

    names = [stream.name for stream in THREE.streams]
    assert not any(enough(name) for name in names[names.index(chosen) + 1 :])
    assert enough(chosen) or chosen == "main"


# Places and the selection


def refusal(*changes: c.Change) -> c.CommandError:
    with pytest.raises(c.CommandError) as raised:
        after(*changes)
    return raised.value


@pytest.mark.parametrize(
    ("change", "code", "known"),
    [
        (c.SetLayout("3x33"), "unknown_layout", "3x3"),
        (c.SetLayout("3x3", "lefft"), "unknown_screen", "left"),
        (c.Show("摄像"), "unknown_source", "摄像机1"),
        (c.Show("99"), "unknown_source", "摄像机1"),
        (c.Show("9" * 400), "unknown_source", "摄像机1"),
        (c.ShowPreset("路"), "unknown_preset", "路口"),
        (c.Select(c.TileRef(17)), "unknown_tile", "16"),
        (c.Select(c.TileRef(0)), "unknown_tile", "1"),
        (c.Select(c.TileRef(5, "right")), "unknown_tile", "4"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    change: c.Change, code: str, known: str
) -> None:
    error = refusal(change)
    assert error.code == code
    assert known in error.known
    assert str(error)


def test_a_source_is_found_by_name_or_by_the_number_that_people_say() -> None:
    assert after(c.Show("3")).screens == after(c.Show("摄像机3")).screens


def test_a_selection_beyond_the_page_is_brought_back() -> None:
    state = after(c.Select(c.TileRef(16)))
    assert state.selected == Selection("left", 15)
    assert step(state, c.SetLayout("1+5"), SITE).selected == Selection("left", 15)
    assert step(state, c.Enlarge(c.TileRef(2)), SITE).selected == Selection("left", 1)


@pytest.mark.parametrize(
    ("start", "to", "end"),
    [
        ("left/1", "right", "left/2"),
        ("left/1", "down", "left/5"),
        ("left/6", "up", "left/2"),
        ("left/6", "left", "left/5"),
        ("left/1", "up", "left/1"),
        ("left/1", "left", "left/1"),
        ("left/4", "right", "right/1"),
        ("right/1", "left", "left/1"),
        ("left/16", "next", "right/1"),
        ("right/4", "next", "left/1"),
        ("left/1", "previous", "right/4"),
    ],
)
def test_where_the_selection_goes(start: str, to: str, end: str) -> None:
    screen, number = start.split("/")
    state = after(c.Select(c.TileRef(int(number), screen)), c.Move(c.Direction(to)))
    screen, number = end.split("/")
    assert state.selected == Selection(screen, int(number) - 1)


def test_arrows_cross_a_layout_of_unequal_tiles() -> None:
    def to(number: int, *directions: str) -> int:
        changes: list[c.Change] = [c.SetLayout("1+5"), c.Select(c.TileRef(number))]
        moves = [c.Move(c.Direction(name)) for name in directions]
        return after(*changes, *moves).selected.index + 1

    assert to(1, "right") in (2, 3)
    assert to(3, "left") == 1
    assert to(4, "up") == 1
    assert to(6, "up") == 3
    assert to(1, "down") in (4, 5)


def test_an_enlarged_tile_is_the_only_one_of_its_screen() -> None:
    state = after(c.Enlarge(c.TileRef(5)))
    assert moved(state, c.Direction.DOWN, SITE) == Selection("left", 4)
    assert moved(state, c.Direction.RIGHT, SITE) == Selection("right", 0)
    assert moved(state, c.Direction.NEXT, SITE) == Selection("right", 0)
    other = step(state, c.Select(c.TileRef(1, "right")), SITE)
    assert moved(other, c.Direction.LEFT, SITE) == Selection("left", 4)
    assert moved(other, c.Direction.PREVIOUS, SITE) == Selection("left", 4)


def test_paging_an_enlarged_tile_passes_over_empty_ones() -> None:
    large = after(c.Clear(c.TileRef(2)), c.Enlarge(c.TileRef(1)), c.Page("next"))
    assert resolve(large, SITE)[0].tiles[0].source == "摄像机3"
    alone: list[c.Change] = [c.Show("1", c.TileRef(1, "right")), c.Enlarge(c.TileRef(1, "right"))]
    assert after(*alone, c.Page("next", "right")).screens["right"].enlarged == 0
    emptied = after(*alone, c.Clear(c.TileRef(1, "right")), c.Page("next", "right"))
    assert [tile.source for tile in resolve(emptied, SITE)[1].tiles] == [None] * 4


def test_quit_is_a_state_of_its_own() -> None:
    assert after(c.Quit()).ending


def test_screens_above_one_another() -> None:
    third = replace(SITE.screens[1], name="left", rect=Rect(0, 1080, 1920, 1080))
    stacked = replace(SITE, screens=(replace(SITE.screens[0], name="right"), third))
    state = initial(stacked)
    assert state.selected.screen == "right"
    assert moved(step(state, c.Select(c.TileRef(3)), stacked), c.Direction.DOWN, stacked) == (
        Selection("left", 0)
    )


def test_a_screen_that_the_site_has_lost_keeps_its_selection() -> None:
    state = after(c.Select(c.TileRef(1)))
    alone = replace(SITE, screens=SITE.screens[1:])
    assert moved(state, c.Direction.LEFT, alone) == Selection("left", 0)


MOVES = st.lists(st.sampled_from(c.Direction), max_size=12)


@given(MOVES, st.sampled_from(sorted(LAYOUTS)), st.sampled_from([None, 1]))
def test_the_selection_is_always_on_a_tile_that_is_shown(
    directions: list[typing.Any], layout: str, enlarged: int | None
) -> None:
    changes: list[c.Change] = [c.SetLayout(layout)]
    if enlarged:
        changes.append(c.Enlarge(c.TileRef(enlarged)))
    state = after(*changes, *(c.Move(to) for to in directions))
    scene = resolve(state, SITE)
    assert sum(screen.selected_tile is not None for screen in scene) == 1


HALF = Framing(Area(0.5, 0, 0.5, 1), Turn(quarters=1), Fit.COVER)


def test_a_tile_frames_its_picture_as_its_layout_says() -> None:
    cells = (Cell(0, 0, framing=HALF), Cell(1, 0))
    framed = replace(SITE, layouts={**SITE.layouts, "pair": Layout("pair", "", "", 2, 1, cells)})
    upside_down = replace(SITE.sources[0], upright=Turn(quarters=2))
    framed = replace(framed, sources=(upside_down, *SITE.sources[1:]))
    first, second = resolve(after(c.SetLayout("pair"), of=framed), framed)[0].tiles
    assert first.view == View(Turn(quarters=2), (), HALF.crop, HALF.turn)
    assert (first.fit, second.fit) == (Fit.COVER, SITE.fit)
    assert second.view == PLAIN


def test_a_preset_frames_a_source_wherever_it_goes_until_the_next_layout() -> None:
    opened = PresetScreen("left", "2x2", ("摄像机3", "摄像机1"), {"摄像机3": HALF})
    framed = replace(SITE, presets=(Preset("cut", (opened,)),))

    def crops(*changes: c.Change) -> dict[str | None, Area]:
        tiles = resolve(after(c.ShowPreset("cut"), *changes, of=framed), framed)[0].tiles
        return {tile.source: tile.view.crop for tile in tiles if tile.view.crop != WHOLE}

    assert crops() == {"摄像机3": HALF.crop}
    assert crops(c.Swap(c.TileRef(1), c.TileRef(2))) == {"摄像机3": HALF.crop}
    assert crops(c.Enlarge(c.TileRef(1))) == {"摄像机3": HALF.crop}
    assert crops(c.SetLayout("3x3")) == {}


def test_of_what_is_cut_a_stream_is_wanted_that_is_large_enough_for_the_whole() -> None:
    small = Tile(1, Rect(0, 0, 640, 360), "摄像机1", 1)
    assert [tap.stream for tap in wanted_taps(small, SITE.sources[0], {})] == ["sub"]
    cut = replace(small, view=View(crop=Area(0.4, 0.4, 0.25, 0.25)))
    assert [tap.stream for tap in wanted_taps(cut, SITE.sources[0], {})] == ["main", "sub"]
