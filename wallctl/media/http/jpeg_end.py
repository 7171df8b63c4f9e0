"""Where a JPEG picture ends (ITU-T T.81, annex B). Pure.

Its last two bytes alone don't tell: a small picture inside of it ends by the same two, and some
cameras append a text of any length.
"""

import struct

_MARK = b"\xff"
_ESCAPED, _FILL, _BEGIN, _END = 0x00, 0xFF, 0xD8, 0xD9
_ALONE = frozenset({_ESCAPED, 0x01, _BEGIN, *range(0xD0, 0xD8)})
"""Behind a mark: what no length follows, within the coded picture or without meaning."""
_LENGTH = struct.Struct(">H")


class JpegEnd:
    """Finds the end of a picture while its bytes come, and looks at none of them twice."""

    def __init__(self, begin: int) -> None:
        """``begin``: the picture's offset in the bytes that ``find`` is given."""
        self._at = begin + 2

    def find(self, data: bytes | bytearray) -> int | None:
        """The offset behind the picture; ``None`` while that has not come."""
        while (mark := data.find(_MARK, self._at)) >= 0 and mark + 1 < len(data):
            kind = data[mark + 1]
            if kind == _END:
                return mark + 2
            if kind == _FILL:
                self._at = mark + 1
            elif kind in _ALONE:
                self._at = mark + 2
            elif mark + 4 > len(data):
                break
            else:
                self._at = mark + 2 + _LENGTH.unpack_from(data, mark + 2)[0]
        if mark < 0:
            self._at = max(self._at, len(data))
        return None
