"""One attempt to read a source: what it brought, and so why it ended."""

from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.media.sources.datagrams import SILENCE_US
from wallctl.media.sources.demuxer import Coded
from wallctl.model.site.source_kind import SourceKind
from wallctl.model.streams.health import UNTAKEN, Reason

SILENCE_NS = SILENCE_US * 1000 * 9 // 10
"""Least wait for a packet that libav's time-out has ended, for sources without a connection."""


class Attempt:
    """Hands packets to the scheduler, and counts them."""

    def __init__(self, scheduler: DecodeScheduler, began_ns: int) -> None:
        self._scheduler = scheduler
        self._began_ns = began_ns
        self.live_ns: int | None = None
        """Since when it gives pictures."""
        self.packets = 0
        """How many its newest connection gave."""
        self.heard_ns = began_ns
        """When the newest packet came, of another stream too, or that connection began."""
        self.is_unread = False
        """Whether libav could perhaps not tell what was answered."""

    def connect(self, now_ns: int) -> None:
        """Count the packets of another connection."""
        self.packets, self.heard_ns = 0, now_ns

    def offer(self, coded: Coded, arrival_ns: int) -> None:
        """Take the next packet. Raises what the scheduler raises."""
        self.packets += 1
        self.heard_ns = arrival_ns
        self._scheduler.offer(coded, arrival_ns)
        if self.live_ns is None and self._scheduler.is_proven:
            self.live_ns = arrival_ns

    def refined(self, reason: Reason, kind: SourceKind, now_ns: int) -> Reason:
        """The reason for its end, corrected by what the error alone does not say."""
        if not kind.is_live:
            return Reason.BROKEN_DATA if reason is Reason.ENDED and not self.live_ns else reason
        # Without a connection no server hangs up: there libav says EIO for a silence.
        if kind.listens and reason in (*UNTAKEN, Reason.ENDED):
            return Reason.TIMED_OUT
        # A camera that accepts and then says nothing ends libav's opening as broken data.
        mute = reason is Reason.BROKEN_DATA and now_ns - self._began_ns > SILENCE_NS
        if mute and not self.packets:
            return Reason.TIMED_OUT
        # The system's word for a firewall that lets no call out.
        return Reason.UNREACHABLE if reason is Reason.FILE_MISSING else reason
