"""What keys mean: presses in, commands and words for the screen out. Pure.

All keyboards of a wall are one. Whatever a key does goes through the same commands that programs
send; only what depends on the state of the moment (``Enter`` enlarges or restores) is decided here.
"""

import enum

import msgspec
from msgspec.structs import replace

from wallctl.control.key_words import Feedback
from wallctl.model.catalogue import Catalogue, Text
from wallctl.model.command import (
    Acknowledge,
    Back,
    Change,
    CommandError,
    Direction,
    Enlarge,
    GoHome,
    Help,
    Info,
    Lock,
    Move,
    Page,
    Quit,
    Restore,
    SetLayout,
    ShowPreset,
    SteerTour,
    TourTo,
    Unlock,
)
from wallctl.model.command_text import parse
from wallctl.model.keys import KeyEvent
from wallctl.model.site import Site
from wallctl.model.state import WallState
from wallctl.model.tours import current

HOLD_NS = 2_000_000_000
"""How long a key that quits is to be held."""
FIRST_PRESET_KEY, LAST_PRESET_KEY = 2, 12


class Toggle(enum.Enum):
    """Keys whose command depends on what the wall shows."""

    ENLARGE = "enlarge or restore"
    ESCAPE = "close the help, else back"
    HELP = "show or hide the help"
    INFO = "show or hide what is known of each stream"
    LOCK = "lock or unlock the wall"
    TOUR = "pause the tour or let it go on"


Bound = Change | Toggle

_BUILT_IN: dict[str, Bound] = {
    "0": GoHome(),
    "Tab": Move(Direction.NEXT),
    "Shift+Tab": Move(Direction.PREVIOUS),
    "Left": Move(Direction.LEFT),
    "Right": Move(Direction.RIGHT),
    "Up": Move(Direction.UP),
    "Down": Move(Direction.DOWN),
    "PgDn": Page("next"),
    "PgUp": Page("previous"),
    "Enter": Toggle.ENLARGE,
    "Esc": Toggle.ESCAPE,
    "F1": Toggle.HELP,
    "A": Acknowledge(),
    "I": Toggle.INFO,
    "L": Toggle.LOCK,
    "Space": Toggle.TOUR,
    "Ctrl+Shift+Q": Quit(),
}


class KeyMap(msgspec.Struct, frozen=True):
    """What each key does."""

    bound: dict[str, Bound]

    @classmethod
    def of(cls, site: Site) -> "KeyMap":
        """The built-in keys, layouts and presets in the site's order, and its own keys over all.

        Raises ``CommandError`` for a hotkey that is no change; ``wallctl.files`` finds it first.
        """
        numbered = enumerate(site.layout_keys[:9], start=1)
        layouts: dict[str, Bound] = {str(key): SetLayout(name) for key, name in numbered}
        keys = range(FIRST_PRESET_KEY, LAST_PRESET_KEY + 1)
        presets: dict[str, Bound] = {
            f"F{key}": ShowPreset(preset.name)
            for key, preset in zip(keys, site.presets, strict=False)
        }
        own: dict[str, Bound] = {key: _change(text) for key, text in site.hotkeys.items()}
        return cls(_BUILT_IN | layouts | presets | own)


class Held(msgspec.Struct, frozen=True):
    """A key that acts only when it was held long enough, and since when it is down."""

    key: str
    since_ns: int


class KeyDesk(msgspec.Struct, frozen=True):
    """The map, and the key that is held now if it is one that must be."""

    map: KeyMap
    held: Held | None = None


def changes(key_map: KeyMap, state: WallState) -> list[Change]:
    """What one key would do now, of all keys."""
    bound = key_map.bound.values()
    return [_toggled(one, state) if isinstance(one, Toggle) else one for one in bound]


Pressed = tuple[KeyDesk, Change | None, Feedback | None]


def press(
    desk: KeyDesk, event: KeyEvent, state: WallState, words: Catalogue, now_ns: int
) -> Pressed:
    """What a key does that went down or up: the desk after it, a command, words if it has none.

    What a command says, ``key_words.answer`` knows once it is done.
    """
    if event.repeat and desk.held is not None and event.key == desk.held.key:
        return desk, None, None
    desk = replace(desk, held=None)
    bound = desk.map.bound.get(event.key)
    if not event.pressed or (event.repeat and not isinstance(bound, Move | Page)):
        return desk, None, None
    if bound is None:
        return desk, None, Feedback(words.say(Text.KEY_UNUSED, key=event.key))
    if isinstance(bound, Quit):
        return replace(desk, held=Held(event.key, now_ns)), None, None
    return desk, _toggled(bound, state) if isinstance(bound, Toggle) else bound, None


def due(desk: KeyDesk, now_ns: int) -> tuple[KeyDesk, Change | None, float]:
    """What time brings: the desk, a command when a key was held long enough, and how far it is.

    The progress goes from 0 to 1; it is 0 while no key is held.
    """
    if desk.held is None:
        return desk, None, 0.0
    progress = (now_ns - desk.held.since_ns) / HOLD_NS
    if progress < 1:
        return desk, None, max(0.0, progress)
    return replace(desk, held=None), Quit(), 1.0


def _change(text: str) -> Change:
    """The change that words say. Raises ``CommandError``, also where they only ask something."""
    command = parse(text)
    if not isinstance(command, Change):
        raise CommandError("bad_command", f"a key can't do {text!r}: nobody would see the answer")
    return command


def _toggled(toggle: Toggle, state: WallState) -> Change:
    match toggle:
        case Toggle.ENLARGE:
            screen = state.selected.screen
            return Restore(screen) if state.screens[screen].enlarged is not None else Enlarge()
        case Toggle.ESCAPE:
            return Help(False) if state.help_shown else Back()
        case Toggle.HELP:
            return Help(not state.help_shown)
        case Toggle.INFO:
            return Info(not state.info_shown)
        case Toggle.LOCK:
            return Unlock() if state.locks.wall else Lock()
        case Toggle.TOUR:
            running = current(state)
            goes_on = running is not None and running.goes_on
            return SteerTour(TourTo.PAUSE if goes_on else TourTo.RESUME)
