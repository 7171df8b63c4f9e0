"""Packets that come without a connection: MPEG-TS over UDP, and RTP, from one sender or to many."""

from collections.abc import Callable

from msgspec.structs import replace

from wallctl.media.network.dns import Names
from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.formats import BARE
from wallctl.media.sources.source_interface import Call
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import host_of, scheme_of
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier

SILENCE_US = 3_000_000
"""Silence after which libav gives up (a tile is offline after 3 s). A watchdog watches all other
kinds, and knows better when to hang up; libav's own time-outs are longer there."""
MOST_SILENCE_US = 24_000_000
"""The most that a slow sender gets: one picture in 8 s, and its first one comes out with its
second."""
LISTEN_S = 9.0
"""Time limit of libav's opening: ``rtp:`` has no time-out of its own."""


def _options(_source: Stream) -> dict[str, str]:
    return {"timeout": str(SILENCE_US)}


OPENINGS = {
    "udp": Opening(("udp",), ("mpegts", *BARE), _options, LISTEN_S),
    "rtp": Opening(("rtp", "udp"), ("rtp", "mpegts"), _options, LISTEN_S),
}


def datagram_opening(source: Stream) -> Opening:
    """What libav may open for such a source."""
    return OPENINGS[scheme_of(source.url) or ""]


def datagram_call(source: Stream, _name: str) -> Call:
    """The call of such a source. It listens, and calls no machine."""
    return Listening(source)


class Listening:
    """Listens for one source. Some senders are slow by nature: each time that something came and
    ceased, the next silence is borne twice as long."""

    def __init__(self, source: Stream) -> None:
        self._source = source
        self._names = Names()
        self._silence_us = SILENCE_US
        self.carrier = Carrier.UDP

    @property
    def silence_ns(self) -> int:
        """The silence after which libav ends a read."""
        return self._silence_us * 1000

    def call(
        self, answered: Callable[[], None] = lambda: None, form: str | None = None
    ) -> Connection:
        """Wait for packets. Raises what libav and sockets raise."""
        del answered, form
        url, silence_us = self._source.url, self._silence_us
        self._names.check(host_of(url))
        opening = replace(
            datagram_opening(self._source),
            options=lambda _: {"timeout": str(silence_us)},
            opens_within_s=max(LISTEN_S, 2 * silence_us / 1e6),
        )
        return open_url(url, self._source, opening)

    def fruitless(self, reason: Reason, packets: int) -> Reason:
        """Be more patient with what sends something; the reason stands as it is."""
        if packets:
            self.brief()
        return reason

    def brief(self) -> None:
        """Be more patient."""
        self._silence_us = min(2 * self._silence_us, MOST_SILENCE_US)
