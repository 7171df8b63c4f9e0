"""The ticks of a screen: when its passes are due, and how many of them could be had.

They lie on multiples of the period, so that all screens of one pace tick at the same moments.
"""


class Ticks:
    """Counts the ticks of one screen."""

    def __init__(self, hz: float) -> None:
        self.had = self.missed = 0
        self.changed = 0
        """Those whose pass changed the canvas."""
        self.set_pace(hz)

    def set_pace(self, hz: float) -> None:
        """Tick so often from now on; the ticks of another pace are no measure for the next."""
        self.hz = hz
        self.period_ns = round(1e9 / hz)
        self._newest_ns: int | None = None

    def due_ns(self, now_ns: int) -> int:
        """When the next one is due."""
        return (now_ns // self.period_ns + 1) * self.period_ns

    def count(self, due_ns: int) -> None:
        """Count this tick, and those before it that could not be had."""
        self.had += 1
        if self._newest_ns is not None:
            self.missed += (due_ns - self._newest_ns) // self.period_ns - 1
        self._newest_ns = due_ns
