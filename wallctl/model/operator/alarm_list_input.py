"""What keys and the mouse do while the list of alarms lies over a screen. Pure."""

from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.operator.pointer import Button, PointerEvent, Spot
from wallctl.model.wall.commands.command import (
    Acknowledge,
    Change,
    Direction,
    KeepAlarm,
    ListAlarms,
    MarkAlarm,
    Move,
    Page,
)
from wallctl.model.wall.scene.alarm_sheet import AlarmSheet, row_rects
from wallctl.model.wall.scene.scene import Scene, ScreenScene
from wallctl.model.wall.state.alarm_list import alarm_beside, listed, marked, raised_of
from wallctl.model.wall.state.state import WallState

PAGE_STEP = 10
"""How far the keys that turn pages go."""
_STEPS: dict[Binding, int] = {
    Move(Direction.DOWN): 1,
    Move(Direction.NEXT): 1,
    Move(Direction.UP): -1,
    Move(Direction.PREVIOUS): -1,
    Page("next"): PAGE_STEP,
    Page("previous"): -PAGE_STEP,
}
_WHEEL = {Button.WHEEL_DOWN: 1, Button.WHEEL_UP: -1}


def press_in_list(does: Binding, state: WallState) -> Change | None:
    """What a key does in the list; ``None`` for one that does there what it does elsewhere."""
    if does is KeyAction.ESCAPE:
        return ListAlarms(False)
    entries = listed(state)
    if not entries:
        return None
    number = raised_of(entries[marked(state)]).number
    if does in _STEPS:
        return MarkAlarm(alarm_beside(state, _STEPS[does]) or number)
    if does in (KeyAction.ENLARGE, KeepAlarm()):
        return KeepAlarm(number)
    is_open = any(one.number == number for one in state.alarms)
    return Acknowledge(alarm=number) if does == Acknowledge() and is_open else None


def list_under(scene: Scene, spot: Spot) -> ScreenScene | None:
    """The screen under a place, if the list lies over it."""
    listing = (one for one in scene if one.alarm_sheet is not None)
    return next((one for one in listing if one.screen == spot.screen), None)


def point_at_list(
    screen: ScreenScene, event: PointerEvent, spot: Spot, state: WallState
) -> Change | None:
    """The wheel walks; a click marks an alarm, and on the marked one it shows the camera; beside
    the rows it closes the list."""
    sheet = screen.alarm_sheet
    if not event.pressed or event.button is None or sheet is None:
        return None
    if event.button in _WHEEL:
        beside = alarm_beside(state, _WHEEL[event.button])
        return None if beside is None else MarkAlarm(beside)
    return _click(sheet, screen, spot)


def _click(sheet: AlarmSheet, screen: ScreenScene, spot: Spot) -> Change:
    rows = zip(sheet.entries, row_rects(screen.size), strict=False)
    pointed = next((one for one, rect in rows if rect.y <= spot.y_px < rect.bottom), None)
    if pointed is None:
        return ListAlarms(False)
    return KeepAlarm(pointed.number) if pointed.is_marked else MarkAlarm(pointed.number)
