"""A worker's report on its stream: the one writer of the stream's block.

Phases change calmly: while a failed stream is tried again it stays failed, with its reason, until
packets come; a tile does not flicker between "offline" and "connecting".
"""

import os

from wallctl.decoder.worker_clocks import Clock
from wallctl.model.base.geometry import Size
from wallctl.model.site.aspect import shape_of
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import Phase, Reason
from wallctl.model.streams.transport import Carrier
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import SHAPE_UNIT, Word, heal

CLOCK_SET_NS = 1_000_000_000
"""Least jump from one beat to the next of a clock that was set; less is NTP at work."""
_TRIED_AGAIN = frozenset({Phase.FAILED, Phase.REFUSED})


class Status:
    """Writes the block of one stream. Counters go on from what an earlier worker left."""

    def __init__(self, words: Words, clock: Clock) -> None:
        heal(words)
        self._words = words
        self._clock = clock
        self._ahead_ns = clock.unix_ns() - clock.monotonic_ns()
        """How far wall-clock time is ahead of monotonic time."""
        self._was_live = words[Word.DECODED] > 0
        self.was_refused = words[Word.PHASE] == Phase.REFUSED
        """Whether the worker before this one was told that the credentials are wrong."""
        words[Word.PID] = os.getpid()
        words[Word.CATCHING_UP] = 0
        words[Word.ATTEMPTS] = 0
        if words[Word.PHASE] not in _TRIED_AGAIN:
            self._enter(Phase.CONNECTING)
        self.beat()

    @property
    def decoded(self) -> int:
        """The newest source frame number."""
        return self._words[Word.DECODED]

    @property
    def interval_ns(self) -> int:
        """The time between pictures."""
        return self._words[Word.INTERVAL_NS]

    def attempt(self) -> None:
        """Count one more attempt to connect."""
        self._words[Word.ATTEMPTS] += 1
        if self._words[Word.PHASE] not in _TRIED_AGAIN:
            self._enter(Phase.CONNECTING)

    def waiting_key(self) -> None:
        """Report that packets come and none can be decoded yet."""
        self._enter(Phase.WAITING_KEY)

    def live(self, phase: Phase = Phase.LIVE) -> None:
        """Report that a picture came out of this connection."""
        if self._words[Word.PHASE] == phase:
            return
        if self._words[Word.ATTEMPTS]:  # else it had only lost its keyframe
            self._words[Word.RECONNECTS] += self._was_live
        self._words[Word.ATTEMPTS] = 0
        self._was_live = True
        self._enter(phase)

    def repeats(self, since_ns: int) -> None:
        """Report that the same picture has come over and over since ``since_ns``."""
        self._pictured(since_ns, since_ns)
        self._enter(Phase.REPEATING, Reason.REPEATED)

    def goes_on(self) -> None:
        """Report another picture, perhaps after many equal ones."""
        if self._words[Word.PHASE] == Phase.REPEATING:
            self._enter(Phase.LIVE)

    def failed(self, reason: Reason) -> None:
        """Report why the attempt ended."""
        refused = reason is Reason.BAD_CREDENTIALS
        self._enter(Phase.REFUSED if refused else Phase.FAILED, reason)
        self.catching_up(False)
        self.behind(0)

    def coding(self, coding: Coding) -> None:
        """Report what this connection's packets are coded with."""
        self._words[Word.CODING] = coding

    def carrier(self, carrier: Carrier) -> None:
        """Report what carries this connection's packets."""
        self._words[Word.CARRIER] = carrier

    def packet(self, size_bytes: int) -> None:
        """Count a packet."""
        self._words[Word.PACKETS] += 1
        self._words[Word.BYTES] += size_bytes

    def lost(self, pictures: int = 1) -> None:
        """Count pictures that are broken, or that there is no time to decode."""
        self._words[Word.LOST] += pictures

    def decoded_one(self) -> int:
        """Count a decoded picture; its source frame number."""
        self._words[Word.DECODED] += 1
        return self._words[Word.DECODED]

    def fresh(self, at_ns: int, taken_ns: int | None = None) -> None:
        """Report that the stream was well at a time: when a picture was given out that is shown as
        new, or a packet while nothing is decoded. A late report never makes it older. People see
        when the picture began to come (``taken_ns``), where that was sooner."""
        if at_ns > self._words[Word.PICTURE_NS]:
            self._pictured(at_ns, at_ns if taken_ns is None else taken_ns)

    def _pictured(self, at_ns: int, taken_ns: int) -> None:
        self._words[Word.PICTURE_NS] = at_ns
        self._words[Word.PICTURE_UNIX_NS] = taken_ns + self._ahead_ns

    def size(self, picture: Size, aspect: float) -> None:
        """Report the size of the upright picture, and the pixel's shape that its stream
        declares."""
        self._words[Word.SHAPE] = round(shape_of(picture, aspect) * SHAPE_UNIT)
        self._words[Word.WIDTH_PX] = picture.w
        self._words[Word.HEIGHT_PX] = picture.h

    def interval(self, interval_ns: int) -> None:
        """Report the time between pictures."""
        self._words[Word.INTERVAL_NS] = interval_ns

    def pace(self, mean_ns: int) -> None:
        """Report the mean time between pictures lately."""
        self._words[Word.PACE_NS] = mean_ns

    @property
    def key_interval_ns(self) -> int:
        """The time between keyframes; 0 while it is not known."""
        return self._words[Word.KEY_INTERVAL_NS]

    def key_interval(self, interval_ns: int) -> None:
        """Report the time between keyframes, or the time without one."""
        self._words[Word.KEY_INTERVAL_NS] = interval_ns

    def catching_up(self, behind: bool) -> None:
        """Report whether decoded pictures are too old to be shown."""
        self._words[Word.CATCHING_UP] = behind

    def taken(self, serial: int, effort: Effort) -> None:
        """Report a demand in force: no ring of an earlier one is written any more. ``effort`` is
        what is decoded for those who see the stream."""
        self._words[Word.EFFORT] = effort
        self._words[Word.TAKEN] = serial

    def behind(self, behind_ns: int) -> None:
        """Report how late the newest packet was taken."""
        self._words[Word.BEHIND_NS] = behind_ns

    def spares(self, any_: bool) -> None:
        """Report whether pictures came that others can do without."""
        self._words[Word.SPARES] = any_

    def beat(self, ahead_ns: int = 0) -> None:
        """Report that the control thread runs, or excuse it for a time."""
        at_ns = self._clock.monotonic_ns() + ahead_ns
        self._words[Word.HEARTBEAT_NS] = max(self._words[Word.HEARTBEAT_NS], at_ns)
        self._follow_clock()

    def _follow_clock(self) -> None:
        """Correct the times that people see when the machine's clock is set."""
        before, self._ahead_ns = self._ahead_ns, self._clock.unix_ns() - self._clock.monotonic_ns()
        set_ns = self._ahead_ns - before
        if abs(set_ns) < CLOCK_SET_NS:
            return
        for word in (Word.SINCE_UNIX_NS, Word.PICTURE_UNIX_NS):
            if self._words[word]:
                self._words[word] = max(1, self._words[word] + set_ns)

    def _enter(self, phase: Phase, reason: Reason = Reason.NONE) -> None:
        words = self._words
        if words[Word.PHASE] != phase or not words[Word.SINCE_UNIX_NS]:
            words[Word.SINCE_UNIX_NS] = self._clock.unix_ns()
        words[Word.REASON] = reason
        words[Word.PHASE] = phase
