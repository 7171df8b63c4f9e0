"""For how long another process has said nothing."""


class HeartbeatAge:
    """Nothing is held against the other process while this one itself stood still. Times are
    monotonic."""

    def __init__(self, most_ns: int, look_ns: int, now_ns: int = 0) -> None:
        """``most_ns`` is the longest silence of a healthy process. This one stood still if it looks
        less often than each ``look_ns``."""
        self._most_ns = most_ns
        self._look_ns = look_ns
        self._heard_ns = self._looked_ns = now_ns

    def restart(self, now_ns: int) -> None:
        """Count from now: the other process has said something, or is given its full time again."""
        self._heard_ns = now_ns

    def is_too_old(self, now_ns: int) -> bool:
        """Look whether the other process has been silent for too long."""
        if now_ns - self._looked_ns > self._look_ns:
            self._heard_ns = now_ns
        self._looked_ns = now_ns
        return now_ns - self._heard_ns > self._most_ns
