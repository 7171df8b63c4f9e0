"""How many pictures a second come, for people. Pure: the caller hands in times.

The interval that a tile's patience goes by (``lateness.Interval``) takes the longer of what it saw
lately and of what it saw before, so it is no rate: two late pictures in a row would lower it.
"""

STRETCH_NS = 2_000_000_000
"""The least time that pictures are counted for."""


class ReceivedRate:
    """Counts pictures over stretches of two seconds; that of a slow camera lasts until its next
    picture."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._count = 0

    def begin(self) -> None:
        """Begin with the next picture: nobody waited for it."""
        self._began_ns = None

    def seen(self, arrival_ns: int) -> int | None:
        """Count a picture. The mean time between pictures, if it ends a stretch."""
        if self._began_ns is None or arrival_ns < self._began_ns:
            self._began_ns, self._count = arrival_ns, 0
            return None
        self._count += 1
        passed_ns = arrival_ns - self._began_ns
        if passed_ns < STRETCH_NS:
            return None
        mean_ns = passed_ns // self._count
        self._began_ns, self._count = arrival_ns, 0
        return mean_ns
