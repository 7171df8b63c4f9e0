"""The schedule: the clock at the site says what is shown, and people may put it aside."""

import datetime
import zoneinfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.catalogues import EN
from tests.support.reducing import claim, ended, fitted, passed, step
from tests.support.sites import toured
from wallctl.model.base.language import Language
from wallctl.model.operator.feedback import describe_schedule
from wallctl.model.site.site import ScheduleEntry
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import TourTo
from wallctl.model.wall.scene.status_icons import Mark, WallMark, marks
from wallctl.model.wall.state import reducer
from wallctl.model.wall.state.schedule import due
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import WallState, initial, lasting

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
EVERY_DAY, WEEK = frozenset(range(7)), frozenset(range(5))


def entry(start: str, end: str, days: frozenset[int] = EVERY_DAY, **shows: str) -> ScheduleEntry:
    begin, over = (int(one[:2]) * 60 + int(one[3:]) for one in (start, end))
    named = shows or {"preset": "路口"}
    return ScheduleEntry(days, begin, over, named.get("preset"), named.get("tour"))


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def holds(one: ScheduleEntry, when: datetime.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    return due((one,), when.astimezone(zone)) is not None


def turns(one: ScheduleEntry, day: str, zone: zoneinfo.ZoneInfo) -> list[str]:
    """When an entry begins and ends in the 48 hours from noon before a day, in UTC."""
    begin = utc(f"{day} 00:00") - datetime.timedelta(hours=12)
    found, was = [], holds(one, begin, zone)
    for minute in range(1, 48 * 60):
        when = begin + datetime.timedelta(minutes=minute)
        now = holds(one, when, zone)
        if now != was:
            found.append(f"{when:%d %H:%M}")
        was = now
    return found


@pytest.mark.parametrize(
    ("start", "end", "days", "when", "held"),
    [
        ("08:00", "18:00", WEEK, "2026-11-27 08:00", True),  # a Friday
        ("08:00", "18:00", WEEK, "2026-11-27 07:59", False),
        ("08:00", "18:00", WEEK, "2026-11-27 17:59", True),
        ("08:00", "18:00", WEEK, "2026-11-27 18:00", False),
        ("08:00", "18:00", WEEK, "2026-11-28 12:00", False),
        ("00:00", "24:00", WEEK, "2026-11-27 23:59", True),
        ("22:00", "06:00", WEEK, "2026-11-27 23:00", True),
        ("22:00", "06:00", WEEK, "2026-11-28 05:59", True),  # it began on Friday
        ("22:00", "06:00", WEEK, "2026-11-28 06:00", False),
        ("22:00", "06:00", WEEK, "2026-11-28 22:00", False),
        ("22:00", "06:00", WEEK, "2026-11-30 05:00", False),  # Monday morning: Sunday's night
    ],
)
def test_days_and_hours(start: str, end: str, days: frozenset[int], when: str, held: bool) -> None:
    at = datetime.datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)
    assert (due((entry(start, end, days),), at) is not None) == held


def test_of_several_the_first_counts() -> None:
    night, day = entry("06:00", "09:00"), entry("08:00", "18:00", preset="早班")
    at = datetime.datetime(2026, 11, 27, 8, 30, tzinfo=SHANGHAI)
    assert due((night, day), at) is night
    assert due((day, night), at) is day


def test_an_hour_that_is_left_out() -> None:
    """Berlin, 29 March 2026: after 01:59:59 comes 03:00, which is 01:00 UTC."""
    assert turns(entry("02:30", "04:00"), "2026-03-29", BERLIN)[:2] == ["29 01:00", "29 02:00"]
    assert turns(entry("01:00", "02:30"), "2026-03-29", BERLIN)[:2] == ["29 00:00", "29 01:00"]
    assert turns(entry("22:00", "06:00"), "2026-03-29", BERLIN)[:2] == ["28 21:00", "29 04:00"]
    never = entry("02:10", "02:50", frozenset({6}))
    assert turns(never, "2026-03-29", BERLIN) == [], "the clock never says so on that day"


def test_an_hour_that_is_doubled() -> None:
    """Berlin, 25 October 2026: after 02:59:59 comes 02:00 again, which is 01:00 UTC."""
    assert turns(entry("01:00", "04:00"), "2026-10-25", BERLIN)[:2] == ["24 23:00", "25 03:00"]
    assert turns(entry("02:10", "02:50"), "2026-10-25", BERLIN)[:4] == [
        *("25 00:10", "25 00:50", "25 01:10", "25 01:50"),
    ]
    assert turns(entry("22:00", "06:00"), "2026-10-25", BERLIN)[:2] == ["24 20:00", "25 05:00"]


def test_a_zone_without_such_hours() -> None:
    assert turns(entry("02:10", "02:50"), "2026-10-25", SHANGHAI) == [
        *("24 18:10", "24 18:50", "25 18:10", "25 18:50"),
    ]


minutes = st.integers(0, 1439)
entries = st.lists(
    st.builds(
        ScheduleEntry,
        st.frozensets(st.integers(0, 6), min_size=1),
        minutes,
        st.integers(1, 1440),
        st.just("路口"),
    ),
    max_size=4,
)
times = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1))


@given(entries, times, st.sampled_from([BERLIN, SHANGHAI]))
def test_what_holds_depends_on_nothing_but_what_the_clock_says(
    given_entries: list[ScheduleEntry], when: datetime.datetime, zone: zoneinfo.ZoneInfo
) -> None:
    local = when.replace(tzinfo=datetime.UTC).astimezone(zone)
    bare = local.replace(tzinfo=datetime.UTC, fold=0)
    assert due(given_entries, local) is due(given_entries, bare)


SITE = toured()
HOME = initial(SITE)
CORNER, TOUR = entry("08:00", "18:00"), entry("18:00", "08:00", tour="左轮")
SECOND = 1_000_000_000


def at(state: WallState, seconds: float, now: ScheduleEntry | None = None) -> WallState:
    return passed(state, round(seconds * SECOND), SITE, due=now)


def officer(state: WallState, change: c.Change) -> WallState:
    return step(state, change, SITE, claim(Role.OFFICER))


def left(state: WallState) -> list[str]:
    return [name for name in shown(state.screens["left"], SITE) if name is not None]


FIRST_PAGE = [f"摄像机{n}" for n in range(1, 5)]


def test_an_entry_is_shown_while_it_holds_and_leaves_nothing() -> None:
    state = at(HOME, 1, CORNER)
    assert left(state) == ["摄像机3", "摄像机1"]
    assert [one.holder for one in state.leases] == [Role.SCHEDULE]
    assert at(state, 2, CORNER) is state
    over = at(state, 3)
    assert (over.screens, over.leases, over.scheduled) == (HOME.screens, (), None)


def test_one_entry_follows_another() -> None:
    state = at(at(HOME, 1, CORNER), 2, TOUR)
    assert left(state) == FIRST_PAGE
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=WallState) == state
    assert left(at(state, 12, TOUR)) == [f"摄像机{n}" for n in range(5, 9)]
    back = at(state, 13, CORNER)
    assert (left(back), back.tours) == (["摄像机3", "摄像机1"], ())


def test_the_officer_puts_it_aside_until_the_next_entry() -> None:
    state = officer(at(HOME, 1, CORNER), c.SetLayout("3x3"))
    assert state.screens["left"].layout == "3x3"
    assert at(state, 2, CORNER).screens == state.screens, "it does not come back by itself"
    for change in (c.Back(), c.GoHome()):
        assert left(officer(state, change)) == ["摄像机3", "摄像机1"]
    assert left(at(state, 3, TOUR)) == FIRST_PAGE


@pytest.mark.parametrize(
    ("one", "ending"),
    [(CORNER, c.Release()), (TOUR, c.Release()), (TOUR, c.SteerTour(TourTo.OFF))],
)
def test_what_people_end_is_not_begun_again(one: ScheduleEntry, ending: c.Change) -> None:
    state = at(officer(at(HOME, 1, one), ending), 2, one)
    assert state.screens == HOME.screens
    assert officer(state, c.GoHome()).screens == HOME.screens
    assert at(at(state, 3), 4, one).screens != HOME.screens, "but when its time comes again"


def test_a_tour_that_people_begin_lies_over_the_schedule_and_stays_when_that_ends() -> None:
    own = officer(HOME, c.SteerTour(None, "左轮"))
    state = at(at(own, 1, TOUR), 2)
    assert [one.holder for one in state.leases] == [Role.TOUR]
    assert left(officer(at(HOME, 1, CORNER), c.SteerTour(None, "左轮"))) == FIRST_PAGE


def test_a_preset_that_the_site_changes_is_changed_where_it_is_scheduled() -> None:
    screens = tuple(replace(one, tiles=("摄像机7",)) for one in SITE.presets[0].screens)
    other = replace(SITE, presets=(replace(SITE.presets[0], screens=screens),))
    state = passed(at(HOME, 1, CORNER), 2 * SECOND, other, due=CORNER)
    assert left(state) == ["摄像机7"]
    assert lasting(state).scheduled is None


@pytest.mark.parametrize("one", [CORNER, TOUR])
def test_what_is_scheduled_is_shown_anew_where_its_layout_is_gone(one: ScheduleEntry) -> None:
    """Nobody has ended it: its files say otherwise now."""
    layouts = {name: of for name, of in SITE.layouts.items() if name != "2x2"}
    screens = (replace(SITE.presets[0].screens[0], layout="3x3"),)
    pages = tuple(
        replace(page, screens=(replace(page.screens[0], layout="3x3"),))
        for page in next(tour.pages for tour in SITE.tours if tour.name == "左轮")
    )
    other = replace(
        SITE,
        layouts=layouts,
        home=(SITE.home[0], replace(SITE.home[1], layout="3x3")),
        presets=(replace(SITE.presets[0], screens=screens),),
        tours=tuple(replace(t, pages=pages) if t.name == "左轮" else t for t in SITE.tours),
    )
    state = passed(fitted(at(HOME, 1, one), other), 2 * SECOND, other, due=one)
    assert state.screens["left"].layout == "3x3"
    assert [lease.holder for lease in state.leases] == [Role.SCHEDULE]
    taken = fitted(officer(at(HOME, 1, one), c.SetLayout("3x3")), other)
    assert passed(taken, 2 * SECOND, other, due=one).leases == (), "what people took stays theirs"


changes = st.sampled_from(
    [
        *(c.SetLayout("3x3"), c.SetLayout("2x2", "right"), c.GoHome(), c.Back(), c.Release()),
        *(c.SteerTour(None, "左轮"), c.SteerTour(TourTo.RESUME), c.SteerTour(None, "全墙")),
    ]
)
operations = st.lists(changes | st.sampled_from([None, CORNER, TOUR]), max_size=20)


@given(operations)
def test_whatever_was_scheduled_the_base_returns(
    sequence: list[c.Change | ScheduleEntry | None],
) -> None:
    state = HOME
    for seconds, operation in enumerate(sequence):
        base = state.base
        if operation is None or isinstance(operation, ScheduleEntry):
            state = at(state, seconds * 5, operation)
            assert state.base == base
        else:
            try:
                state = officer(state, operation)
            except c.CommandError:
                continue
        held = [one for one in state.leases if one.holder is Role.SCHEDULE]
        assert len(held) <= 1
        assert not held or (state.scheduled and state.scheduled.lease == held[0].number)
    state = at(state, 1000)
    assert all(one.holder is not Role.SCHEDULE for one in state.leases)
    state = ended(state, {one.lease for one in state.tours})
    assert (state.leases, state.screens) == ((), state.base)


def test_a_mark_and_words_tell_that_the_schedule_has_changed_the_picture_and_until_when() -> None:
    of = toured()
    night = entry("22:00", "06:00")
    outcome = reducer.pass_time(initial(of), 1, of, due=night)
    screens = [one.name for one in of.screens if marks(outcome.state, of, one.name)]
    assert screens == [one.screen for one in of.presets[0].screens]
    (mark,) = marks(outcome.state, of, screens[0])
    assert mark == WallMark(Mark.SCHEDULE, "06:00")
    said = describe_schedule(outcome.events, outcome.state, of, EN)
    assert said is not None
    assert said.words == f"As scheduled: {of.presets[0].title(Language.ENGLISH)}, until 06:00"
    taken = step(outcome.state, c.SetLayout("1x1", screens[0]), of)
    assert marks(taken, of, screens[0]) == ()
    over = reducer.pass_time(outcome.state, 2, of)
    said = describe_schedule(over.events, over.state, of, EN)
    assert said is not None
    assert said.words.startswith("Schedule over: ")
    assert describe_schedule((), over.state, of, EN) is None
