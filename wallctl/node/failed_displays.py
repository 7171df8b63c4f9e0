"""Screens whose presenter can't show anything: its display is gone, or it fails as it begins.

The presenter is started again and again, since its display may come back. The wall's side is told
why, and whether the screen has ever been seen.
"""

from collections import Counter
from collections.abc import Callable

from wallctl.node.messages import NodeReport, Windowless
from wallctl.node.presenters import Presenters

TRIES = 5
"""How many deaths in a row without a word are no accident."""


class FailedDisplays:
    """Knows which screens those are, and why."""

    def __init__(self, presenters: Presenters, tell: Callable[[NodeReport], object]) -> None:
        self._presenters = presenters
        self._tell = tell
        self._why: dict[str, str] = {}
        self._deaths: Counter[str] = Counter()

    def shows(self, screen: str) -> None:
        """A presenter has said something that one without a window would not say."""
        self._why.pop(screen, None)
        self._deaths.pop(screen, None)

    def died(self, screen: str) -> None:
        """A presenter is gone. If it knew why, it has said so before."""
        self._deaths[screen] += 1
        if screen not in self._why and self._deaths[screen] >= TRIES:
            self.lacks(screen, "its process fails again and again as it begins: see the log")

    def lacks(self, screen: str, why: str) -> None:
        """A presenter can't show anything."""
        if why != self._why.get(screen):
            self._why[screen] = why
            ever_shown = self._presenters.lost(screen, why)
            self._tell(NodeReport(windowless=(Windowless(screen, why, ever_shown),)))
