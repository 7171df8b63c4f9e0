"""Is this packet news, or the past delivered late? Told from arrival times and timestamps alone.

After a stall a camera, a proxy or TCP hands over all that piled up, as fast as the line allows.
Shown, that would be seconds of the past as fast motion, looking live. It is decoded (later pictures
need it) and not shown. Nothing here waits: a timestamp only ever marks a packet as late.

Stamps are decoding timestamps in ns on the camera's own clock, which may drift, jump and start
anywhere; arrivals are CLOCK_MONOTONIC ns.
"""

from collections import deque
from collections.abc import Collection

from wallctl.model.health import SECOND_NS

GAP_NS = SECOND_NS // 2
GAP_INTERVALS = 5
JUMP_BACK_NS = SECOND_NS
TOLERANCE_NS = SECOND_NS // 4
START_NS = SECOND_NS
PROOF_NS = SECOND_NS * 4 // 5
"""After a gap, for so long the lag must have kept still before it counts as the new one."""
JITTER_NS = SECOND_NS * 6 // 100
"""By so much any packet may be early or late."""
SHRINK_PER_CENT = 5
"""A lag that shrinks by more of the time that passes is a backlog that drains."""
DRIFT_PER_MILLE = 1
"""The lag is forgiven by so much of the time that passes: any clock's drift, many times over."""

OVERRUN_NS = SECOND_NS * 4 // 10
"""A packet that is taken so late is the past."""
OVERRUN_PROOF_NS = SECOND_NS // 2
IDLE_PER_CENT = 10

ASSUMED_NS = SECOND_NS // 25
"""Between packets whose pace is not known: what comes much faster than this is a backlog."""
WINDOW = 32
RECENT = 3
_SETTLED = 4


class Interval:
    """The time between a stream's pictures: the median of the last ``WINDOW`` waits.

    ``ns`` is what patience goes by: the median of the last ``RECENT`` waits where that is longer.
    Some cameras send fewer pictures while nothing moves. That they slowed down is so known after
    two waits, and that they are quick again only after half a window: patience is given sooner than
    it is taken.
    """

    def __init__(self, interval_ns: int) -> None:
        self.ns = interval_ns
        self.median_ns = ASSUMED_NS
        self._waits: deque[int] = deque(maxlen=WINDOW)
        self._before_ns: int | None = None

    def begin(self) -> None:
        """Another connection: nobody waited for its first picture in this one's pace."""
        self._before_ns = None

    def seen(self, arrival_ns: int, late: bool = False) -> bool:
        """Count one arrival; whether both may have changed.

        A backlog has no pace: ``late`` ones that follow sooner than the others did don't count.
        """
        before_ns, self._before_ns = self._before_ns, arrival_ns
        if before_ns is None or (late and arrival_ns - before_ns < self.median_ns):
            return False
        waits = self._waits
        waits.append(arrival_ns - before_ns)
        if len(waits) < _SETTLED:
            return False
        recent = [waits[-i] for i in range(1, RECENT + 1)]
        self.median_ns = _median(waits)
        self.ns = max(self.median_ns, _median(recent))
        return True


def _median(waits: Collection[int]) -> int:
    return sorted(waits)[len(waits) // 2]


class Arrivals:
    """Judges the packets of one connection, in the order in which they come."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._arrival_ns = 0
        self._stamp_ns: int | None = None
        self._lag_ns: int | None = None
        """The smallest lag (arrival minus stamp) lately: what an undelayed packet has."""
        self._mark: tuple[int, int] | None = None
        """While a gap is caught up: arrival and lag of the packet from which it is watched."""
        self.behind_ns = 0
        """By how much the newest packet was later than the least delayed ones lately."""

    def late(self, arrival_ns: int, stamp_ns: int | None, interval_ns: int) -> bool:
        """Whether the packet belongs to a backlog. One without a stamp never does."""
        if self._began_ns is None:
            # RTSP: the first packet often has no stamp yet.
            self._began_ns = self._arrival_ns = arrival_ns
            self._stamp_ns = stamp_ns
            return False
        if stamp_ns is None:
            return False
        if self._stamp_ns is None:  # taken to be no later than this one
            self._stamp_ns = stamp_ns - max(interval_ns, arrival_ns - self._arrival_ns)
        if self._lag_ns is None:
            self._lag_ns = self._arrival_ns - self._stamp_ns
        waited_ns = arrival_ns - self._arrival_ns
        advance_ns = stamp_ns - self._stamp_ns
        self._arrival_ns, self._stamp_ns = arrival_ns, stamp_ns
        lag_ns = arrival_ns - stamp_ns
        if advance_ns < -JUMP_BACK_NS:
            self._anchor(lag_ns)
            return False
        self._lag_ns = min(lag_ns, self._lag_ns + waited_ns * DRIFT_PER_MILLE // 1000)
        self.behind_ns = lag_ns - self._lag_ns
        delayed = self.behind_ns > max(TOLERANCE_NS, 2 * interval_ns)
        if waited_ns > max(GAP_NS, GAP_INTERVALS * interval_ns):
            self._mark = (arrival_ns, lag_ns) if delayed else None
            return delayed
        if arrival_ns - self._began_ns < START_NS:
            # The demuxer's probing and a server's cache of packets come at once, and no lag is
            # known yet to compare with.
            return 2 * waited_ns < advance_ns
        return self._mark is not None and self._behind(arrival_ns, lag_ns, delayed)

    def _anchor(self, lag_ns: int) -> None:
        self._lag_ns = lag_ns
        self._mark = None

    def _behind(self, arrival_ns: int, lag_ns: int, delayed: bool) -> bool:
        """Whether the backlog after the gap still drains.

        It has drained when the lag is what it was before. If it is larger and stays so, there is no
        backlog: the source itself had paused, or something holds its packets back for good. One
        packet does not tell, nor does the pace of a few: a hiccup within a burst looks the same.
        """
        assert self._mark is not None
        since_ns, from_ns = arrival_ns - self._mark[0], self._mark[1]
        if not delayed:
            self._mark = None
        elif lag_ns > from_ns + JITTER_NS:
            self._mark = (arrival_ns, lag_ns)
        elif since_ns >= PROOF_NS:
            if from_ns - lag_ns <= JITTER_NS + since_ns * SHRINK_PER_CENT // 100:
                self._anchor(lag_ns)
            else:
                self._mark = (arrival_ns, lag_ns)
        return self._mark is not None


class Overrun:
    """Do packets come faster than they are dealt with?

    Then they wait in the system's buffers, each longer than the one before, and what is shown grows
    older and older. A line that delivers late looks the same, but leaves its reader idle.
    """

    def __init__(self) -> None:
        self._since_ns: int | None = None
        self._idle_ns = 0

    def seen(self, arrival_ns: int, idle_ns: int, behind_ns: int) -> bool:
        """Count one packet: when it was taken, how long its reader had waited for it, and how late
        it was. Whether what waits behind it should be left out."""
        if behind_ns < OVERRUN_NS:
            self._since_ns = None
            return False
        if self._since_ns is None:
            self._since_ns, self._idle_ns = arrival_ns, 0
            return False
        self._idle_ns += idle_ns
        passed_ns = arrival_ns - self._since_ns
        if passed_ns < OVERRUN_PROOF_NS:
            return False
        busy = 100 * self._idle_ns < IDLE_PER_CENT * passed_ns
        self._since_ns, self._idle_ns = arrival_ns, 0
        return busy
