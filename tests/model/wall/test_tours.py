"""Tours: pages turn in their time, wait while they are not seen, and leave nothing behind."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.reducing import claim, ended, fitted, granted, passed, step
from tests.support.sites import toured
from wallctl.model.site.site import TileSource
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import TourTo
from wallctl.model.wall.scene.status_icons import Mark, marks
from wallctl.model.wall.state.lease import Lease
from wallctl.model.wall.state.screen_state import ScreenState, shown
from wallctl.model.wall.state.state import RunningTour, WallState, initial, lasting
from wallctl.model.wall.state.tours import is_hidden, left_ns, next_sources

SITE = toured()
HOME = initial(SITE)
SECOND = 1_000_000_000
NAMES = [one.name for one in SITE.sources]


def by(
    state: WallState, change: c.Change, at_s: float = 0, holder: Role = Role.OFFICER
) -> WallState:
    return step(state, change, SITE, claim(holder, round(at_s * SECOND)))


def tour(
    state: WallState, to: TourTo | None = None, name: str | None = None, at_s: float = 0
) -> WallState:
    return by(state, c.SteerTour(to, name), at_s)


def at(state: WallState, seconds: float, dead: frozenset[str] = frozenset()) -> WallState:
    return passed(state, round(seconds * SECOND), SITE, dead)


def left(state: WallState) -> list[int]:
    """The numbers of the sources that the left screen shows."""
    return [NAMES.index(name) + 1 for name in shown(state.screens["left"], SITE) if name]


def only(state: WallState) -> RunningTour:
    (running,) = state.tours
    return running


def refusal(state: WallState, change: c.Change, holder: Role = Role.OFFICER) -> str | None:
    try:
        by(state, change, holder=holder)
    except c.CommandError as error:
        return error.code
    return None


LEFT = tour(HOME, None, "左轮")


def test_pages_take_turns_each_in_its_time_and_go_round() -> None:
    assert left(LEFT) == [1, 2, 3, 4]
    state, changed = LEFT, []
    for tenth in range(1, 400):
        before, state = state, at(state, tenth / 10)
        if state is not before:
            changed.append((tenth / 10, left(state)[0]))
    assert changed == [(10.0, 5), (15.0, 9), (25.0, 1), (35.0, 5)]


def test_a_wall_that_stood_still_turns_one_page_and_gives_it_its_time() -> None:
    state = at(LEFT, 1000)
    assert left(state) == [5, 6, 7, 8]
    assert at(state, 1004.9) is state
    assert left(at(state, 1005)) == [9, 10, 11, 12]


def test_a_tour_ends_and_the_base_is_seen() -> None:
    assert tour(LEFT, TourTo.OFF).screens == HOME.screens
    assert tour(LEFT, None, "左轮").screens == HOME.screens, "its key ends what it has begun"
    assert by(LEFT, c.Back()).screens == HOME.screens
    assert not by(LEFT, c.Back()).tours
    assert by(LEFT, c.Release()).tours == ()


def test_a_pause_keeps_what_is_left_of_the_page() -> None:
    state = tour(LEFT, TourTo.PAUSE, at_s=3)
    assert at(state, 500) is state
    assert left_ns(only(state), 500 * SECOND) == 7 * SECOND
    state = tour(state, TourTo.RESUME, at_s=500)
    assert left(at(state, 506.9)) == [1, 2, 3, 4]
    assert left(at(state, 507)) == [5, 6, 7, 8]


def test_pages_are_turned_by_hand_and_a_pause_stays() -> None:
    state = tour(LEFT, TourTo.NEXT, at_s=3)
    assert left(state) == [5, 6, 7, 8]
    assert left(at(state, 8)) == [9, 10, 11, 12]
    state = tour(tour(LEFT, TourTo.PAUSE), TourTo.PREVIOUS)
    assert left(state) == [9, 10, 11, 12]
    assert at(state, 100) is state


def test_a_tour_that_an_alarm_covers_waits_for_it() -> None:
    alarm = Lease(2, Role.ALARM, {"left": ScreenState("1x1", (NAMES[13],))})
    state = at(granted(at(LEFT, 4), alarm), 6)
    assert left(state) == [14]
    state = at(ended(at(state, 60), {2}), 60)
    assert left(state) == [1, 2, 3, 4]
    assert left(at(state, 64)) == [5, 6, 7, 8]


def test_the_officer_takes_a_screen_and_the_tour_waits() -> None:
    state = at(by(LEFT, c.Enlarge(c.TileRef(2)), 4), 4)
    assert left(state) == [2]
    assert is_hidden(state, only(state))
    assert left(at(state, 60)) == [2]


@pytest.mark.parametrize("change", [c.Back(), c.SteerTour(TourTo.RESUME)])
def test_and_goes_on_where_it_was(change: c.Change) -> None:
    state = at(by(LEFT, c.Enlarge(c.TileRef(2)), 4), 4)
    state = by(state, change, 60)
    assert left(state) == [1, 2, 3, 4]
    assert left(at(at(state, 60), 66)) == [5, 6, 7, 8]
    assert tour(state, TourTo.OFF).screens == state.base


@pytest.mark.parametrize("first", [c.Help(False), c.SteerTour(TourTo.PAUSE), c.SetLayout("3x3")])
def test_home_is_home_whatever_a_tour_does_and_however_often_it_is_pressed(first: c.Change) -> None:
    before = by(LEFT, first)
    state = before
    for _ in range(3):
        state = by(state, c.GoHome())
        assert state.screens == HOME.screens
        assert is_hidden(state, only(state))
    assert by(state, c.Back()).screens == before.screens
    assert left(by(state, c.SteerTour(TourTo.RESUME))) == [1, 2, 3, 4]


def test_home_for_a_time_lets_a_tour_wait() -> None:
    state = step(LEFT, c.GoHome(), SITE, claim(Role.REMOTE, 0, 5 * SECOND))
    assert state.screens == HOME.screens
    assert left(at(state, 5)) == [1, 2, 3, 4]


def test_back_takes_the_screens_away_again() -> None:
    hidden = by(LEFT, c.SetLayout("3x3"))
    again = by(by(hidden, c.SteerTour(TourTo.RESUME)), c.Back())
    assert again.screens == hidden.screens
    assert is_hidden(again, only(again))


def test_a_tour_keeps_the_screens_that_nobody_took() -> None:
    state = by(tour(HOME, None, "全墙"), c.SetLayout("2x2", "right"))
    assert left(at(at(state, 0), 10)) == [2]
    assert at(state, 10).screens["right"].layout == "2x2"
    assert by(state, c.SteerTour(TourTo.RESUME)).screens["right"].layout == "1x1"


def test_a_tour_through_one_tile_leaves_the_others() -> None:
    state = tour(HOME, None, "单窗")
    assert left(state)[:3] == [1, 6, 3]
    assert left(at(state, 10))[:3] == [1, 7, 3]
    state = by(state, c.Show("14", c.TileRef(1)))
    assert left(state)[:3] == [14, 6, 3]
    assert by(at(state, 10), c.SteerTour(TourTo.OFF)).screens["left"].at(1) == NAMES[1]


def test_a_tour_through_one_tile_waits_while_that_tile_is_lent_to_another() -> None:
    alarm = Lease(2, Role.ALARM, tiles=(TileSource("left", 1, NAMES[13]),))
    beside = replace(alarm, tiles=(TileSource("left", 2, NAMES[13]),))
    state = tour(HOME, None, "单窗")
    covered = at(at(granted(state, alarm), 4), 60)
    assert left(covered)[1] == 14
    over = at(ended(covered, {2}), 60)
    assert (left(over)[1], left(at(over, 66))[1]) == (6, 7)
    assert left(at(at(granted(state, beside), 4), 10))[1:3] == [7, 14]


def test_dead_pages_are_skipped_where_the_site_says_so() -> None:
    dead = frozenset({NAMES[6]})
    assert left(at(tour(HOME, None, "单窗"), 10, dead))[1] == 8
    all_dead = frozenset(NAMES)
    assert left(at(tour(HOME, None, "单窗"), 10, all_dead))[1] == 7, "then each is shown as dead"
    assert left(at(LEFT, 10, all_dead)) == [5, 6, 7, 8]


def test_the_tour_of_the_selected_screen_is_meant_else_the_only_one() -> None:
    two = tour(tour(HOME, None, "全墙"), None, "左轮")
    paused = tour(two, TourTo.PAUSE)
    assert [(one.name, one.paused) for one in paused.tours] == [("全墙", False), ("左轮", True)]
    right = by(LEFT, c.Select(c.TileRef(1, "right")))
    assert tour(right, TourTo.PAUSE).tours[0].paused
    assert refusal(HOME, c.SteerTour(TourTo.PAUSE)) == "no_tour"
    assert refusal(LEFT, c.SteerTour(TourTo.PAUSE, "全墙")) == "no_tour"
    assert refusal(HOME, c.SteerTour(TourTo.ON)) == "unknown_tour"
    assert refusal(HOME, c.SteerTour(TourTo.ON, "左论")) == "unknown_tour"


def test_a_younger_tour_lies_over_an_older_which_waits() -> None:
    two = tour(tour(HOME, None, "左轮"), None, "全墙", 4)
    state = at(two, 100)
    assert left(state) == [2]
    state = at(tour(state, TourTo.OFF, "全墙", 100), 100)
    assert left(state) == [1, 2, 3, 4]
    assert left(at(state, 106)) == [5, 6, 7, 8]


def test_from_afar_a_tour_is_begun_where_nobody_ranks_higher() -> None:
    begin = c.SteerTour(None, "左轮")
    assert left(by(HOME, begin, holder=Role.REMOTE)) == [1, 2, 3, 4]
    assert refusal(by(HOME, c.Lock()), begin, Role.REMOTE) == "locked"
    assert refusal(by(HOME, c.Lock(c.TileRef(1))), begin, Role.REMOTE) == "locked"
    alarm = granted(HOME, Lease(1, Role.ALARM, {"left": ScreenState("1x1", ())}))
    assert refusal(alarm, begin, Role.REMOTE) == "held"
    assert left(by(alarm, begin)) == [1, 2, 3, 4], "the officer is never refused"


def test_the_officers_tour_takes_the_place_of_what_was_lent_there() -> None:
    lent = step(HOME, c.SetLayout("1x1"), SITE, claim(Role.REMOTE, 0, 60 * SECOND))
    state = tour(lent, None, "左轮")
    assert left(state) == [1, 2, 3, 4]
    assert by(state, c.Back()).screens == lent.screens


def test_a_tour_that_the_site_no_longer_has_is_over() -> None:
    without = replace(SITE, tours=())
    state = passed(fitted(LEFT, without), 1, without)
    assert (state.tours, state.screens) == ((), HOME.screens)


def test_a_tour_that_people_have_begun_goes_on_after_a_start_from_its_first_page() -> None:
    second = at(at(LEFT, 10), 11)
    kept = lasting(second)
    turned = replace(lasting(at(second, 30)), revision=kept.revision)
    assert turned == kept, "a page that turns is no change"
    assert (kept.leases, kept.screens) == ((), HOME.screens)
    again = at(kept, 1)
    assert [(one.name, one.page, one.goes_on) for one in again.tours] == [("左轮", 0, True)]
    assert again.screens == LEFT.screens
    assert tour(again, TourTo.OFF).screens == HOME.screens
    paused = at(lasting(tour(second, TourTo.PAUSE)), 1)
    assert [one.paused for one in paused.tours] == [True]
    without = replace(SITE, tours=())
    assert passed(fitted(kept, without), 1, without).tours == ()


def test_a_small_mark_tells_whether_a_tour_goes_on() -> None:
    assert marks(HOME, SITE, "left") == ()
    (mark,) = marks(LEFT, SITE, "left")
    assert (mark.mark, mark.text) == (Mark.TOUR, "左屏轮巡 1/3")
    assert marks(LEFT, SITE, "right") == (), "it shows nothing there"
    for still in (tour(LEFT, TourTo.PAUSE), by(LEFT, c.SetLayout("3x3"))):
        assert [one.mark for one in marks(still, SITE, "left")] == [Mark.TOUR_PAUSED]


def test_the_next_page_is_near() -> None:
    assert next_sources(LEFT, SITE) == set(NAMES[4:8])
    assert next_sources(at(at(LEFT, 10), 15), SITE) == set(NAMES[:4])


steering = st.builds(
    c.SteerTour,
    st.none() | st.sampled_from(TourTo),
    st.none() | st.sampled_from([t.name for t in SITE.tours]),
)
changes = st.one_of(
    steering,
    steering,
    st.builds(c.SetLayout, st.sampled_from(["1x1", "3x3"]), st.sampled_from(["left", "right"])),
    st.builds(c.Show, st.sampled_from(["7", "9"]), st.builds(c.TileRef, st.integers(1, 4))),
    st.builds(c.Enlarge),
    st.builds(c.GoHome),
    st.builds(c.Back),
    st.builds(c.Release),
)
alarms = st.builds(lambda screen: screen, st.sampled_from(["left", "right"]))
operations = st.lists(
    st.one_of(
        st.tuples(changes, st.sampled_from([Role.OFFICER, Role.REMOTE])),
        alarms,
        st.integers(1, 30),
    ),
    max_size=25,
)
Operation = tuple[c.Change, Role] | str | int


def operated(state: WallState, operation: Operation, now_s: int) -> WallState:
    if isinstance(operation, int):
        return at(state, now_s)
    if isinstance(operation, str):
        screen = ScreenState("1x1", (NAMES[13],))
        lease = Lease(
            state.begun + 1, Role.ALARM, {operation: screen}, until_ns=(now_s + 20) * SECOND
        )
        return granted(state, lease)
    change, holder = operation
    with contextlib.suppress(c.CommandError):
        return by(state, change, now_s, holder)
    return state


@given(operations)
def test_whatever_was_toured_the_base_returns(sequence: list[Operation]) -> None:
    state, now_s = HOME, 0
    for operation in sequence:
        before = state
        now_s += operation if isinstance(operation, int) else 0
        state = operated(state, operation, now_s)
        check_tours(before, state, operation)
    for running in state.tours:
        state = tour(state, TourTo.OFF, running.name, now_s)
    state = at(state, now_s + 1000)
    assert not state.leases
    assert state.screens == state.base


def check_tours(before: WallState, state: WallState, operation: Operation) -> None:
    names = [one.name for one in state.tours]
    assert len(names) == len(set(names))
    held = {one.number for one in state.leases if one.holder is Role.TOUR}
    assert held <= {one.lease for one in state.tours}, "no lease of a tour that does not run"
    for running in state.tours:
        found = SITE.tour(running.name)
        assert found is not None
        assert 0 <= running.page < len(found.pages)
        assert 0 <= running.left_ns <= found.pages[running.page].dwell_ns
        assert not (running.paused and running.goes_on)
    if isinstance(operation, int):
        check_turned(before, state)
        assert state.base == before.base


def check_turned(before: WallState, state: WallState) -> None:
    """Time turns a tour by one page at most, and none that is paused or not seen."""
    for was, now in zip(before.tours, state.tours, strict=True):
        pages = len((SITE.tour(now.name) or SITE.tours[0]).pages)
        moved = (now.page - was.page) % pages
        assert moved in ((0, 1) if now.goes_on else (0,)), (was, now)
