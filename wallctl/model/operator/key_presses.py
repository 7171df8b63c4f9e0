"""What a key press does: presses in, commands and words for the screen out. Pure.

All keyboards of a wall are one. Whatever a key does goes through the same commands that programs
send; this module decides only what depends on the moment (``Enter`` enlarges or restores).
"""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from wallctl.model.operator.alarm_list_input import press_in_list
from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.operator.key_dialogue import (
    Dialogue,
    DialogueContext,
    DialogueStep,
    ask_before_blanking,
    begin_number,
    continue_dialogue,
    count_down,
    left_of,
)
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_table import is_held, repeats
from wallctl.model.operator.keymap import KeyMap, acknowledge_key
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import (
    Back,
    Change,
    Enlarge,
    Help,
    Lock,
    Move,
    Restore,
    SetZoom,
    Snapshot,
    SteerTour,
    TourTo,
    Unlock,
)
from wallctl.model.wall.state.lease import highest
from wallctl.model.wall.state.readouts import ending
from wallctl.model.wall.state.selection import TOWARDS
from wallctl.model.wall.state.state import WallState, selected_zoom
from wallctl.model.wall.state.tours import current
from wallctl.model.wall.state.zoom import NOTCH, WHOLE, panned, zoomed

HOLD_NS = 2_000_000_000
"""How long a key must be down that acts only after a long press."""
PAN_STEP = 0.25
"""How far an arrow moves a zoomed picture, as a share of what is seen of it."""


class HeldKey(msgspec.Struct, frozen=True):
    """A key that acts only after a long press, what it does then, and since when it is down."""

    key: str
    does: Change
    since_ns: int


class KeyboardState(msgspec.Struct, frozen=True):
    """The key map, and what keys have begun: a long press, or a dialogue."""

    map: KeyMap
    held: HeldKey | None = None
    dialogue: Dialogue | None = None


def list_changes(key_map: KeyMap, state: WallState) -> list[Change]:
    """What one press could change now, for all keys."""
    each = (_change_now(does, state, key_map.site) for does in key_map.bindings.values())
    return [change for change in each if change is not None]


PressResult = tuple[KeyboardState, Change | Snapshot | None, Feedback | None]


def press_key(
    keyboard: KeyboardState, event: KeyEvent, state: WallState, words: Catalogue, now_ns: int
) -> PressResult:
    """Take a key that goes down or up: the keyboard after it, a command, and words where there is
    no command.

    The words for a command come from ``feedback`` once the wall has taken it.
    """
    key = keyboard.map.choose_name(event)
    if event.repeat and keyboard.held is not None and key == keyboard.held.key:
        return keyboard, None, None
    keyboard = replace(_drop_old_dialogue(keyboard, now_ns), held=None)
    does = keyboard.map.bindings.get(key)
    if not event.pressed or (event.repeat and not repeats(does)):
        return keyboard, None, None
    step = _step_dialogue(keyboard, event, state, words, now_ns)
    if step is not None:
        return replace(keyboard, dialogue=step.dialogue), step.change, step.said
    keyboard = replace(keyboard, dialogue=None)
    if is_held(does):
        return replace(keyboard, held=HeldKey(key, does, now_ns)), None, None
    return keyboard, *_act(keyboard.map, key, state, words)


def _act(
    key_map: KeyMap, key: str, state: WallState, words: Catalogue
) -> tuple[Change | Snapshot | None, Feedback | None]:
    """What a key does outside of dialogues, or words that say why it does nothing."""
    does = key_map.bindings.get(key)
    if does is None:
        return None, Feedback(words.say(Text.KEY_UNUSED, key=key), for_ns=ERROR_NS)
    if isinstance(does, Snapshot):
        return does, None
    command = _change_now(does, state, key_map.site)
    if isinstance(command, Back) and (first := _alarm_key(key_map.site, state)):
        return None, Feedback(words.say(Text.ALARM_KEY, key=first), for_ns=ERROR_NS)
    return command, None


def _alarm_key(site: Site, state: WallState) -> str:
    """The key that acknowledges, while an alarm fills the selected screen; else empty.

    Who wants to get rid of the alarm must not undo a change below it that nobody sees.
    """
    over = highest(state.leases, state.selected.screen)
    fills = over is not None and state.selected.screen in over.screens
    return acknowledge_key(site) if over and fills and over.holder is Role.ALARM else ""


def pass_time(keyboard: KeyboardState, now_ns: int) -> tuple[KeyboardState, Change | None, float]:
    """Let time pass: the keyboard, a command at the end of a long press, and its progress.

    The progress goes from 0 to 1; it is 0 while no key is held.
    """
    keyboard = _drop_old_dialogue(keyboard, now_ns)
    if keyboard.held is None:
        return keyboard, None, 0.0
    progress = (now_ns - keyboard.held.since_ns) / HOLD_NS
    if progress < 1:
        return keyboard, None, max(0.0, progress)
    return replace(keyboard, held=None), keyboard.held.does, 1.0


def count_down_dialogue(
    keyboard: KeyboardState, state: WallState, words: Catalogue, now_ns: int
) -> tuple[KeyboardState, Feedback | None]:
    """Let a dialogue show how long it waits: the keyboard, and words if they are others now."""
    context = DialogueContext(words, state, keyboard.map.site)
    step = count_down(keyboard.dialogue, context, now_ns) if keyboard.dialogue else None
    if step is None:
        return keyboard, None
    return replace(keyboard, dialogue=step.dialogue), step.said


def _drop_old_dialogue(keyboard: KeyboardState, now_ns: int) -> KeyboardState:
    """The keyboard without a dialogue whose time has passed."""
    if keyboard.dialogue is None:
        return keyboard
    return replace(keyboard, dialogue=left_of(keyboard.dialogue, now_ns))


def _step_dialogue(
    keyboard: KeyboardState, event: KeyEvent, state: WallState, words: Catalogue, now_ns: int
) -> DialogueStep | None:
    """What a key does in the dialogue that goes on, or the dialogue that it begins."""
    context = DialogueContext(words, state, keyboard.map.site)
    if keyboard.dialogue is not None:
        for name in (event.key, event.also):  # "*" may be on a digit's key
            step = continue_dialogue(keyboard.dialogue, name, context, now_ns)
            if step is not None:
                return step
    key = keyboard.map.choose_name(event)
    match keyboard.map.bindings.get(key):
        case KeyAction.NUMBER:
            return begin_number(context, now_ns)
        case KeyAction.BLANK:
            return ask_before_blanking(key, context, now_ns)
    return None


def _change_now(does: Binding, state: WallState, site: Site) -> Change | None:
    """The change that a key makes at this moment; ``None`` for one that makes none by itself."""
    if state.alarm_list is not None and (in_list := press_in_list(does, state)) is not None:
        return in_list
    if does is KeyAction.TOUR:
        return _steer_tour(state, site)
    if isinstance(does, KeyAction):
        make = _ACTION_CHANGES.get(does)
        return make(state) if make is not None else None
    if isinstance(does, Move) and does.to in TOWARDS:
        return _move_or_pan(does, state)
    return None if isinstance(does, Snapshot) else does


def _move_or_pan(move: Move, state: WallState) -> Change:
    """An arrow pans a zoomed picture that fills the screen; else it selects another tile."""
    zoom, large = selected_zoom(state), state.screens[state.selected.screen].enlarged
    if zoom == WHOLE or large is None:
        return move
    x, y = TOWARDS[move.to]
    to = panned(zoom, (-PAN_STEP * x, -PAN_STEP * y))
    return SetZoom(to.factor, None, to.x, to.y) if to != zoom else move


def _enlarge_or_restore(state: WallState) -> Change:
    screen = state.selected.screen
    return Restore(screen) if state.screens[screen].enlarged is not None else Enlarge()


def _close_or_go_back(state: WallState) -> Change:
    """Esc closes the help. Without one it ends a timed readout on the selected screen, else a zoom
    of the selected tile, else it undoes the last change."""
    if state.help_shown:
        return Help(False)
    if (end := ending(state, state.selected.screen)) is not None:
        return end
    return SetZoom(1) if selected_zoom(state) != WHOLE else Back()


def _steer_tour(state: WallState, site: Site) -> Change:
    """The tour key pauses the tour that runs, or lets it go on; where none runs it begins the
    site's first."""
    running = current(state)
    if running is None and site.tours:
        return SteerTour(TourTo.ON, site.tours[0].name)
    goes_on = running is not None and running.goes_on
    return SteerTour(TourTo.PAUSE if goes_on else TourTo.RESUME)


def _zoom(state: WallState, by: float) -> Change:
    to = zoomed(selected_zoom(state), by, (0.5, 0.5))
    return SetZoom(to.factor, None, to.x, to.y)


_ACTION_CHANGES: dict[KeyAction, Callable[[WallState], Change]] = {
    KeyAction.ENLARGE: _enlarge_or_restore,
    KeyAction.ESCAPE: _close_or_go_back,
    KeyAction.LOCK: lambda state: Unlock() if state.locks.wall else Lock(),
    KeyAction.CLOSER: lambda state: _zoom(state, NOTCH),
    KeyAction.WIDER: lambda state: _zoom(state, 1 / NOTCH),
}
"""The change that each key action makes at a moment; the other actions begin a dialogue."""
