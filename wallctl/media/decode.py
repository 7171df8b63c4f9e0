"""Packets become pictures. One decoder per connection; never two threads in one at a time."""

import msgspec
from av.codec import CodecContext
from av.codec.context import Flags
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from wallctl.media.accelerated import Accelerated
from wallctl.media.connect import MAX_PIXELS, Coded
from wallctl.media.scale import Look, look_of
from wallctl.model.effort import Effort
from wallctl.model.health import SECOND_NS

_REORDERED = 64
"""Arrivals remembered while a decoder holds pictures back; no codec reorders more than 16."""


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
    """Decodes one video stream with one thread: the other cores decode other cameras."""

    def __init__(self, stream: VideoStream, accelerated: Accelerated | None = None) -> None:
        """``accelerated`` decodes this very stream; without it libav does so in software."""
        self._stream = stream
        self._accelerated = accelerated
        self._filtered = stream.codec_context
        prepare(self._filtered)
        self._context = self._filtered
        self._takes_damaged = False
        self._unfiltered = False
        """Whether the loop filter is to be left out from the next keyframe on."""
        self._tick_ns = float(stream.time_base or 0) * SECOND_NS
        self._arrivals: dict[int | None, int] = {}
        self._aspect = self._sample_aspect()
        self.errors = 0
        """Packets that could not be decoded."""

    def decode(self, coded: Coded, arrival_ns: int) -> list[Picture]:
        """The pictures that come out now: none, one, rarely more. Broken packets give none."""
        if len(self._arrivals) > _REORDERED:
            self._arrivals.clear()
        packet = coded.packet
        self._arrivals[packet.pts] = arrival_ns
        if coded.key:
            self._choose_context()
            self._aspect = self._sample_aspect()
        return [self._picture(frame, arrival_ns) for frame in self._frames(packet)]

    def drain(self, arrival_ns: int) -> list[Picture]:
        """The pictures still held back, after the last packet."""
        return [self._picture(frame, arrival_ns) for frame in self._frames(None)]

    def restart(self) -> None:
        """Forget what was decoded: the next packet is a keyframe after missing ones."""
        self._arrivals.clear()
        (self._accelerated or self._context).flush_buffers()

    def lighten(self, effort: Effort) -> None:
        """Spend so much on the pictures from now on; what can't change between two keyframes
        changes at the next. A device is not what is short."""
        self._context.skip_frame = "NONREF" if effort <= Effort.REFERENCE else "DEFAULT"
        self._unfiltered = effort in (Effort.UNFILTERED, Effort.REFERENCE)

    def take_damaged(self, taken: bool) -> None:
        """Whether pictures are wanted that lack what came before them. They are not called corrupt
        then: see ``wallctl.media.whole``."""
        if taken is not self._takes_damaged:
            self._takes_damaged = taken
            self._allow_damaged()

    def _allow_damaged(self) -> None:
        flags, damaged = self._context.flags, int(Flags.output_corrupt)
        self._context.flags = flags | damaged if self._takes_damaged else flags & ~damaged

    def _choose_context(self) -> None:
        """Take up the context with or without the loop filter; libav fixes that when it opens."""
        if self._unfiltered == (self._context is not self._filtered):
            return
        skip = self._context.skip_frame
        self._context = _unfiltered(self._filtered) if self._unfiltered else self._filtered
        if not self._unfiltered:
            self._context.flush_buffers()
        self._context.skip_frame = skip
        self._allow_damaged()
        if self._accelerated is not None:
            self._accelerated.take_up(self._context)

    def close(self) -> None:
        """Let go of a device, if one is held."""
        if self._accelerated is not None:
            self._accelerated.close()

    def _frames(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        try:
            return (self._accelerated or self._context).decode(packet)
        except FFmpegError:
            self.errors += 1
            return []

    def _picture(self, frame: VideoFrame, arrival_ns: int) -> Picture:
        pts = frame.pts
        return Picture(
            frame,
            look_of(frame, self._aspect),
            bool(frame.key_frame),
            frame.is_corrupt and not self._takes_damaged,
            0 if pts is None else int(pts * self._tick_ns),
            self._arrivals.pop(pts, arrival_ns),
        )

    def _sample_aspect(self) -> float:
        """The container's word first, then the codec's. Unknown is square."""
        decoding = self._accelerated or self._context
        return float(self._stream.sample_aspect_ratio or decoding.sample_aspect_ratio or 1)


def prepare(context: VideoCodecContext, **more: str) -> None:
    """Make a decoder ready that is not open yet, with ``more`` options of libav's."""
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS), **more}


def _unfiltered(like: VideoCodecContext) -> VideoCodecContext:
    """A context for the same stream that leaves the edges of blocks as they are."""
    context = CodecContext.create(like.codec.name, "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = like.extradata
    prepare(context, skip_loop_filter="all")
    return context
