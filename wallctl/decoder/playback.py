"""Plays what can be read faster than it is due: a recording, a stream that comes in pieces."""

from wallctl.decoder.reader_dependencies import Dependencies
from wallctl.decoder.status_writer import Status
from wallctl.model.streams.health import SECOND_NS
from wallctl.model.streams.playback_clock import Pace


class Playback:
    """Sleeps until each packet is due, and reports how late it was taken."""

    def __init__(self, status: Status, ports: Dependencies) -> None:
        self._status = status
        self._now_ns = ports.clock.monotonic_ns
        self._sleep = ports.sleep
        self._pace = Pace()

    @property
    def media_ns(self) -> int:
        """How much was played, on the source's clock."""
        return self._pace.media_ns

    def begin_live(self) -> None:
        """Keep up from now on with a stream that comes in pieces of some seconds."""
        self._pace = Pace(live=True)

    def wait_for(self, stamp_ns: int | None, interval_ns: int, waited_ns: int = 0) -> int:
        """Sleep until a packet is due; the time then."""
        now_ns = self._now_ns()
        due_ns = self._pace.due_ns(stamp_ns, interval_ns, now_ns, waited_ns)
        self._status.behind(max(0, now_ns - due_ns))
        if due_ns > now_ns:
            self._sleep((due_ns - now_ns) / SECOND_NS)
            return self._now_ns()
        return now_ns
