"""Alarms: which is shown where, which wait, and that nothing is left of one that ended."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.raised_alarms import (
    BEGUN,
    HOME,
    SECOND,
    SITE,
    at,
    by,
    fares,
    officer,
    raised,
    refusal,
    remote,
)
from tests.support.random_commands import changes, of_kinds, said_at
from tests.support.reducing import claim, fitted, passed, step
from tests.support.sites import DOOR, FENCE, FIRE, GATE, YARD, site
from wallctl.model.site.alarm import AlarmPlace
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.scene.alarm_banner import picture_rect
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.state.alarm_queue import (
    MOST_ACKNOWLEDGED,
    REPEAT_NS,
    AlarmState,
    alarm_state,
    in_order,
)
from wallctl.model.wall.state.blanking import Target
from wallctl.model.wall.state.lease import seen
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState, lasting


def test_an_alarm_is_shown_large_and_the_wall_returns_when_its_time_is_over() -> None:
    state = raised(GATE)
    assert shown(state.screens["left"], SITE) == ("摄像机3",)
    assert state.base == HOME.base
    assert at(state, 29) is state
    after = at(state, 30)
    assert (after.screens, after.leases) == (HOME.screens, ())
    assert fares(after) == {"大门": "over"}, "until somebody has seen it"
    done = officer(after, c.Acknowledge(), 40)
    (seen_by,) = done.acknowledged
    assert replace(done, acknowledged=()) == replace(HOME, revision=3, alarmed=1, begun=1)
    assert (seen_by.alarm.alarm, seen_by.by.role, seen_by.unix_s) == (
        GATE,
        Role.OFFICER,
        BEGUN + 40,
    )


def test_acknowledging_ends_it_at_once() -> None:
    for state in (remote(raised(GATE), c.Acknowledge()), officer(raised(GATE), c.Acknowledge())):
        assert state.screens == HOME.screens
        assert not state.alarms
    assert refusal(Role.OFFICER, HOME, c.Acknowledge()) == "no_alarm"
    assert refusal(Role.OFFICER, HOME, c.Acknowledge(all=True)) == "no_alarm"
    assert refusal(Role.OFFICER, raised(GATE), c.Acknowledge(alarm=7)) == "no_alarm"


def test_without_an_end_it_stays_until_it_is_acknowledged() -> None:
    state = at(raised(FIRE), 1_000_000)
    assert fares(state) == {"火警": "left"}
    assert officer(state, c.Acknowledge()).screens == HOME.screens


def test_a_source_that_no_alarm_names_is_shown_too_and_a_misspelt_name_is_told() -> None:
    state = remote(HOME, c.RaiseAlarm("7", "有人摔倒"))
    assert shown(state.screens["left"], SITE) == ("摄像机7",)
    assert [one.said for one in state.alarms] == ["有人摔倒"]
    with pytest.raises(c.CommandError, match="no alarm is called '大们'") as error:
        remote(HOME, c.RaiseAlarm("大们"))
    assert "大门" in error.value.known
    assert error.value.code == "unknown_alarm"


def test_the_higher_priority_is_shown_and_the_other_waits_for_its_whole_time() -> None:
    state = raised(FIRE, state=raised(GATE), at_s=20)
    assert fares(state) == {"大门": "waiting", "火警": "left"}
    assert fares(at(state, 1000)) == fares(state)
    state = remote(state, c.Acknowledge(), 1000)
    assert fares(state) == {"大门": "left"}
    assert fares(at(state, 1029)) == {"大门": "left"}
    assert at(state, 1030).screens == HOME.screens


def test_of_equals_the_oldest_is_shown_and_the_next_follows_it() -> None:
    other = c.RaiseAlarm("摄像机1")
    state = remote(raised(GATE), other)
    assert fares(state) == {"大门": "left", "摄像机1": "waiting"}
    assert fares(at(state, 30)) == {"大门": "over", "摄像机1": "left"}
    assert at(at(state, 30), 60).screens == HOME.screens


def test_further_tiles_are_taken_while_there_are_any() -> None:
    state = raised(DOOR, FENCE, YARD)
    assert fares(state) == {"后门": "right/1", "围墙": "right/2", "院子": "waiting"}
    assert shown(state.screens["right"], SITE) == ("摄像机7", "摄像机8", None, None)
    state = remote(state, c.Acknowledge(alarm=1))
    assert fares(state) == {"围墙": "right/2", "院子": "right/1"}
    assert remote(state, c.Acknowledge(all=True)).screens == HOME.screens


def test_a_repeated_alarm_renews_its_time_and_queues_once() -> None:
    state = raised(GATE, state=raised(GATE), at_s=20)
    assert len(state.alarms) == 1
    assert fares(at(state, 49)) == {"大门": "left"}
    assert fares(at(state, 50)) == {"大门": "over"}
    assert state.alarms[0].count == 2
    chatter = raised(GATE, state=raised(GATE), at_s=0.5 * REPEAT_NS / SECOND)
    assert replace(chatter, revision=0) == replace(raised(GATE), revision=0)
    again = by(Role.REMOTE, raised(GATE), c.RaiseAlarm("大门", "两个人"), 2)
    assert (again.alarms[0].said, again.alarms[0].since_ns) == ("两个人", 0)


def test_what_the_officer_locked_is_not_covered_until_it_is_unlocked() -> None:
    for locked in (c.Lock(), c.Lock(c.TileRef(3))):
        state = raised(GATE, state=officer(HOME, locked))
        assert fares(state) == {"大门": "waiting"}
        assert state.screens == HOME.screens
        assert fares(officer(state, c.Unlock())) == {"大门": "left"}
    elsewhere = officer(HOME, c.Lock(c.TileRef(3, "right")))
    assert fares(raised(GATE, DOOR, state=elsewhere)) == {"大门": "left", "后门": "right/1"}
    assert fares(officer(raised(GATE), c.Lock())) == {"大门": "left"}, "who locks has seen it"
    locked_wall = officer(raised(GATE), c.Lock())
    assert refusal(Role.REMOTE, locked_wall, c.Acknowledge()) == "locked"


def test_none_is_shown_over_the_officers_lease_or_on_a_blanked_screen() -> None:
    leased = by(Role.OFFICER, HOME, c.SetLayout("2x2"), for_s=60)
    state = raised(GATE, state=leased, at_s=10)
    assert fares(state) == {"大门": "waiting"}
    assert fares(at(state, 60)) == {"大门": "left"}
    assert fares(raised(GATE, state=officer(HOME, c.Blank("left")))) == {"大门": "waiting"}
    covered = officer(raised(GATE), c.Blank())
    assert fares(covered) == {"大门": "waiting"}
    assert fares(officer(covered, c.Unblank())) == {"大门": "left"}


def test_it_lies_over_what_remotes_hold_and_keeps_them_off() -> None:
    leased = by(Role.REMOTE, HOME, c.SetLayout("2x2"), for_s=600)
    state = raised(GATE, state=leased)
    assert fares(state) == {"大门": "left"}
    assert refusal(Role.REMOTE, state, c.SetLayout("3x3")) == "held"
    assert at(state, 30).screens == leased.screens


def test_a_tour_under_it_stands_still_and_goes_on_where_it_was() -> None:
    state = officer(HOME, c.SteerTour(None, "左轮"))
    page = state.screens["left"]
    state = at(raised(GATE, state=state, at_s=4), 33)
    assert (fares(state), state.tours[0].page) == ({"大门": "left"}, 0)
    state = at(state, 34)
    assert state.screens["left"] == page
    assert at(state, 39).tours[0].page == 0
    assert at(state, 40).tours[0].page == 1
    begun = officer(raised(GATE), c.SteerTour(None, "左轮"))
    assert fares(begun) == {"大门": "aside"}


def test_who_changes_the_picture_at_the_wall_has_seen_it() -> None:
    state = officer(raised(GATE), c.SetLayout("3x3"))
    assert fares(state) == {"大门": "aside"}
    assert state.screens["left"].layout == "3x3"
    assert set(HOME.base["left"].order) == set(state.base["left"].order), "nobody is lost"
    assert fares(raised(GATE, state=state, at_s=9)) == {"大门": "aside"}
    back = officer(state, c.Back())
    assert fares(back) == {"大门": "left"}
    assert at(back, 30).screens == HOME.screens
    assert fares(at(state, 30)) == {"大门": "over"}
    acknowledged = officer(state, c.Acknowledge())
    assert officer(acknowledged, c.Back()).screens == HOME.screens, "it does not come back"


def test_one_that_was_put_aside_lasts_as_long_as_it_is_raised() -> None:
    state = officer(raised(GATE), c.SetLayout("3x3"))
    renewed = at(raised(GATE, state=state, at_s=20), 35)
    assert fares(renewed) == {"大门": "aside"}
    assert fares(officer(renewed, c.Back(), 36)) == {"大门": "left"}
    assert fares(at(renewed, 50)) == {"大门": "over"}


def test_who_changes_the_picture_has_read_the_notices_of_those_that_wait_there_too() -> None:
    state = officer(raised(FIRE, state=raised(GATE)), c.SetLayout("3x3"), 5)
    assert fares(state) == {"大门": "aside", "火警": "aside"}
    assert state.screens["left"].layout == "3x3"
    assert fares(at(state, 34)) == fares(state)
    assert fares(at(state, 35)) == {"大门": "over", "火警": "aside"}
    assert fares(raised(DOOR, state=state, at_s=6))["后门"] == "right/1", "another screen"
    newer = remote(state, c.RaiseAlarm("摄像机1"), 6)
    assert fares(newer)["摄像机1"] == "left", "nobody has read of this one"


def test_one_that_is_raised_again_after_its_time_is_shown_and_counted_again() -> None:
    state = at(raised(GATE), 30)
    again = raised(GATE, state=state, at_s=100)
    (one,) = again.alarms
    assert fares(again) == {"大门": "left"}
    assert (one.number, one.count, one.since_unix_s) == (1, 2, BEGUN + 100)
    flapping = at(remote(raised(GATE), c.EndAlarm("大门"), 0.2), 0.2)
    assert fares(raised(GATE, state=flapping, at_s=0.4)) == {"大门": "left"}, "within a second too"


def test_the_last_word_of_a_contact_that_bounces_counts() -> None:
    bounced = remote(remote(raised(FIRE), c.EndAlarm("火警"), 9.03), c.RaiseAlarm("火警"), 9.06)
    assert fares(at(bounced, 9.1)) == {"火警": "left"}
    locked = raised(GATE, state=officer(HOME, c.Lock()))
    waits = remote(remote(locked, c.EndAlarm("大门"), 9.03), c.RaiseAlarm("大门"), 9.06)
    assert fares(at(waits, 9.1)) == {"大门": "waiting"}
    assert fares(officer(at(waits, 9.1), c.Unlock(), 9.2)) == {"大门": "left"}


def test_an_alarm_that_the_site_writes_otherwise_now_is_the_same() -> None:
    renamed = replace(SITE, alarms=(replace(GATE, name="Gate"),))
    state = step(HOME, c.RaiseAlarm("Gate"), renamed, claim(Role.REMOTE))
    again = replace(SITE, alarms=(replace(GATE, name="GATE"),))
    state = step(fitted(state, again), c.RaiseAlarm("gate"), again, claim(Role.REMOTE, 5 * SECOND))
    assert [one.count for one in state.alarms] == [2]


def test_a_lock_on_a_screen_that_the_site_lacks_refuses_nobody_else() -> None:
    one = site(4, screens=1)
    locked = fitted(officer(HOME, c.Lock(c.TileRef(1, "right"))), one)
    assert step(locked, c.SetLayout("2x2"), one, claim(Role.REMOTE)).screens["left"].layout == "2x2"


def test_releasing_its_lease_frees_its_place_and_it_waits_to_be_acknowledged() -> None:
    released = officer(raised(GATE), c.Release())
    assert (fares(released), released.screens) == ({"大门": "over"}, HOME.screens)
    assert refusal(Role.REMOTE, raised(GATE), c.Release(1)) == "held"


def test_one_in_a_tile_follows_its_tile_and_waits_while_that_is_hidden() -> None:
    home = replace(DOOR, at=(AlarmPlace("left", 2),))
    of = replace(SITE, alarms=(home,))
    state = step(HOME, c.SetLayout("2x2"), of)
    state = step(state, c.RaiseAlarm("后门"), of)
    assert shown(state.screens["left"], of) == ("摄像机1", "摄像机7", "摄像机3", "摄像机4")
    state = step(state, c.Page("next"), of)
    assert shown(state.screens["left"], of) == ("摄像机5", "摄像机7", "摄像机7", "摄像机8")
    state = step(state, c.Enlarge(c.TileRef(1)), of)
    assert fares(state) == {"后门": "waiting"}
    state = step(state, c.Restore(), of)
    assert fares(state) == {"后门": "left/2"}
    large = step(state, c.Enlarge(c.TileRef(2)), of)
    assert shown(large.screens["left"], of) == ("摄像机7",)
    assert fares(large) == {"后门": "left/2"}
    left = resolve(large, of)[0]
    assert picture_rect(left.alarms[0].rect) == left.tiles[0].rect


def test_one_in_a_reserved_tile_that_was_made_large_leaves_the_tiles_of_before() -> None:
    reserved = replace(DOOR, at=(AlarmPlace("left", 16),))
    of = replace(SITE, alarms=(reserved,))
    state = step(HOME, c.RaiseAlarm("后门"), of)
    large = step(state, c.Enlarge(c.TileRef(16)), of)
    assert shown(large.screens["left"], of) == ("摄像机7",)
    assert passed(large, 60 * SECOND, of).screens == HOME.screens


def test_a_site_of_today_keeps_what_it_has_and_a_start_keeps_alarms_as_over() -> None:
    state = raised(GATE, DOOR)
    assert fitted(state, SITE).alarms == state.alarms
    smaller = fitted(state, replace(site(4, screens=1), alarms=()))
    assert fares(smaller) == {"大门": "left", "后门": "over"}
    assert [lease.name for lease in smaller.leases] == ["大门"]
    fewer = fitted(state, site(2, screens=2))
    assert fares(fewer) == {"大门": "over", "后门": "over"}
    assert not fewer.leases
    lasts = lasting(state)
    assert fares(lasts) == {"大门": "over", "后门": "over"}
    assert replace(lasts, alarms=()) == replace(HOME, revision=2, alarmed=2)
    assert lasting(lasts) == lasts
    again = raised(GATE, state=lasts, at_s=9)
    assert fares(again) == {"大门": "left", "后门": "over"}
    assert again.alarms[0].count == 2
    kept = msgspec.msgpack.encode(state)
    assert msgspec.msgpack.decode(kept, type=WallState) == state, "the next controller goes on"


def test_one_whose_screen_has_another_layout_now_is_shown_again() -> None:
    """Nobody took the screen from it."""
    state = raised(FIRE, state=officer(HOME, c.SetLayout("2x2")))
    layouts = {name: of for name, of in SITE.layouts.items() if name != "2x2"}
    home = (SITE.home[0], replace(SITE.home[1], layout="3x3"))
    other = replace(SITE, layouts=layouts, home=home)
    shown_again = passed(fitted(state, other), SECOND, other)
    assert fares(shown_again) == {"火警": "left"}
    back = step(fitted(state, other), c.Acknowledge(), other)
    assert not step(back, c.Back(), other).leases


def test_what_raised_an_alarm_says_that_it_is_over() -> None:
    shown = raised(GATE)
    state = at(remote(shown, c.EndAlarm(GATE.name), 1), 1)
    assert (fares(state), state.screens) == ({"大门": "over"}, HOME.screens)
    assert remote(state, c.EndAlarm(GATE.name), 2) is state
    with pytest.raises(c.CommandError, match="nobody"):
        remote(shown, c.EndAlarm("nobody"))
    both = remote(shown, c.RaiseAlarm(GATE.name), 1)
    waiting = remote(both, c.RaiseAlarm("后门"), 1)
    ended = at(remote(waiting, c.EndAlarm("后门"), 2), 2)
    assert fares(ended) == {"大门": "left", "后门": "over"}
    again = remote(HOME, c.EndAlarm(GATE.name))
    assert (again.alarms, again.screens) == ((), HOME.screens)
    locked = officer(shown, c.Lock())
    assert fares(at(remote(locked, c.EndAlarm(GATE.name), 1), 1)) == {"大门": "over"}


OF_ALARMS = (c.RaiseAlarm, c.EndAlarm, c.Acknowledge, c.KeepAlarm, c.ListAlarms, c.MarkAlarm)
of_alarms = of_kinds(said_at(SITE), OF_ALARMS)
Asked = tuple[c.Change, Role, int | None]
operations = st.lists(
    st.tuples(
        changes | of_alarms,
        st.sampled_from([Role.REMOTE, Role.OFFICER]),
        st.none() | st.integers(1, 50),
    )
    | st.integers(1, 30),
    max_size=30,
)


@given(operations)
def test_whatever_was_raised_the_wall_returns(sequence: list[Asked | int]) -> None:
    """The base is people's alone; of the alarms in one place one is shown; none is lost until
    somebody has acknowledged it; in the end none is shown."""
    state, now_s = HOME, 0
    for operation in sequence:
        before = state
        if isinstance(operation, int):
            now_s += operation
            state = at(state, now_s)
        else:
            change, holder, for_s = operation
            with contextlib.suppress(c.CommandError):
                state = at(by(holder, state, change, now_s, for_s), now_s)
            if isinstance(change, c.RaiseAlarm | c.Acknowledge | c.EndAlarm):
                assert state.base == before.base
                assert [one.base for one in state.past] == [one.base for one in before.past]
        check_alarms(state)
        check_none_is_lost(before, state)
        assert at(state, now_s) is state, "all that was due is done"
    below = [one for one in state.leases if one.holder is not Role.ALARM]
    if state.alarms:
        state = officer(state, c.Acknowledge(all=True), now_s)
    assert state.screens == seen(state.base, below)
    assert not any(lease.holder is Role.ALARM for one in state.past for lease in one.leases)


def check_none_is_lost(before: WallState, state: WallState) -> None:
    waiting = {one.number for one in before.alarms}
    left = {one.number for one in state.alarms}
    now = {one.alarm.number for one in state.acknowledged}
    assert waiting <= left | now
    assert left | now >= set(
        range(max(1, state.alarmed - MOST_ACKNOWLEDGED + 1), state.alarmed + 1)
    )


def check_alarms(state: WallState) -> None:
    own = {one.number for one in state.leases if one.holder is Role.ALARM}
    there = [one for one in state.alarms if alarm_state(state, one) is AlarmState.SHOWN]
    assert own == {one.lease for one in there}, "no lease without its alarm"
    places = [one.place for one in there if one.place is not None]
    assert len(places) == len(there)
    for one, place in zip(there, places, strict=True):
        assert one.alarm.source in state.screens[place.screen].order
        assert Target(place.screen) not in {one.target for one in state.blanked}
        assert sum(place.meets(other) for other in places) == 1, "in one place one"
    scene = {one.screen: one for one in resolve(state, SITE)}
    signs = [sign for one in scene.values() for sign in one.alarms]
    left = sum(sign.more for sign in signs if sign.over_help and sign.is_shown)
    told = sum(sign.is_shown for sign in signs)
    assert told <= len(there) <= told + left, "a sheet that covers them leaves one sign of all"
    for screen in scene.values():
        for sign in screen.alarms:
            inner = picture_rect(sign.rect)
            framed = [tile.source for tile in screen.tiles if tile.rect == inner]
            assert not sign.is_shown or sign.over_help or framed == [sign.source]
    assert len({one.alarm.name for one in state.alarms}) == len(state.alarms), "none twice"
    assert [one.number for one in state.alarms] == sorted({one.number for one in state.alarms})
    assert {one.number for one in in_order(state)} == {one.number for one in state.alarms}
