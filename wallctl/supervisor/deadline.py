"""Until when a tree that is told to end may take."""

END_AFTER_S = 1.5
"""Longest silence of a controller that ends; then all are killed."""
END_AT_LAST_S = 5.0
"""Longest end of a controller: a slow disk may still write the state."""


class Deadline:
    """Times are monotonic."""

    def __init__(self) -> None:
        self.by_ns: int | None = None
        """``None`` as long as nobody has told the tree to end."""
        self._at_last_ns = 0

    @property
    def is_set(self) -> bool:
        """Whether the tree is told to end."""
        return self.by_ns is not None

    def set(self, now_ns: int) -> None:
        """The controller is told to end."""
        self.by_ns = now_ns + int(END_AFTER_S * 1e9)
        self._at_last_ns = now_ns + int(END_AT_LAST_S * 1e9)

    def extend(self, heard_ns: int) -> None:
        """Give more time to a controller that is about to end: it still writes."""
        if self.is_set:
            self.by_ns = min(heard_ns + int(END_AFTER_S * 1e9), self._at_last_ns)

    def is_over(self, now_ns: int) -> bool:
        """Whether it took too long."""
        return self.by_ns is not None and now_ns > self.by_ns
