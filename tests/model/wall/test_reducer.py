"""Every change of the picture: what it does, and what it refuses."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.random_commands import NAMES, SITE
from tests.support.reducing import claim, passed, step
from tests.support.sites import site
from wallctl.model.site.site import PresetScreen
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.screen_state import Selection, put, shown
from wallctl.model.wall.state.state import BACK_DEPTH, Readout, WallState, initial, restored
from wallctl.model.wall.state.zoom import WHOLE, Zoom


def after(*changes: c.Change) -> WallState:
    state = initial(SITE)
    for change in changes:
        state = step(state, change, SITE)
    return state


def numbers(state: WallState, screen: str = "left") -> list[int | None]:
    return [NAMES.index(n) + 1 if n else None for n in shown(state.screens[screen], SITE)]


def hidden(state: WallState) -> set[str]:
    """The names of what is blanked."""
    return {one.target.name for one in state.blanked}


def test_home_shows_the_list_in_order() -> None:
    assert numbers(initial(SITE)) == [*range(1, 15), None, None]


def test_a_smaller_layout_keeps_the_selected_source_and_a_larger_one_brings_all_back() -> None:
    state = after(c.Select(c.TileRef(7)), c.SetLayout("2x2"))
    assert numbers(state) == [5, 6, 7, 8]
    assert numbers(step(state, c.SetLayout("4x4"), SITE)) == [*range(1, 15), None, None]


def test_a_smaller_layout_shows_sources_though_the_selected_tile_is_empty() -> None:
    """The last two tiles of 4x4 are empty; nobody who selects one wants to see nothing."""
    state = after(c.Select(c.TileRef(16)), c.SetLayout("2x2"))
    assert numbers(state) == [13, 14, None, None]
    state = after(c.Clear(c.TileRef(1)), c.SetLayout("1x1"))
    assert numbers(state) == [2]


def test_a_larger_layout_shows_the_next_cameras_by_number_and_no_empty_tiles() -> None:
    """After a preset, a group or a page of a tour people take an empty tile for a dead camera."""
    large = after(c.ShowPreset("路口"), c.SetLayout("3x3"))
    seen = numbers(large)
    assert seen[:4] == [3, None, 1, 2], "as the preset has it"
    assert None not in seen[4:]
    assert len(set(seen)) == 9
    few = replace(SITE, home=(PresetScreen("left", "1x1", ("摄像机5",)), SITE.home[1]))
    state = step(initial(few), c.SetLayout("2x2"), few)
    assert shown(state.screens["left"], few) == tuple(f"摄像机{n}" for n in (5, 6, 7, 8))
    assert step(state, c.Back(), few).screens == initial(few).screens


def test_a_tile_that_was_left_empty_among_others_stays_so() -> None:
    state = after(c.Clear(c.TileRef(2)), c.SetLayout("2x2"))
    assert numbers(state) == [1, None, 3, 4]


def test_a_layout_for_another_screen_leaves_this_one() -> None:
    state = after(c.SetLayout("3x3", "right"))
    assert state.screens["right"].layout == "3x3"
    assert state.screens["left"].layout == "4x4"


def test_show_by_spoken_number_changes_places_within_the_screen() -> None:
    assert numbers(after(c.Show("7", c.TileRef(3))))[:8] == [1, 2, 7, 4, 5, 6, 3, 8]


def test_show_on_another_screen_leaves_the_source_where_it_was_too() -> None:
    state = after(c.Show("摄像机7", c.TileRef(2, "right")))
    assert numbers(state, "right") == [None, 7, None, None]
    assert 7 in numbers(state)


def test_a_newcomer_sends_the_one_it_meets_to_the_end_of_the_list() -> None:
    state = after(c.Show("1", c.TileRef(1, "right")), c.Show("2", c.TileRef(1, "right")))
    assert numbers(state, "right") == [2, 1, None, None]


def test_clear_leaves_the_tile_empty_and_moves_nobody() -> None:
    assert numbers(after(c.Clear(c.TileRef(3))))[:5] == [1, 2, None, 4, 5]


def test_swap_across_screens() -> None:
    state = after(
        c.Show("9", c.TileRef(1, "right")), c.Swap(c.TileRef(2, "left"), c.TileRef(1, "right"))
    )
    assert numbers(state)[1] == 9
    assert numbers(state, "right")[0] == 2


def test_swap_across_screens_puts_no_source_twice_on_a_screen() -> None:
    state = after(
        c.Show("9", c.TileRef(1, "right")), c.Swap(c.TileRef(2, "left"), c.TileRef(1, "right"))
    )
    assert numbers(state)[:9] == [1, 9, 3, 4, 5, 6, 7, 8, 2]


def test_a_large_tile_that_is_cleared_is_small_again() -> None:
    state = after(c.Enlarge(c.TileRef(3)), c.Clear(c.TileRef(1)))
    assert numbers(state)[:4] == [1, 2, None, 4]


def test_enlarge_and_restore() -> None:
    state = after(c.Enlarge(c.TileRef(5)))
    assert numbers(state) == [5]
    assert numbers(step(state, c.Restore(), SITE))[:5] == [1, 2, 3, 4, 5]


def test_back_passes_over_what_was_large_for_a_while() -> None:
    state = after(c.SetLayout("3x3"), c.Enlarge(), c.Restore())
    assert state.screens["left"].layout == "3x3"
    assert step(state, c.Back(), SITE).screens == initial(SITE).screens
    paged = after(c.SetLayout("3x3"), c.Enlarge(), c.Page("next"), c.Restore())
    assert step(paged, c.Back(), SITE).screens["left"].enlarged == 1, "this was no taking back"


def test_pages_of_an_enlarged_tile_are_its_neighbours() -> None:
    state = after(c.Enlarge(c.TileRef(14)), c.Page("next"))
    assert numbers(state) == [1]
    assert numbers(step(state, c.Page("previous"), SITE)) == [14]


def test_pages_go_round() -> None:
    state = after(c.SetLayout("3x3"), c.Page("next"))
    assert numbers(state) == [10, 11, 12, 13, 14, None, None, None, None]
    assert numbers(step(state, c.Page("next"), SITE)) == list(range(1, 10))


def test_preset_then_the_rest_of_the_list_on_the_next_page() -> None:
    state = after(c.ShowPreset("路口"))
    assert numbers(state) == [3, None, 1, 2]
    state = step(state, c.Page("next"), SITE)
    assert numbers(state) == [4, 5, 6, 7]


def test_a_group_is_alone_in_the_square_that_holds_it_and_the_rest_follows() -> None:
    state = after(c.Select(c.TileRef(3)), c.ShowGroup("河道"))
    assert numbers(state) == [10, 11, 12, None]
    assert state.selected == Selection("left", 0)
    assert numbers(step(state, c.Page("next"), SITE)) == [1, 2, 3, 4]
    right = after(c.ShowGroup("河道", "right"))
    assert numbers(right, "right") == [10, 11, 12, None]
    assert right.selected == initial(SITE).selected


def test_a_group_of_more_sources_than_there_are_tiles_has_pages() -> None:
    layouts = {name: SITE.layouts[name] for name in ("1x1", "2x2")}
    small = msgspec.structs.replace(SITE, layouts=layouts)
    state = step(after(c.SetLayout("2x2")), c.ShowGroup("全部"), small)
    assert numbers(state) == [1, 2, 3, 4]
    assert numbers(step(state, c.Page("next"), small)) == [5, 6, 7, 8]


def test_back_undoes_pictures_only_and_twenty_deep() -> None:
    changes = [c.SetLayout(("2x2", "3x3")[i % 2]) for i in range(30)]
    state = after(*changes, c.Select(c.TileRef(2)), c.Blank("left"))
    for _ in range(BACK_DEPTH):
        state = step(state, c.Back(), SITE)
    assert state.screens["left"].layout == "3x3"
    assert hidden(state) == {"left"}, "back must never lift a blanked screen"
    with pytest.raises(c.CommandError, match="no earlier picture"):
        step(state, c.Back(), SITE)


def test_a_zoom_stays_with_its_source_in_its_place() -> None:
    state = after(c.SetZoom(2.0, c.TileRef(3), 0.1, 0.5))
    assert [tile.zoom for tile in resolve(state, SITE)[0].tiles if tile.zoom != WHOLE] == [
        Zoom(2.0, 0.25, 0.5)
    ]
    large = step(state, c.Enlarge(c.TileRef(3)), SITE)
    assert resolve(large, SITE)[0].tiles[0].zoom == Zoom(2.0, 0.25, 0.5)
    assert step(large, c.Restore(), SITE).zoomed == state.zoomed
    assert step(state, c.SetZoom(1, c.TileRef(3)), SITE).zoomed == ()
    assert step(state, c.Swap(c.TileRef(3), c.TileRef(4)), SITE).zoomed == ()
    assert restored(state, SITE).zoomed == ()


def test_a_zoom_outlasts_what_lies_over_it_for_a_while() -> None:
    state = after(c.SetZoom(2.0, c.TileRef(3)))
    remote = claim(Role.REMOTE, 0, 60)
    over = step(state, c.Show("9", c.TileRef(3)), SITE, remote)
    assert all(tile.zoom == WHOLE for tile in resolve(over, SITE)[0].tiles)
    assert resolve(passed(over, 61, SITE), SITE)[0].tiles[2].zoom == Zoom(2.0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (c.SetZoom(2, c.TileRef(16)), "empty_tile"),
        (c.SetZoom(0.5), "bad_args"),
        (c.SetZoom(9), "bad_args"),
        (c.SetZoom(2, None, 1.5), "bad_args"),
        (c.SetZoom(2, None, 0.5, -0.1), "bad_args"),
    ],
)
def test_what_can_not_be_zoomed_is_told(change: c.Change, code: str) -> None:
    with pytest.raises(c.CommandError) as error:
        step(initial(SITE), change, SITE)
    assert error.value.code == code


def test_a_locked_tile_is_not_zoomed_from_afar() -> None:
    state = after(c.Lock(c.TileRef(3)))
    remote = claim(Role.REMOTE)
    with pytest.raises(c.CommandError, match="locked"):
        step(state, c.SetZoom(2, c.TileRef(3)), SITE, remote)
    assert step(state, c.SetZoom(2, c.TileRef(4)), SITE, remote).zoomed


def test_blank_and_unblank_wall_and_screen() -> None:
    state = after(c.Blank())
    assert hidden(state) == {"left", "right"}
    assert hidden(step(state, c.Unblank("right"), SITE)) == {"left"}


def test_a_broadcast_is_switched_and_no_way_back_leads_over_that() -> None:
    assert after().broadcasts == {}
    assert after(c.SetBroadcast("门户")).broadcasts == {"门户": False}, "the site has it on"
    assert after(c.SetBroadcast("门户"), c.SetBroadcast("门户")).broadcasts == {"门户": True}
    off = after(c.SetLayout("2x2"), c.SetBroadcast("门户", False))
    assert step(off, c.Back(), SITE).broadcasts == {"门户": False}
    assert restored(off, SITE).broadcasts == {"门户": False}
    assert restored(off, site(14, screens=2)).broadcasts == {}


def test_help_changes_over_or_is_set() -> None:
    assert after(c.Help()).help_shown
    assert not after(c.Help(), c.Help()).help_shown
    assert not after(c.Help(False)).help_shown
    assert after(c.Info()).readouts == (Readout("info"),)
    assert after(c.Info(), c.Health(True)).readouts == (Readout("info"), Readout("health"))
    assert after(c.Info(), c.Info()).readouts == after(c.Info(False)).readouts == ()


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (c.Direction.RIGHT, "left/7"),
        (c.Direction.LEFT, "left/5"),
        (c.Direction.UP, "left/2"),
        (c.Direction.DOWN, "left/10"),
        (c.Direction.NEXT, "left/7"),
        (c.Direction.PREVIOUS, "left/5"),
    ],
)
def test_moves_on_a_grid(to: c.Direction, expected: str) -> None:
    at = after(c.Select(c.TileRef(6)), c.Move(to)).selected
    assert f"{at.screen}/{at.index + 1}" == expected


def test_an_arrow_leaves_for_the_screen_beside() -> None:
    state = after(c.Select(c.TileRef(4)), c.Move(c.Direction.RIGHT))
    assert state.selected.screen == "right"
    assert step(state, c.Move(c.Direction.LEFT), SITE).selected.screen == "left"
    assert after(c.Move(c.Direction.UP)).selected == initial(SITE).selected


def test_a_move_beside_the_large_tile_of_one_plus_five() -> None:
    state = after(c.SetLayout("1+5"), c.Select(c.TileRef(1)), c.Move(c.Direction.RIGHT))
    assert state.selected.index in (1, 2)


@pytest.mark.parametrize(
    ("change", "code", "near"),
    [
        (c.SetLayout("3x2"), "unknown_layout", "3x3"),
        (c.ShowPreset("路"), "unknown_preset", "路口"),
        (c.ShowGroup("河"), "unknown_group", "河道"),
        (c.Show("摄像机99"), "unknown_source", "摄像机9"),
        (c.Blank("lft"), "unknown_screen", "left"),
        (c.Clear(c.TileRef(17)), "unknown_tile", "16"),
        (c.Enlarge(c.TileRef(16)), "empty_tile", None),
        (c.Restore(), "not_enlarged", None),
        (c.SetBroadcast("门"), "unknown_broadcast", "门户"),
    ],
)
def test_what_cannot_be_done_says_why(change: c.Change, code: str, near: str | None) -> None:
    with pytest.raises(c.CommandError) as error:
        step(initial(SITE), change, SITE)
    assert error.value.code == code
    assert near is None or near in error.value.known
    assert error.value.message.count(".") <= 1


def test_a_kept_state_is_made_to_fit_the_site_of_today() -> None:
    kept = after(c.SetLayout("2x2"), c.Blank("right"), c.Show("14", c.TileRef(1)))
    smaller = site(13, screens=1)
    state = restored(kept, smaller)
    assert state.screens["left"].layout == "2x2"
    assert "摄像机14" not in state.screens["left"].order
    assert state.blanked == kept.blanked, "should the screen come back, it comes back hidden"


def test_a_start_brings_back_what_was_and_takes_newcomers_to_the_end() -> None:
    kept = after(c.Clear(c.TileRef(14)), c.Clear(c.TileRef(3)))
    assert restored(kept, SITE) == msgspec.structs.replace(kept, past=())
    larger = site(15, screens=2)
    assert restored(kept, larger).screens["left"] == kept.screens["left"]
    assert restored(kept, larger).screens["right"].order == ("摄像机15",)


@given(
    st.lists(st.sampled_from([None, "a", "b", "c", "d"]), max_size=6, unique=True),
    st.integers(0, 8),
    st.sampled_from(["a", "b", "x"]),
)
def test_put_loses_nobody(order: list[str | None], index: int, name: str) -> None:
    new = put(tuple(order), index, name)
    assert new[index] == name
    assert set(order) - {None} <= set(new)
    assert len([n for n in new if n is not None]) == len(set(new) - {None})
