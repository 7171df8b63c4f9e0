"""All overlays, and which lies over which."""

import enum
from typing import Any, NamedTuple

from wallctl.display.overlays.alarm_list import AlarmList
from wallctl.display.overlays.alarms import Alarms, AlarmsOverHelp
from wallctl.display.overlays.clock import Clock
from wallctl.display.overlays.health_line import HealthLine
from wallctl.display.overlays.help import Help
from wallctl.display.overlays.hold_countdown import Countdown
from wallctl.display.overlays.info import Info
from wallctl.display.overlays.locks import Locks
from wallctl.display.overlays.notices import Notices
from wallctl.display.overlays.overlay import SceneOverlay, TileOverlay
from wallctl.display.overlays.screen_identity import ScreenIdentity
from wallctl.display.overlays.status_icons import Marks
from wallctl.display.overlays.toast import Toast


class Layer(enum.IntEnum):
    """The lowest first."""

    INFO = enum.auto()
    HEALTH = enum.auto()
    LOCKS = enum.auto()
    IDENTITY = enum.auto()
    ALARMS = enum.auto()
    """No alarm is hidden by what is told of streams."""
    HELP = enum.auto()
    ALARM_LIST = enum.auto()
    CLOCK = enum.auto()
    MARKS = enum.auto()
    NOTICES = enum.auto()
    TOAST = enum.auto()
    ALARMS_OVER_HELP = enum.auto()
    COUNTDOWN = enum.auto()


class Row(NamedTuple):
    """An overlay, and where it lies."""

    layer: Layer
    overlay: type[SceneOverlay[Any]] | type[TileOverlay[Any]]


OVERLAYS = (
    Row(Layer.INFO, Info),
    Row(Layer.HEALTH, HealthLine),
    Row(Layer.LOCKS, Locks),
    Row(Layer.IDENTITY, ScreenIdentity),
    Row(Layer.ALARMS, Alarms),
    Row(Layer.ALARMS_OVER_HELP, AlarmsOverHelp),
    Row(Layer.HELP, Help),
    Row(Layer.ALARM_LIST, AlarmList),
    Row(Layer.CLOCK, Clock),
    Row(Layer.MARKS, Marks),
    Row(Layer.NOTICES, Notices),
    Row(Layer.TOAST, Toast),
    Row(Layer.COUNTDOWN, Countdown),
)
"""In the order in which they are asked: each may look where those before it lie."""
