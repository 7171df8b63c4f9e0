"""What keys mean: presses in, commands and words for the screen out. Pure.

All keyboards of a wall are one. Whatever a key does goes through the same commands that programs
send; only what depends on the state of the moment (``Enter`` enlarges or restores) is decided here.
"""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from wallctl.model.operator.catalogue import Catalogue, Text
from wallctl.model.operator.feedback import ERROR_NS, Feedback
from wallctl.model.operator.key_actions import Binding, KeyAction
from wallctl.model.operator.key_dialogue import (
    Dialogue,
    Speaker,
    Turn,
    blank_asked,
    gone_on,
    is_over,
    number_asked,
)
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_table import is_held, repeats
from wallctl.model.operator.keymap import KeyMap, acknowledge_key
from wallctl.model.site.site import Site
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
from wallctl.model.wall.state.lease import Holder, highest
from wallctl.model.wall.state.selection import TOWARDS
from wallctl.model.wall.state.state import WallState, selected_zoom
from wallctl.model.wall.state.tours import current
from wallctl.model.wall.state.zoom import NOTCH, WHOLE, panned, zoomed

HOLD_NS = 2_000_000_000
"""How long a key that quits is to be held."""
LOOK = 0.25
"""So much of what is seen comes into view with one press of an arrow."""


class HeldKey(msgspec.Struct, frozen=True):
    """A key that acts only after a long press, what it does then, and since when it is down."""

    key: str
    does: Change
    since_ns: int


class KeyDesk(msgspec.Struct, frozen=True):
    """The map, and what keys have begun: one that is held, or a dialogue."""

    map: KeyMap
    held: HeldKey | None = None
    dialogue: Dialogue | None = None


def changes(key_map: KeyMap, state: WallState) -> list[Change]:
    """What one key would do now, of all keys."""
    each = (_now(one, state) for one in key_map.bindings.values())
    return [change for change in each if change is not None]


Pressed = tuple[KeyDesk, Change | Snapshot | None, Feedback | None]


def press(
    desk: KeyDesk, event: KeyEvent, state: WallState, words: Catalogue, now_ns: int
) -> Pressed:
    """What a key does that went down or up: the desk after it, a command, words if it has none.

    The words for a command come from ``feedback`` once the wall has taken it.
    """
    key = desk.map.choose_name(event)
    if event.repeat and desk.held is not None and key == desk.held.key:
        return desk, None, None
    desk = replace(_in_time(desk, now_ns), held=None)
    does = desk.map.bindings.get(key)
    if not event.pressed or (event.repeat and not repeats(does)):
        return desk, None, None
    turn = _turn(desk, event, state, words, now_ns)
    if turn is not None:
        return replace(desk, dialogue=turn.dialogue), turn.change, turn.said
    desk = replace(desk, dialogue=None)
    if is_held(does):
        return replace(desk, held=HeldKey(key, does, now_ns)), None, None
    return desk, *_done(desk.map, key, state, words)


def _done(
    key_map: KeyMap, key: str, state: WallState, words: Catalogue
) -> tuple[Change | Snapshot | None, Feedback | None]:
    """What a key does that stands for itself, or why it does nothing."""
    does = key_map.bindings.get(key)
    if does is None:
        return None, Feedback(words.say(Text.KEY_UNUSED, key=key), for_ns=ERROR_NS)
    if isinstance(does, Snapshot):
        return does, None
    command = _now(does, state)
    if isinstance(command, Back) and (first := _wanted_first(key_map.site, state)):
        return None, Feedback(words.say(Text.ALARM_KEY, key=first), for_ns=ERROR_NS)
    return command, None


def _wanted_first(site: Site, state: WallState) -> str:
    """The key that acknowledges, where an alarm fills the selected screen: who would be rid of it
    must not undo a change below it that nobody sees."""
    over = highest(state.leases, state.selected.screen)
    fills = over is not None and state.selected.screen in over.screens
    return acknowledge_key(site) if over and fills and over.holder is Holder.ALARM else ""


def due(desk: KeyDesk, now_ns: int) -> tuple[KeyDesk, Change | None, float]:
    """What time brings: the desk, a command when a key was held long enough, and how far it is.

    The progress goes from 0 to 1; it is 0 while no key is held.
    """
    desk = _in_time(desk, now_ns)
    if desk.held is None:
        return desk, None, 0.0
    progress = (now_ns - desk.held.since_ns) / HOLD_NS
    if progress < 1:
        return desk, None, max(0.0, progress)
    return replace(desk, held=None), desk.held.does, 1.0


def _in_time(desk: KeyDesk, now_ns: int) -> KeyDesk:
    """The desk without a dialogue that nobody has gone on with."""
    if desk.dialogue is None or not is_over(desk.dialogue, now_ns):
        return desk
    return replace(desk, dialogue=None)


def _turn(
    desk: KeyDesk, event: KeyEvent, state: WallState, words: Catalogue, now_ns: int
) -> Turn | None:
    """What a key means in the dialogue that is held, or the dialogue that it begins."""
    speaker = Speaker(words, state, desk.map.site)
    if desk.dialogue is not None:
        for name in (event.key, event.also):  # "*" may be on a digit's key
            turn = gone_on(desk.dialogue, name, speaker, now_ns)
            if turn is not None:
                return turn
    key = desk.map.choose_name(event)
    match desk.map.bindings.get(key):
        case KeyAction.NUMBER:
            return number_asked(speaker, now_ns)
        case KeyAction.BLANK:
            return blank_asked(key, speaker, now_ns)
    return None


def _now(does: Binding, state: WallState) -> Change | None:
    """The change that a key stands for at this moment; ``None`` where it makes none by itself."""
    if isinstance(does, KeyAction):
        made = _MADE.get(does)
        return made(state) if made is not None else None
    if isinstance(does, Move) and does.to in TOWARDS:
        return _looked_around(does, state)
    return None if isinstance(does, Snapshot) else does


def _looked_around(move: Move, state: WallState) -> Change:
    """An arrow: where a picture fills the screen and is zoomed, it looks around in it."""
    zoom, large = selected_zoom(state), state.screens[state.selected.screen].enlarged
    if zoom == WHOLE or large is None:
        return move
    x, y = TOWARDS[move.to]
    to = panned(zoom, (-LOOK * x, -LOOK * y))
    return SetZoom(to.factor, None, to.x, to.y) if to != zoom else move


def _large(state: WallState) -> Change:
    screen = state.selected.screen
    return Restore(screen) if state.screens[screen].enlarged is not None else Enlarge()


def _closed(state: WallState) -> Change:
    """What Esc ends: the help, else a zoom of the selected tile, else the last change."""
    if state.help_shown:
        return Help(False)
    return SetZoom(1) if selected_zoom(state) != WHOLE else Back()


def _paused(state: WallState) -> Change:
    running = current(state)
    goes_on = running is not None and running.goes_on
    return SteerTour(TourTo.PAUSE if goes_on else TourTo.RESUME)


def _zoom(state: WallState, by: float) -> Change:
    to = zoomed(selected_zoom(state), by, (0.5, 0.5))
    return SetZoom(to.factor, None, to.x, to.y)


_MADE: dict[KeyAction, Callable[[WallState], Change]] = {
    KeyAction.ENLARGE: _large,
    KeyAction.ESCAPE: _closed,
    KeyAction.LOCK: lambda state: Unlock() if state.locks.wall else Lock(),
    KeyAction.TOUR: _paused,
    KeyAction.CLOSER: lambda state: _zoom(state, NOTCH),
    KeyAction.WIDER: lambda state: _zoom(state, 1 / NOTCH),
}
"""What each key action makes of the moment; the others begin a dialogue."""
