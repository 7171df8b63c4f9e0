"""Who asks for a change from beyond the wall's own keyboard. Pure."""

import enum

import msgspec

from wallctl.model.wall.commands.command import Command, CommandError, Quit


class Way(enum.Enum):
    """How a caller reaches the wall."""

    CONTROL = "control"
    """A program at the control socket."""
    INPUT = "input"
    """An alarm input of the site."""


class Caller(msgspec.Struct, frozen=True):
    """One program or device that asks."""

    way: Way
    name: str
    """A program's ``UID:PID``, or what people call the input: ``http``, ``mqtt``, a line's path."""
    uid: int | None = None
    """The user whose program it is, as the kernel says; ``None`` for an input."""


def check_may(command: Command, caller: Caller, own_uid: int) -> None:
    """Raise ``CommandError`` if this caller may not ask for that. ``own_uid`` runs the wall."""
    if isinstance(command, Quit) and caller.uid != own_uid:
        raise CommandError("own_user_only", "only the user who runs the wall can end it")
