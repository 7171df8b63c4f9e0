"""Privacy: what is hidden stays hidden, until somebody lifts it who may."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.random_commands import changes
from tests.support.reducing import claim, fitted, passed, step
from tests.support.sites import site
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.blanking import Blanked, Target, hiding
from wallctl.model.wall.state.state import WallState, hidden_whole, initial, lasting, missed

SITE = site(14, screens=2)
HOME = initial(SITE)
SECOND = 1_000_000_000


def officer(state: WallState, *several: c.Change) -> WallState:
    for change in several:
        state = step(state, change, SITE)
    return state


def remote(state: WallState, change: c.Change, for_ns: int | None = None) -> WallState:
    return step(state, change, SITE, claim(Role.REMOTE, 0, for_ns))


def masked(state: WallState, screen: str = "left") -> dict[int, str]:
    """The reason by number of every tile that is hidden."""
    scene = next(one for one in resolve(state, SITE) if one.screen == screen)
    return {tile.number: tile.reason for tile in scene.tiles if tile.masked}


def code(state: WallState, change: c.Change, by: Role = Role.REMOTE) -> str | None:
    try:
        step(state, change, SITE, claim(by))
    except c.CommandError as error:
        return error.code
    return None


def test_a_tile_is_hidden_with_its_reason_and_its_source_is_seen_elsewhere() -> None:
    state = officer(HOME, c.Blank(tile=c.TileRef(3), reason="检修"))
    assert masked(state) == {3: "检修"}
    assert state.blanked == (Blanked(Target("left", 2), Role.OFFICER, "检修"),)
    moved = officer(state, c.Swap(c.TileRef(3), c.TileRef(4)))
    assert masked(moved) == {3: "检修"}
    shown = {tile.source for one in resolve(moved, SITE) for tile in one.pictured}
    assert "摄像机3" in shown
    assert "摄像机4" not in shown


def test_a_tile_is_named_on_another_screen_in_two_ways() -> None:
    for change in (
        c.Blank(tile=c.TileRef(2, "right")),
        c.Blank("right", tile=c.TileRef(2)),
    ):
        assert officer(HOME, change).blanked[0].target == Target("right", 1)


def test_an_empty_tile_is_empty_until_something_comes() -> None:
    state = officer(HOME, c.Blank(tile=c.TileRef(1, "right")))
    assert masked(state, "right") == {}
    assert masked(officer(state, c.Show("5", c.TileRef(1, "right"))), "right") == {1: ""}


def test_a_source_is_hidden_wherever_it_is_and_whatever_brings_it() -> None:
    state = officer(HOME, c.Blank(source="7", reason="x"))
    assert masked(state) == {7: "x"}
    state = officer(state, c.Show("7", c.TileRef(2, "right")), c.Enlarge(c.TileRef(7, "left")))
    assert masked(state) == {1: "x"}
    assert masked(state, "right") == {2: "x"}
    state = remote(state, c.Show("7", c.TileRef(4, "right")), 60 * SECOND)
    assert masked(state, "right") == {4: "x"}
    assert masked(passed(state, 61 * SECOND, SITE), "right") == {2: "x"}
    assert masked(officer(state, c.Unblank(source="摄像机7"))) == {}


def test_a_large_tile_stays_hidden() -> None:
    state = officer(HOME, c.Blank(tile=c.TileRef(3)), c.Enlarge(c.TileRef(3)))
    assert masked(state) == {1: ""}


def test_a_screen_shows_nothing_at_all() -> None:
    state = officer(HOME, c.Blank("left", reason="交接"))
    left, right = resolve(state, SITE)
    assert (left.blanked, left.reason, left.pictured) == (True, "交接", ())
    assert not right.blanked
    assert all(one.blanked for one in resolve(officer(state, c.Blank()), SITE))


def test_screens_tiles_and_sources_are_lifted_each_by_itself() -> None:
    state = officer(HOME, c.Blank(source="1"), c.Blank(tile=c.TileRef(2)), c.Blank(), c.Unblank())
    assert set(masked(state)) == {1, 2}
    assert set(masked(officer(state, c.Unblank(tile=c.TileRef(2))))) == {1}
    assert set(masked(officer(state, c.Unblank(source="1")))) == {2}
    assert officer(HOME, c.Unblank(source="1")).blanked == ()


def test_of_two_reasons_the_newest_counts_and_silence_takes_none_away() -> None:
    state = officer(HOME, c.Blank(source="3", reason="a"), c.Blank(source="3"))
    assert masked(state) == {3: "a"}
    assert masked(officer(state, c.Blank(source="3", reason="b"))) == {3: "b"}
    assert masked(officer(state, c.Blank(tile=c.TileRef(3)))) == {3: "a"}


def test_a_program_lifts_what_programs_have_blanked_and_the_officer_lifts_all() -> None:
    ours, theirs = remote(HOME, c.Blank(source="3")), officer(HOME, c.Blank(source="3"))
    lift = c.Unblank(source="3")
    assert remote(ours, lift).blanked == ()
    assert code(theirs, lift) == "held"
    assert officer(ours, lift).blanked == officer(theirs, lift).blanked == ()
    both = remote(theirs, c.Blank(source="3", reason="ours, too"))
    assert both.blanked[0].by is Role.OFFICER
    assert code(both, lift) == "held"
    assert code(officer(ours, c.Blank(source="3")), lift) == "held"


def test_a_program_that_may_not_lift_one_of_all_lifts_none() -> None:
    state = officer(remote(HOME, c.Blank()), c.Blank("right"))
    assert code(state, c.Unblank()) == "held"
    assert [one.target for one in remote(state, c.Unblank("left")).blanked] == [Target("right")]


@pytest.mark.parametrize(
    "change",
    [
        c.Blank("left", source="7"),
        c.Unblank(tile=c.TileRef(1), source="7"),
        c.Blank("left", tile=c.TileRef(1, "right")),
    ],
)
def test_one_thing_is_named_at_a_time(change: c.Change) -> None:
    assert code(HOME, change) == "bad_args"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (c.Blank(source="99"), "unknown_source"),
        (c.Blank(tile=c.TileRef(17)), "unknown_tile"),
        (c.Unblank("lft"), "unknown_screen"),
    ],
)
def test_what_is_not_there_can_not_be_hidden(change: c.Change, expected: str) -> None:
    assert code(HOME, change) == expected


def test_it_outlasts_a_restart_and_a_source_that_is_gone_for_a_while() -> None:
    state = officer(HOME, c.Blank(source="14"), c.Blank("right"), c.Blank(tile=c.TileRef(1)))
    kept = msgspec.json.decode(msgspec.json.encode(lasting(state)), type=WallState)
    assert kept.blanked == state.blanked
    smaller = fitted(kept, site(13, screens=1))
    assert smaller.blanked == state.blanked
    gone = {Target(source="摄像机14"), Target("right")}
    assert set(missed(smaller, site(13, screens=1))) == gone
    again = fitted(smaller, SITE)
    assert missed(again, SITE) == ()
    assert set(masked(officer(again, c.Show("14", c.TileRef(5))))) == {1, 5}
    assert {one.screen for one in resolve(again, SITE) if one.blanked} == {"right"}


def test_what_the_site_lacks_now_is_lifted_by_its_name() -> None:
    smaller = site(13, screens=1)
    state = officer(HOME, c.Blank(source="14"), c.Blank("right"))
    lifted = step(fitted(state, smaller), c.Unblank(source="摄像机14"), smaller)
    assert missed(lifted, smaller) == (Target("right"),)
    assert step(lifted, c.Unblank("right"), smaller).blanked == ()
    with pytest.raises(c.CommandError, match="no source"):
        step(lifted, c.Unblank(source="摄像机14"), smaller)
    with pytest.raises(c.CommandError):
        step(lifted, c.Unblank("right", c.TileRef(1)), smaller)


def test_a_source_that_was_renamed_stays_hidden_by_its_number() -> None:
    def called(name: str) -> Site:
        sources = (replace(SITE.sources[0], name=name), *SITE.sources[1:])
        home = tuple(
            replace(one, tiles=tuple(name if tile == "摄像机1" else tile for tile in one.tiles))
            for one in SITE.home
        )
        return replace(SITE, sources=sources, home=home)

    state = officer(HOME, c.Blank(source="1", reason="检修"))
    for name in ("大门", "东大门", "摄像机1"):
        state = fitted(state, called(name))
        (hidden,) = state.blanked
        assert (hidden.target, hidden.reason) == (Target(source=name), "检修")
    other = fitted(state, replace(called("大门"), sources=called("大门").sources[1:]))
    assert other.blanked == state.blanked, "a source of another number is another one"


def test_where_nobody_knows_what_was_hidden_all_is_and_anybody_may_show_it() -> None:
    state = hidden_whole(SITE, "读不出")
    assert all(one.blanked and one.reason == "读不出" for one in resolve(state, SITE))
    assert step(state, c.Unblank(), SITE, claim(Role.REMOTE)).blanked == ()


@given(st.lists(changes, max_size=25))
def test_nothing_but_lifting_it_brings_a_hidden_source_to_sight(several: list[c.Change]) -> None:
    state = officer(HOME, c.Blank(source="3"), c.Blank(tile=c.TileRef(1)))
    for change in several:
        if isinstance(change, c.Unblank):
            continue
        try:
            state = step(state, change, SITE)
        except c.CommandError:
            continue
        for one in resolve(state, SITE):
            assert all(tile.source != "摄像机3" for tile in one.pictured)
        left = state.screens["left"]
        first = left.enlarged if left.enlarged is not None else left.first
        if first == 0:
            assert all(t.number != 1 for t in resolve(state, SITE)[0].pictured)
        assert hiding(state.blanked, "left", 0, None) is not None
