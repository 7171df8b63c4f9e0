"""Each change of a monitor is told once, to programs and in the log."""

import pytest
from msgspec.structs import replace

from wallctl.controller.monitor_events import MonitorChange, Monitors
from wallctl.display.messages import Figures
from wallctl.model.base.geometry import Size
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.monitor_state import Monitor, MonitorState

HD = Size(1920, 1080)
THERE = Monitor(MonitorState.THERE, "DP-1", HD)
ABSENT = Monitor(MonitorState.ABSENT, why="No output.")
ASLEEP = Monitor(MonitorState.ASLEEP, "DP-1", HD, "Power saving.")
WRONG = Monitor(MonitorState.WRONG_SIZE, "DP-1", Size(640, 480), "Too small.")
HEADLESS = Monitor(MonitorState.HEADLESS)


def figures(monitor: Monitor, ticks: int = 0) -> Figures:
    return Figures(
        tick_hz=50.0,
        ticks=ticks,
        missed_ticks=0,
        changed_ticks=0,
        torn=0,
        version=1,
        tiles=(),
        monitor=monitor,
    )


def test_only_what_changed_is_told_and_only_once() -> None:
    monitors = Monitors()
    both = {"left": figures(THERE), "right": figures(Monitor())}
    assert monitors.changes(both) == [("left", Monitor(), THERE)]
    assert monitors.changes({name: figures(one.monitor, 50) for name, one in both.items()}) == []
    assert monitors.changes({**both, "right": figures(WRONG)}) == [("right", Monitor(), WRONG)]
    assert monitors.changes({"left": figures(ABSENT), "right": figures(THERE)}) == [
        ("left", THERE, ABSENT),
        ("right", WRONG, THERE),
    ]


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        (THERE, ABSENT, Text.MONITOR_GONE),
        (Monitor(), ABSENT, Text.MONITOR_GONE),
        (ABSENT, THERE, Text.MONITOR_BACK),
        (ABSENT, WRONG, Text.MONITOR_BACK),
        (Monitor(), THERE, None),
        (replace(ABSENT, why="No display."), ABSENT, None),
        (THERE, ASLEEP, None),
        (WRONG, THERE, None),
    ],
)
def test_the_wall_says_that_a_monitor_is_gone_or_back(
    before: Monitor, now: Monitor, text: Text | None
) -> None:
    assert MonitorChange("left", before, now).text is text


@pytest.mark.parametrize("ill", [ABSENT, ASLEEP, WRONG])
def test_the_log_says_what_is_wrong_and_that_it_is_over(
    ill: Monitor, caplog: pytest.LogCaptureFixture
) -> None:
    monitors = Monitors()
    for ticks, monitor in enumerate((THERE, ill, ill, THERE, THERE)):
        monitors.changes({"left": figures(monitor, ticks)})
    wrong, well = caplog.messages
    assert wrong.startswith("screen left")
    assert wrong.endswith(f": {ill.why}")
    assert well == "screen left is as it should be again, on DP-1"


@pytest.mark.parametrize("monitor", [THERE, HEADLESS])
def test_a_screen_that_begins_well_is_not_worth_a_line(
    monitor: Monitor, caplog: pytest.LogCaptureFixture
) -> None:
    assert Monitors().changes({"left": figures(monitor)}) == [("left", Monitor(), monitor)]
    assert caplog.messages == []
