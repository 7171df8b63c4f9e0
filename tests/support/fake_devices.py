"""A machine whose devices do what a test says, around libav's decoder in software."""

from collections.abc import Callable
from typing import cast

from av import error
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wallctl.media.decode.decoder import prepare, resemble
from wallctl.model.base.geometry import Size
from wallctl.model.site.decoder_preference import DecodedBy, DecoderOptions, HardwareFailure


class FakeDevice:
    """A decoder in a device: its pictures come out as nv12, as downloaded ones do."""

    def __init__(self, software: VideoCodecContext, in_software: bool) -> None:
        codec = software.codec.canonical_name
        self._context = cast(VideoCodecContext, CodecContext.create(codec, "r"))
        self._context.extradata = software.extradata
        self._context.reorder_depth = software.reorder_depth
        resemble(self._context, software)
        prepare(self._context)
        self.is_hwaccel = True
        self.pix_fmt = "yuv420p" if in_software else "cuda"
        self.breaks: Callable[[int], bool] = lambda _: False
        self.mute = False
        self.packets = 0

    @property
    def is_open(self) -> bool:
        return self._context.is_open

    @property
    def sample_aspect_ratio(self) -> object:
        return self._context.sample_aspect_ratio

    def flush_buffers(self) -> None:
        self._context.flush_buffers()

    def decode(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        self.packets += packet is not None
        if packet is not None and self.breaks(self.packets):
            raise error.InvalidDataError(1, "the device is gone")
        frames = self._context.decode(packet)
        if self.pix_fmt == "cuda":
            frames = [frame.reformat(format="nv12", threads=1) for frame in frames]
        return [] if self.mute else frames


class FakeMachine:
    """What there is and how it does; ``opened`` are the devices that were opened."""

    def __init__(self, *devices: DecodedBy) -> None:
        self.devices = frozenset(devices)
        self.opens = True
        self.in_software = False
        self.breaks: Callable[[int], bool] = lambda _: False
        """Whether a packet, counted from 1, gives an error."""
        self.mute = False
        """Whether devices take packets and give nothing."""
        self.opened: list[FakeDevice] = []

    def offer(self, software: VideoCodecContext) -> DecoderOptions:
        size = Size(software.width, software.height)
        return DecoderOptions(software.codec.canonical_name, size, self.devices)

    def open(self, device: DecodedBy, software: VideoCodecContext) -> VideoCodecContext:
        if not self.opens:
            raise error.PermissionError(1, "Operation not permitted")
        decoder = FakeDevice(software, self.in_software)
        decoder.breaks, decoder.mute = self.breaks, self.mute
        self.opened.append(decoder)
        return cast(VideoCodecContext, decoder)

    def works(self, device: DecodedBy, context: VideoCodecContext) -> bool:
        return context.is_hwaccel and context.pix_fmt == device.label


class FakeNotes:
    """What a stream's workers would know."""

    def __init__(self, failure: HardwareFailure = HardwareFailure.NONE) -> None:
        self.failure = failure
        self.held: list[DecodedBy] = []
        self.told: list[DecodedBy] = []
        self.failures: list[tuple[DecodedBy, HardwareFailure]] = []

    def holds(self, device: DecodedBy) -> None:
        self.held.append(device)

    def decoded_by(self, what: DecodedBy) -> None:
        self.told.append(what)

    def failed(self, device: DecodedBy, why: HardwareFailure) -> None:
        self.failure = why
        self.failures.append((device, why))
