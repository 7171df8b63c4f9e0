"""What the desk tells without being asked: of tiles, monitors and states, and that it lives."""

import pytest
from msgspec.structs import replace

from tests.support import requests_harness as asking
from tests.support.controller_harness import LEFT, RIGHT
from tests.support.fakes import SECOND
from tests.support.requests_harness import Counter, figures, tile
from wallctl.controller.publication import BEAT_NS, SAID_NS
from wallctl.display.messages import Say
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands import command as c

counter = asking.counter


def test_the_state_is_told_at_once(counter: Counter) -> None:
    counter.ask(c.SetLayout("3x3"))
    event = counter.event("state")
    assert event["revision"] == 1
    assert event["screens"][0]["layout"] == "3x3"


def test_who_reads_before_any_presenter_spoke_is_given_the_state(counter: Counter) -> None:
    counter.requests.tell(counter.office.clock.now_ns)
    counter.newcomer()
    assert counter.event("state")["revision"] == 0


def test_what_happens_to_a_tile_is_told_once(counter: Counter) -> None:
    for state in (TileState.LIVE, TileState.LIVE, TileState.STALE):
        counter.office.root.says(LEFT, figures(tile(state)))
        counter.turn()
        counter.requests.tell(counter.office.clock.now_ns)
    told = [counter.event("tile") for _ in range(5)]
    assert [e["state"] for e in told] == ["live", *["connecting"] * 3, "stale"]
    assert told[0]["source"] == told[-1]["source"] == "摄像机1"


def test_a_monitor_that_goes_and_returns_is_told_and_said_once(counter: Counter) -> None:
    there, absent = Monitor(MonitorState.THERE, "DP-1"), Monitor(MonitorState.ABSENT, why="Gone.")
    for monitor in (there, absent, absent, there):
        counter.office.root.says(LEFT, replace(figures(), monitor=monitor))
        counter.turn()
        counter.requests.tell(counter.office.clock.now_ns)
        assert counter.result(c.Status())["screens"][0]["monitor_why"] == monitor.why
    told = [counter.event("screen") for _ in range(3)]
    assert [(e["screen"], e["monitor"], e["output"]) for e in told] == [
        ("left", "there", "DP-1"),
        ("left", "absent", ""),
        ("left", "there", "DP-1"),
    ]
    gone, back = (one for one in counter.office.root.told(RIGHT) if isinstance(one, Say))
    assert (gone.words, back.words) == ("屏幕 left 的显示器已断开", "屏幕 left 的显示器已恢复")
    assert back.until_ns == counter.office.clock.now_ns + SAID_NS


def tiles_told(counter: Counter) -> list[tuple[str, str]]:
    """The sources and states of the next state event."""
    return [(tile["source"], tile["state"]) for tile in counter.event("state")["tiles"]]


def test_a_change_tells_the_tiles_that_it_brings(counter: Counter) -> None:
    counter.office.root.says(LEFT, figures(tile()))
    counter.turn()
    counter.ask(c.SetLayout("1x1"))
    assert tiles_told(counter) == [("摄像机1", "live")]
    counter.ask(c.SetLayout("2x2"))
    assert tiles_told(counter) == [
        ("摄像机1", "live"), *((f"摄像机{i}", "connecting") for i in (2, 3, 4)),
    ]  # fmt: skip
    counter.ask(c.Blank())
    assert {state for _source, state in tiles_told(counter)} == {"masked"}
    counter.ask(c.Unblank())
    assert tiles_told(counter)[0] == ("摄像机1", "live")


def test_a_newcomer_is_told_what_became_of_the_tiles_since_the_last_change(
    counter: Counter,
) -> None:
    counter.ask(c.Select(c.TileRef(1)))
    counter.office.root.says(LEFT, figures(tile()))
    counter.turn()
    counter.requests.tell(counter.office.clock.now_ns)
    assert counter.event("tile")["state"] == "live"
    counter.newcomer()
    assert tiles_told(counter)[0] == ("摄像机1", "live")


def test_the_wall_beats_each_second(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    for later_ns in (0, BEAT_NS - 1, BEAT_NS):
        counter.requests.tell(now_ns + later_ns)
    beats = [counter.event("beat")["uptime_s"] for _ in range(2)]
    assert beats[1] == pytest.approx(beats[0] + BEAT_NS / SECOND, abs=0.1)
