"""While the X server is gone a screen is composed on, and its presenter begins again afterwards."""

import select

import numpy as np
import pytest

from tests.support.fakes import FakeClock
from wallctl.display.x11.absent_window import LOOK_NS, AbsentDisplay, DisplayBackError
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.monitor_state import MonitorState


def test_it_looks_for_the_server_once_a_second_and_has_no_keys() -> None:
    clock, asked = FakeClock(), []
    is_there = [False]

    def answers() -> bool:
        asked.append(clock.now_ns)
        return is_there[0]

    display = AbsentDisplay("No X display answers.", answers, clock)
    assert (display.monitor.state, display.monitor.why) == (
        MonitorState.ABSENT,
        "No X display answers.",
    )
    display.show(np.zeros((3, 2), np.uint8), [Rect(0, 0, 2, 2)])
    for _ in range(100):
        clock.now_ns += LOOK_NS // 50
        assert display.keys() == []
        assert display.pointed() == []
    assert len(asked) == 2
    poll = select.poll()
    poll.register(display, select.POLLIN)
    assert poll.poll(0) == []
    is_there[0] = True
    clock.now_ns += LOOK_NS
    with pytest.raises(DisplayBackError):
        display.keys()
    display.close()
