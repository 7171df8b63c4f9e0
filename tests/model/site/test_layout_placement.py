"""Wide layouts: one list over several screens, and every screen its own again afterwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.catalogues import EN
from tests.support.panel_walls import MIXED
from tests.support.random_commands import changes_at
from tests.support.reducing import claim, ended, fitted, granted, passed, step
from tests.support.sites import LAYOUTS, site
from wallctl.model.base.geometry import Area, Rect, Side
from wallctl.model.operator.help_content import sketch
from wallctl.model.operator.mouse_actions import MouseState, PointedWall, handle_pointer
from wallctl.model.operator.pointer import Button, PointerEvent
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.model.site.layout_placement import place_enlarged, place_on_screen, place_on_wall
from wallctl.model.site.panel_geometry import bounding_area, picture_area
from wallctl.model.site.site import Preset, PresetScreen, Site, TileSource
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.lease import Claim, Lease
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.screen_state import Selection
from wallctl.model.wall.state.state import WallState, initial, restored


def wide(
    name: str, *cells: Cell, unit: Unit = Unit.FRACTION, bezels: Bezels = Bezels.BEHIND
) -> Layout:
    return Layout(name, name, name, 1, 1, cells, unit, bezels)


def under(over: str, names: str) -> tuple[PresetScreen, ...]:
    return tuple(PresetScreen(name, "1x1", (), under=over) for name in names)


WALL = wide("wall", Cell(0, 0))
INSET = wide("inset", Cell(0, 0), Cell(0.4, 0.4, 0.3, 0.3, z=1))
"""A picture over the whole wall, and one over its middle."""
UPPER = wide("upper", Cell(0, 0, 1018, 572.6), Cell(1030, 190, 410, 307.5), unit=Unit.MM)
"""A tile on each of the two upper panels, each its whole panel."""
WIDE = (WALL, INSET, UPPER)
SITE = replace(
    site(14),
    screens=MIXED,
    layouts=LAYOUTS | {one.name: one for one in WIDE},
    home=tuple(
        PresetScreen(one.name, "2x2", tuple(f"摄像机{i * 3 + n}" for n in (1, 2, 3)))
        for i, one in enumerate(MIXED)
    ),
    presets=(
        Preset("large", (PresetScreen("b", "wall", ("摄像机9",)), *under("b", "acd"))),
        Preset(
            "both",
            (
                PresetScreen("a", "wall", ("摄像机9",)),
                PresetScreen("d", "1x1", ()),
                *under("a", "bc"),
            ),
        ),
    ),
)
OTHER = replace(SITE, layouts={**SITE.layouts, "wall": replace(UPPER, name="wall")})
"""Where the layout wall does not reach c and d any more."""
HOME = initial(SITE)


def after(*changes: c.Change, of: Site = SITE) -> WallState:
    state = initial(of)
    for change in changes:
        state = step(state, change, of)
    return state


def sources(state: WallState) -> dict[str, list[str | None]]:
    return {one.screen: [tile.source for tile in one.tiles] for one in resolve(state, SITE)}


def everywhere(source: str) -> dict[str, list[str]]:
    return {name: [source] for name in "abcd"}


def layouts(state: WallState) -> dict[str, str]:
    return {one.screen: one.layout for one in resolve(state, SITE)}


def test_a_wide_layout_shows_one_list_on_all_screens() -> None:
    state = after(c.SetLayout("wall"))
    assert sources(state) == everywhere("摄像机1")
    first, *others = resolve(state, SITE)
    [tile] = first.tiles
    assert tile.is_labelled
    assert not any(other.tiles[0].is_labelled for other in others), "one picture has one label"
    assert all(other.selected == 1 for other in others)
    spans = [one.tiles[0].view.span for one in resolve(state, SITE)]
    assert len({(span.place, span.shape) for span in spans if span}) == 1


def test_a_piece_is_joined_to_those_beside_it_alone() -> None:
    joined = {name: places[0].joined for name, places in place_on_wall(WALL, MIXED).items()}
    assert joined["a"] == {Side.RIGHT, Side.BOTTOM}
    assert joined["d"] == {Side.LEFT, Side.TOP, Side.RIGHT}, "the wall is wider than this panel"
    assert place_on_wall(UPPER, MIXED)["a"][0].joined == frozenset()


def test_the_others_have_their_own_again_when_the_leading_screen_gets_another() -> None:
    state = after(c.SetLayout("wall"), c.SetLayout("2x2"))
    assert {name: state.screens[name] for name in "bcd"} == {n: HOME.screens[n] for n in "bcd"}


def test_a_screen_gets_out_from_under_a_wide_layout_alone() -> None:
    state = after(c.SetLayout("wall"), c.SetLayout("1x1", "d"))
    assert layouts(state) == {"a": "wall", "b": "wall", "c": "wall", "d": "1x1"}
    assert sources(state)["d"] == ["摄像机10"]


def test_back_and_a_leases_end_uncover_what_was_there() -> None:
    assert after(c.SetLayout("wall"), c.Back()).screens == HOME.screens
    leased = step(HOME, c.SetLayout("wall"), SITE, claim(Role.REMOTE, 0, 60))
    assert sources(leased)["d"] == ["摄像机1"]
    assert passed(leased, 60, SITE).screens == HOME.screens


def test_a_locked_tile_is_not_covered_from_afar() -> None:
    locked = after(c.Select(c.TileRef(1, "d")), c.Lock(c.TileRef(1, "d")))
    with pytest.raises(c.CommandError, match="locked a tile of screen d"):
        step(locked, c.SetLayout("wall", "a"), SITE, claim(Role.REMOTE))
    assert step(locked, c.SetLayout("wall", "a"), SITE).screens["d"].under == "a"


def test_commands_for_a_covered_screen_go_to_the_list_that_it_shows() -> None:
    state = after(c.SetLayout("wall", "b"))
    assert sources(state)["a"] == ["摄像机4"]
    state = step(state, c.Show("7", c.TileRef(1, "d")), SITE)
    assert sources(state) == everywhere("摄像机7")
    assert state.screens["d"].order == HOME.screens["d"].order
    assert state.selected == visible(state, SITE)
    assert state.selected.screen == "b"


def test_a_tile_is_enlarged_to_all_that_its_layout_reaches() -> None:
    state = after(c.SetLayout("upper"), c.Enlarge(c.TileRef(2)))
    assert sources(state) == {
        **{"a": ["摄像机2"], "b": ["摄像机2"]},
        **{name: [*HOME.screens[name].order, None] for name in "cd"},
    }
    places = place_enlarged(UPPER, MIXED)
    assert {name: len(of) for name, of in places.items()} == {"a": 1, "b": 1}
    assert step(state, c.Restore("b"), SITE).screens == after(c.SetLayout("upper")).screens


def test_a_tile_that_is_its_whole_panel_is_a_tile_like_any_other() -> None:
    for name, places in place_on_wall(UPPER, MIXED).items():
        [place] = places
        size = next(one.size for one in MIXED if one.name == name)
        assert (place.rect, place.span) == (Rect(0, 0, size.w, size.h), None)


def test_the_selection_is_never_on_a_tile_that_lies_on_no_screen() -> None:
    """Tile 1 of the layout lies on screen a alone, which shows its own."""
    state = after(c.SetLayout("upper", "b"), c.SetLayout("2x2", "a"))
    assert (state.screens["b"].layout, state.selected) == ("upper", Selection("b", 1))
    tabbed = [state.selected]
    for _ in range(13):
        state = step(state, c.Move(c.Direction.NEXT), SITE)
        tabbed.append(state.selected)
    assert Selection("b", 0) not in tabbed
    assert len(set(tabbed)) == 13, "Tab goes round all the others"
    left = step(
        after(c.SetLayout("upper", "b"), c.SetLayout("2x2", "a")), c.Move(c.Direction.LEFT), SITE
    )
    assert left.selected.screen == "a"


def test_a_wide_layout_is_led_by_a_screen_that_it_reaches() -> None:
    with pytest.raises(c.CommandError, match="does not reach screen d") as raised:
        after(c.SetLayout("upper", "d"))
    assert (raised.value.code, raised.value.known) == ("not_reached", ("a", "b"))
    state = after(c.Select(c.TileRef(1, "d")), c.SetLayout("upper"))
    assert (state.screens["a"].layout, state.screens["b"].under) == ("upper", "a")


def test_a_source_that_is_lent_to_a_covered_screen_is_seen_there_for_a_while() -> None:
    covered = after(c.SetLayout("wall"))
    alarm = Lease(1, Role.ALARM, tiles=(TileSource("d", 1, "摄像机14"),))
    lent = granted(covered, alarm)
    assert layouts(lent) == {"a": "wall", "b": "wall", "c": "wall", "d": "2x2"}
    assert sources(lent)["d"][1] == "摄像机14"
    assert ended(lent, {1}).screens == covered.screens


def test_an_alarm_on_a_covered_screen_is_seen() -> None:
    covered, place = after(c.SetLayout("wall")), AlarmPlace("d")
    alarm = replace(SITE, alarms=(Alarm("门", "摄像机14", at=(place,)),), alarms_at=(place,))
    state = step(covered, c.RaiseAlarm("门"), alarm)
    assert [tile.source for tile in resolve(state, alarm)[3].tiles] == ["摄像机14"]
    assert sources(state)["a"] == ["摄像机1"]


def test_a_preset_covers_what_it_does_not_open_itself() -> None:
    assert sources(after(c.ShowPreset("large"))) == everywhere("摄像机9")
    both = after(c.ShowPreset("large"), c.ShowPreset("both"))
    assert layouts(both) == {"a": "wall", "b": "wall", "c": "wall", "d": "1x1"}
    assert both.screens["b"].under == "a"


def test_a_tile_behind_a_bezel_has_no_pixels_and_the_wall_goes_on() -> None:
    hidden = wide("hidden", Cell(1019, 0, 10, 100), Cell(0, 0, 1018, 572.6), unit=Unit.MM)
    there = replace(SITE, layouts={**SITE.layouts, "hidden": hidden})
    state = after(c.SetLayout("hidden"), of=there)
    assert [tile.number for tile in resolve(state, there)[0].tiles] == [2]


def test_a_layout_that_no_longer_reaches_a_screen_lets_it_go() -> None:
    state = after(c.SetLayout("wall"))
    found = {one.screen: one.layout for one in resolve(state, OTHER)}
    assert found == {"a": "wall", "b": "wall", "c": "2x2", "d": "2x2"}


def test_a_screen_that_leads_a_layout_which_no_longer_reaches_it_goes_home() -> None:
    """Without tiles it would be black, and an alarm there could not be framed."""
    state = after(c.SetLayout("wall", "d"))
    leased = step(HOME, c.SetLayout("wall", "d"), SITE, claim(Role.REMOTE, 0, 60))
    for one in (state, leased):
        fits = step(fitted(one, OTHER), c.RaiseAlarm("9"), OTHER)
        assert all(screen.tiles for screen in resolve(fits, OTHER))
        assert fits.screens["d"] == HOME.screens["d"]


def test_a_double_click_on_a_covered_screen_restores_the_wide_layouts_tile() -> None:
    large = after(c.SetLayout("wall"), c.Enlarge())
    wall = PointedWall(large, resolve(large, SITE), SITE, EN)
    mouse, done = MouseState(), []
    for at_ns in (0, 1):
        press = PointerEvent("d", 50, 50, at_ns, Button.LEFT, pressed=True)
        mouse, change, _ = handle_pointer(mouse, press, wall)
        done.append(change)
    assert done == [None, c.Restore("d")]
    assert step(large, c.Restore("d"), SITE).screens == after(c.SetLayout("wall")).screens


def test_an_alarm_in_a_wide_layout_frames_its_own_tile_wherever_that_lies() -> None:
    places = (AlarmPlace("a", 2), AlarmPlace("a", 1))
    alarms = tuple(
        Alarm(name, name, at=(place,))
        for name, place in zip(("摄像机9", "摄像机8"), places, strict=True)
    )
    of = replace(SITE, alarms=alarms)
    state = step(after(c.SetLayout("upper", "a"), of=of), c.RaiseAlarm("摄像机9"), of)
    signs = {one.screen: one.alarms for one in resolve(state, of)}
    assert [len(one) for one in signs.values()] == [0, 1, 0, 0]
    assert signs["b"][0].source == "摄像机9"
    both = step(after(c.SetLayout("inset", "a"), of=of), c.RaiseAlarm("摄像机8"), of)
    assert all(
        [sign.rect for sign in one.alarms] == [one.tiles[0].rect] for one in resolve(both, of)
    ), "a tile over the whole wall is framed on every screen"


def test_no_alarm_uncovers_a_screen_from_a_wide_layout_with_a_locked_tile() -> None:
    locked = after(c.SetLayout("wall"), c.Lock(c.TileRef(1)))
    of = replace(SITE, alarms_at=(AlarmPlace("d"),))
    state = step(locked, c.RaiseAlarm("9"), of)
    assert state.screens == locked.screens
    assert step(state, c.Unlock(), of).screens["d"].under is None


def test_nobody_far_away_uncovers_a_part_of_a_locked_tile() -> None:
    locked = after(c.SetLayout("wall"), c.Lock(c.TileRef(1)))
    with pytest.raises(c.CommandError, match="locked a tile of screen a"):
        step(locked, c.SetLayout("1x1", "d"), SITE, claim(Role.REMOTE))


def test_the_help_sheet_shows_a_wide_layout_on_all_screens_that_it_reaches() -> None:
    whole, upper = sketch(c.SetLayout("inset"), SITE), sketch(c.SetLayout("upper", "b"), SITE)
    assert whole is not None
    assert upper is not None
    assert (len(whole.screens), len(upper.screens)) == (4, 2)
    assert [tile.number for tile in upper.tiles] == [1, 2]
    assert sketch(c.SetLayout("upper", "d"), SITE) is None


def test_the_tile_of_a_covered_screen_is_locked_with_the_one_that_leads() -> None:
    locked = after(c.SetLayout("inset"), c.Lock(c.TileRef(1, "d")))
    assert {one.screen: one.locked for one in resolve(locked, SITE)} == dict.fromkeys("abcd", (1,))


fractions = st.floats(0, 0.9)
cells = st.builds(Cell, fractions, fractions, st.floats(0.05, 0.1), st.floats(0.05, 0.1))


@given(st.lists(cells, min_size=1, max_size=5), st.sampled_from(Bezels))
def test_places_are_on_their_screens_and_of_each_tile_one_is_labelled(
    drawn: list[Cell], bezels: Bezels
) -> None:
    layout = wide("drawn", *drawn, bezels=bezels)
    found = place_on_wall(layout, MIXED)
    for screen in MIXED:
        for place in found.get(screen.name, ()):
            assert 0 <= place.rect.x < place.rect.right <= screen.size.w
            assert 0 <= place.rect.y < place.rect.bottom <= screen.size.h
    listed = [place for places in found.values() for place in places]
    for number in {place.number for place in listed}:
        assert sum(one.is_labelled for one in listed if one.number == number) == 1


@given(st.lists(cells, min_size=1, max_size=5))
def test_free_tiles_of_a_screen_are_where_they_are_said_to_be(drawn: list[Cell]) -> None:
    screen = MIXED[0]
    layout = replace(wide("drawn", *drawn), bezels=None)
    whole = Area(0, 0, screen.size.w, screen.size.h)
    for place, cell in zip(place_on_screen(layout, screen), drawn, strict=True):
        exact = whole.part(Area(cell.x, cell.y, cell.w, cell.h))
        rect = place.rect
        edges = (rect.x, rect.y, rect.right, rect.bottom)
        meant = (exact.x, exact.y, exact.right, exact.bottom)
        assert max(abs(a - b) for a, b in zip(edges, meant, strict=True)) <= 1


def test_the_whole_wall_is_what_its_panels_reach() -> None:
    area = bounding_area(map(picture_area, MIXED))
    assert (area.x, area.y, area.right) == (0, 0, 1440)


CHANGES = changes_at(SITE)
CLAIMS = st.builds(
    claim, st.sampled_from([Role.OFFICER, Role.REMOTE]), st.just(0), st.none() | st.just(1)
)


SITES = st.sampled_from([SITE, OTHER])


@given(st.lists(st.tuples(CHANGES, CLAIMS) | SITES, max_size=25))
def test_no_sequence_leaves_a_screen_empty_or_a_covered_one_without_its_picture(
    sequence: list[tuple[c.Change, Claim] | Site],
) -> None:
    state, site = HOME, SITE
    for one in sequence:
        if isinstance(one, Site):
            state, site = fitted(state, one), one
            state = replace(state, selected=visible(state, site))  # the next change would do so
            assert all(screen.tiles for screen in resolve(state, site)), "nor does a reload"
            continue
        try:
            state = step(state, one[0], site, one[1])
        except c.CommandError:
            continue
        if not state.alarms:  # an alarm may cover what is selected
            assert visible(state, site) == state.selected
        assert all(screen.tiles for screen in resolve(state, site)), "every screen shows tiles"
        selected = {one.selected for one in resolve(state, site)} - {None}
        assert len(selected) == 1
        assert restored(state, site).screens == state.base
    if state.alarms:
        state = step(state, c.Acknowledge(all=True), site)
    ended = passed(state, 1, site)
    assert ended.screens == ended.base
    assert all(screen.tiles for screen in resolve(ended, site))
