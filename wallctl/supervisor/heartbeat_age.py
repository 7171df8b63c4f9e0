"""For how long another process has said nothing."""


class HeartbeatAge:
    """Nothing is held against the other process while this one itself stood still. Times are
    monotonic."""

    def __init__(self, most_ns: int, look_ns: int, now_ns: int = 0) -> None:
        """``most_ns`` is the longest silence of one that is well. Whoever looks less often than
        each ``look_ns`` stood still."""
        self._most_ns = most_ns
        self._look_ns = look_ns
        self._heard_ns = self._looked_ns = now_ns

    def end(self, now_ns: int) -> None:
        """Note that the other process has said something, or has its full time from now on."""
        self._heard_ns = now_ns

    def is_too_long(self, now_ns: int) -> bool:
        """Look whether the other process has been silent for too long."""
        if now_ns - self._looked_ns > self._look_ns:
            self._heard_ns = now_ns
        self._looked_ns = now_ns
        return now_ns - self._heard_ns > self._most_ns
