"""Whether the wall goes on while screens can't be shown.

A screen that was seen before is waited for: its display may come back. If it never showed anything,
the wall ends: a person has just started it, and reads why.
"""

import logging

from wallctl.controller.shutdown import Shutdown
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.node.messages import NodeReport, Windowless

FAREWELL_NS = 10_000_000_000
"""A display that goes within this time after a hang-up went with its session, as under xinit."""

log = logging.getLogger(__name__)


class DisplayLoss:
    """Knows which screens can't be shown."""

    def __init__(self, ending: Shutdown, screens: int, *, is_first: bool = True) -> None:
        """``is_first`` is the first controller: after another one the screens have been seen."""
        self._is_first = is_first
        self._ending = ending
        self._screens = screens
        self._lost: set[str] = set()
        self._hung_up_ns: int | None = None

    def hear(self, report: NodeReport, now_ns: int) -> None:
        """Note which screens are there, and which can't be shown."""
        for screen, one in report.figures.items():
            if one.monitor.state is not MonitorState.ABSENT:
                self._lost.discard(screen)
        for lost in report.windowless:
            self._lose(lost, now_ns)

    def _lose(self, one: Windowless, now_ns: int) -> None:
        self._lost.add(one.screen)
        if not one.ever_shown and self._is_first:
            log.error("screen %s: %s", one.screen, one.why)
            self._ending.fail()
        hung_up = self._hung_up_ns is not None and now_ns - self._hung_up_ns < FAREWELL_NS
        if hung_up and len(self._lost) == self._screens:
            self._ending.end_soon()

    def hung_up(self, now_ns: int) -> None:
        """A hang-up came; it may be the first sign that the display goes for good."""
        self._hung_up_ns = now_ns
