"""Streams whose pictures become others at a keyframe, drawn and encoded here."""

import fractions
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import av
from av.bitstream import BitStreamFilterContext
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from wallctl.model.base.geometry import Size

RATE_HZ = 25
LIMITED, FULL = 1, 2
BT709, BT470BG = 1, 5

_PARAMS = {
    "libx264": ("x264-params", "repeat-headers=1:aud=1:scenecut=0"),
    "libx265": ("x265-params", "log-level=none:repeat-headers=1:aud=1:frame-threads=1:pools=none"),
}


class Part(NamedTuple):
    """A piece of a stream, of one look."""

    size: Size = Size(352, 288)
    aspect: tuple[int, int] | None = None
    """Of a pixel; ``None``: nothing is said."""
    range_: int | None = None
    matrix: int | None = None
    pixels: str = "yuv420p"
    params: str = "bframes=0"
    codec: str = "libx264"
    pictures: int = 6
    luma: int = 100
    headers: bool = True
    """Whether keyframes hold their parameter sets."""


def encoded(part: Part) -> tuple[list[bytes], bytes | None]:
    """Its packets, the first of which is a keyframe, and its description."""
    context = cast(VideoCodecContext, CodecContext.create(part.codec, "w"))
    context.width, context.height, context.pix_fmt = *_size(part), part.pixels
    context.time_base = fractions.Fraction(1, RATE_HZ)
    context.gop_size, context.thread_count = part.pictures, 1
    if part.aspect is not None:
        context.sample_aspect_ratio = fractions.Fraction(*part.aspect)
    if part.range_ is not None:
        context.color_range = part.range_
    if part.matrix is not None:
        context.colorspace = part.matrix
    key, params = _PARAMS.get(part.codec, ("", ""))
    if key:
        context.options = {"preset": "ultrafast", key: f"{params}:{part.params}"}
    if not part.headers:
        context.options = {"preset": "ultrafast", key: "aud=0:scenecut=0:bframes=0"}
        context.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER
    packets: list[Packet[VideoStream]] = []
    for number in range(part.pictures):
        packets += context.encode(_frame(part, number))
    packets += context.encode(None)
    return [bytes(packet) for packet in packets], context.extradata


def turned(file: Path, part: Part, degrees: int) -> bytes:
    """The packets of a part whose keyframe, and no other picture, says how it stands."""
    with av.open(str(elementary(file, [part]))) as container:
        track = container.streams.video[0]
        words = f"h264_metadata=display_orientation=insert:rotate={degrees}"
        insert = BitStreamFilterContext(words, track)
        packets = (packet if packet.size else None for packet in container.demux(track))
        return b"".join(bytes(one) for packet in packets for one in insert.filter(packet))


def elementary(file: Path, parts: Sequence[Part]) -> Path:
    """A file of nothing but the packets of the parts, one after the other."""
    file.write_bytes(b"".join(data for part in parts for data in encoded(part)[0]))
    return file


def flv(file: Path, parts: Sequence[Part]) -> Path:
    """An FLV file that describes each part before it; no keyframe holds parameter sets."""
    tags, at_ms = [b"FLV\1\1\0\0\0\x09\0\0\0\0"], 0
    for part in parts:
        packets, extradata = encoded(part._replace(headers=False))
        sps, pps = (unit for unit in _units(extradata or b"") if unit[0] & 31 in (7, 8))
        avcc = b"\1" + sps[1:4] + b"\xff\xe1" + _with_length(sps, 2) + b"\1" + _with_length(pps, 2)
        tags.append(_tag(b"\x17\0\0\0\0" + avcc, at_ms))
        for number, packet in enumerate(packets):
            units = b"".join(_with_length(unit, 4) for unit in _units(packet))
            tags.append(_tag((b"\x27" if number else b"\x17") + b"\1\0\0\0" + units, at_ms))
            at_ms += 1000 // RATE_HZ
    file.write_bytes(b"".join(tags))
    return file


def remuxed(
    folder: Path, suffix: str, part: Part, aspect: tuple[int, int] | None = None, degrees: int = 0
) -> Path:
    """A file whose container says what its codec does not: two of the part."""
    file = folder / f"remuxed.{suffix}"
    with (
        av.open(str(elementary(folder / "part.264", [part, part]))) as given,
        av.open(str(file), "w") as container,
    ):
        track = container.add_stream_from_template(given.streams.video[0])
        if aspect is not None:
            track.sample_aspect_ratio = fractions.Fraction(*aspect)
        if degrees:
            track.set_display_rotation(degrees)
        packets = (packet for packet in given.demux(video=0) if packet.size)
        for number, packet in enumerate(packets):
            packet.stream = track
            packet.time_base = fractions.Fraction(1, RATE_HZ)
            packet.pts, packet.dts, packet.duration = number, number, 1
            container.mux(packet)
    return file


def _tag(body: bytes, at_ms: int) -> bytes:
    head = b"\x09" + len(body).to_bytes(3, "big") + at_ms.to_bytes(3, "big") + b"\0\0\0\0"
    return head + body + (len(head) + len(body)).to_bytes(4, "big")


def _units(data: bytes) -> list[bytes]:
    return [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1")[1:]]


def _with_length(data: bytes, length_bytes: int) -> bytes:
    return len(data).to_bytes(length_bytes, "big") + data


def _size(part: Part) -> tuple[int, int]:
    return part.size.w, part.size.h


def _frame(part: Part, number: int) -> av.VideoFrame:
    frame = av.VideoFrame(*_size(part), part.pixels)
    for index, plane in enumerate(frame.planes):
        code = part.luma if index == 0 else 128
        depth = 2 if "10" in part.pixels else 1
        data = bytes([code]) if depth == 1 else (code * 4).to_bytes(2, "little")
        plane.update(data * (plane.buffer_size // depth))
    if part.range_ is not None:
        frame.color_range = part.range_
    if part.matrix is not None:
        frame.colorspace = part.matrix
    frame.pts = number
    return frame
