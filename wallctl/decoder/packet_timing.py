"""When the packets of a stream come, and what follows from it: their pace, and which are late."""

from collections import deque

from wallctl.decoder.status_writer import Status
from wallctl.model.streams.lateness import Arrivals, Delay, Interval, Overrun
from wallctl.model.streams.picture_rate import ReceivedRate


class Timing:
    """Learns when packets come. The pace is kept from connection to connection."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._interval = Interval(status.interval_ns)
        self._rate = ReceivedRate()
        self._arrivals: Arrivals | None = None
        self._delay = Delay()
        self._overrun = Overrun()
        self._behind_ns = -1
        """As it was reported last."""
        self._came: deque[int] = deque(maxlen=1)
        self.came_ns = 0
        """When the data of the newest packet began to come, where that is known."""
        self.overran = False
        """Whether packets come faster than they are dealt with."""
        self.done_ns = 0
        """When the packet before was dealt with."""

    def begin(self, live: bool, held: int) -> None:
        """A connection is open. ``live``: its packets may be a late backlog, and each is given out
        when ``held`` later ones have begun to come. Others are read when they are due."""
        self._arrivals = Arrivals() if live else None
        self._interval.begin()
        self._rate.begin()
        self._delay, self._overrun = Delay(), Overrun()
        self._behind_ns, self.overran = -1, False
        self._came = deque(maxlen=1 + held if live else 1)

    @property
    def interval_ns(self) -> int:
        """The time between packets."""
        return self._interval.ns

    @property
    def is_live(self) -> bool:
        """Whether packets come when the camera sends them."""
        return self._arrivals is not None

    @property
    def draining(self) -> bool:
        """Whether the newest packet belongs to a backlog."""
        return self._arrivals is not None and self._arrivals.draining

    def take(self, stamp_ns: int | None, arrival_ns: int) -> bool:
        """Count the next packet; whether its picture is late: newer ones come at once.

        ``arrival_ns`` is when it was given out."""
        came, arrivals, late = self._came, self._arrivals, False
        came.append(arrival_ns)
        self.came_ns = came[0]
        if arrivals is not None:
            late = arrivals.late(arrival_ns, stamp_ns, self._interval.median_ns)
            idle_ns = arrival_ns - self.done_ns
            behind_ns = self._delay.seen(arrival_ns, stamp_ns, idle_ns)
            if behind_ns != self._behind_ns:
                self._behind_ns = behind_ns
                self._status.behind(behind_ns)
            self.overran = self._overrun.seen(arrival_ns, idle_ns, behind_ns)
        self.learn_pace(arrival_ns, late)
        return late

    def learn_pace(self, arrival_ns: int, late: bool = False) -> None:
        """Learn the pace from a picture, or a packet, that came."""
        if self._interval.seen(arrival_ns, late):
            self._status.interval(self._interval.ns)
        if mean_ns := self._rate.seen(arrival_ns):
            self._status.pace(mean_ns)
