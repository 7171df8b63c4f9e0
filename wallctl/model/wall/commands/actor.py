"""Who changes the wall: a person, a program, a device, or the wall itself. Pure."""

import enum

import msgspec


class Role(enum.IntEnum):
    """What somebody may do at the wall. The larger wins."""

    SCHEDULE = 1
    TOUR = 2
    REMOTE = 3
    """A program, a console or an alarm input."""
    ALARM = 4
    OFFICER = 5
    """Who stands at the wall and uses its keys."""

    @property
    def label(self) -> str:
        """Its name in replies, reports and events."""
        return self.name.lower()


PEOPLE = frozenset({Role.REMOTE, Role.OFFICER})
"""Those whose changes ``back`` undoes; the others' leases end by themselves."""


class Origin(enum.Enum):
    """The way by which somebody reaches the wall."""

    KEYBOARD = "keyboard"
    """The keys of a screen's window."""
    MOUSE = "mouse"
    """The mouse in a screen's window."""
    CONTROL = "control"
    """The control socket."""
    INPUT = "input"
    """An alarm input of the site."""
    WALL = "wall"
    """The wall itself: time passes, or the site's files are read again."""


class Actor(msgspec.Struct, frozen=True):
    """Who does something. There is none by default: who acts is always said."""

    name: str
    """A program's ``UID:PID``, as the kernel says; what people call an input: ``http``, ``mqtt``,
    a line's path; the screen whose window had the key or the mouse; ``time`` or ``site``."""
    role: Role
    origin: Origin

    def __str__(self) -> str:
        return f"{_NOUNS[self.origin]} {self.name}"


_NOUNS = {
    Origin.KEYBOARD: "keyboard",
    Origin.MOUSE: "mouse",
    Origin.CONTROL: "program",
    Origin.INPUT: "input",
    Origin.WALL: "wall",
}
"""What stands before a name in the log."""

TIME = Actor("time", Role.SCHEDULE, Origin.WALL)
"""Who ends what ends by itself. Time overrules nobody, so it has the least role."""
SITE = Actor("site", Role.SCHEDULE, Origin.WALL)
"""Who changes the wall when the site's files are read again."""
