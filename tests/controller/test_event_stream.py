"""The stream of events at the desk: what programs read of it, and who stands in it."""

from tests.support import requests_harness as asking
from tests.support.fakes import SECOND
from tests.support.requests_harness import Counter
from wallctl.controller.event_stream import EventStream, claim_of, words_of_time
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event_record import Asked, Denied, Record, TimePassed
from wallctl.model.wall.events.non_picture_event import HelpShown, ReadoutShown

counter = asking.counter


def test_a_program_is_named_with_what_it_did(counter: Counter) -> None:
    counter.ask(c.SetLayout("3x3", "left"))
    told = counter.event("event")
    assert told["actor"]["role"] == "remote"
    assert told["actor"]["origin"] == "control"
    assert told["reason"] == "layout 3x3 @left"
    assert told["revision"] == counter.requests.state.revision
    assert told["events"] == [
        {"event": "layout_shown", "screen": "left", "layout": "3x3"},
        {"event": "screens_changed", "screens": ["left"]},
    ]


def test_a_key_is_named_by_its_screen(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    counter.keyboard.press(KeyEvent("right", "F1", pressed=True, at_ns=now_ns), now_ns)
    told = counter.event("event")
    assert told["actor"] == {"name": "right", "role": "officer", "origin": "keyboard"}
    assert told["events"] == [{"event": "help_shown", "shown": True}]


def test_what_is_refused_is_told_and_of_many_the_number(counter: Counter) -> None:
    read = records(counter)
    for _ in range(5):
        counter.ask(c.Lock())
        assert counter.failure().code == "officer_only"
    now_ns = counter.office.clock.now_ns
    counter.requests.pass_time(now_ns + 2 * SECOND)
    counter.hand_out()
    refused = [one.events for one in read]
    assert [(event.code, event.times) for (event,) in refused if isinstance(event, e.Refused)] == [
        ("officer_only", 1),
        ("officer_only", 4),
    ]
    assert [type(one.given) for one in read] == [Asked, Denied]


def test_what_time_brings_is_told_as_times_doing(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    counter.ask(c.SetLayout("3x3", "left"), for_s=1)
    read = records(counter)
    counter.requests.pass_time(now_ns + 2 * SECOND)
    counter.hand_out()
    (record,) = read
    assert isinstance(record.given, TimePassed)
    assert isinstance(record.events[0], e.LeaseEnded)


def test_screens_that_are_made_ready_are_not_kept_waiting_by_those_who_read(
    counter: Counter,
) -> None:
    now_ns, read = counter.office.clock.now_ns, records(counter)
    claim = claim_of(Actor("left", Role.OFFICER, Origin.KEYBOARD), now_ns)
    counter.requests.change(c.SetLayout("3x3"), claim)
    counter.requests.hand_out_events(now_ns)
    assert not read
    counter.all_present(counter.office.changes.number)
    counter.requests.hand_out_events(now_ns)
    assert [type(one) for record in read for one in record.events][:1] == [e.LayoutShown]
    counter.requests.change(c.SetLayout("2x2"), claim)
    counter.requests.tell(now_ns)
    assert len(read) == 2, "a flood of changes may keep the screens busy without end"


def test_records_are_numbered_and_timed() -> None:
    stream, read = EventStream(unix_s=lambda: 12.5), list[Record]()
    stream.add(read.append)
    for revision in (7, 8):
        stream.note(TimePassed(0, frozenset(), None), (HelpShown(True),), revision)
    assert not read
    stream.hand_out()
    assert [(one.number, one.unix_s, one.revision) for one in read] == [(1, 12.5, 7), (2, 12.5, 8)]


def test_a_change_by_time_has_the_words_of_what_it_did() -> None:
    ended = e.LeaseEnded(1, "remote", "", e.LeaseEnd.EXPIRED)
    assert words_of_time([ended]) == "lease ended"
    assert words_of_time([ReadoutShown("identify", False)]) == ""
    assert words_of_time([ReadoutShown("identify", False), ended]) == "lease ended"
    assert words_of_time([e.TourTurned("左轮", 2)]) == "tour next 左轮"
    assert words_of_time([e.ScheduleBegun("路口", None, 3), ended]) == "preset 路口"
    assert words_of_time([e.ScheduleBegun(None, "左轮", 0)]) == "lease ended"


def records(counter: Counter) -> list[Record]:
    """What is told from now on."""
    read: list[Record] = []
    counter.requests.events.add(read.append)
    return read
