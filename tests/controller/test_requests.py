"""The desk: every command is answered once, by what the screens did; queries at once."""

import os

import msgspec

from tests.support import requests_harness as asking
from tests.support.controller_harness import LEFT, RIGHT
from tests.support.fakes import MS
from tests.support.requests_harness import Counter, figures, tile
from wallctl.alarm_inputs.messages import Wish
from wallctl.api.protocol import SUPERSEDED, Done, Failed, Receipt
from wallctl.controller.scene_changes import WAIT_NS
from wallctl.display.messages import Pending
from wallctl.model.site.alarm import Rights
from wallctl.model.site.alarm_input import HttpInput
from wallctl.model.streams.health import Reason, TileState
from wallctl.model.wall.access.admission import OF_QUESTIONS
from wallctl.model.wall.commands import command as c

counter = asking.counter


def test_a_change_is_answered_when_all_screens_show_it(counter: Counter) -> None:
    name = counter.ask(c.SetLayout("3x3"))
    assert counter.reply(within_ms=50) is None
    counter.office.turn(WAIT_NS // MS)
    counter.turn()
    assert counter.reply(within_ms=50) is None
    counter.all_present(2, Pending(3, TileState.CONNECTING))
    assert counter.done() == (name, Done(1, Receipt(82.0, (("left/3", "connecting"),))))
    event = counter.event("settled")
    assert event["revision"] == 1
    assert event["command"] == "layout 3x3"
    assert event["first_ms"] == 82.0
    assert event["all_live_ms"] is None
    assert event["pending"] == [["left/3", "connecting"]]


def test_a_change_that_is_overtaken_says_so(counter: Counter) -> None:
    first = counter.ask(c.SetLayout("3x3"))
    second = counter.ask(c.SetLayout("4x4"))
    assert counter.reply() == (first, SUPERSEDED)
    counter.all_present(3)
    assert counter.done()[0] == second


def test_a_change_that_still_stands_is_shown_with_the_one_that_overtakes_it(
    counter: Counter,
) -> None:
    """Whoever hides another source takes nothing from it."""
    first = counter.ask(c.SetLayout("3x3"))
    counter.turn(5)
    blanks = [counter.ask(c.Blank(source=str(number))) for number in (1, 2, 3)]
    counter.all_present(5)
    replies = [counter.done() for _ in range(4)]
    assert [name for name, _ in replies] == [first, *blanks]
    assert [done.revision for _, done in replies] == [1, 2, 3, 4]
    waited_ms = [done.receipt.first_ms for _, done in replies]
    assert waited_ms[0] == waited_ms[1] + 5


def test_a_change_that_changes_nothing_is_no_change(counter: Counter) -> None:
    """It has no revision and no event, and keeps no other change from being shown."""
    counter.ask(c.Blank("left", reason="检修"))
    counter.all_present(2)
    assert counter.done()[1].revision == 1
    assert counter.event("state")["revision"] == 1
    version = counter.office.changes.number
    coming = counter.ask(c.Select(c.TileRef(2)))
    for command in (c.Blank("left"), c.Select(c.TileRef(2)), c.SetLayout("2x2"), c.Back()):
        counter.ask(command)
    nothing = Done(2, Receipt(0.0))
    assert [counter.reply() for _ in range(3)] == [(str(n), nothing) for n in (3, 4, 5)]
    assert counter.failure().code == "nothing_before"
    assert counter.office.changes.number == version + 1
    counter.turn(WAIT_NS // MS)
    counter.office.presents(LEFT, version + 1)
    counter.turn()
    assert counter.done()[0] == coming
    assert counter.event("state")["revision"] == 2


def test_each_receipt_has_the_revision_of_its_own_change(counter: Counter) -> None:
    counter.ask(c.SetLayout("3x3"))
    counter.turn(WAIT_NS // MS)
    counter.ask(c.SetLayout("4x4"))
    counter.office.presents(LEFT, 2)
    counter.turn()
    assert counter.done()[1].revision == 1
    counter.all_present(3)
    assert counter.done()[1].revision == 2


def test_a_change_that_can_not_be_done_changes_nothing(counter: Counter) -> None:
    before = counter.requests.state
    counter.ask(c.SetLayout("3x33"))
    failed = counter.failure()
    assert failed.code == "unknown_layout"
    assert "3x3" in failed.known
    assert counter.requests.state == before
    assert counter.office.changes.coming is None


def test_a_change_that_shows_nothing_new_is_answered(counter: Counter) -> None:
    counter.ask(c.Select(c.TileRef(1)))
    counter.turn()
    assert counter.done()[1] == Done(0, Receipt(0.0))


def test_questions_are_counted_too(counter: Counter) -> None:
    for _ in range(int(OF_QUESTIONS.each.burst)):
        counter.ask(c.Hello())
        assert isinstance(counter.reply(), tuple)
    counter.ask(c.Hello())
    assert counter.failure().code == "too_many"
    counter.ask(c.SetLayout("3x3"))
    counter.all_present(2)
    assert counter.done()[1].revision == 1


def test_status_tells_every_screen_and_every_tile(counter: Counter) -> None:
    offline = tile(TileState.OFFLINE, Reason.TIMED_OUT, "摄像机2")
    counter.office.root.says(LEFT, figures(offline))
    counter.ask(c.Enlarge(c.TileRef(2)))
    counter.all_present(2)
    counter.done()
    counter.ask(c.Blank("right"))
    counter.all_present(3)
    counter.done()
    status = counter.result(c.Status())
    assert status["selected"] == "left/1"
    assert status["revision"] == 2
    left, right = status["screens"]
    assert (left["enlarged"], left["blanked"], left["first"]) == (True, False, 0)
    assert [(one["ticks"], one["missed_ticks"]) for one in (left, right)] == [(100, 2), (0, 0)]
    assert (right["enlarged"], right["blanked"], right["sources"]) == (False, True, [])
    [shown] = status["tiles"]
    assert (shown["screen"], shown["tile"], shown["state"]) == ("left", 1, "offline")
    assert shown["reason"] == "timed_out"


def test_list_and_hello(counter: Counter) -> None:
    names = counter.result(c.List())
    grid = next(one for one in names["layouts"] if one["name"] == "2x2")
    assert (grid["zh"], grid["en"], grid["tiles"]) == ("4画面", "2x2 grid", 4)
    assert grid["rects"] == [[x, y, 0.5, 0.5] for y in (0, 0.5) for x in (0, 0.5)]
    assert names["sources"][0] == {"name": "摄像机1", "number": 1}
    right = names["screens"][1]
    assert (right["name"], right["width_px"], right["height_px"]) == ("right", 384, 216)
    assert (right["x_px"], right["y_px"]) == (384, 0)
    (preset,) = names["presets"]
    assert (preset["name"], preset["screens"][0]["layout"]) == ("路口", "2x2")
    assert {"key": "F2", "does": "preset 路口"} in names["keys"]
    assert {"key": "Enter", "does": "enlarge-or-restore"} in names["keys"]
    hello = counter.result(c.Hello())
    assert (hello["site"], hello["pid"], hello["versions"]) == ("测试", os.getpid(), [1])
    assert hello["events"] == counter.server.events_endpoint


def test_no_answer_tells_where_cameras_are(counter: Counter) -> None:
    for query in (c.Status(), c.List(), c.Hello()):
        assert b"192.0.2." not in msgspec.json.encode(counter.result(query))


def test_what_changes_without_a_command_is_brought_to_the_screens_without_a_receipt(
    counter: Counter,
) -> None:
    counter.refresh()
    assert counter.office.changes.coming is None
    counter.office.goes_live(("摄像机1", "sub"), 64, 36)
    counter.refresh()
    coming = counter.office.changes.coming
    assert coming is not None
    assert coming.screens == {"left"}
    counter.refresh()
    assert counter.office.changes.coming is coming
    counter.all_present(coming.version)
    counter.ask(c.SetLayout("1x1"))
    counter.all_present(coming.version + 1)
    assert counter.event("settled")["command"] == "layout 1x1"
    assert RIGHT in counter.office.crew.members


def test_an_input_is_told_what_became_of_its_wish(counter: Counter) -> None:
    given = HttpInput(8088, may=Rights(frozenset({"摄像机1"})))

    def wish(name: str) -> Failed | None:
        command = c.RaiseAlarm(name, "越界")
        return counter.requests.wish(given, Wish(1, command), counter.office.clock.now_ns)

    assert wish("1") is None
    (raised,) = counter.requests.state.alarms
    assert (raised.alarm.source, raised.said) == ("摄像机1", "")
    failures = [wish(name) for name in ("nowhere", "2")]
    assert [one.code for one in failures if one is not None] == ["unknown_alarm", "not_allowed"]
    for _ in range(100):
        failed = wish("nowhere")
    assert failed is not None
    assert failed.code == "too_many"
    assert len(counter.requests.state.alarms) == 1
