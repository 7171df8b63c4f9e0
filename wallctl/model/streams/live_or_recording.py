"""Is a web server's answer a recording, or live? Judged by how fast it can be read.

A length says nothing: publishers copy the duration of a file into a live stream, and small cameras
announce a length for pictures without end. What can be read much faster than it plays is kept
somewhere, and waits; what is live can't be ahead of its camera. A server may send some seconds that
it has cached at first, so one burst proves nothing.

Pure: times are CLOCK_MONOTONIC ns, stamps are ns on the source's own clock.
"""

import enum

from wallctl.model.streams.health import SECOND_NS

ENOUGH_NS = 15 * SECOND_NS
"""How much read ahead is more than a server caches of a live stream (one group of pictures)."""
ENOUGH_BYTES = 32 << 20
"""The same for streams that are large, so that what is held back has a bound."""
LONGEST_STEP_NS = 10 * SECOND_NS
"""A larger step between two stamps is a jump of the source's clock."""
WINDOW_NS = SECOND_NS * 3 // 10
SLOW_NS = SECOND_NS * 6 // 10
"""Read at the pace of its stamps for so long, the source is live. One pause is shorter."""
FASTER = 2
"""A recording is read at least so many times as fast as it plays."""


class Lead(enum.Enum):
    """What the reading of an answer has shown so far."""

    UNKNOWN = "unknown"
    LIVE = "live"
    RECORDING = "recording"


class Ahead:
    """Judges one connection by its packets, in the order in which they are read."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._stamp_ns: int | None = None
        self._window_ns = self._window_media_ns = 0
        self._slow_ns = 0
        self._bytes = 0
        self.media_ns = 0
        """How much was read, on the source's clock."""

    def seen(
        self, read_ns: int, stamp_ns: int | None, interval_ns: int, size_bytes: int = 0
    ) -> Lead:
        """Count one packet. ``interval_ns`` is the step where the stamps give none."""
        if self._began_ns is None:
            self._began_ns = self._window_ns = read_ns
        else:
            self.media_ns += self._step_ns(stamp_ns, interval_ns)
        self._stamp_ns = stamp_ns
        self._bytes += size_bytes
        passed_ns = read_ns - self._window_ns
        if passed_ns >= WINDOW_NS:
            read_slowly = self.media_ns - self._window_media_ns < FASTER * passed_ns
            self._slow_ns = self._slow_ns + passed_ns if read_slowly else 0
            self._window_ns, self._window_media_ns = read_ns, self.media_ns
        if self._slow_ns >= SLOW_NS:
            return Lead.LIVE
        is_enough = self.media_ns >= ENOUGH_NS or self._bytes >= ENOUGH_BYTES
        return Lead.RECORDING if is_enough else Lead.UNKNOWN

    def _step_ns(self, stamp_ns: int | None, interval_ns: int) -> int:
        if stamp_ns is None or self._stamp_ns is None:
            return interval_ns
        step_ns = stamp_ns - self._stamp_ns
        return step_ns if 0 <= step_ns <= LONGEST_STEP_NS else interval_ns


def is_whole(media_ns: int, duration_ns: int | None) -> bool:
    """Whether a recording was read to its end, as far as its duration says."""
    return duration_ns is None or media_ns + SECOND_NS >= duration_ns * 9 // 10
