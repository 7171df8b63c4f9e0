"""Who asks for a change from beyond the wall's own keyboard. Pure."""

import enum

import msgspec


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
