"""What the reducer tells of what it has done."""

from msgspec.structs import replace

from tests.support.reducing import OFFICER, PROGRAM, claim, done, passed, step
from tests.support.sites import alarmed, toured
from wallctl.model.site.alarm import AlarmPlace
from wallctl.model.site.site import ScheduleEntry
from wallctl.model.wall.access.told_refusals import MOST_ACTORS, OTHERS, PAUSE_NS, Refusals
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event_record import (
    Asked,
    Denied,
    Record,
    TimePassed,
    Who,
    happening,
)
from wallctl.model.wall.events.non_picture_event import ReadoutShown, Selected
from wallctl.model.wall.state.reducer import pass_time, refit
from wallctl.model.wall.state.state import WallState, initial

SECOND = 1_000_000_000
SITE = toured()
HOME = initial(SITE)
ALARMED = alarmed()
MORNING = ScheduleEntry(frozenset(range(7)), 0, 720, preset=SITE.presets[0].name)


def told(state: WallState, change: c.Change) -> tuple[e.Event, ...]:
    return done(state, change, SITE).events


def test_a_change_is_told_by_what_it_shows_and_where() -> None:
    assert told(HOME, c.SetLayout("3x3", "right")) == (
        e.LayoutShown("right", "3x3"),
        e.ScreensChanged(("right",)),
    )


def test_what_changes_nothing_tells_nothing() -> None:
    assert told(HOME, c.GoHome()) == ()
    assert told(HOME, c.Unblank()) == ()


def test_a_change_with_an_end_begins_a_lease_that_expires() -> None:
    outcome = done(HOME, c.SetLayout("3x3"), SITE, claim(Role.REMOTE, 0, SECOND))
    shown, begun, _ = outcome.events
    assert shown == e.LayoutShown("left", "3x3")
    assert begun == e.LeaseBegun(1, "remote", "", ("left",))
    ended, _ = pass_time(outcome.state, SECOND, SITE).events
    assert ended == e.LeaseEnded(1, "remote", "", e.LeaseEnd.EXPIRED)


def test_who_takes_a_tours_screens_ends_its_lease_and_holds_it() -> None:
    touring = step(HOME, c.SteerTour(None, "左轮"), SITE)
    events = told(touring, c.SetLayout("3x3", "left"))
    assert e.LeaseEnded(1, "tour", "左轮", e.LeaseEnd.TAKEN_OVER) in events
    assert e.TourHeld("左轮") in events


def test_back_names_what_it_has_undone() -> None:
    change = c.SetLayout("3x3", "left")
    events = told(step(HOME, change, SITE), c.Back())
    assert events == (e.Undone(change), e.ScreensChanged(("left",)))


def test_an_alarm_that_loses_its_place_is_told_to_have_moved() -> None:
    """The officer blanks the screen of its tile; the alarm has another place to go to."""
    door = next(one for one in ALARMED.alarms if one.name == "后门")
    at = (door.at[0], replace(door.at[0], screen="left", tile=1))
    of = replace(ALARMED, alarms=(replace(door, at=at),))
    shown = step(initial(of), c.RaiseAlarm("后门"), of)
    events = done(shown, c.Blank(at[0].screen), of).events
    assert [one for one in events if isinstance(one, e.AlarmMoved)] == [
        e.AlarmMoved(1, "后门", door.source, "left/1")
    ]
    assert not any(isinstance(one, e.AlarmShown | e.AlarmDeferred) for one in events)


def test_an_alarm_in_a_tile_follows_the_page_below_it() -> None:
    door = next(one for one in ALARMED.alarms if one.name == "后门")
    of = replace(ALARMED, alarms=(replace(door, at=(AlarmPlace("left", 1),)),))
    shown = step(step(initial(of), c.SetLayout("2x2"), of), c.RaiseAlarm("后门"), of)
    assert done(shown, c.Page("next", "left"), of).events == (
        e.PageTurned("left", 5),
        Selected("left", 5),
        e.LeaseChanged(1, "alarm", "后门"),
        e.ScreensChanged(("left",)),
    )


def test_a_scheduled_preset_that_its_file_gives_otherwise_is_told() -> None:
    state = passed(HOME, 0, SITE, due=MORNING)
    first, *rest = SITE.presets
    screens = (replace(first.screens[0], layout="1x1"), *first.screens[1:])
    other = replace(SITE, presets=(replace(first, screens=screens), *rest))
    events = pass_time(refit(state, other).state, SECOND, other, due=MORNING).events
    assert e.LeaseChanged(1, "schedule", first.name) in events


def test_what_was_large_and_is_gone_is_told() -> None:
    """A tour lends a source to an empty place; somebody enlarges it, and the tour ends."""
    of = toured()
    tour = next(one for one in of.tours if any(page.tiles for page in one.pages))
    state = step(initial(of), c.SteerTour(c.TourTo.ON, tour.name), of)
    lent = next(iter(state.leases[0].tiles), None)
    assert lent is not None
    state = step(state, c.Clear(c.TileRef(lent.index + 1, lent.screen)), of)
    state = step(state, c.SteerTour(c.TourTo.ON, tour.name), of)
    state = step(state, c.Enlarge(c.TileRef(lent.index + 1, lent.screen)), of)
    events = done(state, c.SteerTour(c.TourTo.OFF, tour.name), of).events
    assert e.Shrunk(lent.screen) in events


def test_another_site_is_told_with_what_it_takes_away() -> None:
    shown = step(initial(ALARMED), c.RaiseAlarm("大门"), ALARMED)
    gate = next(one for one in ALARMED.alarms if one.name == "大门")
    left = tuple(one for one in ALARMED.sources if one.name != gate.source)
    events = refit(shown, replace(ALARMED, sources=left)).events
    assert events[0] == e.SiteTaken()
    assert e.AlarmOver(1, "大门", gate.source) in events


def test_others_read_who_did_it_and_why() -> None:
    asked = Asked(Who.of(PROGRAM), c.SetLayout("3x3", "left"), 7, 1_770_000_000, None)
    read = happening(Record(3, 1_770_000_000.5, 9, asked, (e.LayoutShown("left", "3x3"),)))
    assert (read.number, read.unix_s, read.revision) == (3, 1_770_000_000.5, 9)
    assert read.actor == Who("1000:7", "remote", Origin.CONTROL)
    assert read.reason == "layout 3x3 @left"
    assert read.actor.actor == PROGRAM
    time = happening(
        Record(4, 0, 9, TimePassed(7, frozenset(), None), (ReadoutShown("identify", False),))
    )
    assert (time.actor.name, time.actor.origin, time.reason) == ("time", Origin.WALL, "time")


NO = c.CommandError("locked", "the officer has locked the wall: ask there")


def test_of_many_refusals_one_is_told_at_once_and_the_others_together() -> None:
    refusals = Refusals()
    lock = c.Lock()
    assert [refusals.admit(PROGRAM, lock, NO, now_ns) for now_ns in range(5)] == [
        True, False, False, False, False,
    ]  # fmt: skip
    assert refusals.admit(OFFICER, lock, NO, 5), "another actor is another matter"
    assert list(refusals.due(PAUSE_NS - 1)) == []
    known = Denied(Who.of(PROGRAM), lock), e.Refused("locked", NO.message, 4)
    assert list(refusals.due(PAUSE_NS + 5)) == [known]
    assert list(refusals.due(3 * PAUSE_NS)) == []
    assert refusals.admit(PROGRAM, lock, NO, 3 * PAUSE_NS), "a second without one, and it is told"


def test_however_many_are_refused_few_are_told() -> None:
    refusals = Refusals()
    crowd = [Actor(f"1000:{pid}", Role.REMOTE, Origin.CONTROL) for pid in range(500)]
    admitted = sum(refusals.admit(one, c.Lock(), NO, 0) for one in crowd)
    assert admitted == MOST_ACTORS + 1
    ((denied, refused),) = refusals.due(PAUSE_NS)
    assert denied.who == Who.of(OTHERS)
    assert refused.times == 500 - admitted


def test_an_actor_is_named_as_the_log_has_it() -> None:
    assert (str(OFFICER), str(PROGRAM)) == ("keyboard left", "program 1000:7")
