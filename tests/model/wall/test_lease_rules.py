"""Who may change the wall, and how it returns: priorities, ends, backs and locks."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.random_commands import changes, check_invariants
from tests.support.sites import site, toured
from wallctl.model.base.geometry import Area
from wallctl.model.site.framing import Framing
from wallctl.model.site.site import Preset, PresetScreen, TileSource
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.blanking import Target
from wallctl.model.wall.state.lease import Claim, Holder, Lease
from wallctl.model.wall.state.lease_rules import MOST_LEASES, ended, granted
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.reducer import passed, step
from wallctl.model.wall.state.screen_state import ScreenState
from wallctl.model.wall.state.state import WallState, fitted, initial, restored

SITE = toured()
SECOND = 1_000_000_000
HOME = initial(SITE)
LARGE = ScreenState("1x1", ("摄像机9",))


def by(
    holder: Holder, state: WallState, change: c.Change, for_s: int | None = None, at_s: int = 0
) -> WallState:
    for_ns = None if for_s is None else for_s * SECOND
    return step(state, change, SITE, Claim(holder, at_s * SECOND, for_ns))


def officer(state: WallState, change: c.Change, for_s: int | None = None) -> WallState:
    return by(Holder.OFFICER, state, change, for_s)


def remote(state: WallState, change: c.Change, for_s: int | None = None) -> WallState:
    return by(Holder.REMOTE, state, change, for_s)


def at(state: WallState, seconds: int) -> WallState:
    return passed(state, seconds * SECOND, SITE)


def alarm(state: WallState, screen: str = "left") -> WallState:
    return granted(state, Lease(state.begun + 1, Holder.ALARM, {screen: LARGE}, name="后门"))


def refusal(holder: Holder, state: WallState, change: c.Change) -> str | None:
    try:
        by(holder, state, change)
    except c.CommandError as error:
        return error.code
    return None


def test_a_lease_shows_until_its_time_is_over_and_leaves_nothing() -> None:
    leased = remote(HOME, c.SetLayout("2x2"), 60)
    assert leased.screens["left"].layout == "2x2"
    assert leased.base == HOME.base
    assert at(leased, 59) is leased
    after = at(leased, 60)
    assert after.screens == HOME.screens
    assert after.revision == leased.revision + 1


def test_what_changed_below_a_lease_is_there_when_it_ends() -> None:
    state = remote(HOME, c.SetLayout("2x2", "left"), 60)
    state = officer(state, c.SetLayout("3x3", "right"))
    assert {name: one.layout for name, one in at(state, 60).screens.items()} == {
        "left": "4x4",
        "right": "3x3",
    }


def test_leases_of_equals_lie_over_each_other_and_end_in_any_order() -> None:
    state = remote(remote(HOME, c.SetLayout("2x2"), 60), c.SetLayout("3x3"), 30)
    assert state.screens["left"].layout == "3x3"
    assert at(state, 30).screens["left"].layout == "2x2"
    assert at(at(state, 30), 60).screens == HOME.screens


def test_the_higher_rank_is_seen_and_the_lower_waits() -> None:
    state = alarm(HOME)
    state = granted(state, Lease(2, Holder.TOUR, {"left": ScreenState("2x2", ("摄像机1",))}))
    assert state.screens["left"] == LARGE
    assert ended(state, {1}).screens["left"].layout == "2x2"


def test_the_weaker_is_refused_and_the_wall_stays() -> None:
    state = alarm(HOME)
    with pytest.raises(c.CommandError, match="held by the alarm 后门") as error:
        remote(state, c.SetLayout("2x2"))
    assert error.value.code == "held"
    assert remote(state, c.SetLayout("2x2", "right")).screens["right"].layout == "2x2"


def test_the_officer_takes_over_what_is_seen_and_goes_back_to_it() -> None:
    state = remote(HOME, c.SetLayout("2x2"), 60)
    taken = officer(state, c.Page("next"))
    assert (taken.screens["left"].layout, taken.screens["left"].first) == ("2x2", 4)
    assert not taken.leases, "the officer's picture is the base now"
    again = officer(taken, c.Back())
    assert again.screens == state.screens
    assert at(again, 60).screens == HOME.screens, "the lease ends as it would have"


def test_what_ended_meanwhile_does_not_come_back() -> None:
    state = officer(remote(HOME, c.SetLayout("2x2"), 60), c.SetLayout("3x3"))
    assert officer(at(state, 60), c.Back()).screens == HOME.screens


def test_an_alarm_that_began_since_stays_when_the_officer_goes_back() -> None:
    state = alarm(officer(HOME, c.SetLayout("3x3")))
    back = officer(state, c.Back())
    assert back.screens["left"] == LARGE
    assert ended(back, {1}).screens == HOME.screens


def test_nobody_undoes_a_change_by_a_higher_rank() -> None:
    state = officer(HOME, c.SetLayout("3x3"))
    assert refusal(Holder.REMOTE, state, c.Back()) == "held"
    assert officer(remote(HOME, c.SetLayout("3x3")), c.Back()).screens == HOME.screens


def test_a_single_tile_is_lent_and_the_rest_of_the_screen_is_the_officers() -> None:
    lease = Lease(1, Holder.TOUR, tiles=(TileSource("left", 2, "摄像机9"),))
    state = granted(HOME, lease)
    assert state.screens["left"].order[:4] == ("摄像机1", "摄像机2", "摄像机9", "摄像机4")
    state = officer(state, c.Show("摄像机7", c.TileRef(1)))
    assert state.screens["left"].order[:3] == ("摄像机7", "摄像机2", "摄像机9")
    state = granted(state, replace(lease, tiles=(TileSource("left", 2, "摄像机10"),)))
    assert state.screens["left"].at(2) == "摄像机10"
    taken = officer(state, c.Show("摄像机5", c.TileRef(3)))
    assert taken.screens["left"].at(2) == "摄像机5"
    assert not taken.leases
    assert officer(taken, c.Back()).screens == state.screens


def test_a_lent_source_in_an_empty_place_can_be_made_large() -> None:
    lease = Lease(1, Holder.TOUR, tiles=(TileSource("right", 1, "摄像机9"),))
    state = officer(granted(HOME, lease), c.Enlarge(c.TileRef(2, "right")))
    screen = state.screens["right"]
    assert screen.at(screen.enlarged or 0) == "摄像机9"


def test_a_lease_that_yielded_a_screen_goes_on_elsewhere() -> None:
    two = Lease(1, Holder.TOUR, {"left": LARGE, "right": LARGE}, name="巡")
    state = officer(granted(HOME, two), c.SetLayout("2x2", "left"))
    assert (state.screens["left"].layout, state.screens["right"]) == ("2x2", LARGE)
    state = granted(
        state, replace(two, screens=dict.fromkeys(("left", "right"), HOME.base["left"]))
    )
    assert state.screens["left"].layout == "2x2", "its next page does not take the screen back"
    assert state.screens["right"] == HOME.base["left"]
    assert ended(state, {1}).screens["right"] == HOME.base["right"]


def test_release_ends_a_lease_before_its_time() -> None:
    state = remote(remote(HOME, c.SetLayout("2x2"), 60), c.SetLayout("3x3", "right"), 60)
    assert remote(state, c.Release(1)).screens["left"] == HOME.screens["left"]
    assert remote(state, c.Release()).screens["right"] == HOME.screens["right"]
    assert refusal(Holder.REMOTE, state, c.Release(7)) == "no_lease"
    assert refusal(Holder.REMOTE, alarm(HOME), c.Release(1)) == "held"
    assert refusal(Holder.REMOTE, alarm(HOME), c.Release()) == "no_lease"
    assert officer(alarm(HOME), c.Release(1)).screens == HOME.screens


def test_a_locked_wall_takes_nothing_from_afar_but_what_hides_a_picture() -> None:
    state = officer(HOME, c.Lock())
    for change in (c.SetLayout("2x2"), c.Select(c.TileRef(2)), c.Unblank(), c.Help(), c.Quit()):
        assert refusal(Holder.REMOTE, state, change) == "locked"
    assert [one.target for one in remote(state, c.Blank("left")).blanked] == [Target("left")]
    assert officer(state, c.SetLayout("2x2")).screens["left"].layout == "2x2"
    assert refusal(Holder.REMOTE, officer(state, c.Unlock()), c.SetLayout("2x2")) is None


def test_only_the_officer_locks_and_unlocks() -> None:
    assert refusal(Holder.REMOTE, HOME, c.Lock()) == "officer_only"
    assert refusal(Holder.REMOTE, officer(HOME, c.Lock()), c.Unlock()) == "officer_only"


def test_a_locked_tile_stays_and_others_change() -> None:
    state = officer(HOME, c.Lock(c.TileRef(3)))
    assert refusal(Holder.REMOTE, state, c.Show("摄像机9", c.TileRef(3))) == "locked"
    assert refusal(Holder.REMOTE, state, c.SetLayout("2x2")) == "locked"
    assert refusal(Holder.REMOTE, state, c.Show("摄像机9", c.TileRef(1))) is None
    assert refusal(Holder.REMOTE, state, c.SetLayout("2x2", "right")) is None
    unlocked = officer(state, c.Unlock(c.TileRef(3)))
    assert refusal(Holder.REMOTE, unlocked, c.SetLayout("2x2")) is None


def test_nobody_far_away_moves_a_locked_tile_by_a_lease_or_a_tour() -> None:
    """Nor by ending one: what lies below it would be seen."""
    state = officer(officer(HOME, c.SteerTour(c.TourTo.ON, "左轮")), c.Lock(c.TileRef(1, "left")))
    for to in (None, c.TourTo.OFF, c.TourTo.NEXT, c.TourTo.PREVIOUS):
        assert refusal(Holder.REMOTE, state, c.SteerTour(to, "左轮")) == "locked"
        assert refusal(Holder.OFFICER, state, c.SteerTour(to, "左轮")) is None
    assert refusal(Holder.REMOTE, state, c.Release()) == "locked"
    assert refusal(Holder.REMOTE, state, c.SteerTour(c.TourTo.PAUSE)) is None
    assert refusal(Holder.REMOTE, state, c.SteerTour(c.TourTo.ON, "全墙")) == "locked"


def test_nobody_far_away_cuts_the_picture_of_a_locked_tile() -> None:
    part = Framing(Area(0, 0, 0.5, 0.5))
    home = HOME.screens["left"]
    tiles = PresetScreen("left", home.layout, home.order, {"摄像机3": part})
    of = replace(SITE, presets=(Preset("近", (tiles,)),))
    state = officer(HOME, c.Lock(c.TileRef(3)))
    with pytest.raises(c.CommandError, match="locked"):
        step(state, c.ShowPreset("近"), of, Claim(Holder.REMOTE))


def test_leases_do_not_pile_up_without_end() -> None:
    state = HOME
    for number in range(MOST_LEASES):
        state = remote(state, c.SetLayout(("1x1", "2x2")[number % 2]), 60)
    assert len(state.leases) == MOST_LEASES
    with pytest.raises(c.CommandError, match="release some") as refused:
        remote(state, c.SetLayout("3x3"), 60)
    assert refused.value.code == "too_many"
    assert remote(state, c.SetLayout("3x3")).leases == ()
    released = remote(state, c.Release())
    assert len(remote(released, c.SetLayout("3x3"), 60).leases) == MOST_LEASES


def test_what_was_lent_to_an_empty_place_and_made_large_leaves_no_empty_screen() -> None:
    lease = Lease(1, Holder.TOUR, tiles=(TileSource("right", 1, "摄像机9"),), until_ns=SECOND)
    large = officer(granted(HOME, lease), c.Enlarge(c.TileRef(2, "right")))
    over = at(large, 1)
    assert over.screens == HOME.screens
    assert over.base == HOME.base, "nor is the next that is lent there large"
    leased = remote(granted(HOME, lease), c.Enlarge(c.TileRef(2, "right")), 60)
    assert at(leased, 1).screens == HOME.screens


def test_a_start_forgets_leases_and_a_changed_site_keeps_what_fits() -> None:
    state = alarm(remote(HOME, c.SetLayout("2x2"), 60), "right")
    assert restored(state, SITE).screens == HOME.screens
    smaller = site(8, screens=1)
    fitting = fitted(state, smaller)
    assert [one.holder for one in fitting.leases] == [Holder.REMOTE]
    assert fitting.screens["left"].layout == "2x2"


Asked = tuple[c.Change, Holder, int | None]
Leased = tuple[Holder, dict[str, ScreenState], TileSource | None]
holders = st.sampled_from([Holder.REMOTE, Holder.OFFICER])
leases = st.builds(
    lambda holder, screens, tile: (holder, dict.fromkeys(screens, LARGE), tile),
    st.sampled_from([Holder.SCHEDULE, Holder.TOUR, Holder.ALARM]),
    st.sets(st.sampled_from(["left", "right"])),
    st.none()
    | st.builds(
        TileSource, st.sampled_from(["left", "right"]), st.integers(0, 17), st.just("摄像机9")
    ),
)
asked = st.tuples(changes, holders, st.none() | st.integers(1, 50))
operations = st.lists(st.one_of(asked, leases, st.integers(1, 30)), max_size=25)


def operated(state: WallState, operation: Asked | Leased, now_s: int) -> WallState:
    if isinstance(operation[0], Holder):
        holder, whole, tile = operation
        tiles = () if tile is None else (tile,)
        lease = Lease(state.begun + 1, holder, whole, tiles, (now_s + 20) * SECOND)
        return granted(state, lease) if whole or tiles else state
    change, holder, for_s = operation
    with contextlib.suppress(c.CommandError):
        return by(holder, state, change, for_s, now_s)
    return state


@given(operations)
def test_whatever_was_leased_the_base_returns(sequence: list[Asked | Leased | int]) -> None:
    """No lease ever touches the base, whoever had it and whatever was done meanwhile."""
    state, now_s = HOME, 0
    for operation in sequence:
        before = state
        if isinstance(operation, int):
            now_s += operation
            state = at(state, now_s)
            assert state.base == before.base
        else:
            state = operated(state, operation, now_s)
        check_state(before, state)
    state = at(ended(state, {one.lease for one in state.tours}), now_s + 1000)
    assert not state.leases
    assert state.screens == state.base


def check_state(before: WallState, state: WallState) -> None:
    grounds = replace(state, base=state.grounds, leases=())
    check_invariants(replace(grounds, selected=visible(grounds, SITE)))
    for name in state.base:
        there = [one for one in state.leases if one.concerns(name)]
        assert bool(there) or state.screens[name] == state.base[name]
    numbers = [one.number for one in state.leases]
    assert numbers == sorted(set(numbers)), "each lease once, in the order in which they began"
    assert max(numbers, default=0) <= state.begun
    assert before.begun <= state.begun


@given(operations)
def test_the_officer_is_never_refused_for_anybodys_sake(
    sequence: list[Asked | Leased | int],
) -> None:
    state = HOME
    for operation in sequence:
        if not isinstance(operation, int):
            state = operated(state, operation, 0)
        for change in (c.SetLayout("2x2", "left"), c.ShowPreset("路口"), c.GoHome()):
            assert refusal(Holder.OFFICER, state, change) is None
            now = officer(state, change)
            if now.grounds != state.grounds:
                assert officer(now, c.Back()).screens == state.screens
