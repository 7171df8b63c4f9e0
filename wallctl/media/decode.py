"""Packets become pictures. One decoder per connection; never two threads in one at a time."""

import msgspec
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wallctl.media.accelerated import Accelerated
from wallctl.media.connect import MAX_PIXELS, Coded
from wallctl.media.scale import Look, look_of
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


class Decoder:
    """Decodes one video stream with one thread: the other cores decode other cameras."""

    def __init__(self, stream: VideoStream, accelerated: Accelerated | None = None) -> None:
        """``accelerated`` decodes this very stream; without it libav does so in software."""
        self._stream = stream
        self._accelerated = accelerated
        prepare(stream.codec_context)
        self._codec = accelerated or stream.codec_context
        self._decode = self._codec.decode
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
            self._aspect = self._sample_aspect()
        return [self._picture(frame, arrival_ns) for frame in self._frames(packet)]

    def drain(self, arrival_ns: int) -> list[Picture]:
        """The pictures still held back, after the last packet."""
        return [self._picture(frame, arrival_ns) for frame in self._frames(None)]

    def restart(self) -> None:
        """Forget what was decoded: the next packet is a keyframe after missing ones."""
        self._arrivals.clear()
        self._codec.flush_buffers()

    def close(self) -> None:
        """Let go of a device, if one is held."""
        if self._accelerated is not None:
            self._accelerated.close()

    def _frames(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        try:
            return self._decode(packet)
        except FFmpegError:
            self.errors += 1
            return []

    def _picture(self, frame: VideoFrame, arrival_ns: int) -> Picture:
        pts = frame.pts
        return Picture(
            frame,
            look_of(frame, self._aspect),
            bool(frame.key_frame),
            frame.is_corrupt,
            0 if pts is None else int(pts * self._tick_ns),
            self._arrivals.pop(pts, arrival_ns),
        )

    def _sample_aspect(self) -> float:
        """The container's word first, then the codec's. Unknown is square."""
        return float(self._stream.sample_aspect_ratio or self._codec.sample_aspect_ratio or 1)


def prepare(context: VideoCodecContext) -> None:
    """Make a decoder ready that is not open yet."""
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS)}
