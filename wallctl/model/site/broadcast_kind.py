"""The kinds of broadcasts, by the addresses that name them. Pure: nothing is opened.

A row for each kind. What FFmpeg makes of it stands in ``wallctl.media.encode.muxers``.
"""

import msgspec

from wallctl.model.site.source_kind import scheme_of

PLAYLIST = ".m3u8"


class BroadcastKind(msgspec.Struct, frozen=True):
    """Where a stream goes that leaves the wall."""

    name: str
    address: str
    """What a person may write, as a finding says it."""
    scheme: str | None
    """What stands before the colon; ``None`` for the path of a file."""
    suffix: str = ""
    """How the address ends."""
    needs_port: bool = False
    """Whether its server has no usual port."""
    takes_login: bool = False
    writes_files: bool = False
    """Whether it is written into a folder of this machine."""


RTSP = BroadcastKind("rtsp", "rtsp://HOST[:PORT]/...", "rtsp", takes_login=True)
"""An RTSP server that takes streams (ANNOUNCE, RECORD)."""
DATAGRAMS = BroadcastKind("datagrams", "udp://HOST:PORT", "udp", needs_port=True)
"""MPEG-TS over UDP, to one machine or to a group."""
HLS = BroadcastKind(
    "hls", f"the path of a {PLAYLIST} file", None, suffix=PLAYLIST, writes_files=True
)
"""A playlist and its pieces, for a web server to serve."""
UNKNOWN = BroadcastKind("unknown", "", "")
"""No file of a site names one; nothing is opened for it."""

KINDS = (RTSP, DATAGRAMS, HLS)
SCHEMES = tuple(kind.scheme for kind in KINDS if kind.scheme is not None)
_BY_SCHEME = {kind.scheme: kind for kind in KINDS}


def broadcast_kind(address: str) -> BroadcastKind:
    """The kind of broadcast that an address or a path names."""
    kind = _BY_SCHEME.get(scheme_of(address), UNKNOWN)
    return kind if address.endswith(kind.suffix) else UNKNOWN


def list_addresses() -> str:
    """Every address that a person may write, in words."""
    *others, last = (kind.address for kind in KINDS)
    return f"{', '.join(others)}, or {last}"
