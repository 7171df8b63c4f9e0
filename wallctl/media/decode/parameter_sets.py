"""The parameter sets of H.264 and H.265: in them a keyframe says what its pictures are like.

libav's decoder of H.264 keeps what an earlier set said of range and matrix where a later one says
nothing of it, and both tell the shape of pixels of the newest set while older pictures still come.
So a decoder must not outlive the sets that it began with, and somebody has to see them change.
"""

import itertools
from collections.abc import Iterable, Iterator

import msgspec
from av.packet import Packet
from av.video.stream import VideoStream

MOST_UNITS = 256
"""How many units of a keyframe are looked at. Its sets come before its first slice, behind
messages of any length."""

_START = b"\0\0\1"
_WITH_LENGTHS = 1
"""The first byte of a description whose packets hold lengths instead of start codes."""


class _Units(msgspec.Struct, frozen=True):
    """How to tell a codec's units apart."""

    shift: int
    """Of a unit's first byte, to the right, for its kind."""
    mask: int
    set_: int
    """The kind of a sequence parameter set."""
    slices: range
    lengths_at: int
    """Where a description tells how long lengths are; it is longer than that."""

    def kind(self, unit: bytes) -> int | None:
        """The kind of a unit."""
        return unit[0] >> self.shift & self.mask if unit else None


_CODECS = {
    "h264": _Units(shift=0, mask=31, set_=7, slices=range(1, 6), lengths_at=4),
    "hevc": _Units(shift=1, mask=63, set_=33, slices=range(32), lengths_at=21),
}


class ParameterSets:
    """What the sets of a stream are, from its description on."""

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        """``codec``: libav's name; no others than these two need this."""
        self._codec = _CODECS.get(codec)
        self._described = extradata or b""
        self._known = _sets_of(self._described, self._codec)

    def update_from_packet(self, packet: "Packet[VideoStream]") -> bool:
        """Whether a keyframe has other sets than the pictures before it."""
        codec = self._codec
        if codec is None:
            return False
        units = _units(bytes(memoryview(packet)), _length_bytes(self._described, codec))
        found = _join_sets(units, codec)
        return bool(found) and self._update(found)

    def update_from_description(self, extradata: bytes) -> bool:
        """Whether a stream has a new description that differs from the last one."""
        before, self._described = self._described, extradata
        self._update(_sets_of(extradata, self._codec))
        return extradata != before

    def _update(self, sets: bytes) -> bool:
        before, self._known = self._known, sets
        return bool(before) and sets != before


def _join_sets(units: Iterable[bytes], codec: _Units) -> bytes:
    """The sequence parameter sets among units, up to the first slice."""
    found = b""
    for unit in itertools.islice(units, MOST_UNITS):
        kind = codec.kind(unit)
        if kind in codec.slices:
            break
        if kind == codec.set_:
            found += unit.rstrip(b"\0")
    return found


def _sets_of(extradata: bytes, codec: _Units | None) -> bytes:
    """The sets of a description; none if it holds them in lists, as H.265 in files does."""
    if codec is None:
        return b""
    if _length_bytes(extradata, codec) is None:
        return _join_sets(_units(extradata, None), codec)
    listed = extradata[6:] if codec is _CODECS["h264"] else b""
    count = int.from_bytes(extradata[5:6], "big") & 31
    return _join_sets(itertools.islice(_units(listed, 2), count), codec)


def _length_bytes(extradata: bytes, codec: _Units) -> int | None:
    """How many bytes tell a unit's length; ``None`` where start codes part them."""
    if len(extradata) <= codec.lengths_at or extradata[0] != _WITH_LENGTHS:
        return None
    return (extradata[codec.lengths_at] & 3) + 1


def _units(data: bytes, length_bytes: int | None) -> Iterator[bytes]:
    """The units of a packet, each found when it is asked for."""
    if length_bytes is None:
        yield from _started(data)
        return
    at = 0
    while at + length_bytes <= len(data):
        begins = at + length_bytes
        at = begins + int.from_bytes(data[at:begins], "big")
        yield data[begins:at]


def _started(data: bytes) -> Iterator[bytes]:
    """The units behind start codes."""
    begin = data.find(_START)
    while begin >= 0:
        begin += len(_START)
        end = data.find(_START, begin)
        yield data[begin : end if end >= 0 else len(data)]
        begin = end
