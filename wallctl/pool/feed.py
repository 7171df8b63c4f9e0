"""Packets to pictures: what is decoded now, what is kept for later, and what is shown.

All state is behind one lock, taken by the reader for each packet and by the control thread for
each demand. The control thread can so fill a new tap while the reader waits for the camera.

How much is decoded, the demand's effort says. Below a moving picture, packets since the last
keyframe are kept, and that keyframe may be decoded. When more is wanted, the kept packets are
decoded at full speed and only the newest picture is shown, never the fast motion in between. Each
new connection decodes until its first picture in any case: only a picture proves that a camera
works.
"""

import threading
from collections import deque

from wallctl.frames.ring import Flag
from wallctl.media.connect import Coded
from wallctl.media.decode import Decoder, Picture
from wallctl.media.failure import SourceError
from wallctl.model.arrival import Arrivals, Interval, Overrun
from wallctl.model.effort import CAP_HZ, Effort
from wallctl.model.geometry import Size
from wallctl.model.health import SECOND_NS, Phase, Reason
from wallctl.pool.clock import Clock
from wallctl.pool.orders import Demand
from wallctl.pool.status import Status
from wallctl.pool.taps import Shot, Taps

KEPT_PACKETS = 600
KEPT_BYTES = 8 << 20
"""More than this since the last keyframe (10 s of 6 Mbit/s) is dropped: decoding it would take
longer than waiting for the next keyframe."""

LONG_CATCH_UP = 10
"""With more kept packets than this the keyframe's picture is shown first, marked."""

KEY_PATIENCE_NS = 10 * SECOND_NS
"""After this, packets are decoded without a keyframe: streams with rolling intra refresh never
send one, and heal after a while."""

FRUITLESS_NS = 10 * SECOND_NS
"""Packets that give no picture for so long are called broken, and the camera is called again."""

CAP_NS = int(SECOND_NS / CAP_HZ)
CAP_EARLY_NS = SECOND_NS // 50
"""Pictures come unevenly; by so much one may be early for the cap."""

SLICE_NS = SECOND_NS // 20
"""How long one call catches up before it lets the other thread have the lock."""


class Feed:
    """The decoding half of a worker."""

    def __init__(self, taps: Taps, status: Status, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._taps = taps
        self._status = status
        self._now_ns = clock.monotonic_ns
        self._interval = Interval(status.interval_ns)
        self._decoder: Decoder | None = None
        self._arrivals: Arrivals | None = None
        self._overrun = Overrun()
        self._done_ns = 0
        """When the packet before was dealt with."""
        self._kept: deque[tuple[Coded, int, bool]] = deque()
        self._kept_bytes = 0
        self._gap = False
        """Packets are missing between the decoder's last and the first kept one."""
        self._keyless_ns: int | None = None
        """Since when a keyframe is waited for; ``None`` when there is no need."""
        self._proven = False
        self._flows = True
        """Whether packets are decoded as they come; kept, since it is asked for with each."""
        self._fruitful_ns = 0
        self._announce = False
        """The next picture is shown at once, marked as old: many packets wait behind it."""
        self._effort = Effort.NONE
        self._shown_ns = 0
        """Arrival of the picture that was shown last."""
        self._upright: Size | None = None

    @property
    def proven(self) -> bool:
        """Whether this connection gave a picture."""
        return self._proven

    def attach(self, decoder: Decoder, live: bool) -> None:
        """A connection is open. ``live``: its packets may be a late backlog."""
        with self._lock:
            self._decoder = decoder
            decoder.lighten(self._effort)
            self._arrivals = Arrivals() if live else None
            self._interval.begin()
            self._overrun = Overrun()
            self._drop_kept()
            self._gap = self._announce = False
            self._now_proven(False)
            self._keyless_ns = self._fruitful_ns = self._now_ns()
            if self._effort > Effort.REFERENCE:  # else none is decoded, so none would be seen
                self._status.spares(False)

    def detach(self) -> None:
        """The connection is about to be closed."""
        with self._lock:
            self._decoder = None
            self._drop_kept()

    def finish(self) -> None:
        """The recording is at its end: show what the decoder still holds back."""
        while self.catch_up():
            pass
        with self._lock:
            if self._decoder is not None and self._flows:
                now_ns = self._now_ns()
                self._show(self._decoder.drain(now_ns), now_ns, late=False)

    def offer(self, coded: Coded, arrival_ns: int) -> None:
        """The next packet. SourceError when packets come for long and give no picture."""
        with self._lock:
            self._status.packet(coded.size_bytes)
            late = self._late(coded, arrival_ns)
            if self._interval.seen(arrival_ns, late):
                self._status.interval(self._interval.ns)
            if not self._flows and self._proven:
                self._status.fresh(arrival_ns)  # it is well, if it can't be seen
            if self._admit(coded, arrival_ns):
                self._take(coded, arrival_ns, late)
            elif self._flows and self._proven:
                self._status.lost()
            self._done_ns = self._now_ns()

    def _late(self, coded: Coded, arrival_ns: int) -> bool:
        """Whether the packet is the past; one that can't be caught up with is left out."""
        if self._arrivals is None:
            return False
        late = self._arrivals.late(arrival_ns, coded.stamp_ns, self._interval.median_ns)
        behind_ns, idle_ns = self._arrivals.behind_ns, arrival_ns - self._done_ns
        self._status.behind(behind_ns)
        if self._overrun.seen(arrival_ns, idle_ns, behind_ns) and self._flows and not late:
            self._lose(arrival_ns)
        return late

    def _take(self, coded: Coded, arrival_ns: int, late: bool) -> None:
        self._keep(coded, arrival_ns, late)
        if self._flows:
            self._pump(arrival_ns + SLICE_NS)
            self._check_fruit(arrival_ns)
        elif coded.key and self._effort is Effort.KEYS:
            self._look_at_key()

    def demand(self, demand: Demand) -> None:
        """Take a demand into force and fill its new taps with what there is."""
        with self._lock:
            flowed = self._flows
            self._effort = demand.effort
            self._flows = demand.effort.moves or not self._proven
            if self._decoder is not None:
                self._decoder.lighten(demand.effort)
            self._taps.apply(demand)
            self._status.taken(demand.serial, demand.effort if demand.taps else Effort.FULL)
            if self._flows and not flowed:
                self._fruitful_ns = self._now_ns()
                if self._keyless_ns is not None:
                    self._keyless_ns = self._now_ns()
            if self._taps:
                self._fill()

    def catch_up(self) -> bool:
        """Decode some of the kept packets if there is a tap; whether more are left."""
        with self._lock:
            if not self._kept or not self._flows:
                return False
            self._pump(self._now_ns() + SLICE_NS)
            return bool(self._kept)

    def rest(self) -> bool:
        """Whether no further picture is wanted now; the stream counts as fresh then."""
        with self._lock:
            if not self._flows:
                self._status.fresh(self._now_ns())
                return True
            return False

    def hold(self) -> None:
        """The picture that was shown last stays: there is no other."""
        with self._lock:
            self._status.live(Phase.STILL)

    def show(self, picture: Picture, phase: Phase, flags: Flag = Flag.NONE) -> None:
        """A picture that was made without packets: a test picture, a still image."""
        with self._lock:
            shot = self._shot(picture, flags)
            self._now_proven(True)
            self._status.live(phase)
            if self._interval.seen(picture.arrival_ns):
                self._status.interval(self._interval.ns)
            self._publish(shot, picture.arrival_ns)

    def _now_proven(self, proven: bool) -> None:
        self._proven = proven
        self._flows = self._effort.moves or not proven

    def _fill(self) -> None:
        """Show in new taps what there is: the last picture is as old as the packets behind it."""
        if not self._kept or not self._flows:
            self._taps.fill(Flag.CATCHING_UP if self._gap else Flag.NONE)
        elif len(self._kept) > LONG_CATCH_UP:
            self._status.catching_up(True)
            self._announce = self._kept[0][0].key
            if not self._announce:  # the keyframe before them was decoded already
                self._taps.fill(Flag.CATCHING_UP)

    def _admit(self, coded: Coded, arrival_ns: int) -> bool:
        """Whether the packet can be of use; those before the first keyframe can't."""
        if self._keyless_ns is None:
            return True
        if not coded.key and arrival_ns - self._keyless_ns < KEY_PATIENCE_NS:
            if not self._proven:
                self._status.waiting_key()
            return False
        self._keyless_ns = None
        return True

    def _keep(self, coded: Coded, arrival_ns: int, late: bool) -> None:
        if coded.key and self._kept:
            # Decoding can start here: what was kept before is of no use any more.
            self._gap = True
            self._drop_kept()
        self._kept.append((coded, arrival_ns, late))
        self._kept_bytes += coded.size_bytes
        if len(self._kept) > KEPT_PACKETS or self._kept_bytes > KEPT_BYTES:
            self._lose(arrival_ns)

    def _lose(self, now_ns: int) -> None:
        """Packets are missing from here on: only a keyframe helps."""
        if self._flows:
            self._status.lost(len(self._kept))
        self._drop_kept()
        self._gap = True
        self._keyless_ns = now_ns

    def _drop_kept(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _pump(self, until_ns: int) -> None:
        """Decode kept packets, for a time; show the newest picture when none is left."""
        while self._kept and self._flows:
            coded, arrival_ns, late = self._kept.popleft()
            self._kept_bytes -= coded.size_bytes
            pictures = self._decoded(coded, arrival_ns)
            if pictures:
                self._show(pictures, arrival_ns, late or bool(self._kept))
            if self._kept and self._now_ns() > until_ns:
                return

    def _decoded(self, coded: Coded, arrival_ns: int) -> list[Picture]:
        assert self._decoder is not None
        if self._gap:
            self._decoder.restart()
            self._gap = False
        return self._decoder.decode(coded, arrival_ns)

    def _look_at_key(self) -> None:
        """Decode the keyframe that has just come and nothing else; what follows it is kept."""
        coded, arrival_ns, late = self._kept[0]
        pictures = self._decoded(coded, arrival_ns)
        if pictures:
            self._drop_kept()  # the decoder goes on behind it
        else:
            # It reorders, and gives this one when nothing follows. Then it must begin again.
            assert self._decoder is not None
            pictures = self._decoder.drain(arrival_ns)
            self._gap = True
        self._show(pictures, arrival_ns, late)

    def _show(self, pictures: list[Picture], came_ns: int, late: bool) -> None:
        """Show the newest of the pictures; late ones only where there is nothing else to show.

        ``came_ns`` is when the packet came that brought them out. A decoder that reorders gives
        them later than their own packets came, and what is seen moves nevertheless.
        """
        for picture in pictures:
            shot = self._shot(picture, Flag.NONE)
        if not pictures:
            return
        if not self._proven:
            self._now_proven(True)
            self._status.live()
        self._fruitful_ns = shot.decoded_ns
        self._status.catching_up(late)
        if not late and self._is_early(shot):
            self._status.fresh(came_ns)
            self._taps.keep(shot)
        elif not late:
            self._publish(shot, came_ns)
        elif self._announce or not (self._taps.filled or self._kept):
            self._publish(shot, came_ns, Flag.CATCHING_UP)
        else:
            self._taps.keep(shot)

    def _publish(self, shot: Shot, came_ns: int, extra: Flag = Flag.NONE) -> None:
        """Show a picture. The stream is as new as what is shown, however late that was decoded."""
        self._announce = False
        self._shown_ns = shot.picture.arrival_ns
        self._status.fresh(came_ns)
        self._taps.publish(shot, extra)

    def _is_early(self, shot: Shot) -> bool:
        """Whether the cap leaves the picture out."""
        if not Effort.KEYS < self._effort < Effort.FULL:
            return False
        since_ns = shot.picture.arrival_ns - self._shown_ns
        return self._taps.filled and since_ns < CAP_NS - CAP_EARLY_NS

    def _shot(self, picture: Picture, flags: Flag) -> Shot:
        now_ns = self._now_ns()
        if picture.look.upright != self._upright:
            self._upright = picture.look.upright
            self._status.size(self._upright.w, self._upright.h)
        if picture.key:
            flags |= Flag.KEY
        if picture.corrupt:
            flags |= Flag.CORRUPT
            self._status.lost()
        if picture.spare:
            self._status.spares(True)
        return Shot(picture, self._status.decoded_one(), now_ns, flags)

    def _check_fruit(self, now_ns: int) -> None:
        if now_ns - self._fruitful_ns > FRUITLESS_NS:
            raise SourceError(Reason.BROKEN_DATA)
