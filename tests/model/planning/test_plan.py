"""Will it fit: the tiles of a scene, what they cost together, and which go first."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import LAYOUTS, site
from wallctl.model.base.geometry import Size
from wallctl.model.planning.cost_model import TYPICAL, Codec, Work, cores
from wallctl.model.planning.plan import (
    Format,
    Known,
    Load,
    Machine,
    Plan,
    affordable,
    load,
    plan,
    shown_tiles,
)
from wallctl.model.planning.tile_priority import least_first
from wallctl.model.site.layout import grid
from wallctl.model.site.site import PresetScreen, Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.scene.selectable_scenes import pictures, with_layout
from wallctl.model.wall.state.blanking import Blanked, Target
from wallctl.model.wall.state.state import initial

NOTHING: Known = {}
HERE = Machine(TYPICAL, 2, windowed=False)
MAIN, SUB = Size(1920, 1080), Size(640, 360)
GATE = "摄像机1"


def at_home(there: Site) -> Scene:
    return resolve(initial(there), there)


def planned(there: Site, known: Known = NOTHING, machine: Machine = HERE) -> Plan:
    return plan(there, at_home(there), known, machine)


def loaded(there: Site) -> Load:
    scene = at_home(there)
    return load(there, scene, shown_tiles(there, scene, {}), {}, windowed=False)


def twice(there: Site, layout: str) -> Site:
    """A site whose first source stands on both screens, on the second in another layout."""
    home = (PresetScreen("left", layout, (GATE,)), PresetScreen("right", "2x2", (GATE,)))
    return msgspec.structs.replace(there, home=home)


def test_a_tile_is_filled_by_the_stream_that_the_wall_would_choose() -> None:
    [large] = shown_tiles(one := site(1), resolve(with_layout(one, "1x1"), one), {})
    assert (large.stream, large.format.size, large.tap) == ((GATE, "main"), MAIN, MAIN)
    [small] = shown_tiles(one, at_home(one), {})
    assert (small.stream, small.format.size) == ((GATE, "sub"), SUB)
    assert small.tap.w <= 480
    assert small.format.assumed


def test_what_is_known_of_a_stream_goes_before_what_is_assumed() -> None:
    slow = Format(Size(704, 576), 12.0, Codec.HEVC)
    one = site(1)
    [tile] = shown_tiles(one, at_home(one), {(GATE, "sub"): slow})
    assert tile.format == slow
    assert tile.tap.w / tile.tap.h == pytest.approx(704 / 576, abs=0.02)


def test_hidden_sources_are_received_and_not_decoded() -> None:
    streams = loaded(with_nothing(site(3))).streams
    assert streams == {(f"摄像机{i}", "sub"): Work(packets=25) for i in (1, 2, 3)}


def with_nothing(there: Site) -> Site:
    return msgspec.structs.replace(there, home=(PresetScreen("left", "2x2", ()),))


def test_a_shown_main_stream_leaves_the_sub_stream_connected() -> None:
    one = msgspec.structs.replace(site(1), home=(PresetScreen("left", "1x1", (GATE,)),))
    streams = loaded(one).streams
    assert set(streams) == {(GATE, "main"), (GATE, "sub")}
    assert streams[GATE, "sub"] == Work(packets=25)


def test_a_camera_with_one_connection_has_one_stream_for_all_its_tiles() -> None:
    there = twice(site(1, screens=2), "1x1")
    alone = msgspec.structs.replace(there.sources[0], connections=1)
    there = msgspec.structs.replace(there, sources=(alone,))
    assert [one.tile.stream for one in planned(there).tiles] == [(GATE, "main")] * 2
    given = affordable(there, at_home(there), NOTHING, HERE)
    shown = shown_tiles(given, at_home(there), NOTHING)
    assert set(load(given, at_home(there), shown, NOTHING, False).streams) == {(GATE, "main")}


def test_a_stream_in_two_tiles_is_decoded_once_and_scaled_for_each_size() -> None:
    same, other = (twice(site(1, screens=2), layout) for layout in ("2x2", "4x4"))
    [work] = loaded(same).streams.values()
    assert work.h264_pictures == 25
    assert work.scaled_mpx == pytest.approx(25 * 640 * 360 / 1e6)
    [work] = loaded(other).streams.values()
    assert work.h264_pictures == 25
    assert work.scaled_mpx == pytest.approx(2 * 25 * 640 * 360 / 1e6)


@pytest.mark.parametrize("layout", ["2x2", "4x4"])
def test_the_tiles_and_the_rest_are_the_whole(layout: str) -> None:
    there = twice(site(5, screens=2), layout)
    found = planned(there)
    whole = cores(loaded(there).work, TYPICAL)
    assert found.cores == pytest.approx(whole)
    assert sum(one.cores for one in found.tiles) + found.rest_cores == pytest.approx(whole)
    assert found.rest_cores > 0


@given(st.integers(1, 15))
def test_one_more_camera_costs_more(count: int) -> None:
    assert planned(site(count + 1)).cores > planned(site(count)).cores


def test_a_window_costs_more_than_none() -> None:
    shown = planned(site(4), machine=Machine(TYPICAL, 2, windowed=True))
    assert shown.cores > planned(site(4)).cores


def test_a_screen_that_is_hidden_on_request_costs_no_decoding() -> None:
    one = site(4)
    scene = resolve(
        msgspec.structs.replace(initial(one), blanked=(Blanked(Target("left"), Role.OFFICER),)),
        one,
    )
    assert plan(one, scene, {}, HERE).tiles == ()


def test_what_fits_gives_nothing_up() -> None:
    found = planned(site(14))
    assert found.fits
    assert found.shed == ()


@given(st.integers(1, 16), st.floats(25, 1000))
def test_what_is_given_up_is_the_least_important_and_just_enough(
    count: int, rate_hz: float
) -> None:
    there = site(count)
    known = {(one.name, "sub"): Format(SUB, rate_hz) for one in there.sources}
    found = planned(there, known)
    assert found.fits is (found.shed == ())
    assert [*found.shed] == least_first(at_home(there))[: len(found.shed)]
    assert len(without(there, known, found.shed).shed) == 0
    if found.shed:
        assert not without(there, known, found.shed[:-1]).fits


def without(there: Site, known: Known, shed: tuple[tuple[str, int], ...]) -> Plan:
    """The plan of home with these tiles empty; one that is all empty can't give up any more."""
    scene = tuple(
        msgspec.structs.replace(
            screen,
            tiles=tuple(
                msgspec.structs.replace(tile, source=None)
                if (screen.screen, tile.number) in shed
                else tile
                for tile in screen.tiles
            ),
        )
        for screen in at_home(there)
    )
    return plan(there, scene, known, HERE)


def test_every_picture_that_a_key_brings_is_named_once() -> None:
    names = [name for name, _state in pictures(site(4))]
    assert names == ["home", *(f"layout {n}" for n in site(4).layout_keys), "preset 路口"]


def test_a_layout_is_shown_on_every_screen() -> None:
    there = msgspec.structs.replace(site(2, screens=2), layouts=LAYOUTS | {"5x5": grid(5, 5)})
    state = with_layout(there, "5x5")
    assert [one.layout for one in state.screens.values()] == ["5x5", "5x5"]
