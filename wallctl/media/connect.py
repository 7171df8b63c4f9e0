"""One connection to a source: opened with libav's own time-outs, read packet by packet.

The only place where credentials meet a URL. Knows nothing of decoding, taps or retries.

Never PyAV's ``timeout=``: its interrupt callback takes the interpreter's lock at each poll.
"""

import enum
import errno
import types
import typing
from collections.abc import Callable, Iterator
from urllib.parse import quote

import av
import av.logging
import msgspec
from av import error as av_error
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from wallctl.media.failure import SourceError
from wallctl.media.held import pictures_held
from wallctl.media.source_kind import file_path, is_connectionless, is_web, scheme_of
from wallctl.model.health import SECOND_NS, Reason
from wallctl.model.site import Login, Stream, Transport

SILENCE_US = 3_000_000
"""libav gives up a source without a connection that says nothing for so long (design: offline
after 3 s). All others are watched from beside, by who knows better when to hang up; there libav's
own time-outs are longer than any patience of theirs."""
LISTEN_S = 9.0
"""For so long libav may open a source without a connection: ``rtp:`` has no time-out of its own.
Reading has none of this kind (see above)."""
_RTSP_US = 65_000_000
_WEB_US = 10_000_000
"""For each read, so also for the next piece of a segmented stream, which nobody watches."""

MAX_PIXELS = 8192 * 4320
"""A larger picture is refused before memory is taken for it; a broken or hostile SPS can claim
16384 x 8192, which costs 600 MB."""

MOST_REDIRECTS = 2
"""A camera that redirects more often goes in circles."""

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
FEW_PICTURES = 2
"""So many packets at most has an answer that is one picture: some carry a small one beside it."""

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
    """From a web server that tells a length: a recording, perhaps (``wallctl.model.ahead``)."""


class Connection:
    """An open source. Only the thread that reads may close it: libav allows nothing else."""

    def __init__(
        self,
        url: str,
        container: InputContainer,
        after: Callable[[], None] = lambda: None,
        form: str | None = None,
    ) -> None:
        """``after`` is called when it is closed; ``form`` as of ``open_url``."""
        self._container = container
        self._after = after
        self.stream = stream = _video(container)
        self.delivery = Delivery.LIVE if form else _delivery(url, container)
        rate = stream.average_rate
        self.interval_ns = int(SECOND_NS / rate) if rate else DEFAULT_INTERVAL_NS
        self.duration_ns = _duration_ns(container, stream)
        """How long it plays, if its file says so; that may be wrong."""
        self._tells_no_length = is_web(url) and container.size < 0
        self.has_clock = not form and container.format.name not in _PUSHED
        """Whether its stamps are its own, and not made up from a rate that libav assumes."""
        self.holds_pictures = container.format.name.endswith(_PICTURE_FORMATS)
        """Whether its format is that of picture files; there may be one or many."""

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
        for packet in self._demux(on_other):
            size_bytes = packet.size
            if not size_bytes:
                continue
            stamp = packet.dts
            if stamp is None:
                stamp = packet.pts
            stamp_ns = None if stamp is None else int(stamp * tick_ns)
            yield Coded(packet, packet.is_keyframe, size_bytes, stamp_ns)

    def _demux(self, on_other: Callable[[], None] | None) -> "Iterator[Packet[VideoStream]]":
        if on_other is not None:
            return self._with_others(on_other)
        if self._tells_no_length:
            return self._until_over()
        return self._container.demux(self.stream)

    def _until_over(self) -> "Iterator[Packet[VideoStream]]":
        """An answer without a length is over where its connection is: an error to libav."""
        try:
            yield from self._container.demux(self.stream)
        except av_error.OSError as error:
            if error.errno != errno.EIO:
                raise

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
            self._after()


def is_one_picture(connection: Connection, packets: int) -> bool:
    """Whether an answer that ended after so many packets was one picture and no stream."""
    return connection.holds_pictures and 0 < packets <= FEW_PICTURES


def connect(source: Stream, form: str | None = None) -> Connection:
    """Open a source as it is written. Raises SourceError, what libav raises, and then some: see
    the reader. A camera is better called by ``wallctl.media.calling``."""
    url = file_path(source.url) or with_login(source.url, source.login)
    return open_url(url, source, form=form)


def open_url(
    url: str,
    source: Stream,
    after: Callable[[], None] = lambda: None,
    form: str | None = None,
    **more: str,
) -> Connection:
    """Open ``url`` with the options of ``source``, and ``more``; ``after`` is called when that is
    closed. ``form`` is libav's name of a live source's format, where libav can't tell."""
    if form:
        more["probesize"] = "32"  # nothing is to be found out, and libav assumes a rate
    container = opened(url, source, form, **more)
    try:
        return Connection(source.url, container, after, form)
    except BaseException:
        container.close()
        raise


def opened(url: str, source: Stream, form: str | None = None, **more: str) -> InputContainer:
    """``url`` as libav opens it, otherwise as ``open_url``."""
    silence()
    patience_s = (LISTEN_S, None) if is_connectionless(source.url) else None
    # libav takes an empty header for the end of all headers.
    chosen = options(source) | {name: value for name, value in more.items() if value}
    return av.open(url, format=form, options=chosen, timeout=patience_s, metadata_errors="ignore")


def silence() -> None:
    """Let libav log nothing: its messages carry URLs with passwords.

    PyAV's default too, but a default may change, and any library in the process can change it.
    """
    av.logging.set_level(None)


def options(source: Stream) -> dict[str, str]:
    """The options of FFmpeg for a source."""
    chosen = dict(_OPTIONS)
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
    elif file_path(source.url) is None:
        chosen["rw_timeout"] = str(_WEB_US)
        chosen["max_redirects"] = str(MOST_REDIRECTS)
        # A playlist that brings nothing new for so many reloads has ended, or was begun anew by a
        # server that counts from 0 again; libav would wait until it has caught up with itself.
        chosen["max_reload"] = chosen["m3u8_hold_counters"] = "8"
    return chosen


def with_login(url: str, login: Login | None) -> str:
    """The URL with the account in it, percent-encoded, as libav wants it. Never to be shown."""
    scheme, mark, rest = url.partition("://")
    if login is None or not mark:
        return url
    account = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
    return f"{scheme}://{account}@{rest}"


def _delivery(url: str, container: InputContainer) -> Delivery:
    """Files are recordings, and so perhaps is what a web server tells a length of."""
    if container.format.name in _SEGMENTED:
        return Delivery.RECORDING if container.duration else Delivery.SEGMENTS
    if file_path(url) is not None:
        return Delivery.RECORDING
    if not is_web(url) or container.format.name in _PUSHED:
        return Delivery.LIVE
    return Delivery.UNPROVEN if container.duration or container.size > 0 else Delivery.LIVE


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
