"""Packets to pictures: what is decoded now, what is kept for later, and what is shown.

All state is behind one lock, taken by the reader for each packet and by the control thread for
each demand. The control thread can so fill a new tap while the reader waits for the camera.

Shown: packets are decoded as they come. Hidden: nothing is decoded; packets since the last
keyframe are kept. When taps appear again, the kept packets are decoded at full speed and only the
newest picture is shown, never the fast motion in between. Each new connection decodes until its
first picture even when hidden: only a picture proves that a camera works.
"""

import threading
from collections import deque

from wallctl.frames.ring import Flag
from wallctl.media.connect import Coded
from wallctl.media.decode import Decoder, Picture
from wallctl.media.failure import SourceError
from wallctl.model.arrival import Arrivals, Interval
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
        self._kept: deque[tuple[Coded, int, bool]] = deque()
        self._kept_bytes = 0
        self._gap = False
        """Packets are missing between the decoder's last and the first kept one."""
        self._keyless_ns: int | None = None
        """Since when a keyframe is waited for; ``None`` when there is no need."""
        self._proven = False
        self._fruitful_ns = 0
        self._announce = False
        """The next picture is shown at once, marked as old: many packets wait behind it."""
        self._upright: Size | None = None

    @property
    def proven(self) -> bool:
        """Whether this connection gave a picture."""
        return self._proven

    def attach(self, decoder: Decoder, live: bool) -> None:
        """A connection is open. ``live``: its packets may be a late backlog."""
        with self._lock:
            self._decoder = decoder
            self._arrivals = Arrivals() if live else None
            self._drop_kept()
            self._gap = self._proven = self._announce = False
            self._keyless_ns = self._fruitful_ns = self._now_ns()

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
            if self._decoder is not None and self._wanted:
                self._show(self._decoder.drain(self._now_ns()), late=False)

    def offer(self, coded: Coded, arrival_ns: int) -> None:
        """The next packet. SourceError when packets come for long and give no picture."""
        with self._lock:
            status = self._status
            status.packet()
            late = self._arrivals is not None and self._arrivals.late(
                arrival_ns, coded.stamp_ns, self._interval.ns
            )
            if self._interval.seen(arrival_ns) and not late:
                status.interval(self._interval.ns)
            if not self._admit(coded, arrival_ns):
                if self._proven and not self._taps:
                    status.fresh(arrival_ns)  # it is hidden and well, if between two keyframes
                return
            self._keep(coded, arrival_ns, late)
            if self._wanted:
                self._pump(arrival_ns + SLICE_NS)
                self._check_fruit(arrival_ns)
            else:
                status.fresh(arrival_ns)

    def demand(self, demand: Demand) -> None:
        """Take a demand into force and fill its new taps with what there is."""
        with self._lock:
            was_shown = bool(self._taps)
            self._taps.apply(demand)
            self._status.taken(demand.serial)
            if not self._taps:
                return
            if not was_shown:
                self._fruitful_ns = self._now_ns()
                if self._keyless_ns is not None:
                    self._keyless_ns = self._now_ns()
            if not self._kept:
                self._taps.fill(Flag.CATCHING_UP if self._gap else Flag.NONE)
            elif len(self._kept) > LONG_CATCH_UP:
                self._announce = True
                self._status.catching_up(True)

    def catch_up(self) -> bool:
        """Decode some of the kept packets if there is a tap; whether more are left."""
        with self._lock:
            if not self._kept or not self._wanted:
                return False
            self._pump(self._now_ns() + SLICE_NS)
            return bool(self._kept)

    def rest(self) -> bool:
        """Whether no picture is wanted now; the stream counts as fresh then."""
        with self._lock:
            if not self._taps and self._proven:
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
            self._proven = True
            self._status.live(phase)
            self._publish(shot)

    @property
    def _wanted(self) -> bool:
        return bool(self._taps) or not self._proven

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
            self._drop_kept()
            self._gap = True
            self._keyless_ns = arrival_ns

    def _drop_kept(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _pump(self, until_ns: int) -> None:
        """Decode kept packets, for a time; show the newest picture when none is left."""
        decoder = self._decoder
        assert decoder is not None
        while self._kept and self._wanted:
            coded, arrival_ns, late = self._kept.popleft()
            self._kept_bytes -= coded.size_bytes
            if self._gap:
                decoder.restart()
                self._gap = False
            pictures = decoder.decode(coded, arrival_ns)
            if pictures:
                self._show(pictures, late or bool(self._kept))
            if self._kept and self._now_ns() > until_ns:
                return

    def _show(self, pictures: list[Picture], late: bool) -> None:
        """Show the newest of the pictures; late ones only where there is nothing else to show."""
        for picture in pictures:
            shot = self._shot(picture, Flag.NONE)
        if not pictures:
            return
        if not self._proven:
            self._proven = True
            self._status.live()
        self._fruitful_ns = shot.decoded_ns
        self._status.catching_up(late)
        if not late:
            self._publish(shot)
        elif self._announce or not (self._taps.filled or self._kept):
            self._publish(shot, Flag.CATCHING_UP)
        else:
            self._taps.keep(shot)

    def _publish(self, shot: Shot, extra: Flag = Flag.NONE) -> None:
        """Show a picture. The stream is as new as what is shown, however late that was decoded."""
        self._announce = False
        self._status.fresh(shot.picture.arrival_ns)
        self._taps.publish(shot, extra)

    def _shot(self, picture: Picture, flags: Flag) -> Shot:
        now_ns = self._now_ns()
        if picture.look.upright != self._upright:
            self._upright = picture.look.upright
            self._status.size(self._upright.w, self._upright.h)
        if picture.key:
            flags |= Flag.KEY
        if picture.corrupt:
            flags |= Flag.CORRUPT
        return Shot(picture, self._status.decoded_one(), now_ns, flags)

    def _check_fruit(self, now_ns: int) -> None:
        if now_ns - self._fruitful_ns > FRUITLESS_NS:
            raise SourceError(Reason.BROKEN_DATA)
