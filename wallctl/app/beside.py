"""What runs beside the screens, as the controller's parts tell it to whoever answers queries."""

import msgspec

from wallctl.app.broadcasts import BroadcastStatus
from wallctl.app.doorkeeping import DoorStatus
from wallctl.app.dying import DyingStatus
from wallctl.app.inputs import InputStatus


class Beside(msgspec.Struct):
    """What runs beside the screens, as status tells it."""

    broadcasts: list[BroadcastStatus] = []
    inputs: list[InputStatus] = []
    doorkeeper: DoorStatus | None = None
    sound: str | None = None
    troubles: list[str] = []
    dying: list[DyingStatus] = []
