"""What the controller tells a decoder worker. The worker answers in its stream block, not in words.

A demand is always the whole demand: a worker that missed the last one, or started again, needs
only the newest.
"""

import msgspec

from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.aspect import UNKNOWN, KnownShape
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.framing import PLAIN, View
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_effort import Effort
from wallctl.shm.ring import RingPlace


class Tap(msgspec.Struct, frozen=True):
    """One size and view at which a stream's pictures are wanted, and the ring they go to.

    ``tile`` is the size of the tile; the picture within it follows from ``fit`` and its shape.
    """

    tile: Size
    fit: Fit
    ring: RingPlace
    view: View = PLAIN


class Demand(msgspec.Struct, frozen=True, tag=True):
    """All that is wanted of a stream now. Without taps it is not seen."""

    serial: int
    taps: tuple[Tap, ...]
    effort: Effort
    shape: KnownShape = UNKNOWN
    """What is known of its pictures' shape beside the stream."""


class WorkerSpec(msgspec.Struct, frozen=True):
    """What a worker is born with: the stream, and the index of its block."""

    source: str
    stream: Stream
    block: int
    hardware: Hardware = Hardware.AUTO
