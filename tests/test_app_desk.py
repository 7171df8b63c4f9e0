"""The desk: every command is answered once, by what the screens did; queries at once."""

import os
import time
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.fakes import MS, SECOND
from tests.office import LEFT, RIGHT, Counter, small_site
from wallctl.app.crew import Picture
from wallctl.app.desk import BEAT_NS, SAID_NS
from wallctl.app.snapshots import MOST_AT_ONCE
from wallctl.app.switch import WAIT_NS
from wallctl.control.protocol import SUPERSEDED, Answer, Done, Failed, Receipt
from wallctl.model import command as c
from wallctl.model.effort import Effort
from wallctl.model.health import Reason, TileState
from wallctl.model.histogram import Percentiles
from wallctl.model.lease import Claim, Holder
from wallctl.model.monitor import Monitor, MonitorState
from wallctl.model.privacy import Target
from wallctl.model.rate import BURST
from wallctl.model.site import PresetScreen, Tour, TourPage
from wallctl.present.orders import Figures, Pending, Say, TileFigures
from wallctl.present.snapshot import SnapshotSpec, Stamp

ROUND = Tour(
    "巡",
    tuple(
        TourPage(10 * SECOND, (PresetScreen("left", "1x1", (f"摄像机{number}",)),))
        for number in (1, 2)
    ),
)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    counter.all_present(1)
    yield counter
    counter.close()


def figures(*tiles: TileFigures) -> Figures:
    return Figures(50.0, 100, 2, 50, 0, 1, tiles)


def tile(
    state: TileState = TileState.LIVE, reason: Reason = Reason.NONE, source: str = "摄像机1"
) -> TileFigures:
    latency = Percentiles(9.0, 14.0, 20.0)
    return TileFigures(
        *(
            1,
            source,
            state,
            reason,
            "sub",
            640,
            360,
            25.0,
            60,
            58,
            24.2,
            25.0,
            2,
            Effort.FULL,
            latency,
            1,
        )
    )


def done(counter: Counter) -> tuple[str | None, Done]:
    replied = counter.reply()
    assert replied is not None
    name, reply = replied
    assert isinstance(reply, Done)
    return name, reply


def result(counter: Counter, query: c.Query) -> dict[str, Any]:
    name = counter.ask(query)
    replied = counter.reply()
    assert replied is not None
    assert replied[0] == name
    assert isinstance(replied[1], Answer)
    return typing.cast(dict[str, Any], replied[1].result)


def failure(counter: Counter) -> Failed:
    replied = counter.reply()
    assert replied is not None
    assert isinstance(replied[1], Failed)
    return replied[1]


def test_a_change_is_answered_when_all_screens_show_it(counter: Counter) -> None:
    name = counter.ask(c.SetLayout("3x3"))
    assert counter.reply(within_ms=50) is None
    counter.office.turn(WAIT_NS // MS)
    counter.turn()
    assert counter.reply(within_ms=50) is None
    counter.all_present(2, Pending(3, TileState.CONNECTING))
    assert done(counter) == (name, Done(1, Receipt(82.0, (("left/3", "connecting"),))))
    event = counter.event("settled")
    assert event["revision"] == 1
    assert event["command"] == "layout 3x3"
    assert event["first_ms"] == 82.0
    assert event["all_live_ms"] is None
    assert event["pending"] == [["left/3", "connecting"]]


def test_the_state_is_told_at_once(counter: Counter) -> None:
    counter.ask(c.SetLayout("3x3"))
    event = counter.event("state")
    assert event["revision"] == 1
    assert event["screens"][0]["layout"] == "3x3"


def test_a_change_that_is_overtaken_says_so(counter: Counter) -> None:
    first = counter.ask(c.SetLayout("3x3"))
    second = counter.ask(c.SetLayout("4x4"))
    assert counter.reply() == (first, SUPERSEDED)
    counter.all_present(3)
    assert done(counter)[0] == second


def test_each_receipt_has_the_revision_of_its_own_change(counter: Counter) -> None:
    counter.ask(c.SetLayout("3x3"))
    counter.turn(WAIT_NS // MS)
    counter.ask(c.SetLayout("4x4"))
    counter.office.presents(LEFT, 2)
    counter.turn()
    assert done(counter)[1].revision == 1
    counter.all_present(3)
    assert done(counter)[1].revision == 2


def test_a_change_with_a_time_ends_by_itself_and_the_screens_return(counter: Counter) -> None:
    before = counter.desk.state
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
    counter.desk.pass_time(counter.office.clock.now_ns)
    assert counter.desk.state.screens["left"].layout == "3x3"
    counter.turn(1_000)
    counter.desk.pass_time(counter.office.clock.now_ns)
    assert counter.desk.state.screens == before.screens
    assert counter.event("state")["leases"] == []
    assert counter.office.prepared(LEFT)[-1].version == 3


def test_a_page_that_turns_is_told_as_a_command(tmp_path: Path) -> None:
    toured = Counter(tmp_path, replace(small_site(), tours=(ROUND,)))
    toured.all_present(1)
    toured.desk.change(c.SteerTour(None, "巡"), Claim(Holder.OFFICER, toured.office.clock.now_ns))
    (told,) = toured.event("state")["tours"]
    assert (told["tour"], told["page"], told["pages"]) == ("巡", 1, 2)
    toured.all_present(2)
    assert toured.event("settled")["command"] == "tour 巡"
    toured.turn(10_000)
    toured.desk.pass_time(toured.office.clock.now_ns)
    assert toured.event("state")["tours"][0]["page"] == 2
    toured.all_present(3)
    assert toured.event("settled")["command"] == "tour next 巡"
    toured.close()


def test_an_alarm_is_shown_framed_told_and_acknowledged(counter: Counter) -> None:
    before = counter.desk.state
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
    }
    event = counter.event("alarm")
    assert (event["alarm"], event["name"], event["state"]) == (1, "摄像机3", "shown")
    [sign] = counter.office.prepared(LEFT)[-1].alarms
    assert (sign.name, sign.words, sign.more) == ("摄像机3", "有人", 0)
    assert abs(sign.since_unix_s - time.clock_gettime(time.CLOCK_REALTIME)) < 60
    counter.ask(c.Acknowledge())
    assert counter.event("alarm")["state"] == "acknowledged"
    assert counter.desk.state.screens == before.screens


def test_an_alarm_ends_by_itself_and_the_next_is_shown(counter: Counter) -> None:
    counter.ask(c.RaiseAlarm("摄像机3"))
    counter.ask(c.RaiseAlarm("摄像机4"))
    assert [counter.event("alarm")["state"] for _ in range(2)] == ["shown", "waiting"]
    counter.turn(30_000)
    counter.desk.pass_time(counter.office.clock.now_ns)
    told = [counter.event("alarm") for _ in range(2)]
    assert [(one["alarm"], one["state"]) for one in told] == [(1, "over"), (2, "shown")]


def test_a_flood_of_changes_keeps_no_alarm_away(counter: Counter) -> None:
    for _ in range(BURST + 1):
        counter.ask(c.Restore())
    for _ in range(BURST + 1):
        error = failure(counter)
    assert error.code == "too_many"
    counter.ask(c.RaiseAlarm("摄像机3"))
    assert counter.event("alarm")["state"] == "shown"


def test_who_reads_before_any_presenter_spoke_is_given_the_state(counter: Counter) -> None:
    counter.desk.tell(counter.office.clock.now_ns)
    counter.newcomer()
    assert counter.event("state")["revision"] == 0


def test_the_officers_lock_and_a_flood_are_told(counter: Counter) -> None:
    counter.desk.change(c.Lock(), Claim(Holder.OFFICER, counter.office.clock.now_ns))
    assert counter.event("state")["locked"] == ["wall"]
    counter.ask(c.SetLayout("3x3"))
    assert failure(counter).code == "locked"
    for _ in range(BURST - 1):
        counter.ask(c.SetLayout("3x3"))
        assert failure(counter).code == "locked"
    counter.ask(c.SetLayout("3x3"))
    assert failure(counter).code == "too_many"
    counter.ask(c.Blank("left"))
    counter.turn()
    assert [one.target for one in counter.desk.state.blanked] == [Target("left")]


def test_a_change_that_can_not_be_done_changes_nothing(counter: Counter) -> None:
    before = counter.desk.state
    counter.ask(c.SetLayout("3x33"))
    failed = failure(counter)
    assert failed.code == "unknown_layout"
    assert "3x3" in failed.known
    assert counter.desk.state == before
    assert counter.office.stage.coming is None


def test_a_change_that_shows_nothing_new_is_answered(counter: Counter) -> None:
    counter.ask(c.Select(c.TileRef(1)))
    counter.turn()
    assert done(counter)[1] == Done(1, Receipt(0.0))


def test_status_tells_every_screen_and_every_tile(counter: Counter) -> None:
    offline = tile(TileState.OFFLINE, Reason.TIMED_OUT, "摄像机2")
    counter.office.root.says(LEFT, figures(offline))
    counter.ask(c.Enlarge(c.TileRef(2)))
    counter.all_present(2)
    done(counter)
    counter.ask(c.Blank("right"))
    counter.all_present(3)
    done(counter)
    status = result(counter, c.Status())
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
    names = result(counter, c.List())
    assert {"name": "3x3", "zh": "9画面", "en": "3x3 grid", "tiles": 9} in names["layouts"]
    assert names["sources"][0] == {"name": "摄像机1", "number": 1}
    assert names["screens"][1] == {"name": "right", "width_px": 384, "height_px": 216}
    assert names["presets"] == [{"name": "路口", "zh": "", "en": ""}]
    hello = result(counter, c.Hello())
    assert (hello["site"], hello["pid"], hello["versions"]) == ("测试", os.getpid(), [1])
    assert hello["events"] == counter.server.events_endpoint


def test_no_answer_tells_where_cameras_are(counter: Counter) -> None:
    for query in (c.Status(), c.List(), c.Hello()):
        assert b"192.0.2." not in msgspec.json.encode(result(counter, query))


def begun(counter: Counter) -> str:
    """The newest snapshot child."""
    counter.office.turn()
    return [name for name in counter.office.root.spawned if name.startswith("snapshot")][-1]


def test_a_snapshot_is_made_by_a_child_and_answered_with_its_picture(counter: Counter) -> None:
    name = counter.ask(c.Snapshot(clean=True))
    child = begun(counter)
    spawn = counter.office.root.spawned[child]
    assert spawn.once
    spec = msgspec.msgpack.decode(spawn.args, type=SnapshotSpec)
    assert spec.clean
    assert [s.rect.x for s in spec.screens] == [0, 384]
    assert len(spec.screens[0].tiles) == 4
    fd = os.memfd_create("picture")
    os.write(fd, b"PNG!")
    counter.desk.snapshot_made(child, Picture(4), fd)
    replied = counter.reply()
    assert replied is not None
    assert replied[0] == name
    assert isinstance(replied[1], Answer)
    assert replied[1].picture == b"PNG!"
    counter.desk.snapshot_failed(child)
    assert counter.reply(within_ms=50) is None


def test_a_snapshot_of_one_screen_begins_at_its_corner(counter: Counter) -> None:
    counter.ask(c.Snapshot("right"))
    args = counter.office.root.spawned[begun(counter)].args
    [screen] = msgspec.msgpack.decode(args, type=SnapshotSpec).screens
    assert (screen.rect.x, screen.rect.y) == (0, 0)
    assert screen.canvas == counter.office.setup.canvases["right"]


def test_a_snapshot_of_a_tile_is_cut_out_and_says_what_it_is(counter: Counter) -> None:
    counter.ask(c.Snapshot(tile=c.TileRef(2, "left"), stamped=True, jpeg=True))
    spec = msgspec.msgpack.decode(
        counter.office.root.spawned[begun(counter)].args, type=SnapshotSpec
    )
    [screen] = spec.screens
    assert spec.crop == screen.tiles[1].rect
    assert spec.stamp == Stamp("测试", "left/2 · 2 摄像机2")
    assert spec.jpeg


def test_what_a_snapshot_says_of_a_blanked_screen_names_no_camera(counter: Counter) -> None:
    counter.desk.change(c.Blank("left"), Claim(Holder.OFFICER, counter.office.clock.now_ns))
    counter.ask(c.Snapshot("left", stamped=True, tile=c.TileRef(2)))
    args = counter.office.root.spawned[begun(counter)].args
    assert msgspec.msgpack.decode(args, type=SnapshotSpec).stamp == Stamp("测试", "left/2")


def test_a_snapshot_of_no_tile_is_refused(counter: Counter) -> None:
    counter.ask(c.Snapshot(tile=c.TileRef(5, "left")))
    assert failure(counter).code == "unknown_tile"


def test_a_snapshot_child_that_dies_is_answered_for(counter: Counter) -> None:
    counter.ask(c.Snapshot())
    counter.office.root.bury(begun(counter))
    counter.turn()
    assert failure(counter).code == "snapshot_failed"


def test_a_snapshot_that_nobody_waits_for_is_dropped(counter: Counter) -> None:
    fd = os.memfd_create("picture")
    counter.desk.snapshot_made("snapshot:of-the-controller-before", Picture(0), fd)
    assert counter.reply(within_ms=50) is None


def test_too_many_snapshots_and_unknown_screens_are_refused(counter: Counter) -> None:
    counter.ask(c.Snapshot("lleft"))
    assert failure(counter).known == ("left",)
    for _ in range(MOST_AT_ONCE):
        counter.ask(c.Snapshot())
    counter.ask(c.Snapshot())
    assert failure(counter).code == "busy"


def test_what_happens_to_a_tile_is_told_once(counter: Counter) -> None:
    for state in (TileState.LIVE, TileState.LIVE, TileState.STALE):
        counter.office.root.says(LEFT, figures(tile(state)))
        counter.turn()
        counter.desk.tell(counter.office.clock.now_ns)
    told = [counter.event("tile") for _ in range(5)]
    assert [e["state"] for e in told] == ["live", *["connecting"] * 3, "stale"]
    assert told[0]["source"] == told[-1]["source"] == "摄像机1"


def test_a_monitor_that_goes_and_returns_is_told_and_said_once(counter: Counter) -> None:
    there, absent = Monitor(MonitorState.THERE, "DP-1"), Monitor(MonitorState.ABSENT, why="Gone.")
    for monitor in (there, absent, absent, there):
        counter.office.root.says(LEFT, replace(figures(), monitor=monitor))
        counter.turn()
        counter.desk.tell(counter.office.clock.now_ns)
        assert result(counter, c.Status())["screens"][0]["monitor_why"] == monitor.why
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
    counter.desk.tell(counter.office.clock.now_ns)
    assert counter.event("tile")["state"] == "live"
    counter.newcomer()
    assert tiles_told(counter)[0] == ("摄像机1", "live")


def test_the_wall_beats_each_second(counter: Counter) -> None:
    now_ns = counter.office.clock.now_ns
    for later_ns in (0, BEAT_NS - 1, BEAT_NS):
        counter.desk.tell(now_ns + later_ns)
    beats = [counter.event("beat")["uptime_s"] for _ in range(2)]
    assert beats[1] == pytest.approx(beats[0] + BEAT_NS / SECOND, abs=0.1)


def test_what_changes_without_a_command_is_brought_to_the_screens_without_a_receipt(
    counter: Counter,
) -> None:
    counter.desk.refresh(counter.office.clock.now_ns)
    assert counter.office.stage.coming is None
    counter.office.goes_live(("摄像机1", "sub"), 64, 36)
    counter.desk.refresh(counter.office.clock.now_ns)
    coming = counter.office.stage.coming
    assert coming is not None
    assert coming.screens == {"left"}
    counter.desk.refresh(counter.office.clock.now_ns)
    assert counter.office.stage.coming is coming
    counter.all_present(coming.version)
    counter.ask(c.SetLayout("1x1"))
    counter.all_present(coming.version + 1)
    assert counter.event("settled")["command"] == "layout 1x1"
    assert RIGHT in counter.office.crew.members
