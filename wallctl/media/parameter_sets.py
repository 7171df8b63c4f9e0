"""The parameter sets of H.264, by which a keyframe says what its pictures are like.

libav's decoder keeps what an earlier set said of range and matrix where a later one says nothing of
it. So a decoder must not outlive the sets that it began with, and somebody has to see them change.
"""

import itertools
from collections.abc import Iterable, Iterator

from av.packet import Packet
from av.video.stream import VideoStream

HEAD_BYTES = 16 << 10
"""How much of a keyframe is looked at; its sets come before its first slice."""

_START = b"\0\0\1"
_AVCC = 1
"""The first byte of a description whose packets hold lengths instead of start codes."""
_AVCC_BYTES = 7
"""The shortest such description."""
_SPS, _SLICES = 7, range(1, 6)


class ParameterSets:
    """What the sets of a stream are, from its description on."""

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        """``codec``: libav's name; no other than H.264 needs this."""
        self._concerns = codec == "h264"
        self._described = extradata or b""
        self._known = _sets_of(self._described)

    def changed(self, packet: "Packet[VideoStream]") -> bool:
        """Whether a keyframe has other sets than the pictures before it."""
        if not self._concerns:
            return False
        head = bytes(memoryview(packet)[:HEAD_BYTES])
        found = _joined(_units(head, _length_bytes(self._described)))
        return bool(found) and self._now(found)

    def described(self, extradata: bytes) -> bool:
        """Whether a stream is described anew, and otherwise than before."""
        before, self._described = self._described, extradata
        if self._concerns:
            self._now(_sets_of(extradata))
        return extradata != before

    def _now(self, sets: bytes) -> bool:
        before, self._known = self._known, sets
        return bool(before) and sets != before


def _joined(units: Iterable[bytes]) -> bytes:
    """The sequence parameter sets among units, up to the first slice."""
    found = b""
    for unit in units:
        kind = unit[0] & 31 if unit else 0
        if kind in _SLICES:
            break
        if kind == _SPS:
            found += unit.rstrip(b"\0")
    return found


def _sets_of(extradata: bytes) -> bytes:
    if extradata[:1] != bytes([_AVCC]):
        return _joined(_units(extradata, None))
    if len(extradata) < _AVCC_BYTES:
        return b""
    return _joined(itertools.islice(_units(extradata[6:], 2), extradata[5] & 31))


def _length_bytes(extradata: bytes) -> int | None:
    """How many bytes tell a unit's length; ``None`` where start codes part them."""
    if len(extradata) < _AVCC_BYTES or extradata[0] != _AVCC:
        return None
    return (extradata[4] & 3) + 1


def _units(data: bytes, length_bytes: int | None) -> Iterator[bytes]:
    """The units of a packet."""
    if length_bytes is None:
        yield from data.split(_START)[1:]
        return
    at = 0
    while at + length_bytes <= len(data):
        begins = at + length_bytes
        at = begins + int.from_bytes(data[at:begins], "big")
        yield data[begins:at]
