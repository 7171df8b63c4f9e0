"""What a key may do: send a command, or one of a few things that take the moment into account.

A site writes either in its hotkeys: a command in words, or the name of an action. Pure.
"""

import enum
import typing
from collections.abc import Iterable, Sequence

from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import (
    Acknowledge,
    Change,
    CommandError,
    SetLayout,
    ShowPreset,
    Snapshot,
)
from wallctl.model.wall.commands.syntax import parse
from wallctl.model.wall.state.command_table import COMMANDS


class KeyAction(enum.Enum):
    """What depends on what the wall shows, or takes more than one key. A site writes the value."""

    ENLARGE = "enlarge-or-restore"
    ESCAPE = "close-or-back"
    LOCK = "lock-or-unlock"
    TOUR = "pause-or-resume"
    """The tour that runs."""
    NUMBER = "number"
    """Type a source's number: it goes into the selected tile."""
    CLOSER = "zoom-in"
    """The selected tile."""
    WIDER = "zoom-out"
    BLANK = "blank-or-unblank"
    """All screens, and only after it was asked whether that is meant."""


Bound = Change | Snapshot | KeyAction
"""What a key can be bound to."""

UNHEARD = "unheard"
"""The code of the error for a command that only asks something."""

_ACTIONS = {action.value: action for action in KeyAction}


def bound(text: str) -> Bound:
    """What a key does, from the words in the site file.

    Raises ``CommandError``, with the code ``UNHEARD`` for a command that only asks something.
    """
    action = _ACTIONS.get(text.strip().casefold())
    if action is not None:
        return action
    command = parse(text)
    if not COMMANDS[type(command)].by_key:
        raise CommandError(UNHEARD, f"a key can't do {text!r}: nobody would see the answer")
    return typing.cast(Change | Snapshot, command)


MOST_LAYOUT_KEYS = 9
_FIRST_PRESET_KEY, _LAST_PRESET_KEY = 2, 12


def numbered(layouts: Sequence[str], presets: Iterable[str]) -> dict[str, SetLayout | ShowPreset]:
    """The keys of a site's layouts (``1`` to ``9``) and presets (``F2`` to ``F12``), in its order,
    where it gives them no other command."""
    chosen: dict[str, SetLayout | ShowPreset] = {
        str(number): SetLayout(name)
        for number, name in enumerate(layouts[:MOST_LAYOUT_KEYS], start=1)
    }
    keys = range(_FIRST_PRESET_KEY, _LAST_PRESET_KEY + 1)
    return chosen | {f"F{key}": ShowPreset(name) for key, name in zip(keys, presets, strict=False)}


_ACKNOWLEDGE_KEY = "A"


def acknowledge_key(site: Site) -> str:
    """The key that acknowledges an alarm: one of the site's own, else the built-in one, unless the
    site gives that another meaning. Empty if no key acknowledges."""
    own = {key: bound(text) for key, text in site.hotkeys.items()}
    keys = {_ACKNOWLEDGE_KEY: Acknowledge(), **own}
    return next((key for key, does in reversed(keys.items()) if does == Acknowledge()), "")
