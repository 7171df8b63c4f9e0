"""Screens whose presenter can't show anything: its display is gone, or it fails as it begins.

The presenter is started again and again, since its display may come back. If it never showed
anything, the wall ends: a person has just started it, and reads why.
"""

import logging
from collections import Counter

from wallctl.controller.shutdown import Ending
from wallctl.node.scene_switcher import Stage

TRIES = 5
"""How many deaths in a row without a word are no accident."""
FAREWELL_NS = 10_000_000_000
"""A display that goes within this time after a hang-up went with its session, as under xinit."""

log = logging.getLogger(__name__)


class Windowless:
    """Knows which screens those are, and why."""

    def __init__(
        self, stage: Stage, ending: Ending, screens: int, *, is_first: bool = True
    ) -> None:
        """``is_first`` is the first controller: after another one the screens have been seen."""
        self._is_first = is_first
        self._stage = stage
        self._ending = ending
        self._screens = screens
        self._why: dict[str, str] = {}
        self._deaths: Counter[str] = Counter()
        self._hung_up_ns: int | None = None

    def shows(self, screen: str) -> None:
        """A presenter has said something that one without a window would not say."""
        self._why.pop(screen, None)
        self._deaths.pop(screen, None)

    def died(self, screen: str, now_ns: int) -> None:
        """A presenter is gone. If it knew why, it has said so before."""
        self._deaths[screen] += 1
        if screen not in self._why and self._deaths[screen] >= TRIES:
            self.lacks(
                screen, "its process fails again and again as it begins: see the log", now_ns
            )

    def lacks(self, screen: str, why: str, now_ns: int) -> None:
        """A presenter can't show anything."""
        if why == self._why.get(screen):
            return
        self._why[screen] = why
        if not self._stage.lost(screen, why) and self._is_first:
            log.error("screen %s: %s", screen, why)
            self._ending.code = 1
        if self._hung_up_ns is not None and now_ns - self._hung_up_ns < FAREWELL_NS:
            self._ending.is_wanted |= len(self._why) == self._screens

    def hung_up(self, now_ns: int) -> None:
        """A hang-up came; it may be the first sign that the display goes for good."""
        self._hung_up_ns = now_ns
