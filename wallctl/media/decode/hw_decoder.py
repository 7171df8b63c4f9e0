"""A stream decoded in hardware where that is chosen and works, in software before and after.

Decoders change at keyframes, where either can begin; what the old one holds back is taken first.
The choice waits for the picture's size, which some cameras tell only in their first keyframe.
"""

import contextlib
from typing import Protocol

from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wallctl.model.site.decoder_preference import (
    DecodedBy,
    DecoderOptions,
    Hardware,
    HardwareFailure,
    choose_decoder,
)

MOST_HELD = 16
"""Packets that a decoder may hold before its first picture; no codec reorders more."""


class Machine(Protocol):
    """See ``wallctl.media.decode.hw_devices``."""

    def offer(self, software: VideoCodecContext) -> DecoderOptions:
        """What there is for the stream of a decoder."""

    def open(self, device: DecodedBy, software: VideoCodecContext) -> VideoCodecContext:
        """A decoder in a device, for the same stream. Raises what libav raises."""

    def works(self, device: DecodedBy, context: VideoCodecContext) -> bool:
        """Whether a decoder that gave a picture really made it in the device."""


class Notes(Protocol):
    """What is known of the stream beyond this connection and this process."""

    @property
    def failure(self) -> HardwareFailure:
        """What went wrong with a device before."""

    def holds(self, device: DecodedBy) -> None:
        """Note a device that is about to be opened, or (``NONE``) that it was let go."""

    def decoded_by(self, what: DecodedBy) -> None:
        """Note what made the newest picture."""

    def failed(self, device: DecodedBy, why: HardwareFailure) -> None:
        """Note why the device is not tried again."""


class _Trial:
    """A decoder in a device, and how it does."""

    def __init__(self, device: DecodedBy, context: VideoCodecContext) -> None:
        self.device = device
        self.context = context
        self.proven = False
        """Whether it gave a picture."""
        self.fruitless: int | None = 0
        """Packets since the last picture; ``None`` while packets before a keyframe may come."""
        self.declined = False
        """Whether what it gives is decoded in software."""

    @property
    def failing(self) -> bool:
        """Whether it takes packets and gives nothing."""
        return self.fruitless is not None and self.fruitless >= MOST_HELD

    def decode(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        """The pictures that come out now. Raises what libav raises."""
        if packet is not None and self.fruitless is not None:
            self.fruitless += 1
        frames = self.context.decode(packet)
        if frames:
            self.fruitless = 0
        return frames


class HardwareDecoder:
    """Decodes one stream as a ``VideoCodecContext`` does."""

    def __init__(
        self, software: VideoCodecContext, hardware: Hardware, notes: Notes, machine: Machine
    ) -> None:
        self._software = software
        self._hardware = hardware
        self._notes = notes
        self._machine = machine
        self._trial: _Trial | None = None
        self._told = DecodedBy.NONE

    @property
    def active(self) -> VideoCodecContext:
        """What decodes now."""
        return self._software if self._trial is None else self._trial.context

    def decode(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        """The pictures that come out now. Raises what libav raises."""
        key = packet is not None and packet.is_keyframe
        held = self._at_key() if key else []
        try:
            frames = self._frames(packet)
        except FFmpegError:
            if not key or self._trial is None or self._trial.proven:
                raise
            self._fail(self._trial, HardwareFailure.NO_PICTURES)
            frames = self._frames(packet)
        if frames:
            self._judge()
        return held + frames

    def take_up(self, software: VideoCodecContext) -> None:
        """Decode with this one from now on, where no device does."""
        self._software = software

    def begin_anew(self, software: VideoCodecContext) -> None:
        """Decode with this one from now on, and choose a device again at the keyframe after this
        one: the pictures are others now. The caller has taken what was held back."""
        self.close()
        self._software = software

    def flush_buffers(self) -> None:
        """Forget what was decoded: packets are missing before the next one."""
        self.active.flush_buffers()
        if self._trial is not None:
            self._trial.fruitless = None

    def close(self) -> None:
        """Let go of the device."""
        trial = self._trial
        if trial is None:
            return
        if trial.failing:
            self._fail(trial, HardwareFailure.NO_PICTURES)
            return
        self._trial = None
        self._notes.holds(DecodedBy.NONE)

    def _frames(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        return (self._trial or self._software).decode(packet)

    def _at_key(self) -> list[VideoFrame]:
        """Change decoders if it is time; the pictures that the old one held back."""
        trial = self._trial
        if trial is None:
            return self._choose() if self._software.width else []
        if trial.declined:
            held = drain_decoder(trial.context)
            self.close()
            return held
        if trial.failing:
            self._fail(trial, HardwareFailure.NO_PICTURES)
        elif trial.fruitless is None:
            trial.fruitless = 0
        return []

    def _choose(self) -> list[VideoFrame]:
        offer = self._machine.offer(self._software)
        device = choose_decoder(self._hardware, offer, self._notes.failure)
        if device is DecodedBy.SOFTWARE:
            return []
        if device not in offer.devices:
            self._notes.failed(device, HardwareFailure.NOT_THERE)
            return []
        self._notes.holds(device)
        try:
            context = self._machine.open(device, self._software)
        except FFmpegError:
            self._notes.failed(device, HardwareFailure.NOT_OPENED)
            return []
        held = drain_decoder(self._software)
        self._trial = _Trial(device, context)
        return held

    def _judge(self) -> None:
        """Find out what made the picture that came."""
        trial = self._trial
        if trial is None:
            self._tell(DecodedBy.SOFTWARE)
            return
        trial.proven = True
        if trial.declined:
            return
        # Each time: libav chooses again when a camera changes its picture.
        if self._machine.works(trial.device, trial.context):
            self._tell(trial.device)
            return
        trial.declined = True
        self._notes.failed(trial.device, HardwareFailure.DECLINED)
        self._tell(DecodedBy.SOFTWARE)

    def _fail(self, trial: _Trial, why: HardwareFailure) -> None:
        self._trial = None
        self._notes.failed(trial.device, why)

    def _tell(self, what: DecodedBy) -> None:
        if what is not self._told:
            self._told = what
            self._notes.decoded_by(what)


def drain_decoder(context: VideoCodecContext) -> list[VideoFrame]:
    """Take the pictures that a decoder still holds back. It can begin again then."""
    frames: list[VideoFrame] = []
    if context.is_open:
        with contextlib.suppress(FFmpegError):
            frames = context.decode(None)
        context.flush_buffers()
    return frames
