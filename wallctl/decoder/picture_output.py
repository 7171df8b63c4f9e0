"""Decoded pictures to taps: which are shown, which are withheld, and how they are marked.

Not thread-safe by itself: the caller holds the worker's lock.
"""

from collections.abc import Callable

from wallctl.decoder.decode_state import NEXT_SHOWING, ShowEvent, Showing
from wallctl.decoder.messages import Demand
from wallctl.decoder.packet_timing import Timing
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Shot, Taps
from wallctl.media.decode.decoder import Picture
from wallctl.media.scale.scaler import Look
from wallctl.model.streams.decode_effort import CAP_HZ, Effort
from wallctl.model.streams.health import SECOND_NS
from wallctl.model.streams.lateness import HOLD_NS
from wallctl.shm.ring import Flag

CAP_NS = int(SECOND_NS / CAP_HZ)
CAP_EARLY_NS = SECOND_NS // 50
"""How early a picture may be for the cap: pictures come unevenly."""

LONE_NS = SECOND_NS * 4 // 10
"""How long a picture is withheld for newer ones if none of them comes."""


class PictureOutput:
    """Shows the pictures of one stream in its taps."""

    def __init__(
        self, taps: Taps, status: Status, timing: Timing, now_ns: Callable[[], int]
    ) -> None:
        self._taps = taps
        self._status = status
        self._timing = timing
        self._now_ns = now_ns
        self._is_capped = False
        """Whether pictures are left out that come faster than the cap."""
        self._showing = Showing.NEWEST
        self._withheld_ns = 0
        """When the first picture was withheld after the one that is shown."""
        self._withheld_came_ns = 0
        """When the packet came that brought out the newest withheld picture."""
        self._shown_ns = 0
        """Arrival of the picture that was shown last."""
        self._look: Look | None = None

    def change_connection(self) -> None:
        """A connection begins or ends: what was withheld is forgotten."""
        self._turn(ShowEvent.CONNECTION)

    def apply(self, demand: Demand) -> bool:
        """Open and close taps; whether there is one."""
        self._is_capped = Effort.KEYS < demand.effort < Effort.FULL
        self._taps.apply(demand)
        self._status.taken(demand.serial, demand.effort if demand.taps else Effort.FULL)
        return bool(self._taps)

    def fill(self, flags: Flag = Flag.NONE) -> None:
        """Show the last picture in the taps that never had one."""
        self._taps.fill(flags)

    def expect_backlog(self, begins_with_key: bool) -> None:
        """Many packets wait to be decoded: show in new taps what there is to show first."""
        self._status.catching_up(True)
        if begins_with_key:
            self._turn(ShowEvent.BACKLOG)
        else:  # the keyframe before them was decoded already
            self._turn(ShowEvent.FILLED)
            self._taps.fill(Flag.CATCHING_UP)

    def count(self, picture: Picture, flags: Flag = Flag.NONE) -> Shot:
        """Number a decoded picture, and write down what it tells of the stream."""
        now_ns = self._now_ns()
        if picture.look != self._look:
            self._look = picture.look
            self._status.size(self._look.upright, self._look.upright_aspect)
        if picture.key:
            flags |= Flag.KEY
        if picture.corrupt:
            flags |= Flag.CORRUPT
            self._status.lost()
        if picture.spare:
            self._status.spares(True)
        return Shot(picture, self._status.decoded_one(), now_ns, flags)

    def show(self, shot: Shot, came_ns: int, late: bool, more_wait: bool) -> None:
        """Show a picture, or keep it where there is something better to show.

        ``came_ns`` is when the packet came that brought it out. ``more_wait``: kept packets follow.
        """
        old = late or self._timing.draining
        self._status.catching_up(old)
        if late and self._withholds(shot, came_ns, more_wait):
            self._taps.keep(shot)
        elif old:
            self.publish(shot, came_ns, Flag.CATCHING_UP)
        elif self._is_early(shot):
            self._status.fresh(came_ns, shot.picture.arrival_ns)
            self._taps.keep(shot)
        else:
            self.publish(shot, came_ns)

    def show_withheld(self) -> None:
        """Show the newest decoded picture if the newer ones that it waited for don't come, or come
        so slowly that it has waited for long."""
        if self._showing is Showing.NEWEST or self._taps.last is None:
            return
        now_ns = self._now_ns()
        has_waited = self._showing is Showing.WITHHOLDING and now_ns - self._withheld_ns >= HOLD_NS
        if has_waited or now_ns - self._timing.done_ns > LONE_NS:
            self._status.catching_up(False)
            self.publish(self._taps.last, self._withheld_came_ns, Flag.CATCHING_UP)

    def publish(self, shot: Shot, came_ns: int, extra: Flag = Flag.NONE) -> None:
        """Show a picture. The stream is as new as what is shown, however late that was decoded."""
        if self._showing is not Showing.NEWEST:
            self._turn(ShowEvent.SHOWN)
        self._shown_ns = shot.picture.arrival_ns
        self._status.fresh(came_ns, shot.picture.arrival_ns)
        self._taps.publish(shot, extra)

    def _turn(self, event: ShowEvent) -> None:
        self._showing = NEXT_SHOWING[self._showing][event]

    def _withholds(self, shot: Shot, came_ns: int, more_wait: bool) -> bool:
        """Whether to show something else than this late picture.

        After a while it is better than what is shown.
        """
        if self._showing is Showing.ANNOUNCING or not (more_wait or self._taps.filled):
            return False
        if self._showing is Showing.NEWEST:
            self._withheld_ns = shot.decoded_ns
        self._withheld_came_ns = came_ns
        self._turn(ShowEvent.LATE_PICTURE)
        return shot.decoded_ns - self._withheld_ns < HOLD_NS

    def _is_early(self, shot: Shot) -> bool:
        """Whether the cap leaves the picture out."""
        if not self._is_capped:
            return False
        since_ns = shot.picture.arrival_ns - self._shown_ns
        return self._taps.filled and since_ns < CAP_NS - CAP_EARLY_NS
