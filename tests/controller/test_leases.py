"""Ends, tours, alarms and locks, as the desk brings them to the screens and tells of them."""

import time
from pathlib import Path

from msgspec.structs import replace

from tests.support import requests_harness as asking
from tests.support.controller_harness import LEFT, small_site
from tests.support.fakes import SECOND
from tests.support.reducing import claim
from tests.support.requests_harness import Counter
from wallctl.model.site.site import PresetScreen, Tour, TourPage
from wallctl.model.wall.access.admission import OF_CHANGES
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.blanking import Target

counter = asking.counter
BURST = int(OF_CHANGES.each.burst)
ROUND = Tour(
    "巡",
    tuple(
        TourPage(10 * SECOND, (PresetScreen("left", "1x1", (f"摄像机{number}",)),))
        for number in (1, 2)
    ),
)


def test_a_change_with_a_time_ends_by_itself_and_the_screens_return(counter: Counter) -> None:
    before = counter.requests.state
    counter.ask(c.SetLayout("3x3"), 60)
    (lease,) = counter.event("state")["leases"]
    assert lease == {
        "lease": 1,
        "holder": "remote",
        "name": "",
        "screens": ["left"],
        "left_s": 60.0,
    }
    counter.all_present(2)
    counter.turn(59_000)
    counter.requests.pass_time(counter.office.clock.now_ns)
    assert counter.requests.state.screens["left"].layout == "3x3"
    counter.turn(1_000)
    counter.requests.pass_time(counter.office.clock.now_ns)
    assert counter.requests.state.screens == before.screens
    assert counter.event("state")["leases"] == []
    assert counter.office.prepared(LEFT)[-1].version == 3


def test_screens_that_stop_telling_which_they_are_are_no_change_of_the_picture(
    counter: Counter,
) -> None:
    counter.ask(c.Identify(seconds=5))
    counter.all_present(2)
    assert counter.event("settled")["command"] == "identify 5"
    assert counter.office.prepared(LEFT)[-1].readouts == {"identify"}
    counter.turn(5_000)
    counter.requests.pass_time(counter.office.clock.now_ns)
    counter.all_present(3)
    assert counter.office.prepared(LEFT)[-1].readouts == frozenset()
    counter.ask(c.SetLayout("3x3"))
    counter.all_present(4)
    assert counter.event("settled")["command"] == "layout 3x3"


def test_a_page_that_turns_is_told_as_a_command(tmp_path: Path) -> None:
    toured = Counter(tmp_path, replace(small_site(), tours=(ROUND,)))
    toured.all_present(1)
    toured.requests.change(c.SteerTour(None, "巡"), claim(Role.OFFICER, toured.office.clock.now_ns))
    (told,) = toured.event("state")["tours"]
    assert (told["tour"], told["page"], told["pages"]) == ("巡", 1, 2)
    toured.all_present(2)
    assert toured.event("settled")["command"] == "tour 巡"
    toured.turn(10_000)
    toured.requests.pass_time(toured.office.clock.now_ns)
    assert toured.event("state")["tours"][0]["page"] == 2
    toured.all_present(3)
    assert toured.event("settled")["command"] == "tour next 巡"
    toured.close()


def test_an_alarm_is_shown_framed_told_and_acknowledged(counter: Counter) -> None:
    before = counter.requests.state
    counter.ask(c.RaiseAlarm("摄像机3", "有人"))
    (alarm,) = counter.event("state")["alarms"]
    assert alarm == {
        "alarm": 1,
        "name": "摄像机3",
        "source": "摄像机3",
        "text": "有人",
        "priority": 5,
        "state": "shown",
        "at": "left",
        "age_s": 0.0,
        "left_s": 30.0,
        "count": 1,
    }
    event = counter.event("alarm")
    assert (event["alarm"], event["name"], event["state"]) == (1, "摄像机3", "shown")
    [sign] = counter.office.prepared(LEFT)[-1].alarms
    assert (sign.name, sign.words, sign.more) == ("摄像机3", "有人", 0)
    assert abs(sign.since_unix_s - time.clock_gettime(time.CLOCK_REALTIME)) < 60
    counter.ask(c.Acknowledge())
    assert counter.event("alarm")["state"] == "acknowledged"
    assert counter.requests.state.screens == before.screens


def test_an_alarm_that_its_cause_ends_is_told_as_over(counter: Counter) -> None:
    before = counter.requests.state
    counter.ask(c.RaiseAlarm("摄像机3", "有人"))
    assert counter.event("alarm")["state"] == "shown"
    counter.ask(c.EndAlarm("3"))
    counter.requests.pass_time(counter.office.clock.now_ns)
    assert counter.event("alarm")["state"] == "over"
    assert counter.requests.state.screens == before.screens


def test_an_alarm_ends_by_itself_and_the_next_is_shown(counter: Counter) -> None:
    counter.ask(c.RaiseAlarm("摄像机3"))
    counter.ask(c.RaiseAlarm("摄像机4"))
    assert [counter.event("alarm")["state"] for _ in range(2)] == ["shown", "waiting"]
    counter.turn(30_000)
    counter.requests.pass_time(counter.office.clock.now_ns)
    told = [counter.event("alarm") for _ in range(2)]
    assert [(one["alarm"], one["state"]) for one in told] == [(1, "over"), (2, "shown")]


def test_a_flood_of_changes_keeps_no_alarm_away(counter: Counter) -> None:
    for _ in range(BURST + 1):
        counter.ask(c.Restore())
    for _ in range(BURST + 1):
        error = counter.failure()
    assert error.code == "too_many"
    counter.ask(c.RaiseAlarm("摄像机3"))
    assert counter.event("alarm")["state"] == "shown"


def test_the_officers_lock_and_a_flood_are_told(counter: Counter) -> None:
    counter.requests.change(c.Lock(), claim(Role.OFFICER, counter.office.clock.now_ns))
    assert counter.event("state")["locked"] == ["wall"]
    counter.ask(c.SetLayout("3x3"))
    assert counter.failure().code == "locked"
    for _ in range(BURST - 1):
        counter.ask(c.SetLayout("3x3"))
        assert counter.failure().code == "locked"
    counter.ask(c.SetLayout("3x3"))
    assert counter.failure().code == "too_many"
    counter.ask(c.Blank("left"))
    counter.turn()
    assert [one.target for one in counter.requests.state.blanked] == [Target("left")]
