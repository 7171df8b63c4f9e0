"""One connection to a source: opened with libav's own time-outs, read packet by packet.

libav is given no login, but for RTMP. Knows nothing of decoding, taps or retries.

Never PyAV's ``timeout=``: its interrupt callback takes the interpreter's lock at each poll.
"""

import contextlib
import enum
import stat
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import av
import av.logging
import msgspec
from av import error as av_error
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from wallctl.media.decode.reorder_delay import pictures_held
from wallctl.media.sources.allowed_demuxers import allowed
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.kind import (
    file_path,
    host_of,
    is_connectionless,
    is_web,
    scheme_of,
)
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Login, Stream, Transport
from wallctl.model.streams.health import SECOND_NS, Reason

SILENCE_US = 3_000_000
"""libav gives up a source without a connection that says nothing for so long (design: offline
after 3 s). All others are watched from beside, by who knows better when to hang up; there libav's
own time-outs are longer than any patience of theirs."""
LISTEN_S = 9.0
"""For so long libav may open a source without a connection: ``rtp:`` has no time-out of its own.
Reading has none of this kind (see above)."""
_RTSP_US = 65_000_000
_RTMP_US = 10_000_000

MAX_PIXELS = 8192 * 4320
"""A larger picture is refused before memory is taken for it; a broken or hostile SPS can claim
16384 x 8192, which costs 600 MB."""

DEFAULT_INTERVAL_NS = SECOND_NS // 25
"""What a recording without timestamps and rate plays at."""

_SEGMENTED = frozenset({"hls", "dash"})
"""Formats that deliver seconds at once and leave the pace to the player."""

_PUSHED = frozenset({"mpjpeg"})
"""Formats that exist for live pictures only. Their stamps are made up by libav."""
_PICTURE_FORMATS = ("_pipe", "image2", "gif")
"""How libav's names of formats end that are files of pictures; it goes by a path's suffix, too."""
PLAIN_MJPEG = "mjpeg"
"""The format that finds JPEG pictures one after another, whatever stands between them."""
_ROWS = frozenset({PLAIN_MJPEG, "mpjpeg"})
"""Formats of pictures in a row."""
FEW_PICTURES = 2
"""So many packets at most has an answer that is one picture: some carry a small one beside it."""

Opener = Callable[[str, int, dict[str, str]], object]
"""Gives a file for an address; see PyAV's ``io_open``."""

_OPTIONS: types.MappingProxyType[str, str] = types.MappingProxyType(
    {
        "max_pixels": str(MAX_PIXELS),
        # Whatever is probed is kept and decoded later, so little is probed: the picture's size is
        # known after one keyframe; the rate is measured, never believed.
        "fpsprobesize": "0",
        "analyzeduration": "1000000",
        "probesize": "1000000",
    }
)


_WEB_OPTIONS: types.MappingProxyType[str, str] = types.MappingProxyType(
    {
        # A playlist that brings nothing new for so many reloads has ended, or was begun anew by a
        # server that counts from 0 again; libav would wait until it has caught up with itself.
        "max_reload": "8",
        "m3u8_hold_counters": "8",
        # libav keeps connections of its own only.
        "http_persistent": "0",
        "http_multiple": "0",
    }
)


class Coded(msgspec.Struct, frozen=True, gc=False):
    """One packet, with what the pool needs to know of it."""

    packet: "Packet[VideoStream]"
    key: bool
    size_bytes: int
    stamp_ns: int | None
    """Decoding time on the source's clock."""


class Delivery(enum.Enum):
    """How packets come."""

    LIVE = "live"
    """When the camera sends them, without end."""
    SEGMENTS = "segments"
    """Seconds of them at once, without end; the reader must keep the pace."""
    RECORDING = "recording"
    """As fast as they are read; it ends, and can be played again."""
    PICTURE = "picture"
    """One, from a web server: it is to be fetched again."""
    UNPROVEN = "unproven"
    """From a web server that tells a length: perhaps a recording.
    ``wallctl.model.streams.live_or_recording`` decides."""


class Conduit(typing.Protocol):
    """What stands between libav and a source, where something does."""

    fault: Exception | None
    """Why libav got no more, where that knows better than libav."""
    size_bytes: int | None
    form: str | None
    """libav's name of the format, where the other end tells it."""

    def close(self) -> None:
        """Hang up."""


class Connection:
    """An open source. Only the thread that reads may close it: libav allows nothing else."""

    def __init__(
        self,
        url: str,
        container: InputContainer,
        conduit: Conduit | None = None,
        form: str | None = None,
    ) -> None:
        """``conduit`` is closed with it; ``form`` as of ``open_url``."""
        self._container = container
        self._conduit = conduit
        self.stream = stream = _video(container)
        size_bytes = conduit.size_bytes if conduit is not None else None
        self.delivery = Delivery.LIVE if form else _delivery(url, container, size_bytes)
        rate = stream.average_rate
        self.interval_ns = int(SECOND_NS / rate) if rate else DEFAULT_INTERVAL_NS
        self.duration_ns = _duration_ns(container, stream)
        """How long it plays, if its file says so; that may be wrong."""
        self.has_clock = not form and container.format.name not in _PUSHED
        """Whether its stamps are its own, and not made up from a rate that libav assumes."""
        self.holds_pictures = container.format.name.endswith(_PICTURE_FORMATS)
        """Whether its format is that of picture files; there may be one or many."""
        self.may_be_one = not form and container.format.name in _ROWS
        """Whether a single picture is opened so, too, where something stands before it."""

    @property
    def codec(self) -> str:
        """What libav calls the stream's codec."""
        return self.stream.codec_context.codec.canonical_name

    @property
    def held(self) -> int:
        """How many later pictures must have begun before one is given out."""
        return pictures_held(self._container.format.name, self.codec)

    def packets(self, on_other: Callable[[], None] | None = None) -> Iterator[Coded]:
        """The packets until the source ends. Raises what libav raises.

        ``on_other`` is called for each packet of another stream of the source, such as sound.
        """
        tick_ns = float(self.stream.time_base or 0) * SECOND_NS
        with told_by(self._conduit):
            for packet in self._demux(on_other):
                size_bytes = packet.size
                if not size_bytes:
                    continue
                stamp = packet.dts
                if stamp is None:
                    stamp = packet.pts
                stamp_ns = None if stamp is None else int(stamp * tick_ns)
                yield Coded(packet, packet.is_keyframe, size_bytes, stamp_ns)
        if self._conduit is not None and self._conduit.fault is not None:
            raise self._conduit.fault

    def _demux(self, on_other: Callable[[], None] | None) -> "Iterator[Packet[VideoStream]]":
        if on_other is not None:
            return self._with_others(on_other)
        return self._container.demux(self.stream)

    def _with_others(self, on_other: Callable[[], None]) -> "Iterator[Packet[VideoStream]]":
        chosen = self.stream.index
        for packet in self._container.demux():
            if packet.stream_index == chosen:
                yield typing.cast("Packet[VideoStream]", packet)
            else:
                on_other()

    def close(self) -> None:
        """Hang up."""
        try:
            self._container.close()
        finally:
            if self._conduit is not None:
                self._conduit.close()


@contextlib.contextmanager
def told_by(conduit: Conduit | None) -> Iterator[None]:
    """Around what libav does: raise what the conduit knows of the end, and libav does not."""
    try:
        yield
    except (FFmpegError, SourceError):
        if conduit is not None and conduit.fault is not None:
            raise conduit.fault from None
        raise


def is_one_picture(connection: Connection, packets: int) -> bool:
    """Whether an answer that ended after so many packets was one picture and no stream."""
    if connection.may_be_one:
        return packets == 1
    return connection.holds_pictures and 0 < packets <= FEW_PICTURES


def connect(source: Stream) -> Connection:
    """Open a file, or what comes without a connection, or by RTMP.

    Raises SourceError, what libav raises, and then some: see the reader. A camera is better called
    by ``wallctl.media.sources.caller``.
    """
    path = file_path(source.url)
    if path is None:
        return open_url(_with_own_login(source), source)
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise SourceError(Reason.FILE_MISSING)
    return open_url(path, source)


def _with_own_login(source: Stream) -> str:
    """The address, with the login in it where libav answers by hashes alone: RTMP."""
    if scheme_of(source.url) != "rtmp" or source.login is None:
        return source.url
    if not covers(source.login.hosts, host_of(source.url)):
        raise SourceError(Reason.LOGIN_WITHHELD)
    return with_login(source.url, source.login)


def open_url(
    url: str,
    source: Stream,
    conduit: Conduit | None = None,
    form: str | None = None,
    io_open: Opener | None = None,
) -> Connection:
    """Open ``url`` with the options of ``source``; ``conduit`` is closed with it, and by a failure.

    ``form`` is libav's name of a live source's format, where libav can't tell. ``io_open`` is asked
    for all that libav reads.
    """
    silence()
    chosen = options(source)
    if form:
        chosen["probesize"] = "32"  # nothing is to be found out, and libav assumes a rate
    patience_s = (LISTEN_S, None) if is_connectionless(source.url) else None
    with told_by(conduit), contextlib.ExitStack() as failing:
        if conduit is not None:
            failing.callback(conduit.close)
        with _known_formats():
            container = av.open(
                url,
                format=form or (conduit.form if conduit is not None else None),
                options=chosen,
                timeout=patience_s,
                metadata_errors="ignore",
                io_open=io_open,
            )
        failing.callback(container.close)
        connection = Connection(source.url, container, conduit, form)
        failing.pop_all()
    return connection


@contextlib.contextmanager
def _known_formats() -> Iterator[None]:
    """EINVAL is what libav says of a format that its list lacks."""
    try:
        yield
    except av_error.ArgumentError:
        raise SourceError(Reason.NO_KNOWN_FORMAT) from None


def silence() -> None:
    """Let libav log nothing: its messages carry URLs with passwords.

    PyAV's default too, but a default may change, and any library in the process can change it.
    """
    av.logging.set_level(None)


def options(source: Stream) -> dict[str, str]:
    """The options of FFmpeg for a source."""
    chosen = dict(_OPTIONS) | allowed(source.url)
    scheme = scheme_of(source.url)
    if scheme in ("rtsp", "rtsps"):
        chosen["timeout"] = str(_RTSP_US)
        chosen["rtsp_transport"] = "tcp" if source.transport is Transport.TCP else "udp"
        chosen["allowed_media_types"] = "video"
        # The description tells the codec, and mostly the size. Probing for more takes eight
        # pictures of an H.264 stream, to guess its reordering: 0.65 s at 12.5 a second, not 0.09.
        chosen["probesize"] = "32"
    elif is_connectionless(source.url):
        chosen["timeout"] = str(SILENCE_US)
    elif is_web(source.url):
        chosen |= _WEB_OPTIONS
    elif file_path(source.url) is None:
        chosen["rw_timeout"] = str(_RTMP_US)
    return chosen


def with_login(url: str, login: Login | None) -> str:
    """The URL with the account in it, percent-encoded, as libav wants it. Never to be shown."""
    scheme, mark, rest = url.partition("://")
    if login is None or not mark:
        return url
    account = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
    return f"{scheme}://{account}@{rest}"


def _delivery(url: str, container: InputContainer, size_bytes: int | None) -> Delivery:
    """Files are recordings, and so perhaps is what a web server tells a length of."""
    if container.format.name in _SEGMENTED:
        return Delivery.RECORDING if container.duration else Delivery.SEGMENTS
    if file_path(url) is not None:
        return Delivery.RECORDING
    if not is_web(url) or container.format.name in _PUSHED:
        return Delivery.LIVE
    return Delivery.UNPROVEN if container.duration or size_bytes else Delivery.LIVE


def _duration_ns(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration and stream.time_base:
        return int(stream.duration * stream.time_base * SECOND_NS)
    return container.duration * SECOND_NS // av.time_base if container.duration else None


def _video(container: InputContainer) -> VideoStream:
    """The first video stream with a real size; some transport streams lead with an empty one.

    A camera whose description names no size, and whose first keyframe is far off, has none yet.
    """
    streams = [s for s in container.streams.video if not _is_cover(s)]
    if not streams:
        raise SourceError(Reason.NO_VIDEO)
    decodable = [s for s in streams if _codec_known(s)]
    if not decodable:
        raise SourceError(Reason.UNSUPPORTED)
    return next((s for s in decodable if s.codec_context.width > 0), decodable[0])


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _codec_known(stream: VideoStream) -> bool:
    return typing.cast("object | None", stream.codec_context) is not None
