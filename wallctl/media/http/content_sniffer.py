"""Tells by its bytes what a web server answers with: one picture, several, or something else.

For libav a single picture is no stream, nor are pictures that do not begin with a delimiter. The
bytes choose the decoder of a kind of picture, and can open nothing else.
"""

import contextlib
import enum
import http.client
import io
import itertools
import re
import typing

import av
from av.error import FFmpegError
from av.video.frame import VideoFrame

from wallctl.media.decode.decoder import Picture, prepare
from wallctl.media.http.client import WebAnswer, WebCaller
from wallctl.media.scale.scaler import look_of
from wallctl.media.sources.demuxer import MAX_PIXELS
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

MOST_BYTES = 24 << 20
"""A JPEG of 50 megapixels at its best quality takes as much. No snapshot is longer."""
SNIFFED_BYTES = 4096
"""The first JPEG of a stream begins within so many: a delimiter and some headers."""


class _Kind(typing.NamedTuple):
    """A kind of picture file."""

    begin: bytes
    form: str
    """What libav calls the format."""
    codec: str
    end: bytes = b""
    """Bytes near the end of a whole file; empty if libav does not decode a part of one."""
    name: bytes = b""
    """Bytes at offset 8."""


_JPEG = _Kind(b"\xff\xd8\xff", "jpeg_pipe", "mjpeg", end=b"\xff\xd9")
_KINDS = (
    _JPEG,
    _Kind(b"\x89PNG\r\n\x1a\n", "png_pipe", "png", end=b"IEND"),
    _Kind(b"BM", "bmp_pipe", "bmp"),
    _Kind(b"GIF8", "gif", "gif"),
    _Kind(b"RIFF", "webp_pipe", "webp", name=b"WEBP"),
)
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1f]+")
"""Text in any encoding. Binary data soon has one of the bytes that are left out here."""
_TEXT_BYTES = 512
_LIST, _MANIFEST = b"#EXTM3U", b"<MPD"
"""Texts that libav opens: it can tell better what is wrong with them."""
_TAIL_BYTES = 4096
"""Some cameras append padding or a text of their own."""


class Answer(enum.Enum):
    """What an answer is."""

    PICTURE = "picture"
    PICTURES = "pictures"
    """JPEGs with something between them."""
    OTHER = "other"


class Seen(typing.NamedTuple):
    """An answer, and all of it if it is a picture."""

    answer: Answer
    data: bytes = b""
    fault: Reason = Reason.BROKEN_DATA
    """Why it is no single picture."""


def look(source: Stream) -> Seen:
    """Ask the server, and read as much as is needed. Raises as ``connect`` does.

    The watchdog limits its time.
    """
    answer = WebCaller(source).get(source.url)
    try:
        return _classify(_pieces(answer))
    finally:
        answer.close()


def fetch(source: Stream) -> bytes:
    """Fetch the picture that the server has now. Raises as ``connect`` does, and ``SourceError`` if
    the answer is no picture."""
    seen = look(source)
    if seen.answer is not Answer.PICTURE:
        raise SourceError(seen.fault)
    return seen.data


class Decoded(typing.NamedTuple):
    """A picture, and what libav calls its codec."""

    picture: Picture
    codec: str


def decode_picture(data: bytes, arrival_ns: int) -> Decoded:
    """Decode a picture. SourceError if that can't be done."""
    kind = _kind(data)
    frame = None
    if kind is not None:
        with contextlib.suppress(FFmpegError, ValueError, EOFError, IndexError):
            frame = _frame(data, kind.form)
    if kind is None or frame is None:
        raise SourceError(Reason.BROKEN_DATA)
    look = look_of(frame, 1.0)
    return Decoded(Picture(frame, look, True, frame.is_corrupt, 0, arrival_ns), kind.codec)


def _frame(data: bytes, form: str) -> VideoFrame | None:
    chosen = {"max_pixels": str(MAX_PIXELS)}
    with av.open(io.BytesIO(data), "r", format=form, options=chosen) as container:
        prepare(container.streams.video[0].codec_context)
        return next(container.decode(video=0), None)


def _pieces(answer: WebAnswer) -> typing.Iterator[bytes]:
    """The bytes as they come, until the answer is over, however it ends."""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        while piece := answer.read(SNIFFED_BYTES):
            yield piece


def _classify(pieces: typing.Iterator[bytes]) -> Seen:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) >= SNIFFED_BYTES:
            break
    kind = _kind(data)
    if kind is None:
        return _behind_a_lead(data, pieces)
    for piece in pieces:
        data += piece
        if len(data) > MOST_BYTES:
            return Seen(Answer.OTHER)
    whole = kind.end in data[-_TAIL_BYTES:]
    return Seen(Answer.PICTURE, bytes(data)) if whole else Seen(Answer.OTHER)


def _behind_a_lead(data: bytearray, pieces: typing.Iterator[bytes]) -> Seen:
    """Classify JPEGs that have something before them: delimiters, or an empty line of a careless
    script."""
    begin, end = data.find(_JPEG.begin), -1
    if begin < 0:
        return Seen(Answer.OTHER, fault=_fault(data))
    searched = begin
    for piece in itertools.chain((b"",), pieces):
        data += piece
        if end < 0:
            end = data.find(_JPEG.end, searched)
        if end >= 0 and data.find(_JPEG.begin, max(end, searched)) >= 0:
            return Seen(Answer.PICTURES)
        if len(data) > MOST_BYTES:
            return Seen(Answer.OTHER)
        searched = max(begin, len(data) - len(_JPEG.begin))
    whole = _JPEG.end in data[-_TAIL_BYTES:]
    return Seen(Answer.PICTURE, bytes(data[begin:])) if whole else Seen(Answer.OTHER)


def _fault(data: bytes | bytearray) -> Reason:
    """What is wrong with an answer that holds no picture, for people."""
    if not data:
        return Reason.ENDED
    is_list = data.startswith(_LIST) or _MANIFEST in data
    is_text = _TEXT.fullmatch(data[:_TEXT_BYTES]) is not None
    return Reason.NO_KNOWN_FORMAT if is_text and not is_list else Reason.BROKEN_DATA


def _kind(data: bytes | bytearray) -> _Kind | None:
    """The kind of picture file that begins like this."""
    return next(
        (one for one in _KINDS if data.startswith(one.begin) and _has_name(one, data)), None
    )


def _has_name(kind: _Kind, data: bytes | bytearray) -> bool:
    return data[8 : 8 + len(kind.name)] == kind.name
