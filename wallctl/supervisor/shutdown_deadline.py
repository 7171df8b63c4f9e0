"""How long a tree that is told to end may take."""

END_AFTER_S = 1.5
"""Longest silence of a controller that is ending; then all are killed."""
END_AT_LAST_S = 5.0
"""Longest time that a controller may take to end: a slow disk may still write the state."""


class Deadline:
    """The time by which a tree has ended. Times are monotonic."""

    def __init__(self) -> None:
        self.by_ns: int | None = None
        """``None`` as long as nobody has told the tree to end."""
        self._at_last_ns = 0

    @property
    def is_set(self) -> bool:
        """Whether the tree is told to end."""
        return self.by_ns is not None

    def set(self, now_ns: int) -> None:
        """Set it when the controller is told to end."""
        self.by_ns = now_ns + int(END_AFTER_S * 1e9)
        self._at_last_ns = now_ns + int(END_AT_LAST_S * 1e9)

    def extend(self, heard_ns: int) -> None:
        """Give more time to a controller that is about to end: it still writes."""
        if self.is_set:
            self.by_ns = min(heard_ns + int(END_AFTER_S * 1e9), self._at_last_ns)

    def is_over(self, now_ns: int) -> bool:
        """Whether the end took too long."""
        return self.by_ns is not None and now_ns > self.by_ns
