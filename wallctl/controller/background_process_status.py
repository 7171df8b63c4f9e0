"""What runs beside the screens, as the controller's parts tell it to whoever answers queries."""

import msgspec

from wallctl.controller.alarm_inputs import InputStatus
from wallctl.controller.broadcast_status import BroadcastStatus
from wallctl.controller.doorkeeper_process import DoorStatus
from wallctl.controller.failing_processes import DyingStatus


class SideServiceStatus(msgspec.Struct):
    """What runs beside the screens, as status tells it."""

    broadcasts: list[BroadcastStatus] = []
    inputs: list[InputStatus] = []
    doorkeeper: DoorStatus | None = None
    sound: str | None = None
    troubles: list[str] = []
    dying: list[DyingStatus] = []
