"""What a key may do: send a command, or one of a few things that take the moment into account.

A site writes either in its hotkeys: a command in words, or the name of an action. Pure.
"""

import enum
import typing

from wallctl.model.wall.commands.command import Change, CommandError, Snapshot
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


Binding = Change | Snapshot | KeyAction
"""What a key can be bound to."""

UNHEARD = "unheard"
"""The code of the error for a command that only asks something."""

_ACTIONS = {action.value: action for action in KeyAction}


def parse_binding(text: str) -> Binding:
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
