"""Web servers: streams, playlists and pictures, read for libav by ``wallctl.media.http``."""

import functools
import types

from wallctl.media.network.camera_address import address_of
from wallctl.media.network.dns import Names
from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.formats import BARE, CONTAINERS, PICTURES, PIECES
from wallctl.media.sources.source_interface import Call, SameCall
from wallctl.model.site.site import Stream
from wallctl.model.streams.transport import Carrier

_OPTIONS = types.MappingProxyType(
    {
        # A playlist that brings nothing new for 8 reloads has ended, or its server has begun to
        # count from 0 again: libav would wait until the count has caught up.
        "max_reload": "8",
        "m3u8_hold_counters": "8",
        # libav keeps connections of its own only.
        "http_persistent": "0",
        "http_multiple": "0",
    }
)
# "crypto": libav itself opens nothing, it unlocks the pieces of playlists.
OPENING = Opening(
    ("crypto",),
    (*CONTAINERS, *BARE, *PICTURES, "mpjpeg", *PIECES),
    lambda _source: dict(_OPTIONS),
)


def web_call(source: Stream, _name: str) -> Call:
    """The call of a web server."""
    blind = address_of(source).is_blind
    carrier = Carrier.TCP | Carrier.UNPROVEN if blind else Carrier.TCP
    return SameCall(functools.partial(_open, source, Names()), carrier)


def _open(source: Stream, names: Names, form: str | None) -> Connection:
    # Only here: HTTP and TLS take 5 MB, which a wall without web sources saves.
    from wallctl.media.http.reader import WebFiles  # noqa: PLC0415

    files = WebFiles(source, names.check)
    return open_url(files.url, source, OPENING, files, form, files.open)
