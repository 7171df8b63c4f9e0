"""What became of a tile's pictures: counted, presented, how late."""

from wallctl.model.base.histogram import Histogram
from wallctl.shm.ring import Flag, Header
from wallctl.shm.shared_words import sane

RATED_OVER_NS = 900_000_000
"""A rate is measured over the second between two figures, that come no sooner than this."""


class BitRate:
    """How much a stream carries, measured again each second."""

    def __init__(self) -> None:
        self._bits_s = 0
        self._rated: tuple[int, int] | None = None
        """When it was last measured, and how many bytes there were by then."""

    def bits_s(self, received_bytes: int, now_ns: int) -> int:
        """Bits a second lately, by a counter of bytes; 0 before the first second is over."""
        if self._rated is None or received_bytes < self._rated[1]:
            self._rated = (now_ns, received_bytes)
        passed_ns = now_ns - self._rated[0]
        if passed_ns >= RATED_OVER_NS:
            self._bits_s = sane((received_bytes - self._rated[1]) * 8_000_000_000 // passed_ns)
            self._rated = (now_ns, received_bytes)
        return self._bits_s


class TileCounters:
    """Counters of one source in one tile, from its first picture on.

    Frame numbers are per stream, so a change of stream closes one segment and opens the next.
    """

    def __init__(self) -> None:
        self.latency = Histogram()
        self.presented = 0
        self._first_ns: int | None = None
        self._decoded_before = 0
        self._segment: tuple[str, int] | None = None
        self._newest = 0
        self._arrival_ns: int | None = None
        self._rate = 0.0
        self._rated: tuple[int, int] | None = None
        """When the rate was last measured, and how many were presented by then."""

    @property
    def decoded(self) -> int:
        """Pictures that the shown streams decoded since the tile's first one."""
        if self._segment is None:
            return 0
        return sane(self._decoded_before + self._newest - self._segment[1] + 1)

    def fps(self, now_ns: int) -> float:
        """Presented pictures a second since the first, which opens the count and is not in it."""
        if self._first_ns is None or now_ns <= self._first_ns:
            return 0.0
        return (self.presented - 1) * 1e9 / (now_ns - self._first_ns)

    def rate(self, now_ns: int) -> float:
        """Presented pictures a second lately, measured again each second."""
        if self._rated is None:
            self._rated = (now_ns, self.presented)
        passed_ns = now_ns - self._rated[0]
        if passed_ns >= RATED_OVER_NS:
            self._rate = (self.presented - self._rated[1]) * 1e9 / passed_ns
            self._rated = (now_ns, self.presented)
        return self._rate

    def painted(self, stream: str, header: Header) -> None:
        """A picture is on the canvas; ``shown`` follows when the pass is done."""
        if self._segment is None or self._segment[0] != stream:
            self._decoded_before = self.decoded
            self._segment = (stream, header.frame)
        elif header.frame == self._newest:
            return
        elif header.frame < self._newest:
            self._decoded_before = self.decoded
            self._segment = (stream, header.frame)
        self._newest = header.frame
        self.presented += 1
        timed = self._first_ns is not None and not header.flags & (Flag.CATCHING_UP | Flag.STILL)
        self._arrival_ns = header.arrival_ns if timed else None

    def shown(self, now_ns: int) -> None:
        """The pass that painted is presented."""
        if self._first_ns is None and self.presented:
            self._first_ns = now_ns
        if self._arrival_ns is not None:
            self.latency.add(now_ns - self._arrival_ns)
            self._arrival_ns = None
