"""What streams and screens cost on one machine, and how much of it may be spent.

A ``Work`` says how much of each thing is done in a second, ``Speeds`` how long a processor takes
for one of it; the sum of their products is processor time. So what a calibration measures and what
a plan predicts are the same lines, read in two directions. It measures nothing itself.
"""

import enum
from collections.abc import Iterable

import msgspec

from wallctl.model.base.geometry import Size

MEGA = 1_000_000
TICK_HZ = 50.0
"""How often a screen is composed, if nothing else is known of it."""
USABLE = 0.85
"""The part of the processors that a wall may plan with. Beyond it pictures that arrive together
wait for one another: ticks are missed, and latency grows, long before all the time is used up."""


class Codec(enum.Enum):
    """How a stream is coded, as far as costs differ."""

    H264 = "h264"
    HEVC = "hevc"


_HEAVY = frozenset({"hevc", "h265", "vp9", "av1", "vvc"})


def codec_named(name: str) -> Codec:
    """The codec of libav's name for it; of others the one whose cost is nearer."""
    return Codec.HEVC if name.lower() in _HEAVY else Codec.H264


class Work(msgspec.Struct, frozen=True):
    """What is done in a second. ``mpx`` are millions of pixels."""

    packets: float = 0.0
    """Received, whether they are decoded or not."""
    h264_pictures: float = 0.0
    """Decoded."""
    h264_mpx: float = 0.0
    hevc_pictures: float = 0.0
    hevc_mpx: float = 0.0
    scaled_mpx: float = 0.0
    """Of the decoded pictures, once for each tap that scales them."""
    tap_mpx: float = 0.0
    """Of the pictures that come out of scaling."""
    paints: float = 0.0
    """Of a tile with a newer picture, its label and its frame."""
    copied_mpx: float = 0.0
    passes: float = 0.0
    """Of all screens."""
    shown_mpx: float = 0.0
    """Of painted tiles that are put into a window."""
    streams: float = 0.0
    """Looked after by the controller for a second."""
    walls: float = 0.0
    """Kept for a second, whatever they show."""


class Speeds(msgspec.Struct, frozen=True):
    """Milliseconds of one processor for one of each thing of ``Work``, in the same order."""

    packet_ms: float
    h264_picture_ms: float
    h264_mpx_ms: float
    hevc_picture_ms: float
    hevc_mpx_ms: float
    scaled_mpx_ms: float
    tap_mpx_ms: float
    paint_ms: float
    copied_mpx_ms: float
    pass_ms: float
    shown_mpx_ms: float
    stream_ms: float
    wall_ms: float


TYPICAL = Speeds(
    packet_ms=0.12,
    h264_picture_ms=0.37,
    h264_mpx_ms=0.46,
    hevc_picture_ms=0.41,
    hevc_mpx_ms=0.96,
    scaled_mpx_ms=0.1,
    tap_mpx_ms=0.45,
    paint_ms=0.059,
    copied_mpx_ms=0.073,
    pass_ms=0.3,
    shown_mpx_ms=1.16,
    stream_ms=0.2,
    wall_ms=10.0,
)
"""Of the virtual machine with 2 cores that the figures in README are from. What a window costs is
always this: measured once without a GPU, with the X server's part (docs/adr/0004)."""


def cores(work: Work, speeds: Speeds) -> float:
    """Processors that are busy with it, as a number of them."""
    pairs = zip(msgspec.structs.astuple(work), msgspec.structs.astuple(speeds), strict=True)
    return float(sum(amount * cost_ms for amount, cost_ms in pairs)) / 1000


def budget_cores(machine_cores: float) -> float:
    """How much of a machine with so many processors a wall may plan with."""
    return USABLE * machine_cores


def total(works: Iterable[Work]) -> Work:
    """All of it together."""
    columns = zip(*map(msgspec.structs.astuple, (Work(), *works)), strict=True)
    return Work(*map(sum, columns))


def received(rate_hz: float) -> Work:
    """A stream that is connected and not decoded."""
    return Work(packets=rate_hz)


def decoded(picture: Size, rate_hz: float, codec: Codec) -> Work:
    """Pictures of a stream, without receiving or scaling them."""
    mpx = rate_hz * _mpx(picture)
    if codec is Codec.H264:
        return Work(h264_pictures=rate_hz, h264_mpx=mpx)
    return Work(hevc_pictures=rate_hz, hevc_mpx=mpx)


def scaled(picture: Size, rate_hz: float, tap: Size) -> Work:
    """Pictures of a stream made the size of one tap; those of that size are only copied."""
    if picture == tap:
        return Work(copied_mpx=rate_hz * _mpx(tap))
    return Work(scaled_mpx=rate_hz * _mpx(picture), tap_mpx=rate_hz * _mpx(tap))


def stream_work(picture: Size, rate_hz: float, codec: Codec, taps: tuple[Size, ...]) -> Work:
    """A shown stream: received, decoded once, and scaled into each of its taps."""
    return total(
        [
            received(rate_hz),
            decoded(picture, rate_hz, codec),
            *(scaled(picture, rate_hz, tap) for tap in taps),
        ]
    )


def stream_cores(
    speeds: Speeds, picture: Size, rate_hz: float, codec: Codec, taps: tuple[Size, ...]
) -> float:
    """Processors for a shown stream. ``taps`` are the sizes that it is scaled to; with none it is
    only decoded."""
    return cores(stream_work(picture, rate_hz, codec, taps), speeds)


def painted(tap: Size, rate_hz: float, tick_hz: float = TICK_HZ) -> Work:
    """A tile that gets pictures of the size of its tap; no more of them than there are ticks."""
    paints = min(rate_hz, tick_hz)
    return Work(paints=paints, copied_mpx=paints * _mpx(tap))


def composed(tick_hz: float = TICK_HZ) -> Work:
    """A screen's passes, without its tiles."""
    return Work(passes=tick_hz)


def put_in_window(tap: Size, rate_hz: float, tick_hz: float = TICK_HZ) -> Work:
    """The same tile brought onto the screen whenever it was painted."""
    return Work(shown_mpx=min(rate_hz, tick_hz) * _mpx(tap))


def looked_after(streams: int) -> Work:
    """Root and controller of a wall with so many connected streams."""
    return Work(walls=1, streams=streams)


def _mpx(size: Size) -> float:
    return size.w * size.h / MEGA
