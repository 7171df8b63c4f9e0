"""What FFmpeg makes of each kind of broadcast: its address, container, options and encoder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.rtmp import with_login
from wallctl.model.site.broadcast_kind import DATAGRAMS, HLS, RTSP, BroadcastKind
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Broadcast, Transport
from wallctl.model.site.source_kind import host_of
from wallctl.model.streams.health import Reason
from wallctl.storage.broadcast_folder import PIECES

KEYFRAME_S = 2
"""Longest wait of a viewer who joins."""
TIMEOUT_US = 2_000_000
"""Time limit of each step of the conversation with a server, and of each write."""
DATAGRAM_BYTES = 1316
"""Seven packets of a transport stream, as all that receive it expect."""
SEGMENTS = PIECES - 1
"""How many pieces an HLS playlist names."""

_ON_SHELF = "shelf:/"
"""What libav takes for a protocol of its own, so that it opens and deletes nothing itself."""


class Encoder(NamedTuple):
    """An encoder as libav names it, with the options that do not depend on the broadcast."""

    name: Literal["libx264"]
    options: Mapping[str, str]


X264 = Encoder("libx264", {"preset": "ultrafast", "tune": "zerolatency", "crf": "20"})
"""Holds no picture back."""


class Muxer(NamedTuple):
    """How a kind of broadcast leaves."""

    container: str
    """As libav calls the format."""
    target: Callable[[Broadcast], str]
    """The address as libav opens it. Raises ``SourceError``."""
    options: Callable[[Broadcast], dict[str, str]]
    encoder: Encoder = X264


def _with_login(broadcast: Broadcast) -> str:
    """The address with the login in it, if that is for this machine.

    libav logs in here: PyAV holds the interpreter's lock while it does, so no relay could answer.
    """
    login = broadcast.login
    if login is not None and not covers(login.hosts, host_of(broadcast.url)):
        raise SourceError(Reason.LOGIN_WITHHELD)
    return with_login(broadcast.url, login)


def _with_packet_size(broadcast: Broadcast) -> str:
    url = broadcast.url
    if "pkt_size" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}pkt_size={DATAGRAM_BYTES}"


def _on_shelf(broadcast: Broadcast) -> str:
    return f"{_ON_SHELF}{Path(broadcast.url).name}"


def _rtsp_options(broadcast: Broadcast) -> dict[str, str]:
    transport = "tcp" if broadcast.transport is Transport.TCP else "udp"
    return {"rtsp_transport": transport, "timeout": str(TIMEOUT_US)}


def _datagram_options(_: Broadcast) -> dict[str, str]:
    return {"flush_packets": "1"}


def _hls_options(broadcast: Broadcast) -> dict[str, str]:
    stem = Path(broadcast.url).stem.replace("%", "%%")
    return {
        "hls_time": str(KEYFRAME_S),
        "hls_list_size": str(SEGMENTS),
        "hls_flags": "independent_segments",
        # a wall that starts again must not give a new piece the name of an old one
        "hls_start_number_source": "epoch",
        "hls_segment_filename": f"{_ON_SHELF}{stem}-%d.ts",
    }


MUXERS: dict[BroadcastKind, Muxer] = {
    RTSP: Muxer("rtsp", _with_login, _rtsp_options),
    DATAGRAMS: Muxer("mpegts", _with_packet_size, _datagram_options),
    HLS: Muxer("hls", _on_shelf, _hls_options),
}
