"""Packets that come without a connection: MPEG-TS over UDP, and RTP, from one sender or to many."""

import functools

from wallctl.media.network.dns import Names
from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.formats import BARE
from wallctl.media.sources.source_interface import Call, SameCall
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import host_of, scheme_of
from wallctl.model.streams.transport import Carrier

SILENCE_US = 3_000_000
"""Silence after which libav gives up (a tile is offline after 3 s). A watchdog watches all other
kinds, and knows better when to hang up; libav's own time-outs are longer there."""
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
    return SameCall(functools.partial(_open, source, Names()), Carrier.UDP)


def _open(source: Stream, names: Names, _form: str | None) -> Connection:
    names.check(host_of(source.url))
    return open_url(source.url, source, datagram_opening(source))
