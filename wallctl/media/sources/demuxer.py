"""One connection to a source: opened with libav's own time-outs, read packet by packet.

It knows no kind of source: what sets one apart comes as an ``Opening``. Nor does it know decoding,
taps or retries. libav is given no login, except RTMP.

Never PyAV's ``timeout=``: its interrupt callback takes the interpreter's lock at each poll.
"""

import contextlib
import enum
import errno
import types
import typing
from collections.abc import Callable, Iterator

import av
import av.logging
import msgspec
from av import error as av_error
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from wallctl.media.decode.decoder_delay import pictures_held
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import SourceKind, source_kind
from wallctl.model.streams.health import SECOND_NS, Reason

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
"""Most packets of an answer that is one picture: some carry a small one beside it."""

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


class Opening(msgspec.Struct, frozen=True):
    """What libav may open for a kind of source, and how.

    libav knows some 350 formats. Texts as pictures, scripts that name other files, lists and
    devices are among them, and it chooses by what comes. What is not named here is not opened.
    """

    protocols: tuple[str, ...]
    formats: tuple[str, ...]
    options: Callable[[Stream], dict[str, str]] = lambda _stream: {}
    """The options of FFmpeg beside those of all kinds."""
    opens_within_s: float | None = None
    """Time limit of libav's opening, where no watchdog watches a line."""


class Coded(msgspec.Struct, frozen=True, gc=False):
    """One packet, with what the decode scheduler needs to know of it."""

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
        kind: SourceKind,
        container: InputContainer,
        conduit: Conduit | None = None,
        form: str | None = None,
    ) -> None:
        """``conduit`` is closed with it; ``form`` as of ``open_url``."""
        self._container = container
        self._conduit = conduit
        self.stream = stream = _video(container)
        size_bytes = conduit.size_bytes if conduit is not None else None
        self.delivery = Delivery.LIVE if form else _delivery(kind, container, size_bytes)
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
        with explained_by(self._conduit):
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
def explained_by(conduit: Conduit | None) -> Iterator[None]:
    """Raise what the conduit knows of a failure, in place of what libav raises."""
    try:
        yield
    except (FFmpegError, SourceError):
        if conduit is not None and conduit.fault is not None:
            raise conduit.fault from None
        raise


def is_one_picture(connection: Connection, packets: int) -> bool:
    """Whether an answer that ended after ``packets`` packets was one picture and no stream."""
    if connection.may_be_one:
        return packets == 1
    return connection.holds_pictures and 0 < packets <= FEW_PICTURES


def open_url(
    url: str,
    source: Stream,
    opening: Opening,
    conduit: Conduit | None = None,
    form: str | None = None,
    io_open: Opener | None = None,
) -> Connection:
    """Open ``url`` as its kind of source is opened. ``conduit`` is closed with it, and by a
    failure.

    ``form`` is libav's name of a live source's format, where libav can't tell. ``io_open`` is asked
    for all that libav reads.
    """
    silence()
    chosen = options(source, opening)
    if form:
        chosen["probesize"] = "32"  # nothing is to be found out, and libav assumes a rate
    within_s = opening.opens_within_s
    patience_s = None if within_s is None else (within_s, None)
    with explained_by(conduit), contextlib.ExitStack() as failing:
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
        connection = Connection(source_kind(source.url), container, conduit, form)
        failing.pop_all()
    return connection


@contextlib.contextmanager
def _known_formats() -> Iterator[None]:
    """EINVAL is what libav says of a format that its list lacks."""
    try:
        yield
    except av_error.ArgumentError:
        raise SourceError(Reason.NO_KNOWN_FORMAT) from None


def is_worth_a_look(error: BaseException, began: bool) -> bool:
    """Whether libav may have failed only because it does not know what the answer is.

    ``began``: pictures came before. Then something may stand between the JPEGs of a stream that
    libav does not skip. Otherwise EIO means that an answer without a length is over, or that a name
    does not resolve.
    """
    if isinstance(error, av_error.InvalidDataError):
        return True
    over = isinstance(error, EOFError) or getattr(error, "errno", None) == errno.EIO
    return over and not began


def silence() -> None:
    """Let libav log nothing: its messages carry URLs with passwords.

    PyAV's default too, but a default may change, and any library in the process can change it.
    """
    av.logging.set_level(None)


def options(source: Stream, opening: Opening) -> dict[str, str]:
    """The options of FFmpeg for a source."""
    lists = {
        "protocol_whitelist": ",".join(opening.protocols),
        "format_whitelist": ",".join(opening.formats),
        # "image2" would take a % in a name for the numbers of many files
        "pattern_type": "none",
    }
    return {**_OPTIONS, **lists, **opening.options(source)}


def _delivery(kind: SourceKind, container: InputContainer, size_bytes: int | None) -> Delivery:
    """Files are recordings, and so perhaps is what a web server tells a length of."""
    if container.format.name in _SEGMENTED:
        return Delivery.RECORDING if container.duration else Delivery.SEGMENTS
    if not kind.is_live:
        return Delivery.RECORDING
    if not kind.is_web or container.format.name in _PUSHED:
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
