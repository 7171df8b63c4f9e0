"""Reads for libav what it opens on web servers: an address, and all that a playlist there names.

A playlist names segments and keys; each is judged like any address (``wallctl.media.http.client``).
No error is raised into libav: it would go on with the next segment, and PyAV would print the error
and forget it. An error ends the reading instead, and is kept.
"""

import http.client
import os
from collections.abc import Callable

import av
from av.error import FFmpegError

from wallctl.media.http.client import MULTIPART, WebAnswer, WebCaller
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

_CRYPTO = "crypto"
_FAULTS = (OSError, EOFError, ValueError, SourceError, FFmpegError, http.client.HTTPException)
_BARS = frozenset(
    {
        *(Reason.REDIRECTED, Reason.CERTIFICATE, Reason.BAD_CREDENTIALS),
        *(Reason.LOGIN_MISSING, Reason.LOGIN_WITHHELD),
        *(Reason.LOGIN_IN_CLEAR, Reason.LOGIN_UNSUPPORTED),
    }
)
"""Reasons that a second try would not change, or that forbid one."""
_FORMATS = {
    **dict.fromkeys(("application/vnd.apple.mpegurl", "application/x-mpegurl"), "hls"),
    **dict.fromkeys(("audio/mpegurl", "audio/x-mpegurl"), "hls"),
}
"""Formats that libav can't tell without the server's word, by ``Content-Type``."""
_CHUNK_BYTES = 1 << 16
MOST_SEGMENT_BYTES = 64 << 20
"""Largest encrypted segment, which is held in memory: ten seconds at 50 Mbit/s."""


class WebFile:
    """One answer as a file. It is fetched again when libav wants to read elsewhere."""

    def __init__(
        self, get: Callable[[int | None], WebAnswer], on_fault: Callable[[Exception], None]
    ) -> None:
        """``get`` opens it from a byte on. Raises what ``WebCaller.get`` raises."""
        self._get = get
        self._on_fault = on_fault
        self._answer = answer = get(0)
        self.url = answer.address.url
        """Where it is, after redirects."""
        self.size_bytes = answer.size_bytes
        """``None`` where the server gives none."""
        kind = answer.header("Content-Type").partition(";")[0].strip().lower()
        self.form = "mpjpeg" if kind.startswith(MULTIPART) else _FORMATS.get(kind)
        """libav's name of its format; ``None`` where the server does not tell."""
        self._can_seek = answer.is_partial and self.size_bytes is not None
        self._at = self._read_at = 0
        self.is_open = True

    def read(self, most_bytes: int) -> bytes:
        """The next bytes; empty at the end, and after a fault."""
        try:
            data = self._here().read(most_bytes)
            if not data and self._at < (self.size_bytes or 0):
                data = self._reopen().read(most_bytes)  # some servers send it in pieces
            self._at = self._read_at = self._at + len(data)
        except _FAULTS as error:
            self._on_fault(error)
            return b""
        return data

    def _here(self) -> WebAnswer:
        return self._answer if self._read_at == self._at else self._reopen()

    def _reopen(self) -> WebAnswer:
        self._answer.close()
        if not self._can_seek:
            raise EOFError
        self._answer = self._get(self._at)
        if not self._answer.is_partial:
            raise EOFError
        self._read_at = self._at
        return self._answer

    def seekable(self) -> bool:
        """Whether it can be read from anywhere."""
        return self._can_seek

    def seek(self, to: int, whence: int = os.SEEK_SET) -> int:
        """Move elsewhere. Returns the new place."""
        start = {os.SEEK_CUR: self._at, os.SEEK_END: self.size_bytes or 0}.get(whence, 0)
        self._at = max(0, start + to)
        return self._at

    def tell(self) -> int:
        """The place that is read next."""
        return self._at

    def close(self) -> None:
        """Hang up."""
        self.is_open = False
        self._answer.close()


class _Bytes:
    """Bytes in memory, as a file."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    def read(self, most_bytes: int) -> bytes:
        data, self._data = bytes(self._data[:most_bytes]), self._data[most_bytes:]
        return data

    def close(self) -> None:
        """Do nothing."""


class WebFiles:
    """All files that libav opens of a source, until it is closed."""

    def __init__(self, source: Stream, check_name: Callable[[str], None] = lambda _: None) -> None:
        """Ask for the source itself; raises ``SourceError``, and what sockets raise."""
        self._caller = WebCaller(source, check_name)
        self._open: list[WebFile] = []
        self.fault: Exception | None = None
        """Why reading ended; for a playlist, why its newest piece could not be read."""
        self._first: WebFile | None = self._file(source.url)
        self.url = self._first.url
        """What libav is to open: a playlist names its pieces from there."""
        self.size_bytes = self._first.size_bytes
        self.form = self._first.form
        """As of ``WebFile``."""

    def open(self, url: str, _flags: int, options: dict[str, str]) -> "WebFile | _Bytes":
        """Open a file for libav (PyAV's ``io_open``)."""
        first, self._first = self._first, None
        if first is not None:
            return first
        if self._is_barred():
            return _Bytes(b"")
        try:
            opened = self._open_file(url, options)
        except _FAULTS as error:
            self._note(error)
            return _Bytes(b"")
        self.fault = None
        return opened

    def close(self) -> None:
        """Hang up everywhere."""
        for one in self._open:
            one.close()

    def _open_file(self, url: str, options: dict[str, str]) -> "WebFile | _Bytes":
        if not url.startswith(_CRYPTO):
            return self._file(url)
        whole = self._file(url.removeprefix(_CRYPTO)[1:])
        try:
            return _Bytes(_decrypt(_all(whole), options))
        finally:
            whole.close()

    def _file(self, url: str) -> WebFile:
        file = WebFile(lambda first_byte: self._caller.get(url, first_byte), self._note)
        self._open = [*(one for one in self._open if one.is_open), file]
        return file

    def _note(self, error: Exception) -> None:
        self.fault = error

    def _is_barred(self) -> bool:
        """Whether the newest fault forbids that more of the source is opened."""
        return isinstance(self.fault, SourceError) and self.fault.reason in _BARS


def _all(file: WebFile) -> bytes:
    data = bytearray()
    while piece := file.read(_CHUNK_BYTES):
        data += piece
        if len(data) > MOST_SEGMENT_BYTES:
            raise SourceError(Reason.NO_RESOURCES)
    return bytes(data)


def _decrypt(data: bytes, options: dict[str, str]) -> bytes:
    """Decrypt a segment (AES-128). libav has fetched its key, and ``options`` holds it."""
    file = os.memfd_create("segment")
    try:
        with open(file, "wb", closefd=False) as held:
            held.write(data)
        os.lseek(file, 0, os.SEEK_SET)
        chosen = {"protocol_whitelist": "crypto,pipe"}
        chosen |= {name: value for name, value in options.items() if name in ("key", "iv")}
        with av.open(f"crypto:pipe:{file}", format="data", options=chosen) as container:
            return b"".join(bytes(packet) for packet in container.demux())
    finally:
        os.close(file)
