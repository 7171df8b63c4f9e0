"""When a packet of a recording is due, so that a file plays as a camera would send it; and one of a
live stream that comes in pieces of some seconds.

Pure: the caller sleeps. Stamps may start anywhere, be missing, or jump back where the file starts
over; the pace goes on without a gap.
"""

from wallctl.model.streams.health import SECOND_NS

LONGEST_STEP_NS = 10 * SECOND_NS
"""A larger step between two stamps is a jump of the recording's clock, not a wait."""

LEAST_STEP_NS = SECOND_NS // 240
"""No packet is due sooner after the one before: one flipped bit in a recording's time scale makes
it play a thousand pictures a second, which takes a core for ever."""

LATE_NS = SECOND_NS // 2
"""So far behind (the machine slept, say), the past is not made up for: no fast motion."""

EDGE_NS = SECOND_NS * 4 // 10
"""A live packet that was waited for this long is the newest that there is."""
RESERVE_NS = SECOND_NS
"""How unevenly the pieces of a live stream may come, once it is known to be late."""


class Pace:
    """The time at which each next packet is due, in ns of the clock of ``now_ns``.

    A recording that is late goes on where it is. What is ``live`` must not stay behind: what piled
    up while nothing came is due at once, until there is nothing newer.
    """

    def __init__(self, live: bool = False) -> None:
        self._live = live
        self._was_late = False
        """Whether a live packet that the reader waited for was late, and all since are late."""
        self._due_ns: int | None = None
        """When the newest packet is due by its stamp."""
        self._given_ns = 0
        """When it was said to be due."""
        self._stamp_ns: int | None = None
        self.media_ns = 0
        """How much was played, on the source's clock."""

    def due_ns(
        self, stamp_ns: int | None, interval_ns: int, now_ns: int, waited_ns: int = 0
    ) -> int:
        """``interval_ns`` is the step where the stamps give none, ``waited_ns`` how long a live
        packet was waited for."""
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
        self.media_ns += step_ns
        if now_ns - self._due_ns <= LATE_NS:
            self._was_late = False
        elif not self._live:
            self._due_ns = now_ns
        elif waited_ns >= EDGE_NS:
            if self._was_late:  # all that there was is read, and it is late for good
                self._due_ns = now_ns + RESERVE_NS
            self._was_late = not self._was_late
        self._given_ns = max(self._due_ns, self._given_ns + LEAST_STEP_NS)
        return self._given_ns
