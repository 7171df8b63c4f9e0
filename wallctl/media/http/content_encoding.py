"""Undoes the compression of a web server's answer (``Content-Encoding``).

The wall asks for none, but some servers compress playlists and pictures for everybody.
"""

import zlib
from collections.abc import Callable

from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason

_ANY_HEAD = 32 + zlib.MAX_WBITS
"""For zlib: the head tells whether it is gzip or zlib's own."""
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})


def plain(name: str, read: Callable[[int], bytes]) -> Callable[[int], bytes] | None:
    """What reads an answer in that coding; ``None`` if it is not coded."""
    name = name.strip().lower()
    if name in ("", "identity"):
        return None
    return _Unpacker(read).read if name in _CODINGS else _refuse


def _refuse(_most_bytes: int) -> bytes:
    raise SourceError(Reason.UNSUPPORTED)


class _Unpacker:
    """Unpacks no more than is asked for, so that a small answer can't fill the memory."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._unpacking = zlib.decompressobj(_ANY_HEAD)

    def read(self, most_bytes: int) -> bytes:
        """The next bytes; empty at the end. Raises ``SourceError`` for damaged ones."""
        while not self._unpacking.eof:
            packed = self._unpacking.unconsumed_tail or self._read(most_bytes)
            try:
                data = self._unpacking.decompress(packed, most_bytes)
            except zlib.error:
                raise SourceError(Reason.BROKEN_DATA) from None
            if data or not packed:
                return data
        return b""
