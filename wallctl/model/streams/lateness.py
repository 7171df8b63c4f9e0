"""Is this packet news, or the past delivered late? Told from arrival times and timestamps alone.

After a stall a camera, a proxy or TCP hands over all that piled up, as fast as the line allows.
Shown, that would be seconds of the past as fast motion, looking live. It is decoded (later pictures
need it) and not shown. Nothing here waits: a timestamp only ever marks a packet as late.

Late is only what drains: what comes faster than its stamps advance, after a gap in which it can
have piled up. Cameras stamp what they like (25 a second and send 21, the same stamp for ever,
another clock), so stamps are believed only while they keep pace with ours, and whatever they say,
something is shown each second.

Stamps are decoding timestamps in ns on the camera's own clock, which may drift, jump and start
anywhere; arrivals are CLOCK_MONOTONIC ns.
"""

from bisect import bisect_left, insort
from collections import deque

from wallctl.model.streams.health import SECOND_NS, UNPACED_NS

GAP_NS = SECOND_NS // 2
GAP_INTERVALS = 5
JUMP_NS = SECOND_NS
"""A stamp this far from where it should be begins another count, or belongs to none."""
TOLERANCE_NS = SECOND_NS // 4
START_NS = SECOND_NS
HOLD_NS = SECOND_NS
"""The longest for which packets are called late in a row, whatever their stamps say."""
PROOF_NS = SECOND_NS * 4 // 5
"""A backlog must be seen to drain within this, again and again, or it is none."""
JITTER_NS = SECOND_NS * 6 // 100
"""By so much any packet may be early or late."""
SHRINK_PER_CENT = 5
"""A lag that shrinks by more of the time that passes is a backlog that drains."""
DRIFT_PER_MILLE = 1
"""The lag may grow by this share of the time that passes: many times the drift of any clock."""

RATE_MEMORY_NS = 4 * SECOND_NS
"""Half of what is known of a camera's clock is forgotten after so long."""
RATE_EVIDENCE_NS = SECOND_NS // 2
RATE_OFF = 2
"""Stamps that run more than so many times too fast or too slow count another clock than ours."""

OVERRUN_NS = SECOND_NS * 4 // 10
"""A packet that is taken so late is the past."""
OVERRUN_PROOF_NS = SECOND_NS // 2
IDLE_PER_CENT = 10
AT_EASE_PER_CENT = 40
"""A reader that waits for packets for this share of the time takes them when they come."""

ASSUMED_NS = SECOND_NS // 25
"""Between packets whose pace is not known: what comes much faster than this is a backlog."""
LEAST_NS = SECOND_NS // 240
"""No camera is quicker: what comes sooner is a burst."""
REST_MEMORY_NS = 3600 * SECOND_NS
WINDOW = 32
_SETTLED = 4


class Interval:
    """The time between a stream's pictures: the median of the last ``WINDOW`` waits.

    ``ns`` is what patience goes by: the median of the last three waits where that is longer.
    Some cameras send fewer pictures while nothing moves. That they slowed down is so known after
    two waits, and that they are quick again only after half a window: patience is given sooner than
    it is taken. Until there are ``_SETTLED`` waits, the shortest counts if it is longer than
    ``UNPACED_NS``: the first wait shows that a camera sends a few pictures a minute. The slowest
    pace is remembered, so that the next time the first slow wait is enough.
    """

    def __init__(self, interval_ns: int) -> None:
        self.ns = interval_ns
        self.median_ns = ASSUMED_NS
        self._waits: deque[int] = deque()
        self._ordered: list[int] = []
        """The same waits, the shortest first."""
        self._before_ns: int | None = None
        self._guessed = False
        """Whether ``ns`` is the guess of a slow camera's first waits."""
        self._rest = (0, 0)
        """How slow the stream was when it slowed down last, and when that was."""

    def begin(self) -> None:
        """Another connection: nobody waited for its first picture, and its pace may be another."""
        self._before_ns = None
        self._waits.clear()
        self._ordered.clear()

    def seen(self, arrival_ns: int, late: bool = False) -> bool:
        """Count one arrival; whether ``ns`` has changed.

        A backlog has no pace: ``late`` ones that follow sooner than the others did don't count.
        """
        before_ns, self._before_ns = self._before_ns, arrival_ns
        if before_ns is None or (late and arrival_ns - before_ns < self.median_ns):
            return False
        waits, told_ns = self._waits, self.ns
        self._count(arrival_ns - before_ns)
        if len(waits) < _SETTLED:
            return self._guess(self._ordered[0])
        recent_ns = sorted((waits[-1], waits[-2], waits[-3]))[1]
        self.median_ns = max(LEAST_NS, self._ordered[len(waits) // 2])
        self.ns = max(self.median_ns, recent_ns)
        if self._rest[0]:
            self.ns = max(self.ns, self._rest_ns(waits[-1], arrival_ns))
        if recent_ns > max(UNPACED_NS // 2, GAP_INTERVALS * self.median_ns):
            self._rest = recent_ns, arrival_ns
        return self.ns != told_ns

    def _count(self, wait_ns: int) -> None:
        if len(self._waits) == WINDOW:
            del self._ordered[bisect_left(self._ordered, self._waits.popleft())]
        self._waits.append(wait_ns)
        insort(self._ordered, wait_ns)

    def _rest_ns(self, wait_ns: int, now_ns: int) -> int:
        """How slow the stream is again if such a wait is one of those when it was slow; else 0."""
        rest_ns, at_ns = self._rest
        return rest_ns if 2 * wait_ns > rest_ns and now_ns - at_ns < REST_MEMORY_NS else 0

    def _guess(self, shortest_ns: int) -> bool:
        """Go by the shortest wait of the first few, where that is long."""
        if self._guessed or shortest_ns > max(UNPACED_NS, self.ns):
            self._guessed = True
            self.ns = max(UNPACED_NS, shortest_ns)
            return True
        return False


class StampRate:
    """How fast a camera's stamps run beside our clock, learned while nothing is late."""

    def __init__(self) -> None:
        self._passed_ns = 0
        self._advanced_ns = 0

    def learn(self, passed_ns: int, advanced_ns: int) -> None:
        """Count the time between two packets, on both clocks."""
        self._passed_ns += passed_ns
        self._advanced_ns += advanced_ns
        if self._passed_ns > RATE_MEMORY_NS:
            self._passed_ns //= 2
            self._advanced_ns //= 2

    @property
    def is_trusted(self) -> bool:
        """Whether stamps have kept pace with our clock, so that a lag of theirs means something."""
        passed_ns, advanced_ns = self._passed_ns, self._advanced_ns
        if passed_ns < RATE_EVIDENCE_NS:
            return False
        return passed_ns < RATE_OFF * advanced_ns and advanced_ns < RATE_OFF * passed_ns

    def growth_ns(self, passed_ns: int) -> int:
        """By how much the lag grows in a time without any backlog, since the stamps run slow; less
        than 0 if they run fast."""
        if not self._passed_ns:
            return 0
        return (self._passed_ns - self._advanced_ns) * passed_ns // self._passed_ns


class _Backlog:
    """What may have piled up in a gap; it counts from the first packet behind the gap."""

    def __init__(self, arrival_ns: int, lag_ns: int, piled_ns: int, gap: tuple[int, int]) -> None:
        self.target_ns = lag_ns - piled_ns
        """The lag of what has drained."""
        self.gap = gap
        """The time that passed in the gap, on both clocks."""
        self.since_ns = arrival_ns
        self.peak_ns = lag_ns
        """The largest lag since."""
        self.has_drained = False
        """Whether it was ever seen to."""

    def again(self, arrival_ns: int, lag_ns: int) -> None:
        """Watch from here on whether it drains."""
        self.since_ns, self.peak_ns = arrival_ns, lag_ns


class Arrivals:
    """Judges the packets of one connection, in the order in which they come."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._arrival_ns = 0
        self._stamp_ns: int | None = None
        self._least_ns: int | None = None
        """The smallest lag (arrival minus stamp) lately: what an undelayed packet has."""
        self._rate = StampRate()
        self._backlog: _Backlog | None = None
        self._held_ns: int | None = None
        """When the first of the packets came that are late in a row."""

    @property
    def draining(self) -> bool:
        """Whether the newest packet belongs to a backlog. It may be shown nevertheless, as what
        newer ones will follow: see ``late``."""
        return self._backlog is not None

    def late(self, arrival_ns: int, stamp_ns: int | None, interval_ns: int) -> bool:
        """Whether the packet is not to be shown, since newer ones come at once.

        One without a stamp never is. Of a backlog that takes long to drain, one each ``HOLD_NS``
        is not called late.
        """
        if not self._is_past(arrival_ns, stamp_ns, interval_ns):
            self._held_ns = None
            return False
        if self._held_ns is None:
            self._held_ns = arrival_ns
        elif arrival_ns - self._held_ns >= HOLD_NS:
            self._held_ns = None
            return False
        return True

    def _is_past(self, arrival_ns: int, stamp_ns: int | None, interval_ns: int) -> bool:
        if self._began_ns is None:
            # RTSP: the first packet often has no stamp yet.
            self._began_ns = self._arrival_ns = arrival_ns
            self._stamp_ns = stamp_ns
            return False
        if stamp_ns is None:
            self._backlog = None  # nothing tells when it has drained
            return False
        if self._stamp_ns is None:  # taken to be no later than this one
            self._stamp_ns = stamp_ns - max(interval_ns, arrival_ns - self._arrival_ns)
        if self._least_ns is None:
            self._least_ns = self._arrival_ns - self._stamp_ns
        waited_ns = arrival_ns - self._arrival_ns
        advance_ns = stamp_ns - self._stamp_ns
        self._arrival_ns, self._stamp_ns = arrival_ns, stamp_ns
        return self._is_late_by(waited_ns, advance_ns, interval_ns)

    def _is_late_by(self, waited_ns: int, advance_ns: int, interval_ns: int) -> bool:
        """Judge a packet by how long after the one before it came, and was stamped."""
        assert self._began_ns is not None
        assert self._stamp_ns is not None
        assert self._least_ns is not None
        lag_ns = self._arrival_ns - self._stamp_ns
        if advance_ns < -JUMP_NS:
            self._none_piled_up(lag_ns)
            return False
        self._least_ns = min(lag_ns, self._least_ns + waited_ns * DRIFT_PER_MILLE // 1000)
        allowed_ns = max(TOLERANCE_NS, 2 * interval_ns)
        has_gap = waited_ns > max(GAP_NS, GAP_INTERVALS * interval_ns)
        if has_gap and waited_ns - advance_ns > allowed_ns and self._rate.is_trusted:
            self._suspect(waited_ns, advance_ns, lag_ns)
            return True
        if self._backlog is not None:
            return self._is_draining(self._backlog, 2 * waited_ns < advance_ns, allowed_ns)
        is_quick = 2 * waited_ns < min(advance_ns, interval_ns)
        if is_quick and self._arrival_ns - self._began_ns < START_NS:
            # The demuxer's probing and a server's cache of packets come at once, and no lag is
            # known yet to compare with.
            return True
        if -JUMP_NS <= advance_ns - waited_ns <= JUMP_NS:
            self._rate.learn(waited_ns, advance_ns)
        return False

    def _suspect(self, waited_ns: int, advance_ns: int, lag_ns: int) -> None:
        """There was a gap, and no more can have piled up than the camera stamps in such a time.

        Within a backlog it is one more stall of the line, and what drained before it counts; if
        nothing did, the gap before held back nothing either.
        """
        piled_ns = min(waited_ns - advance_ns, waited_ns - max(0, self._rate.growth_ns(waited_ns)))
        # One long gap must not make the stamps doubtful by itself.
        gap = (min(waited_ns, RATE_MEMORY_NS // 2), max(0, advance_ns))
        backlog, before = _Backlog(self._arrival_ns, lag_ns, piled_ns, gap), self._backlog
        if before is not None:
            backlog.target_ns = min(backlog.target_ns, before.target_ns)
            backlog.has_drained = before.has_drained
            if not before.has_drained:
                self._rate.learn(*before.gap)
        self._backlog = backlog

    def _none_piled_up(self, lag_ns: int) -> None:
        """The lag is what it is from now on."""
        self._least_ns, self._backlog = lag_ns, None

    def _is_draining(self, backlog: _Backlog, is_quick: bool, allowed_ns: int) -> bool:
        """Whether the backlog after the gap still drains; ``is_quick``: its newest packet does.

        It has drained when the lag is what it was before. If it is larger and stays so, there is no
        backlog: the source itself had paused, or something holds its packets back for good. One
        packet does not tell, nor does the pace of a few: a hiccup within a burst looks the same.
        """
        assert self._stamp_ns is not None
        assert self._least_ns is not None
        lag_ns = self._arrival_ns - self._stamp_ns
        backlog.peak_ns = max(backlog.peak_ns, lag_ns)
        backlog.has_drained |= backlog.peak_ns - lag_ns > JITTER_NS
        has_all_come = lag_ns <= backlog.target_ns + allowed_ns and not is_quick
        if has_all_come or lag_ns <= self._least_ns + allowed_ns:
            self._backlog = None
            return False
        since_ns = self._arrival_ns - backlog.since_ns
        if since_ns < PROOF_NS:
            return True
        enough_ns = JITTER_NS + since_ns * SHRINK_PER_CENT // 100
        enough_ns += max(0, -self._rate.growth_ns(since_ns))
        if backlog.peak_ns - lag_ns > enough_ns:
            backlog.again(self._arrival_ns, lag_ns)
            return True
        if not backlog.has_drained:
            self._rate.learn(*backlog.gap)
        self._none_piled_up(lag_ns)
        return False


class Delay:
    """How late packets are taken because their reader is busy.

    Stamps alone do not tell: those of a camera that stamps 25 pictures a second and sends 21 fall
    behind for ever. A reader that has time to wait takes packets when they come, whatever they say,
    and so learns how fast they run.
    """

    def __init__(self) -> None:
        self._rate = StampRate()
        self._stamp_ns: int | None = None
        self._in_time = (0, 0)
        """Arrival and stamp of the newest packet that was taken when it came."""
        self._window = (0, 0)
        """Arrival and stamp from which on idle time is counted."""
        self._idle_ns = 0

    def seen(self, arrival_ns: int, stamp_ns: int | None, idle_ns: int) -> int:
        """Count one packet, for which the reader had waited ``idle_ns``; how late it was taken."""
        if stamp_ns is None:
            return 0
        before_ns, self._stamp_ns = self._stamp_ns, stamp_ns
        if before_ns is None or stamp_ns - before_ns < -JUMP_NS:
            self._in_time = self._window = arrival_ns, stamp_ns
            self._idle_ns = 0
            return 0
        self._idle_ns += idle_ns
        passed_ns = arrival_ns - self._window[0]
        at_ease = 100 * self._idle_ns >= AT_EASE_PER_CENT * passed_ns
        if passed_ns >= OVERRUN_PROOF_NS:
            self._window_ends(arrival_ns, stamp_ns, at_ease)
        return 0 if at_ease else self._behind_ns(arrival_ns, stamp_ns)

    def _window_ends(self, arrival_ns: int, stamp_ns: int, at_ease: bool) -> None:
        if at_ease:
            passed_ns, advance_ns = arrival_ns - self._window[0], stamp_ns - self._window[1]
            if abs(advance_ns - passed_ns) <= JUMP_NS:
                self._rate.learn(passed_ns, advance_ns)
            self._in_time = arrival_ns, stamp_ns
        self._window, self._idle_ns = (arrival_ns, stamp_ns), 0

    def _behind_ns(self, arrival_ns: int, stamp_ns: int) -> int:
        passed_ns, advance_ns = arrival_ns - self._in_time[0], stamp_ns - self._in_time[1]
        behind_ns = passed_ns - advance_ns - self._rate.growth_ns(passed_ns)
        if behind_ns <= 0:
            self._in_time = arrival_ns, stamp_ns
        return max(0, behind_ns)


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
