"""What decodes a stream: a device of the machine, or its processors. This module asks neither."""

import enum

import msgspec

from wallctl.model.base.geometry import Size


class DecodedBy(enum.IntEnum):
    """What decodes a stream's packets. Stored as a number in shared memory."""

    NONE = 0
    """Nothing yet, or nothing is to be decoded: a test picture, a still image."""
    SOFTWARE = 1
    CUDA = 2
    VAAPI = 3
    VULKAN = 4

    @property
    def label(self) -> str:
        """Its name in files, reports and libav."""
        return self.name.lower()


class Hardware(enum.Enum):
    """What a site says of decoding in hardware."""

    AUTO = "auto"
    """In a device that is known to do it well, if there is one."""
    OFF = "off"
    CUDA = "cuda"
    VAAPI = "vaapi"
    VULKAN = "vulkan"


class HardwareFailure(enum.IntEnum):
    """Why a stream is not decoded in hardware any more. Stored as a number in shared memory."""

    NONE = 0
    NOT_THERE = 1
    """The machine or this build of libav lacks the device that the site names."""
    NOT_OPENED = 2
    """The device can't be had: its driver is missing, or its memory is full."""
    DECLINED = 3
    """The device is open, and libav decoded in software all the same."""
    NO_PICTURES = 4
    """Packets went in and no picture came out."""
    CRASHED = 5
    """The worker died while it used the device."""


MIN_HARDWARE_PIXELS = 1280 * 720
"""Pixels of a picture from which a device is worth its price. Each worker that opens one holds some
0.4 GB of its memory and takes a second or two for it, and every picture must come back over the
bus; a processor decodes one of 640 x 360 in less than a millisecond."""

CODECS = frozenset({"h264", "hevc", "av1"})
"""What devices decode well, in libav's names. Others are rare, and small where they are not."""

_BY_ITSELF = (DecodedBy.CUDA, DecodedBy.VAAPI)
"""Devices that are used unasked, the best first. Not Vulkan: many drivers offer it and can't
decode, which shows only after it was opened, slowly, in every worker."""


class DecoderOptions(msgspec.Struct, frozen=True):
    """A stream, and the devices that may decode it."""

    codec: str
    """libav's name, such as ``h264``."""
    size: Size
    """Of its pictures as stored."""
    devices: frozenset[DecodedBy] = frozenset()
    """What this machine seems to have and libav can use for this codec; not yet tried."""


def choose_decoder(hardware: Hardware, offer: DecoderOptions, failed: HardwareFailure) -> DecodedBy:
    """Choose what decodes the stream: a device to try, or software.

    A device that the site names is chosen even if it seems not to be there, so that somebody hears
    of it. One failure is enough: the stream shows its pictures either way, and a driver that ends
    a process once would do it again.
    """
    small = offer.size.w * offer.size.h < MIN_HARDWARE_PIXELS
    if hardware is Hardware.OFF or failed or small or offer.codec not in CODECS:
        return DecodedBy.SOFTWARE
    if hardware is Hardware.AUTO:
        there = (device for device in _BY_ITSELF if device in offer.devices)
        return next(there, DecodedBy.SOFTWARE)
    return DecodedBy[hardware.name]
