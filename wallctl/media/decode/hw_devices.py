"""The devices of this machine that decode: which may be there, and libav's decoder in one.

libav is asked for a device only when its files are in /dev: asking costs time and memory.
"""

from pathlib import Path

from av.codec.codec import Codec
from av.codec.context import CodecContext
from av.codec.hwaccel import HWAccel
from av.video.codeccontext import VideoCodecContext

from wallctl.media.decode.decoder import Decoder, prepare, resemble
from wallctl.media.decode.hw_decoder import HardwareDecoder, Notes
from wallctl.media.sources.demuxer import Connection
from wallctl.model.base.geometry import Size
from wallctl.model.site.decoder_preference import DecodedBy, DecoderOptions, Hardware

_OPTIONS: dict[DecodedBy, dict[str, object]] = {
    # Without it libav makes a CUDA context of its own beside the one that the process has anyway.
    DecodedBy.CUDA: {"primary_ctx": "1"},
}


def decoder(connection: Connection, hardware: Hardware, notes: Notes) -> Decoder:
    """The decoder of a connection, in hardware where that is wished and works."""
    stream = connection.stream
    return Decoder(stream, HardwareDecoder(stream.codec_context, hardware, notes, Machine()))


class Machine:
    """The devices of this machine that decode."""

    def __init__(self, dev: Path = Path("/dev")) -> None:
        self._dev = dev

    def offer(self, software: VideoCodecContext) -> DecoderOptions:
        """What there is for the stream of a decoder. Opens nothing."""
        codec = software.codec.canonical_name
        present = self._present()
        return DecoderOptions(
            codec,
            Size(software.width, software.height),
            present & _known(codec) if present else present,
        )

    def open(self, device: DecodedBy, software: VideoCodecContext) -> VideoCodecContext:
        """A decoder in a device, for the stream of one in software. Raises what libav raises.

        Takes a second or two, with the interpreter's lock held. Where the device then does not
        take the stream, libav decodes in software inside it; see ``works``.
        """
        accel = HWAccel(
            device.label, allow_software_fallback=True, options=_OPTIONS.get(device, {})
        )
        codec = Codec(software.codec.canonical_name, "r")
        context = CodecContext.create(codec, "r", accel)
        assert isinstance(context, VideoCodecContext)
        context.extradata = software.extradata
        context.reorder_depth = software.reorder_depth
        resemble(context, software)
        prepare(context)
        return context

    def works(self, device: DecodedBy, context: VideoCodecContext) -> bool:
        """Whether a decoder that gave a picture really made it in the device.

        The only witness is the format that libav has agreed on with the decoder. ``is_hwaccel``
        tells that a device is open, and pictures look alike once they are in ordinary memory.
        Costs a microsecond.
        """
        return context.is_hwaccel and context.pix_fmt == device.label

    def _present(self) -> frozenset[DecodedBy]:
        """What the files of devices allow for. They may be there without a driver that works."""
        nvidia = any(self._dev.glob("nvidia[0-9]*"))
        render = any((self._dev / "dri").glob("renderD*"))
        found = set[DecodedBy]()
        if nvidia:
            found |= {DecodedBy.CUDA, DecodedBy.VULKAN}
        if render:
            found |= {DecodedBy.VAAPI, DecodedBy.VULKAN}
        return frozenset(found)


def _known(codec: str) -> frozenset[DecodedBy]:
    """The devices in which this build of libav can decode a codec."""
    configs = Codec(codec, "r").hardware_configs
    names = {config.device_type.name for config in configs if config.is_supported}
    return frozenset(device for device in DecodedBy if device.label in names)
