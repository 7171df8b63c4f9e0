"""What was written down of a wall leads to the same wall again."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.model.wall.test_day import change, tile
from tests.support.random_commands import SITE, changes
from tests.support.reducing import OFFICER, PROGRAM
from wallctl.model.base.language import Language
from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event_record import (
    Asked,
    Given,
    Record,
    SiteRead,
    TimePassed,
    Who,
    from_line,
    to_line,
)
from wallctl.model.wall.state.alarm_queue import AlarmState, alarm_state
from wallctl.model.wall.state.replay import Wall, replay
from wallctl.model.wall.state.state import WallState, initial

SECOND = 1_000_000_000
BEGAN_UNIX_S = 1_770_000_000
MORNING = ScheduleEntry(frozenset(range(7)), 0, 720, preset=SITE.presets[0].name)
ROUND = ScheduleEntry(frozenset(range(7)), 720, 1440, tour=SITE.tours[0].name)
FEWER = replace(
    SITE,
    sources=SITE.sources[:-3],
    alarms=SITE.alarms[1:],
    tours=SITE.tours[1:],
    layouts={name: one for name, one in SITE.layouts.items() if name != "3x3"},
)
HTTP = Actor("http", Role.REMOTE, Origin.INPUT)
END = Asked(Who.of(OFFICER), c.Quit(), 10**18, BEGAN_UNIX_S + 10**9, None)
actors = st.sampled_from([OFFICER, PROGRAM, HTTP])
ends = st.none() | st.integers(1, 100).map(lambda seconds: seconds * SECOND)
waits = st.sampled_from([0, 1, 5, 30, 100]).map(lambda seconds: seconds * SECOND)
alarms = st.sampled_from([one.name for one in SITE.alarms])
raised = st.builds(c.RaiseAlarm, alarms) | st.builds(c.EndAlarm, alarms)
asked = st.tuples(st.just("asked"), actors, changes | raised, ends)
passing = st.tuples(
    st.just("time"),
    st.sets(st.sampled_from([one.name for one in SITE.sources]), max_size=6).map(frozenset),
    st.sampled_from([None, MORNING, ROUND]),
)
reread = st.tuples(st.just("site"), st.sampled_from([SITE, FEWER]))
deeds = st.tuples(waits, asked | asked | passing | reread)


def given_of(deed: tuple, now_ns: int) -> Given:  # type: ignore[type-arg]
    match deed:
        case ("asked", actor, change, for_ns):
            unix_s = BEGAN_UNIX_S + now_ns // SECOND
            return Asked(Who.of(actor), change, now_ns, unix_s, for_ns)
        case ("time", dead, due):
            return TimePassed(now_ns, dead, due)
        case ("site", site):
            return SiteRead(site)
    raise AssertionError(deed)


def recorded(wall: Wall, givens: list[Given]) -> tuple[Wall, list[WallState], list[bytes]]:
    """The wall in the end, each state on the way, and what was written down."""
    states, lines = [], []
    for number, one in enumerate(givens, 1):
        before = wall.state
        wall, events = replay(wall, one)
        check(before, wall.state, events)
        states.append(wall.state)
        lines.append(
            to_line(Record(number, BEGAN_UNIX_S + number / 8, wall.state.revision, one, events))
        )
    return wall, states, lines


def check(before: WallState, after: WallState, events: tuple[e.Event, ...]) -> None:
    """What holds of each change and what is told of it."""
    assert after.happened == ()
    refused = any(isinstance(one, e.Refused) for one in events)
    assert (after is before) == (refused or not events)
    told = [one.screens for one in events if isinstance(one, e.ScreensChanged)]
    changed = {n for n, one in after.screens.items() if one != before.screens.get(n)}
    assert [set(screens) for screens in told] == ([changed] if changed else [])
    check_leases(before, after, events)
    check_alarms(before, after, events)
    check_tours(before, after, events)


def check_leases(before: WallState, after: WallState, events: tuple[e.Event, ...]) -> None:
    there = {one.number for one in before.leases}
    for event in events:
        match event:
            case e.LeaseBegun(lease) | e.LeaseReturned(lease):
                there.add(lease)
            case e.LeaseEnded(lease):
                assert lease in there
                there.remove(lease)
    assert there == {one.number for one in after.leases}


ALARM_STATES = {
    e.AlarmRaised: AlarmState.WAITING,
    e.AlarmDeferred: AlarmState.WAITING,
    e.AlarmShown: AlarmState.SHOWN,
    e.AlarmSetAside: AlarmState.ASIDE,
    e.AlarmOver: AlarmState.OVER,
}


def check_alarms(before: WallState, after: WallState, events: tuple[e.Event, ...]) -> None:
    fare = {one.number: alarm_state(before, one) for one in before.alarms}
    for event in events:
        if isinstance(event, e.AlarmEnded):
            del fare[event.alarm]
        elif isinstance(event, e.AlarmEvent) and type(event) in ALARM_STATES:
            fare[event.alarm] = ALARM_STATES[type(event)]
    assert fare == {one.number: alarm_state(after, one) for one in after.alarms}


def check_tours(before: WallState, after: WallState, events: tuple[e.Event, ...]) -> None:
    there = {one.name for one in before.tours}
    for event in events:
        if isinstance(event, e.TourBegun):
            there.add(event.tour)
        elif isinstance(event, e.TourEnded):
            there.remove(event.tour)
    assert there == {one.name for one in after.tours}


def replayed(wall: Wall, lines: list[bytes]) -> tuple[Wall, list[WallState]]:
    """The same from what was written down; what is told is the same, too."""
    states = []
    for line in lines:
        record = from_line(line)
        wall, events = replay(wall, record.given)
        assert events == record.events
        states.append(wall.state)
    return wall, states


def timed(sequence: list[tuple]) -> list[Given]:  # type: ignore[type-arg]
    givens, now_ns = list[Given](), 0
    for wait_ns, deed in sequence:
        now_ns += wait_ns
        givens.append(given_of(deed, now_ns))
    return givens


def check_replays(site: Site, givens: list[Given]) -> None:
    begin = Wall(initial(site), site)
    last, states, lines = recorded(begin, givens)
    again, same_states = replayed(begin, lines)
    assert same_states == states
    assert again == last


@settings(deadline=None)
@given(st.lists(deeds, max_size=30))
def test_what_is_written_down_leads_to_the_same_states(sequence: list[tuple]) -> None:  # type: ignore[type-arg]
    check_replays(SITE, timed(sequence))


DAY = 10_000
"""Doings of the long day: a busy wall has fewer."""


RARE = {e.AlarmMoved, e.LeaseChanged, e.Shrunk}
"""Such days are seldom: they have tests of their own."""


def look(dice: random.Random) -> c.Change:
    """What besides changes of the picture is asked for on a day."""
    asked: list[c.Change] = [
        c.GoHome(),
        c.Enlarge(tile(dice)),
        c.Restore(),
        *(c.SteerTour(to) for to in c.TourTo),
        c.Unlock(),
        c.Unblank(),
        c.Select(tile(dice)),
        c.Move(dice.choice(list(c.Direction))),
        c.SetZoom(dice.choice([1, 2, 4]), tile(dice)),
        c.Help(),
        c.Info(),
        c.Health(),
        c.Identify(seconds=dice.choice([0, 10])),
        c.SetLanguage(dice.choice(list(Language))),
        c.SetBroadcast(SITE.broadcasts[0].name),
        c.Release(dice.randint(1, 1000)),
        c.KeepAlarm(),
        c.ListAlarms(),
        c.MarkAlarm(dice.randint(1, 50)),
    ]
    return dice.choice(asked)


def doing(dice: random.Random, now_ns: int) -> Given:
    """Whatever happens to a wall on a day."""
    kind = dice.random()
    if kind < 0.7:
        actor, asked = dice.choice([OFFICER, PROGRAM, HTTP]), dice.choice([change, look])(dice)
        for_ns = dice.choice([None, None, dice.randint(1, 60) * SECOND])
        return Asked(Who.of(actor), asked, now_ns, BEGAN_UNIX_S + now_ns // SECOND, for_ns)
    if kind < 0.99:
        hour = now_ns // (3600 * SECOND) % 24
        dead = dice.sample([one.name for one in SITE.sources], 4)
        due = MORNING if hour < 8 else ROUND if hour < 16 else None
        return TimePassed(now_ns, frozenset(dead), due)
    return SiteRead(dice.choice([SITE, SITE, FEWER]))


def test_a_long_day_is_replayed_and_all_that_can_happen_happens() -> None:
    dice, now_ns = random.Random(20261130), 0
    givens = []
    for _ in range(DAY):
        now_ns += dice.choice([0, 1, 5, 20, 300]) * SECOND
        givens.append(doing(dice, now_ns))
    begin = Wall(initial(SITE), SITE)
    last, states, lines = recorded(begin, [*givens, END])
    again, same_states = replayed(begin, lines)
    assert same_states == states
    assert again == last
    seen = {type(event) for line in lines for event in from_line(line).events}
    assert set(e.EVENTS.values()) - seen <= RARE
