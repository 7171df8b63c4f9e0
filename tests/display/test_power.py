"""Monitors that power saving switches off, by a DPMS that is invented: no X server without a card
has one. What the wall does to a real server's screen saver is in ``end_to_end/test_window.py``."""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

import numpy as np
import pytest

from tests.support.xserver import XServer, screen_rgb, xserver_missing
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.operator.monitor_state import MonitorState

if reason := xserver_missing():
    pytest.skip(reason, allow_module_level=True)

from wallctl.display.x11.power import LOOK_ASLEEP_EVERY_NS, LOOK_EVERY_NS, Power
from wallctl.display.x11.window import Blitter, Window, WindowPlace

pytestmark = pytest.mark.e2e

SIZE = Size(320, 240)
ALL = [Rect(0, 0, SIZE.w, SIZE.h)]
ON, OFF = 0, 3


class Dpms:
    """libXext's calls, of a server whose monitors have a level of power."""

    def __init__(self, level: int = ON, enabled: bool = True, known: bool = True) -> None:
        self.level, self.enabled, self.known = level, enabled, known
        self.asked = 0

    def DPMSQueryExtension(self, *_: object) -> bool:  # noqa: N802 - libXext's names
        return self.known

    def DPMSInfo(self, _display: object, level: Any, enabled: Any) -> bool:  # noqa: N802
        self.asked += 1
        level._obj.value, enabled._obj.value = self.level, self.enabled
        return True

    def DPMSForceLevel(self, _display: object, level: int) -> None:  # noqa: N802
        self.level = level

    @property
    def loaded(self) -> ctypes.CDLL:
        return cast(ctypes.CDLL, self)


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with XServer(SIZE) as name:
        monkeypatch.setenv("DISPLAY", name)
        yield name


@pytest.mark.parametrize(
    ("dpms", "asleep"),
    [
        (Dpms(ON), False),
        (Dpms(OFF), True),
        (Dpms(1), True),
        (Dpms(OFF, enabled=False), False),
        (Dpms(OFF, known=False), False),
    ],
)
def test_monitors_sleep_below_the_highest_level(dpms: Dpms, asleep: bool) -> None:
    power = Power(None, dpms.loaded)
    power.look(0)
    assert power.asleep is asleep


def test_the_server_is_asked_now_and_then_and_oftener_while_they_sleep() -> None:
    dpms = Dpms()
    power = Power(None, dpms.loaded)
    for now_ns in range(0, 10 * LOOK_EVERY_NS, 20_000_000):
        power.look(now_ns)
    assert dpms.asked == 10
    dpms.level = OFF
    power.look(10 * LOOK_EVERY_NS)
    assert power.asleep
    dpms.level = ON
    power.look(10 * LOOK_EVERY_NS + LOOK_ASLEEP_EVERY_NS)
    assert not power.asleep


@pytest.mark.parametrize("blitter", [Blitter.SHARED, Blitter.SHADER])
def test_a_window_whose_monitor_sleeps_waits_for_no_refresh(display: str, blitter: Blitter) -> None:
    """The shader would wait for one that never comes; the others draw on, so that the monitor
    wakes with a picture of now."""
    dpms = Dpms()
    window = Window(WindowPlace("left", SIZE.w, SIZE.h, blitter=blitter), "wallctl left")
    with closing(window):
        window._power = Power(window._display, dpms.loaded)
        old, new = (np.full((SIZE.h * 3 // 2, SIZE.w), level, np.uint8) for level in (60, 200))
        window.show(old, ALL)
        dpms.level = OFF
        window.keys()
        asleep = window.monitor
        before = screen_rgb(display)
        window.show(new, ALL)
        assert np.array_equal(screen_rgb(display), before) is (blitter is Blitter.SHADER)
        assert not window.is_bare
        dpms.level = ON
        window._power.look(2 * 10**18)
        states = (asleep.state, window.monitor.state)
        assert states == (MonitorState.ASLEEP, MonitorState.THERE)
        assert "Power saving" in asleep.why
        assert window.is_bare is (blitter is Blitter.SHADER)


def test_monitors_that_sleep_are_woken_at_the_start(display: str) -> None:
    dpms = Dpms(OFF)
    with closing(Window(WindowPlace("left", SIZE.w, SIZE.h), "wallctl left")) as window:
        Power(window._display, dpms.loaded).keep_awake()
        assert dpms.level == ON
