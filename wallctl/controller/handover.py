"""What a controller leaves to the next one, should it be killed: root holds it, unread."""

import msgspec

from wallctl.inputs.messages import Answered
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.streams.failover import Standby
from wallctl.model.wall.state.state import WallState
from wallctl.node.ring_allocation import TapTable
from wallctl.node.scene_change import SwitchRecord
from wallctl.storage.finding import Finding

KEPT_SWITCHES = 1000
"""How many receipts survive a controller, so that what is kept stays quick to write."""


class Adopted(msgspec.Struct, frozen=True):
    """The site that a wall has by now, and what its files look like since."""

    site: Site
    blocks: dict[StreamKey, int]
    findings: tuple[Finding, ...] = ()


class Memory(msgspec.Struct, frozen=True):
    """Enough to go on as if nothing had happened."""

    state: WallState
    version: int
    taps: TapTable
    switches: tuple[SwitchRecord, ...] = ()
    cpu_of_dead_s: float = 0.0
    adopted: bytes = b""
    """An ``Adopted``, written once for all the times that it is kept; empty before there is one."""
    standby: Standby = Standby()
    answered: dict[str, Answered] = {}
    """What each input was answered last."""


def write(memory: Memory) -> bytes:
    """For root to hold."""
    return msgspec.msgpack.encode(memory)


def read(kept: bytes) -> Memory | None:
    """What the last controller left; ``None`` for the first."""
    return msgspec.msgpack.decode(kept, type=Memory) if kept else None


def adopted(left: Memory | None) -> Adopted | None:
    """The site that the wall has by now; ``None`` while it has the one it was started with."""
    if left is None or not left.adopted:
        return None
    return msgspec.msgpack.decode(left.adopted, type=Adopted)
