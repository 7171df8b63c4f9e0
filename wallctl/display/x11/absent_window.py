"""In the place of a window whose X server is gone: nothing is seen, and all else goes on.

Broadcasts and snapshots are read from the canvas, which is composed all the same.
"""

import os
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wallctl.display.window_placement import USUAL_HZ
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.monitor_state import Monitor, MonitorState
from wallctl.model.operator.pointer import PointerEvent

LOOK_NS = 1_000_000_000
"""How often it is tried whether the X server is back."""


class DisplayBackError(Exception):
    """The X server answers again: the presenter must start again, with a window."""


class AbsentDisplay:
    """A display that waits for its X server. ``answers`` tells whether one is there."""

    is_bare = False
    refresh_hz = USUAL_HZ

    def __init__(
        self,
        why: str,
        answers: Callable[[], bool],
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.monitor = Monitor(MonitorState.ABSENT, why=why)
        self._answers = answers
        self._clock = clock
        self._looked_ns = clock()
        self._fd = os.eventfd(0)
        """Never readable: there are no keys."""

    def show(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Nothing: there is no window."""

    def keys(self) -> list[KeyEvent]:
        """None. Raises ``DisplayBackError`` when the X server is back."""
        now_ns = self._clock()
        if now_ns - self._looked_ns >= LOOK_NS:
            self._looked_ns = now_ns
            if self._answers():
                raise DisplayBackError
        return []

    def pointed(self) -> list[PointerEvent]:
        """None."""
        return []

    def fileno(self) -> int:
        """For poll."""
        return self._fd

    def close(self) -> None:
        """Let go of the descriptor."""
        os.close(self._fd)
