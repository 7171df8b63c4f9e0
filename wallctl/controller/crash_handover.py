"""What a controller leaves to the next one, should it be killed: root holds it, unread."""

import msgspec

from wallctl.alarm_inputs.messages import Answered
from wallctl.controller.scene_changes import SceneChangeRecord
from wallctl.model.site.site import Site
from wallctl.model.streams.failover import Standby
from wallctl.model.wall.state.state import WallState
from wallctl.storage.file_findings import Finding

KEPT_SWITCHES = 1000
"""How many receipts survive a controller, so that what is kept stays quick to write."""


class Adopted(msgspec.Struct, frozen=True):
    """The site that a wall has by now, and what its files look like since."""

    site: Site
    findings: tuple[Finding, ...] = ()


class WallMemory(msgspec.Struct, frozen=True):
    """What the wall's side needs to go on as if nothing had happened."""

    state: WallState
    number: int
    """Of the newest scene that was ordered."""
    switches: tuple[SceneChangeRecord, ...] = ()
    adopted: bytes = b""
    """An ``Adopted``, written once for all the times that it is kept; empty before there is one."""
    standby: Standby = Standby()
    answered: dict[str, Answered] = {}
    """What each input was answered last."""


def adopted(left: WallMemory | None) -> Adopted | None:
    """The site that the wall has by now; ``None`` while it has the one it was started with."""
    if left is None or not left.adopted:
        return None
    return msgspec.msgpack.decode(left.adopted, type=Adopted)
