"""Tells by its bytes what a web server answers with: one picture, several, or something else.

For libav a single picture is no stream, nor are pictures that do not begin with a delimiter. The
bytes choose the decoder of a kind of picture, and can open nothing else.
"""

import contextlib
import enum
import http.client
import io
import re
import typing

import av
from av.error import FFmpegError
from av.video.frame import VideoFrame

from wallctl.media.decode.decoder import Picture, prepare
from wallctl.media.http.client import MULTIPART, WebAnswer, WebCaller
from wallctl.media.http.jpeg_end import JpegEnd
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
"""A picture whose end can't be found for a wrong length in it ends within so many, by its looks."""
MORE_S = 2.0
"""How long something may be silent behind a whole picture and still go on. Some servers neither
close the connection nor say how long the picture is."""
_DELIMITER = b"--"
"""How the line begins that parts a multipart body."""


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
        kind = answer.header("Content-Type").strip().lower()
        return _classify(_Body(answer), kind.startswith(MULTIPART))
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


class _Body:
    """The bytes of an answer, as they come."""

    def __init__(self, answer: WebAnswer) -> None:
        self._answer = answer
        self.data = bytearray()
        self.is_silent = False
        """Whether it goes on, and nothing more came in time."""

    def grow(self) -> bool:
        """Read on. False when the answer is over, however it ends, silent, or longer than any
        picture."""
        try:
            piece = self._answer.read(SNIFFED_BYTES)
        except TimeoutError:
            self.is_silent = True
            return False
        except (OSError, ValueError, http.client.HTTPException):
            return False
        self.data += piece
        return bool(piece) and not self.is_too_long

    def hurry(self) -> None:
        """Wait for no more than a moment from now on: a picture is whole."""
        self._answer.limit_wait(MORE_S)

    @property
    def is_too_long(self) -> bool:
        """Whether it is longer than any picture."""
        return len(self.data) > MOST_BYTES


def _classify(body: _Body, in_parts: bool) -> Seen:
    """``in_parts``: the server says that it sends a multipart body."""
    data = body.data
    while _JPEG.begin not in data and len(data) < SNIFFED_BYTES and body.grow():
        pass
    kind = _kind(data)
    if kind is not None and kind is not _JPEG:
        return _of_kind(body, kind)
    begin = data.find(_JPEG.begin)
    if begin < 0:
        return Seen(Answer.OTHER, fault=_fault(data))
    in_parts = in_parts or data.startswith(_DELIMITER)
    return _pictures(body, begin, in_parts) if begin or in_parts else _picture(body)


def _of_kind(body: _Body, kind: _Kind) -> Seen:
    """Classify what begins as a picture file that is no JPEG."""
    data = body.data
    while body.grow():
        if kind.end and data.find(kind.end, len(data) - SNIFFED_BYTES) >= 0:
            body.hurry()
    whole = kind.end in data and not body.is_too_long
    return Seen(Answer.PICTURE, bytes(data)) if whole else Seen(Answer.OTHER)


def _picture(body: _Body) -> Seen:
    """Classify what begins as a JPEG. Some cameras put a small one behind it."""
    end, ending = None, JpegEnd(0)
    while end is None and (end := ending.find(body.data)) is None and body.grow():
        pass
    if end is not None:
        body.hurry()
        while body.grow():
            pass
    whole = end is not None or _JPEG.end in body.data[-_TAIL_BYTES:]
    if not whole or body.is_too_long:
        return Seen(Answer.OTHER)
    return Seen(Answer.PICTURE, bytes(body.data))


def _pictures(body: _Body, begin: int, in_parts: bool) -> Seen:
    """Classify JPEGs that have something before them: delimiters, or an empty line of a careless
    script. One alone is a picture, unless more may come."""
    data, ending = body.data, JpegEnd(begin)
    while (end := ending.find(data)) is None and body.grow():
        pass
    if end is None:
        whole = _JPEG.end in data[-_TAIL_BYTES:] and not body.is_too_long
        return Seen(Answer.PICTURE, bytes(data[begin:])) if whole else Seen(Answer.OTHER)
    body.hurry()
    searched = end
    while data.find(_JPEG.begin, searched) < 0:
        searched = max(end, len(data) - len(_JPEG.begin))
        if not body.grow():
            break
    else:
        return Seen(Answer.PICTURES)
    goes_on = body.is_silent and in_parts and not _is_last(data[end:])
    return Seen(Answer.PICTURES) if goes_on else Seen(Answer.PICTURE, bytes(data[begin:end]))


def _is_last(behind: bytes | bytearray) -> bool:
    """Whether a multipart body ends behind a picture: ``--`` stands behind its delimiter, too."""
    return behind.rstrip().endswith(_DELIMITER)


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
