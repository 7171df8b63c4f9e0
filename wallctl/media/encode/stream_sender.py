"""A stream that leaves the wall: encoded as H.264, sent until something fails.

It makes one attempt; its caller tries again. It opens no file of a playlist and knows no folder.

Never PyAV's ``timeout=``: its interrupt callback takes the interpreter's lock at each poll.
"""

import io
import typing
from collections.abc import Callable
from fractions import Fraction

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from wallctl.media.encode.mosaic import YUV420P, black
from wallctl.media.encode.muxers import KEYFRAME_S, MUXERS, Encoder
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.media.scale.planes import Plane
from wallctl.media.sources.demuxer import silence
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.broadcast_kind import broadcast_kind
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import SECOND_NS, Reason

STALLED_NS = 3 * SECOND_NS
"""Longest time that a server may take nothing before it is given up."""
BACKLOG_S = 0.4
"""Most of the stream that a server may not have taken. Then pictures are left out: late is
worthless."""
LEAST_BACKLOG_BYTES, MOST_BACKLOG_BYTES = 64 << 10, 512 << 10
"""A keyframe must fit; and the kernel must take all of it, since a write that waits waits long."""
_BT709 = 1
_CLOCK_HZ = 90_000


class Shelf(typing.Protocol):
    """Where the files of a playlist go."""

    def open(self, url: str) -> io.RawIOBase:
        """A new file; the address ends in its name. It is whole when it is closed."""

    def close(self) -> None:
        """Nothing more is written."""


class StreamSender:
    """An open stream. ``planes`` are those of the picture that ``send`` will encode."""

    def __init__(self, broadcast: Broadcast, shelf: Shelf | None = None) -> None:
        """``shelf`` opens the files of a playlist, and is closed with the outlet.

        Raises what libav and the shelf raise, OSError, and SourceError.
        """
        silence()
        self._shelf = shelf
        self._line = TcpConnections()
        backlog_bytes = int(broadcast.kbps * 1000 / 8 * BACKLOG_S)
        self._backlog_bytes = min(MOST_BACKLOG_BYTES, max(LEAST_BACKLOG_BYTES, backlog_bytes))
        self._stalled_since_ns: int | None = None
        self._pts = -1
        self._container, encoder = _open(broadcast, shelf)
        try:
            self._stream = _add_stream(self._container, encoder, broadcast)
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


def _open(broadcast: Broadcast, shelf: Shelf | None) -> tuple[OutputContainer, Encoder]:
    """A container to write into, and what encodes for it.

    The shelf opens what a kind writes on this machine: libav itself would follow any link.
    """
    kind = broadcast_kind(broadcast.url)
    muxer = MUXERS.get(kind)
    if muxer is None:
        raise SourceError(Reason.UNSUPPORTED)
    target, options = muxer.target(broadcast), muxer.options(broadcast)
    io_open = _open_on(shelf) if kind.writes_files else None
    container = av.open(target, "w", format=muxer.container, options=options, io_open=io_open)
    return container, muxer.encoder


def _open_on(shelf: Shelf | None) -> Callable[[str, int, dict[str, str]], io.RawIOBase]:
    """What libav calls for each file that it would open. Raises ``SourceError`` without a shelf."""
    if shelf is None:
        raise SourceError(Reason.FORBIDDEN)
    return lambda url, _flags, _options: shelf.open(url)


def _add_stream(container: OutputContainer, encoder: Encoder, broadcast: Broadcast) -> VideoStream:
    """Add the stream of pictures. Each keyframe tells a viewer who joins all that it must know."""
    size = broadcast.size
    rate = round(broadcast.rate_hz * 1000)
    options = {
        **encoder.options,
        "maxrate": f"{broadcast.kbps}k",
        "bufsize": f"{broadcast.kbps}k",
        "g": str(round(broadcast.rate_hz * KEYFRAME_S)),
    }
    stream = container.add_stream(encoder.name, rate=Fraction(rate, 1000), options=options)
    stream.width, stream.height, stream.pix_fmt = size.w, size.h, YUV420P
    context = stream.codec_context
    context.thread_count = 1
    context.time_base = Fraction(1, _CLOCK_HZ)
    context.color_range = ColorRange.MPEG
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream
