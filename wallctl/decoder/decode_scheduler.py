"""Packets to pictures: what is decoded now, what is kept for later, and what is shown.

All state is behind one lock, taken by the reader for each packet and by the control thread for
each demand. So the control thread can fill a new tap while the reader waits for the camera.

The demand's effort says how much is decoded. Below a moving picture, packets since the last
keyframe are kept, and that keyframe may be decoded. When more is wanted, the kept packets are
decoded at full speed, and only the newest picture is shown, never the fast motion in between. Each
new connection decodes until its first picture: only a picture proves that a camera works.
"""

import threading
from collections import deque

import msgspec

from wallctl.decoder.decode_state import NEXT_DECODING, DecodeEvent, Decoding
from wallctl.decoder.messages import Demand
from wallctl.decoder.packet_timing import Timing
from wallctl.decoder.picture_output import PictureOutput
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.decode.whole_picture import is_whole
from wallctl.media.sources.demuxer import Coded
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SECOND_NS, Phase, Reason, stale_after_ns
from wallctl.model.streams.keyframes import Keyframes
from wallctl.model.streams.silence_timeout import is_fruitless
from wallctl.shm.ring import Flag

KEPT_PACKETS = 600
KEPT_BYTES = 8 << 20
"""Most packets and bytes kept since the last keyframe (10 s of 6 Mbit/s). Decoding more would take
longer than waiting for the next keyframe."""

LONG_CATCH_UP = 10
"""Most kept packets that are caught up with at once. With more, the keyframe's picture is shown
first, marked as old."""

SLICE_NS = SECOND_NS // 20
"""Longest time that one call catches up before it gives the lock to the other thread."""

WHOLE_LOOK_NS = SECOND_NS // 4
"""Pause between two looks whether pictures without a keyframe have healed."""


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """A packet that waits to be decoded."""

    coded: Coded
    arrival_ns: int
    """When it was given out by the demuxer."""
    came_ns: int
    """When its data began to come."""
    late: bool


class DecodeScheduler:
    """The decoding half of a worker."""

    def __init__(self, taps: Taps, status: Status, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._status = status
        self._now_ns = clock.monotonic_ns
        self._timing = Timing(status)
        self._output = PictureOutput(taps, status, self._timing, self._now_ns)
        self._keys = Keyframes(status.key_interval_ns)
        self._decoder: Decoder | None = None
        self._kept: deque[_Kept] = deque()
        self._kept_bytes = 0
        self._state = Decoding.PROVING
        self._fruitless = 0
        """How many packets in a row gave no picture."""
        self._fruitless_since_ns = 0
        self._whole_ns = 0
        """When a picture without a keyframe was looked at last."""
        self._effort = Effort.NONE

    @property
    def is_proven(self) -> bool:
        """Whether this connection gave a picture."""
        return self._state.is_proven

    def attach(self, decoder: Decoder, live: bool, held: int = 0) -> None:
        """Take up a new connection. ``live``: its packets may be a late backlog. ``held``: how many
        later packets must have begun to come before one is given out."""
        with self._lock:
            self._decoder = decoder
            decoder.lighten(self._effort)
            self._timing.begin(live, held)
            self._drop_kept()
            self._turn(DecodeEvent.OPENED)
            self._output.change_connection()
            self._keys.begin(self._now_ns())
            self._fruitless = 0
            if self._effort > Effort.REFERENCE:  # else none is decoded, so none would be seen
                self._status.spares(False)

    def detach(self) -> None:
        """Let go of a connection that is about to be closed."""
        with self._lock:
            self._decoder = None
            self._output.change_connection()
            self._drop_kept()

    def finish(self) -> None:
        """Show what the decoder still holds back at the end of a recording."""
        while self.catch_up():
            pass
        with self._lock:
            if self._decoder is not None and self._state.decodes:
                now_ns = self._now_ns()
                self._show(self._decoder.drain(now_ns), now_ns, late=False)

    def offer(self, coded: Coded, arrival_ns: int) -> None:
        """Take the next packet. Raises SourceError when packets come for long and give no
        picture."""
        with self._lock:
            self._status.packet(coded.size_bytes)
            timing = self._timing
            late = timing.take(coded.stamp_ns, arrival_ns)
            if not self._state.decodes:
                self._status.fresh(arrival_ns)  # the stream is healthy though nothing is decoded
            elif timing.overran and not late:
                self._lose(arrival_ns)
            if self._admit(coded, arrival_ns, late):
                self._take(_Kept(coded, arrival_ns, timing.came_ns, late))
            timing.done_ns = self._now_ns()

    def _take(self, packet: _Kept) -> None:
        self._keep(packet)
        if self._state.decodes:
            self._pump(packet.arrival_ns + SLICE_NS)
            if self._fruitless:
                self._check_fruitless()
        elif packet.coded.key and self._effort is Effort.KEYS:
            self._decode_key()

    def demand(self, demand: Demand) -> None:
        """Take a demand into force and fill its new taps with what there is."""
        with self._lock:
            decoded = self._state.decodes
            self._effort = demand.effort
            self._turn_to_demand()
            if self._decoder is not None:
                self._decoder.lighten(demand.effort)
            is_seen = self._output.apply(demand)
            if self._state.decodes and not decoded:
                self._fruitless = 0
                if self._keys.is_awaited:
                    self._keys.await_one(self._now_ns())
            if is_seen:
                self._fill()

    def catch_up(self) -> bool:
        """Decode some of the kept packets; whether more are left. Call it a few times a second."""
        with self._lock:
            if not self._state.decodes:
                return False
            if not self._kept:
                self._output.show_withheld()
                return False
            self._pump(self._now_ns() + SLICE_NS)
            return bool(self._kept)

    def rest(self) -> bool:
        """Whether no further picture is wanted now; the stream counts as fresh then."""
        with self._lock:
            if self._state.decodes:
                return False
            self._status.fresh(self._now_ns())
            return True

    def hold(self) -> None:
        """Keep the picture that was shown last: there is no other."""
        with self._lock:
            self._status.live(Phase.STILL)

    def show(self, picture: Picture, phase: Phase, flags: Flag = Flag.NONE) -> None:
        """Show a picture that was made without packets: a test picture, a still image."""
        with self._lock:
            shot = self._output.count(picture, flags)
            self._prove()
            self._status.live(phase)
            self._timing.learn_pace(picture.arrival_ns)
            self._output.publish(shot, picture.arrival_ns)

    def _turn(self, event: DecodeEvent) -> None:
        self._state = NEXT_DECODING[self._state][event]

    def _turn_to_demand(self) -> None:
        moves = self._effort.moves
        self._turn(DecodeEvent.MOTION_WANTED if moves else DecodeEvent.STILL_WANTED)

    def _prove(self) -> None:
        """Note that the connection gave a picture. From the first on, the demand says what is
        decoded."""
        if not self._state.is_proven:
            self._turn(DecodeEvent.FIRST_PICTURE)
            self._turn_to_demand()

    def _fill(self) -> None:
        """Show in new taps what there is: the last picture is as old as the packets behind it."""
        if not self._kept or not self._state.decodes:
            self._output.fill(Flag.CATCHING_UP if self._state.has_gap else Flag.NONE)
        elif len(self._kept) > LONG_CATCH_UP:
            self._output.expect_backlog(self._kept[0].coded.key)

    def _admit(self, coded: Coded, arrival_ns: int, late: bool) -> bool:
        """Whether the packet can be of use; those before the first keyframe can't."""
        keys = self._keys
        if not keys.is_awaited and not coded.key:
            return True
        admits = keys.admits(arrival_ns, coded.key, late)
        self._status.key_interval(keys.interval_ns)
        if not keys.is_awaited:
            return admits
        state = self._state
        if state.decodes and self._timing.is_live:
            waited_ns = keys.waited_ns(arrival_ns)
            if not state.is_proven or waited_ns > stale_after_ns(self._timing.interval_ns):
                self._status.waiting_key()
        if state.decodes and state.is_proven and not admits:
            self._status.lost()
        return admits

    def _keep(self, packet: _Kept) -> None:
        if packet.coded.key and self._kept:
            # Decoding can start here: what was kept before is of no use any more.
            self._turn(DecodeEvent.GAP)
            self._drop_kept()
        self._kept.append(packet)
        self._kept_bytes += packet.coded.size_bytes
        if len(self._kept) > KEPT_PACKETS or self._kept_bytes > KEPT_BYTES:
            self._lose(packet.arrival_ns)

    def _lose(self, now_ns: int) -> None:
        """Drop what is kept: packets are missing from here on, and only a keyframe helps."""
        if self._state.decodes:
            self._status.lost(len(self._kept))
        self._drop_kept()
        self._turn(DecodeEvent.GAP)
        self._keys.await_one(now_ns)

    def _drop_kept(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _pump(self, until_ns: int) -> None:
        """Decode kept packets until a time; show the newest picture when none is left."""
        while self._kept and self._state.decodes:
            packet = self._kept.popleft()
            self._kept_bytes -= packet.coded.size_bytes
            pictures = self._decode(packet)
            if pictures:
                self._show(pictures, packet.arrival_ns, packet.late or bool(self._kept))
            if self._kept and self._now_ns() > until_ns:
                return

    def _decode(self, packet: _Kept) -> list[Picture]:
        assert self._decoder is not None
        if self._state.has_gap:
            self._decoder.restart()
            self._turn(DecodeEvent.RESTARTED)
        self._decoder.take_damaged(self._keys.is_missing)
        pictures = self._decoder.decode(packet.coded, packet.came_ns)
        if pictures:
            self._fruitless = 0
        else:
            self._fruitless_since_ns = (
                self._fruitless_since_ns if self._fruitless else self._now_ns()
            )
            self._fruitless += 1
        return pictures

    def _decode_key(self) -> None:
        """Decode the keyframe that has just come and nothing else; what follows it is kept."""
        packet = self._kept[0]
        pictures = self._decode(packet)
        if pictures:
            self._drop_kept()  # the decoder goes on behind it
        else:
            # It reorders, and gives this one when nothing follows. Then it must begin again.
            assert self._decoder is not None
            pictures = self._decoder.drain(packet.came_ns)
            self._turn(DecodeEvent.GAP)
        self._show(pictures, packet.arrival_ns, packet.late)

    def _show(self, pictures: list[Picture], came_ns: int, late: bool) -> None:
        """Show the newest of the pictures; late ones only where there is nothing else to show.

        ``came_ns`` is when the packet came that brought them out. A decoder that reorders gives
        them later than their own packets came, and what is seen moves nevertheless.
        """
        if self._keys.is_awaited:
            pictures = self._find_healed(pictures)
        for picture in pictures:
            shot = self._output.count(picture)
        if not pictures:
            return
        self._prove()
        self._status.live()
        self._output.show(shot, came_ns, late, bool(self._kept))

    def _find_healed(self, pictures: list[Picture]) -> list[Picture]:
        """The newest picture, if it is whole though no keyframe came. Looks now and then only: a
        look takes a while."""
        now_ns = self._now_ns()
        if not pictures or now_ns - self._whole_ns < WHOLE_LOOK_NS:
            return []
        self._whole_ns = now_ns
        if not is_whole(pictures[-1].frame):
            return []
        self._keys.healed()
        return pictures[-1:]

    def _check_fruitless(self) -> None:
        """Give up packets that give no picture; but wait for a first keyframe without end."""
        is_proven = self._state.is_proven
        if self._keys.is_awaited and not is_proven:
            return
        fruitless_ns = self._now_ns() - self._fruitless_since_ns
        gave_all = is_proven and self._effort > Effort.REFERENCE  # else most may be left out
        if is_fruitless(self._fruitless, fruitless_ns, self._timing.interval_ns, gave_all):
            raise SourceError(Reason.BROKEN_DATA)
