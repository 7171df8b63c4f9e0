"""From one site to another: what has to stay, what has changed, and that nobody else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.credentials import ACCOUNT
from tests.support.random_commands import changes_at
from tests.support.reducing import fitted, step
from tests.support.sites import LAYOUTS, site, source
from wallctl.model.base.geometry import Area, Fit, Rect
from wallctl.model.site.alarm import Alarm, AlarmPlace
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import Preset, PresetScreen, Site, Source, Transport
from wallctl.model.site.site_diff import (
    ChangeCount,
    count_changes,
    find_replaced_streams,
    find_restart_reasons,
    index_streams,
    max_streams,
)
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState, initial

SITE = site(sources=14, screens=2)
OTHER = {
    "address": {"url": "rtsp://192.0.2.99/other"},
    "login": {"credential": ACCOUNT},
    "transport": {"transport": Transport.UDP},
}


def other(one: Source, **values: object) -> Source:
    """The source with another smallest stream."""
    return replace(one, streams=(*one.streams[:-1], replace(one.streams[-1], **values)))


def test_the_same_site_again_changes_nothing() -> None:
    assert count_changes(SITE, site(sources=14, screens=2)) == {}
    assert find_replaced_streams(SITE, site(sources=14, screens=2)) == frozenset()
    assert find_restart_reasons(SITE, site(sources=14, screens=2)) == ()


@pytest.mark.parametrize("values", OTHER.values(), ids=OTHER)
def test_a_stream_that_is_opened_otherwise_is_another(values: dict[str, object]) -> None:
    new = replace(SITE, sources=(other(SITE.sources[0], **values), *SITE.sources[1:]))
    assert find_replaced_streams(SITE, new) == {("摄像机1", "sub")}
    assert count_changes(SITE, new) == {"sources": ChangeCount(changed=1)}


def test_how_a_source_is_shown_opens_nothing_anew() -> None:
    shown_so = replace(SITE.sources[0], number=99, fit=Fit.COVER, connections=1)
    new = replace(SITE, sources=(shown_so, *SITE.sources[1:]))
    assert find_replaced_streams(SITE, new) == frozenset()
    assert count_changes(SITE, new) == {"sources": ChangeCount(changed=1)}


def test_every_kind_of_thing_is_counted() -> None:
    new = replace(
        SITE,
        name="别处",
        sources=(*SITE.sources[1:], source(15), source(16)),
        layouts={name: one for name, one in LAYOUTS.items() if name != "3x3"},
        layout_keys=("1x1", "4x4"),
        hotkeys={"F9": "home"},
        presets=(),
        alarms=(Alarm("大门", "摄像机2", (AlarmPlace("left"),)),),
        clock=False,
    )
    assert count_changes(SITE, new) == {
        "sources": ChangeCount(added=2, removed=1),
        "layouts": ChangeCount(removed=1),
        "presets": ChangeCount(removed=1),
        "alarms": ChangeCount(added=1),
        "keys": ChangeCount(added=1, changed=1, removed=3),
        "settings": ChangeCount(changed=2),
    }


def test_screens_fonts_and_devices_stay_as_they_were_at_the_start() -> None:
    left, right = SITE.screens
    hung = replace(left, on_wall_mm=Area(0, 0, 600, 340))
    assert find_restart_reasons(SITE, replace(SITE, screens=(hung, right))) == ()
    moved = replace(right, rect=Rect(1920, 0, 1280, 720))
    for new, key in (
        (replace(SITE, screens=(left,)), ("screens",)),
        (replace(SITE, screens=(left, moved)), ("screens", 1)),
        (replace(SITE, screens=(left, replace(right, output="DP-1"))), ("screens", 1)),
        (replace(SITE, screens=(replace(left, name="L"), right)), ("screens", 0, "name")),
        (replace(SITE, font="other.ttc"), ("defaults", "font")),
        (replace(SITE, keep_awake=False), ("defaults", "keep_awake")),
        (replace(SITE, hardware=Hardware.OFF), ("decoding", "hardware")),
    ):
        assert [found[0] for found in find_restart_reasons(SITE, new)] == [key]


def test_a_site_without_sources_has_room_for_one_stream() -> None:
    assert max_streams(replace(SITE, sources=())) == 1
    assert max_streams(SITE) == 2


NUMBERS = st.integers(1, 20)
LAYOUT_NAMES = st.sets(st.sampled_from(sorted(LAYOUTS)), min_size=2)
CHANGES = st.one_of(
    st.builds(c.Show, NUMBERS.map(str), st.builds(c.TileRef, st.integers(1, 4))),
    st.builds(c.SetLayout, st.sampled_from(sorted(LAYOUTS)), st.sampled_from(["left", "right"])),
    st.builds(c.Page, st.sampled_from(["next", "previous"])),
    st.builds(c.Enlarge, st.builds(c.TileRef, st.integers(1, 4))),
    st.builds(c.Clear, st.builds(c.TileRef, st.integers(1, 4))),
    st.just(c.Back()),
    st.just(c.Help(True)),
)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Two screens, and whatever sources, layouts and home there are."""
    numbers = draw(st.lists(NUMBERS, unique=True, max_size=20))
    layouts = {name: LAYOUTS[name] for name in sorted(draw(LAYOUT_NAMES))}
    names = tuple(f"摄像机{number}" for number in numbers)
    home = tuple(
        PresetScreen(screen, draw(st.sampled_from(sorted(layouts))), names[:cut])
        for screen, cut in (("left", None), ("right", draw(st.integers(0, 3))))
    )
    return replace(
        site(screens=2),
        sources=tuple(source(number) for number in numbers),
        layouts=layouts,
        layout_keys=(),
        home=home,
        presets=(Preset("早班", (home[0],)),),
    )


def after(wall: WallState, sequence: list[c.Change], of: Site) -> WallState:
    for change in sequence:
        try:
            wall = step(wall, change, of)
        except c.CommandError:
            continue
    return wall


@given(sites(), sites(), st.lists(CHANGES, max_size=12), st.lists(CHANGES, max_size=12))
def test_nobody_who_is_on_both_sites_moves(
    old: Site, new: Site, before: list[c.Change], later: list[c.Change]
) -> None:
    was = after(initial(old), before, old)
    now = fitted(was, new)
    names = {one.name for one in new.sources}
    assert replace(
        now, base={}, past=(), known=frozenset(), numbers={}, selected=was.selected
    ) == replace(was, base={}, past=(), known=frozenset(), numbers={})
    for screen, had in was.screens.items():
        has = now.screens[screen]
        assert {name for name in has.order if name is not None} <= names
        if had.layout not in new.layouts:
            continue
        assert has.layout == had.layout
        for index, name in enumerate(had.order):
            if name in names:
                assert has.order[index] == name
    listed = {name for screen in now.screens.values() for name in screen.order}
    assert {one.name for one in new.sources if one.name not in was.known} <= listed
    goes_on = after(now, later, new)
    for scene in resolve(goes_on, new):
        assert {tile.source for tile in scene.tiles} - {None} <= names


@given(sites(), st.lists(changes_at(site(20, screens=2)), max_size=12))
def test_the_same_site_again_leaves_all_as_it_was(of: Site, before: list[c.Change]) -> None:
    was = after(initial(of), before, of)
    assert fitted(was, of) == was


def test_back_goes_back_past_a_change_of_the_site() -> None:
    was = step(initial(SITE), c.SetLayout("2x2"), SITE)
    new = replace(SITE, sources=(*SITE.sources[1:], source(15)))
    now = step(fitted(was, new), c.Back(), new)
    left = now.screens["left"]
    assert left.layout == "4x4"
    assert shown(left, new)[:2] == (None, "摄像机2")
    assert "摄像机15" in now.screens["right"].order


@given(sites(), sites())
def test_streams_are_replaced_only_where_both_sites_have_them(old: Site, new: Site) -> None:
    both = index_streams(old).keys() & index_streams(new).keys()
    assert find_replaced_streams(old, new) <= both
