"""When a packet of a recording is due, so that a file plays as a camera would send it.

Pure: the caller sleeps. Stamps may start anywhere, be missing, or jump back where the file starts
over; the pace goes on without a gap.
"""

from wallctl.model.health import SECOND_NS

LONGEST_STEP_NS = 10 * SECOND_NS
"""A larger step between two stamps is a jump of the recording's clock, not a wait."""

LEAST_STEP_NS = SECOND_NS // 240
"""No packet is due sooner after the one before: one flipped bit in a recording's time scale makes
it play a thousand pictures a second, which takes a core for ever."""

LATE_NS = SECOND_NS // 2
"""So far behind (the machine slept, say), the past is not made up for: no fast motion."""


class Pace:
    """The time at which each next packet is due, in ns of the clock of ``now_ns``."""

    def __init__(self) -> None:
        self._due_ns: int | None = None
        """When the newest packet is due by its stamp."""
        self._given_ns = 0
        """When it was said to be due."""
        self._stamp_ns: int | None = None

    def due_ns(self, stamp_ns: int | None, interval_ns: int, now_ns: int) -> int:
        """``interval_ns`` is the step where the stamps give none."""
        before_ns, self._stamp_ns = self._stamp_ns, stamp_ns
        if self._due_ns is None:
            self._due_ns = self._given_ns = now_ns
            return now_ns
        step_ns = interval_ns
        if before_ns is not None and stamp_ns is not None:
            step_ns = stamp_ns - before_ns
        if not 0 <= step_ns <= LONGEST_STEP_NS:
            step_ns = interval_ns
        self._due_ns += step_ns
        if now_ns - self._due_ns > LATE_NS:
            self._due_ns = now_ns
        self._given_ns = max(self._due_ns, self._given_ns + LEAST_STEP_NS)
        return self._given_ns
