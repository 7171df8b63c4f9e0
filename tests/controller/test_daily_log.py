"""What somebody wants to read next morning."""

import logging
from collections.abc import Callable
from typing import NamedTuple

import pytest

from wallctl.controller.daily_log import DailyLog
from wallctl.controller.status import FilesStatus
from wallctl.model.site.site_diff import ChangeCount
from wallctl.model.wall.commands import command as c


class Tile(NamedTuple):
    source: str
    state: str
    reason: str = "none"
    stream: str = "sub"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "wallctl")
    return lambda: caplog.messages


def test_a_source_is_lost_once_and_back_once(lines: Callable[[], list[str]]) -> None:
    daily = DailyLog()
    lost = [Tile("后门", "offline", "timed_out")] * 2  # two tiles show it
    daily.tiles([Tile("后门", "connecting")])
    for _ in range(5):
        daily.tiles([*lost, Tile("gate", "live")])
    for _ in range(5):
        daily.tiles([Tile("后门", "live"), Tile("gate", "live")])
    assert lines() == [
        "source lost source=后门 reason=timed_out",
        "source back source=后门 stream=sub",
    ]


def test_another_reason_is_said(lines: Callable[[], list[str]]) -> None:
    daily = DailyLog()
    for reason in ("timed_out", "timed_out", "bad_credentials"):
        daily.tiles([Tile("gate", "offline", reason)])
    assert lines() == [
        "source lost source=gate reason=timed_out",
        "source lost source=gate reason=bad_credentials",
    ]


def test_commands_are_told_with_who_gave_them(lines: Callable[[], list[str]]) -> None:
    daily = DailyLog()
    daily.command(c.SetLayout("3x3", "left"), "officer", 7)
    daily.command(c.Blank(reason="检修 午后"), "program 1000:7", 8)
    for glance in (c.Move(c.Direction.LEFT), c.Help(), c.Info(), c.SetZoom(2)):
        daily.command(glance, "officer", 9)
    assert lines() == [
        'command does="layout 3x3 @left" by=officer revision=7',
        'command does="blank reason \'检修 午后\'" by="program 1000:7" revision=8',
    ]


def test_alarms_and_reloads(lines: Callable[[], list[str]]) -> None:
    daily = DailyLog()
    daily.alarm({"alarm": 4, "name": "大门入侵", "source": "gate", "state": "shown"})
    daily.reloaded(FilesStatus(True, {"sources": ChangeCount(1, 2)}, []))
    daily.reloaded(FilesStatus(False, {}, ["site.toml: broken"]))
    assert lines() == [
        "alarm alarm=4 name=大门入侵 source=gate state=shown",
        "site reloaded changed=sources:+1/2/-0",
    ]
