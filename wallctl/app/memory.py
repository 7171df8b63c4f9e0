"""What a controller leaves to the next one, should it be killed: root holds it, unread."""

import msgspec

from wallctl.app.switch import SwitchRecord
from wallctl.app.taps import TapTable
from wallctl.model.state import WallState

KEPT_SWITCHES = 1000
"""How many receipts survive a controller, so that what is kept stays quick to write."""


class Memory(msgspec.Struct, frozen=True):
    """Enough to go on as if nothing had happened."""

    state: WallState
    version: int
    taps: TapTable
    switches: tuple[SwitchRecord, ...] = ()
    cpu_of_dead_s: float = 0.0


def write(memory: Memory) -> bytes:
    """For root to hold."""
    return msgspec.msgpack.encode(memory)


def read(kept: bytes) -> Memory | None:
    """What the last controller left; ``None`` for the first."""
    return msgspec.msgpack.decode(kept, type=Memory) if kept else None
