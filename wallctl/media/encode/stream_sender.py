"""A stream that leaves the wall: encoded as H.264, sent until something fails.

One attempt; who tries again, and when, is not known here. The addresses are an RTSP server that
takes streams (ANNOUNCE, RECORD), MPEG-TS over UDP, and an HLS playlist. The files of that are
opened by another: nothing here knows a folder.

Never PyAV's ``timeout=``: its interrupt callback takes the interpreter's lock at each poll.
"""

import enum
import io
import typing
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from wallctl.media.encode.mosaic import YUV420P, black
from wallctl.media.network.tcp_connections import Line
from wallctl.media.scale.planes import Plane
from wallctl.media.sources.demuxer import silence
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.rtmp import with_login
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Broadcast, Transport
from wallctl.model.site.source_kind import host_of, scheme_of
from wallctl.model.streams.health import SECOND_NS, Reason

KEYFRAME_S = 2
"""Who joins waits for the next keyframe, so long at most."""
TIMEOUT_US = 2_000_000
"""For each step of the conversation with a server, and for each write."""
STALLED_NS = 3 * SECOND_NS
"""A server that takes nothing for so long is given up."""
BACKLOG_S = 0.4
"""A picture is left out while the server has not taken so much of the stream: late is worthless."""
LEAST_BACKLOG_BYTES, MOST_BACKLOG_BYTES = 64 << 10, 512 << 10
"""A keyframe must fit; and the kernel must take all of it, since a write that waits waits long."""
DATAGRAM_BYTES = 1316
"""Seven packets of a transport stream, as all that receive it expect."""
SEGMENTS = 6
"""How many pieces an HLS playlist names."""

_BT709 = 1
_ON_SHELF = "shelf:/"
"""What libav takes for a protocol of its own, so that it opens and deletes nothing itself."""
_CLOCK_HZ = 90_000
_X264: typing.Final = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20"}


class Way(enum.Enum):
    """How a stream leaves, as libav calls the format."""

    RTSP = "rtsp"
    MPEG_TS = "mpegts"
    HLS = "hls"


def way_of(url: str) -> Way:
    """The way that an address asks for."""
    return {"rtsp": Way.RTSP, "udp": Way.MPEG_TS}.get(scheme_of(url) or "", Way.HLS)


class Shelf(typing.Protocol):
    """Where the files of a playlist go."""

    def open(self, url: str) -> io.RawIOBase:
        """A new file; the address ends in its name. It is whole when it is closed."""

    def close(self) -> None:
        """Nothing more is written."""


class Outlet:
    """An open stream. ``planes`` are those of the picture that ``send`` will encode."""

    def __init__(self, broadcast: Broadcast, shelf: Shelf | None = None) -> None:
        """``shelf`` opens the files of a playlist, and is closed with the outlet.

        Raises what libav and the shelf raise, OSError, and SourceError.
        """
        silence()
        self._shelf = shelf
        self._line = Line()
        backlog_bytes = int(broadcast.kbps * 1000 / 8 * BACKLOG_S)
        self._backlog_bytes = min(MOST_BACKLOG_BYTES, max(LEAST_BACKLOG_BYTES, backlog_bytes))
        self._stalled_since_ns: int | None = None
        self._pts = -1
        self._container = _open(broadcast, shelf)
        try:
            self._stream = _encoder(self._container, broadcast)
            self._container.start_encoding()
            self._line.guard()
        except BaseException:
            self.close()
            raise
        size = broadcast.size
        self._frame = VideoFrame(size.w, size.h, YUV420P)
        self._frame.time_base = self._stream.codec_context.time_base
        self.planes: list[Plane] = black(self._frame)

    def may_send(self, now_ns: int) -> bool:
        """Whether the other end has taken enough of what was sent.

        SourceError if it has taken too little for long.
        """
        if self._line.unsent_bytes() <= self._backlog_bytes:
            self._stalled_since_ns = None
            return True
        if self._stalled_since_ns is None:
            self._stalled_since_ns = now_ns
        if now_ns - self._stalled_since_ns > STALLED_NS:
            raise SourceError(Reason.TIMED_OUT)
        return False

    def send(self, at_ns: int) -> int:
        """Encode the picture as one of ``at_ns`` after the first, and send it; its bytes."""
        self._pts = max(self._pts + 1, at_ns * _CLOCK_HZ // SECOND_NS)
        self._frame.pts = self._pts
        packets = self._stream.encode(self._frame)
        sent = sum(packet.size for packet in packets)
        self._container.mux(packets)
        return sent

    def close(self) -> None:
        """Hang up, however that goes."""
        try:
            self._container.close()
        except (FFmpegError, OSError, ValueError):  # what went wrong before goes wrong again here
            self._line.cut()
        finally:
            if self._shelf is not None:
                self._shelf.close()


def _open(broadcast: Broadcast, shelf: Shelf | None) -> OutputContainer:
    way = way_of(broadcast.url)
    if way is Way.HLS:
        return _open_playlist(broadcast, shelf)
    url = _with_login(broadcast)
    if way is Way.MPEG_TS and "pkt_size" not in url:
        url += f"{'&' if '?' in url else '?'}pkt_size={DATAGRAM_BYTES}"
    return av.open(url, "w", format=way.value, options=_options(way, broadcast))


def _open_playlist(broadcast: Broadcast, shelf: Shelf | None) -> OutputContainer:
    """A playlist whose files the shelf opens: libav itself would follow any link."""
    if shelf is None:
        raise SourceError(Reason.FORBIDDEN)

    def opened(url: str, _flags: int, _options: dict[str, str]) -> io.RawIOBase:
        return shelf.open(url)

    path = Path(broadcast.url)
    options = _options(Way.HLS, broadcast)
    return av.open(f"{_ON_SHELF}{path.name}", "w", format="hls", options=options, io_open=opened)


def _with_login(broadcast: Broadcast) -> str:
    """The address with the login in it, if that is for this machine.

    libav logs in here: PyAV holds the interpreter's lock while it does, so no relay could answer.
    """
    login = broadcast.login
    if login is not None and not covers(login.hosts, host_of(broadcast.url)):
        raise SourceError(Reason.LOGIN_WITHHELD)
    return with_login(broadcast.url, login)


def _options(way: Way, broadcast: Broadcast) -> dict[str, str]:
    """The options of FFmpeg's muxers."""
    match way:
        case Way.RTSP:
            transport = "tcp" if broadcast.transport is Transport.TCP else "udp"
            return {"rtsp_transport": transport, "timeout": str(TIMEOUT_US)}
        case Way.MPEG_TS:
            return {"flush_packets": "1"}
        case Way.HLS:
            path = Path(broadcast.url)
            return {
                "hls_time": str(KEYFRAME_S),
                "hls_list_size": str(SEGMENTS),
                "hls_flags": "independent_segments",
                # a wall that starts again must not give a new piece the name of an old one
                "hls_start_number_source": "epoch",
                "hls_segment_filename": f"{_ON_SHELF}{path.stem.replace('%', '%%')}-%d.ts",
            }


def _encoder(container: OutputContainer, broadcast: Broadcast) -> VideoStream:
    """x264, which holds no picture back; each keyframe tells all that a newcomer must know."""
    size = broadcast.size
    rate = round(broadcast.rate_hz * 1000)
    options = _X264 | {
        "maxrate": f"{broadcast.kbps}k",
        "bufsize": f"{broadcast.kbps}k",
        "g": str(round(broadcast.rate_hz * KEYFRAME_S)),
    }
    stream = container.add_stream("libx264", rate=Fraction(rate, 1000), options=options)
    stream.width, stream.height, stream.pix_fmt = size.w, size.h, YUV420P
    context = stream.codec_context
    context.thread_count = 1
    context.time_base = Fraction(1, _CLOCK_HZ)
    context.color_range = ColorRange.MPEG
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream
