"""What somebody wants to read next morning."""

import logging
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.support.reducing import OFFICER, PROGRAM
from wallctl.controller.event_log import EventLog
from wallctl.controller.status import FilesStatus
from wallctl.model.site.site_diff import ChangeCount
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event_record import Asked, Record, TimePassed, Who

HTTP = Actor("http", Role.REMOTE, Origin.INPUT)


class Tile(NamedTuple):
    source: str
    state: str
    reason: str = "none"
    stream: str = "sub"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "wallctl")
    return lambda: caplog.messages


S = 1_000_000_000


def test_a_source_is_lost_once_and_back_once(lines: Callable[[], list[str]]) -> None:
    daily = EventLog()
    lost = [Tile("后门", "offline", "timed_out")] * 2  # two tiles show it
    daily.tiles([Tile("后门", "connecting")], 0)
    for now_s in range(5):
        daily.tiles([*lost, Tile("gate", "live")], now_s * S)
    for now_s in range(100, 105):
        daily.tiles([Tile("后门", "live"), Tile("gate", "live")], now_s * S)
    assert lines() == [
        "source lost source=后门 reason=timed_out",
        "source back source=后门 stream=sub",
    ]


def test_another_reason_is_said(lines: Callable[[], list[str]]) -> None:
    daily = EventLog()
    for minute, reason in enumerate(("timed_out", "timed_out", "bad_credentials")):
        daily.tiles([Tile("gate", "offline", reason)], minute * 60 * S)
    assert lines() == [
        "source lost source=gate reason=timed_out",
        "source lost source=gate reason=bad_credentials",
    ]


def test_a_source_that_comes_and_goes_is_told_once_a_minute(
    lines: Callable[[], list[str]],
) -> None:
    daily = EventLog()
    for second in range(600):
        state = "live" if second % 7 else "offline"
        daily.tiles([Tile("gate", state, "ended")], second * S)
    assert len(lines()) <= 11
    for second in range(600, 700):
        daily.tiles([Tile("gate", "live")], second * S)
    assert lines()[-1] == "source back source=gate stream=sub", "what holds is told in the end"


def done(command: c.Change, actor: Actor, revision: int) -> Record:
    given = Asked(Who.of(actor), command, 0, 0, None)
    return Record(1, 0, revision, given, (e.HomeShown(),))


def test_commands_are_told_with_who_gave_them(lines: Callable[[], list[str]]) -> None:
    daily = EventLog()
    daily.hear(done(c.SetLayout("3x3", "left"), OFFICER, 7))
    daily.hear(done(c.Blank(reason="检修 午后"), PROGRAM, 8))
    daily.hear(done(c.RaiseAlarm("大门入侵"), HTTP, 9))  # told as an alarm
    for glance in (c.Move(c.Direction.LEFT), c.Help(), c.Info(), c.Identify(), c.SetZoom(2)):
        daily.hear(done(glance, OFFICER, 9))
    assert lines() == [
        'command does="layout 3x3 @left" by="keyboard left" revision=7',
        'command does="blank reason \'检修 午后\'" by="program 1000:7" revision=8',
    ]


def test_alarms_and_reloads(lines: Callable[[], list[str]]) -> None:
    daily = EventLog()
    shown = e.AlarmShown(4, "大门入侵", "gate", "left")
    daily.hear(Record(1, 0, 1, TimePassed(0, frozenset(), None), (shown,)))
    raised = Asked(Who.of(HTTP), c.RaiseAlarm("后门"), 0, 0, None)
    daily.hear(Record(2, 0, 2, raised, (e.AlarmShown(5, "后门", "yard", "left"),)))
    daily.reloaded(FilesStatus(True, {"sources": ChangeCount(1, 2)}, []))
    daily.reloaded(FilesStatus(True, {}, []))
    daily.reloaded(FilesStatus(False, {}, ["site.toml: broken"]))
    assert lines() == [
        "alarm alarm=4 name=大门入侵 source=gate state=shown",
        'alarm alarm=5 name=后门 source=yard state=shown by="input http"',
        "site reloaded changed=sources:+1/2/-0",
    ]
