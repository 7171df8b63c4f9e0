"""Does a source give the same picture over and over? Pure: the caller hands in bytes and times.

A camera's noise and its clock make each JPEG another one. A recorder that has lost its camera
hands out the last one, byte for byte. Only pictures that are coded one by one tell this: in video a
scene that stands still is a few bytes.
"""

from wallctl.model.streams.health import SECOND_NS

SAME_NS = 10 * SECOND_NS
SAME_INTERVALS = 3
"""Both long must a picture have been the same before that is remarkable."""
KNOWN_TIMES = 2
"""And longer than it was before the picture changed after all, by so much."""
MOST_NS = 120 * SECOND_NS
"""Then it is remarkable in any case."""
REMEMBERED_NS = 3600 * SECOND_NS
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
"""Markers around what a JPEG draws. Before and behind it some recorders write the time."""


class Repeats:
    """What one source gave, over all of its connections. Times are CLOCK_MONOTONIC ns."""

    def __init__(self) -> None:
        self._drawn = b""
        self._since_ns = 0
        """When the picture came first."""
        self._known_ns = 0
        """For how long an earlier picture was the same, and then changed."""
        self._known_at_ns = 0

    def since_ns(self, picture: bytes, interval_ns: int, now_ns: int) -> int | None:
        """Count a picture; since when it is the same, if that is remarkably long. ``interval_ns``
        parts two pictures."""
        drawn = _drawn(picture)
        if drawn != self._drawn:
            self._changed(drawn, now_ns)
            return None
        known_ns = self._known_ns if now_ns - self._known_at_ns < REMEMBERED_NS else 0
        usual_ns = min(MOST_NS, max(SAME_NS, KNOWN_TIMES * known_ns))
        limit_ns = max(usual_ns, SAME_INTERVALS * interval_ns)
        return self._since_ns if now_ns - self._since_ns >= limit_ns else None

    def _changed(self, drawn: bytes, now_ns: int) -> None:
        same_ns = now_ns - self._since_ns
        forgotten = now_ns - self._known_at_ns >= REMEMBERED_NS
        if self._drawn and (forgotten or same_ns >= self._known_ns):
            self._known_ns, self._known_at_ns = same_ns, now_ns
        self._drawn, self._since_ns = drawn, now_ns


def _drawn(picture: bytes) -> bytes:
    """What a picture file draws; all of it, if it is no JPEG."""
    begin, end = picture.find(_SCAN), picture.rfind(_END)
    return picture[begin:end] if 0 <= begin < end else picture
