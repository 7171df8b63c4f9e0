"""Packets become pictures. One decoder per connection; never two threads in one at a time."""

import typing

import msgspec
from av.codec import CodecContext
from av.codec.context import Flags
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from wallctl.media.decode.declared_shape import DeclaredShape
from wallctl.media.decode.hw_decoder import HardwareDecoder, drain_decoder
from wallctl.media.decode.parameter_sets import ParameterSets
from wallctl.media.scale.scaler import Look
from wallctl.media.sources.demuxer import MAX_PIXELS, Coded
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SECOND_NS
from wallctl.supervisor.resource_limits import room_bytes

_REORDERED = 64
"""Arrivals remembered while a decoder holds pictures back; no codec reorders more than 16."""
_PIXEL_BYTES = 3
"""Of a picture with 10 bits and two colours for each four pixels."""
_DESCRIPTION: typing.Final = "new_extradata"
"""libav's name of a description that replaces that of the opening."""


class Picture(msgspec.Struct, frozen=True):
    """A decoded picture in libav's memory, kept for as long as someone holds this."""

    frame: VideoFrame
    look: Look
    key: bool
    corrupt: bool
    pts_ns: int
    arrival_ns: int
    """When its packet came out of the demuxer."""

    @property
    def spare(self) -> bool:
        """Whether it is of the kind that others can mostly do without."""
        return bool(self.frame.pict_type == PictureType.B)


class Decoder:
    """Decodes one video stream with one thread: the other cores decode other cameras.

    What a keyframe can change is read from pictures. What was known when the stream was opened
    counts only while the pictures are as it was then.
    """

    def __init__(self, stream: VideoStream, accelerated: HardwareDecoder | None = None) -> None:
        """``accelerated`` decodes this very stream; without it libav does so in software."""
        self._accelerated = accelerated
        self._filtered = stream.codec_context
        prepare(self._filtered)
        self._context = self._filtered
        self._takes_damaged = False
        self._declared = DeclaredShape(stream)
        self._sets = ParameterSets(self._filtered.codec.name, self._filtered.extradata)
        self._unfiltered = False
        """Whether the loop filter is to be left out from the next keyframe on."""
        self._tick_ns = float(stream.time_base or 0) * SECOND_NS
        self._arrivals: dict[int | None, int] = {}
        self.errors = 0
        """Packets that could not be decoded."""

    def decode(self, coded: Coded, arrival_ns: int) -> list[Picture]:
        """The pictures that come out now: none, one, rarely more. Broken packets give none."""
        if len(self._arrivals) > _REORDERED:
            self._arrivals.clear()
        packet = coded.packet
        self._arrivals[packet.pts] = arrival_ns
        held = self._at_key(packet, arrival_ns) if coded.key else []
        return held + [self._picture(frame, arrival_ns) for frame in self._frames(packet)]

    def drain(self, arrival_ns: int) -> list[Picture]:
        """The pictures still held back, after the last packet."""
        return [self._picture(frame, arrival_ns) for frame in self._frames(None)]

    def restart(self) -> None:
        """Forget what was decoded: the next packet is a keyframe after missing ones."""
        self._arrivals.clear()
        (self._accelerated or self._context).flush_buffers()

    def lighten(self, effort: Effort) -> None:
        """Decode as much as an effort says. What can't change between two keyframes changes at the
        next. Decoding in a device stays as it is: no device is short."""
        self._context.skip_frame = "NONREF" if effort <= Effort.REFERENCE else "DEFAULT"
        self._unfiltered = effort in (Effort.UNFILTERED, Effort.REFERENCE)

    def take_damaged(self, taken: bool) -> None:
        """Whether pictures are wanted that lack what came before them. They are not called corrupt
        then: see ``wallctl.media.decode.whole_picture``."""
        if taken is not self._takes_damaged:
            self._takes_damaged = taken
            self._allow_damaged()

    def _allow_damaged(self) -> None:
        flags, damaged = self._context.flags, int(Flags.output_corrupt)
        self._context.flags = flags | damaged if self._takes_damaged else flags & ~damaged

    def close(self) -> None:
        """Let go of a device, if one is held."""
        if self._accelerated is not None:
            self._accelerated.close()

    def _at_key(self, packet: "Packet[VideoStream]", arrival_ns: int) -> list[Picture]:
        """Take up another context where this one can't go on; return the pictures that it held
        back."""
        self._declared.at_key(packet)
        described = _find_new_description(packet)
        if described is not None and self._sets.update_from_description(described):
            return self._restart_with(described, arrival_ns)
        if self._sets.update_from_packet(packet):
            return self._restart_with(self._filtered.extradata, arrival_ns)
        self._choose_context()
        return []

    def _restart_with(self, extradata: bytes | None, arrival_ns: int) -> list[Picture]:
        """Decode what follows with a new context; return the pictures that the old one held
        back."""
        before, skip = self._context, self._context.skip_frame
        active = self._accelerated.active if self._accelerated else before
        held = [self._picture(frame, arrival_ns) for frame in drain_decoder(active)]
        self._filtered = self._context = _fresh(before, extradata)
        if self._unfiltered:
            self._context = _fresh(before, extradata, skip_loop_filter="all")
        self._context.skip_frame = skip
        self._allow_damaged()
        if self._accelerated is not None:
            self._accelerated.begin_anew(self._context)
        self._declared.forget_container()
        return held

    def _choose_context(self) -> None:
        """Take up the context with or without the loop filter; libav fixes that when it opens."""
        if self._unfiltered == (self._context is not self._filtered):
            return
        skip = self._context.skip_frame
        if self._unfiltered:
            like = self._filtered
            self._context = _fresh(like, like.extradata, skip_loop_filter="all")
            resemble(self._context, like)
        else:
            self._context = self._filtered
            self._context.flush_buffers()
        self._context.skip_frame = skip
        self._allow_damaged()
        if self._accelerated is not None:
            self._accelerated.take_up(self._context)

    def _frames(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        try:
            return (self._accelerated or self._context).decode(packet)
        except MemoryError:
            raise  # the next packet would lack the memory, too
        except FFmpegError as error:
            if _is_short():
                raise MemoryError from error
            self.errors += 1
            return []

    def _picture(self, frame: VideoFrame, arrival_ns: int) -> Picture:
        pts, key = frame.pts, bool(frame.key_frame)
        context = self._accelerated.active if self._accelerated else self._context
        return Picture(
            frame,
            self._declared.look(frame, key, context),
            key,
            frame.is_corrupt and not self._takes_damaged,
            0 if pts is None else int(pts * self._tick_ns),
            self._arrivals.pop(pts, arrival_ns),
        )


def _is_short() -> bool:
    """Whether memory lacks room for one more picture. libav often takes that for broken data."""
    room = room_bytes()
    return room is not None and room < MAX_PIXELS * _PIXEL_BYTES


def prepare(context: VideoCodecContext, **more: str) -> None:
    """Make a decoder ready that is not open yet, with ``more`` options of libav's."""
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS), **more}


def resemble(context: VideoCodecContext, like: VideoCodecContext) -> None:
    """Give a decoder that is not open yet what a container said to another one of the colours."""
    context.color_range = like.color_range
    context.colorspace = like.colorspace


def _fresh(like: VideoCodecContext, extradata: bytes | None, **more: str) -> VideoCodecContext:
    """A context for the same stream that knows no more of its pictures than a description."""
    context = CodecContext.create(like.codec.name, "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = extradata
    prepare(context, **more)
    return context


def _find_new_description(packet: "Packet[VideoStream]") -> bytes | None:
    """The description that came with a keyframe; ``None`` for most."""
    if not packet.has_sidedata(_DESCRIPTION):
        return None
    return bytes(memoryview(packet.get_sidedata(_DESCRIPTION)))
