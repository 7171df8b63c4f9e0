"""What the table says of one command. Which commands there are, ``command_table`` knows.

A row is data and pure functions: whoever needs a fact of a command reads it here, and knows no
command by its type.
"""

import enum
import typing
from collections.abc import Callable, Iterator, Mapping

import msgspec

from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Change, Command, Query, TileRef, verb_of
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.state import WallState

ONE = 1.0
"""What most commands count for."""


class Permission(enum.Enum):
    """Who may ask. Who stands at the wall may ask for everything."""

    UNLOCKED = "unlocked"
    """Anybody. From afar only while the wall is not locked, and it moves no locked tile."""
    OWN_USER = "own_user"
    """The same, and of programs those alone whose user runs the wall."""
    ALWAYS = "always"
    """Anybody, though the wall is locked; it moves no locked tile."""
    WAITS = "waits"
    """Anybody, though the wall is locked: by itself it waits until it covers nothing locked."""
    AT_THE_WALL = "at_the_wall"
    """Nobody from afar."""


class RateClass(enum.Enum):
    """What a command is counted with."""

    CHANGES = "changes"
    ALARMS = "alarms"
    """They have a reserve, by the priority of the alarm that is named."""
    QUESTIONS = "questions"


class NameKind(enum.Enum):
    """What a name in a command stands for."""

    LAYOUT = "layout"
    PRESET = "preset"
    GROUP = "group"
    SOURCE = "source"
    """Its name or its number."""
    TOUR = "tour"
    ALARM = "alarm"
    """Of an alarm; else of a source, or its number."""
    BROADCAST = "broadcast"
    SCREEN = "screen"


class Answered(enum.Enum):
    """When a program has its reply."""

    WHEN_SHOWN = "when_shown"
    """Once every screen shows it."""
    AT_ONCE = "at_once"
    LATER = "later"
    """When the files are read, or the picture is made."""


K = typing.TypeVar("K", bound=Command)
C = typing.TypeVar("C", bound=Change)
Reduce = Callable[[WallState, C, Site, Claim], WallState]
"""The state after a change; ``CommandError`` if it can't be made."""


class _Kind(msgspec.Struct, typing.Generic[K], frozen=True):
    kind: type[K]

    @property
    def verb(self) -> str:
        """The word that starts it."""
        return verb_of(self.kind)


class Row(_Kind[K], typing.Generic[K], frozen=True, kw_only=True):
    """What holds of changes and queries alike."""

    permission: Permission = Permission.UNLOCKED
    rate: RateClass = RateClass.CHANGES
    answered: Answered = Answered.WHEN_SHOWN
    names: Mapping[str, NameKind] = {}
    """By field, except screens: these are known by the field's name or type."""
    may_end: bool = False
    """Whether it can be asked for with an end (``for_s``)."""
    by_key: bool = True
    """Whether a key can be bound to it."""


class ChangeRow(Row[C], typing.Generic[C], frozen=True):
    """What holds of a change; the type checker finds a function that takes another one."""

    reduce: Reduce[C]
    can_be_undone: bool = False
    """Whether ``back`` leads to the picture before it."""
    cost: Callable[[WallState, C], float] = lambda _state, _change: ONE
    """How many changes it counts for."""
    is_spared: Callable[[WallState, C, Site], bool] = lambda _state, _change, _site: False
    """Whether it is taken also of a caller that has asked for too much."""


Q = typing.TypeVar("Q", bound=Query)


class QueryRow(Row[Q], typing.Generic[Q], frozen=True, kw_only=True):
    """What holds of a query."""

    permission: Permission = Permission.ALWAYS
    rate: RateClass = RateClass.QUESTIONS
    answered: Answered = Answered.AT_ONCE
    by_key: bool = False
    """A key asks nothing: nobody would see the answer."""
    cost: float = ONE
    """How many questions it counts for."""


def names_in(command: Command, row: Row[typing.Any]) -> Iterator[tuple[NameKind, str]]:
    """The names that a command says and what each stands for, its screens last."""
    for field, kind in row.names.items():
        if (name := getattr(command, field)) is not None:
            yield kind, name
    for field in command.__struct_fields__:
        value = getattr(command, field)
        screen = value.screen if isinstance(value, TileRef) else value
        if isinstance(screen, str) and (field == "screen" or isinstance(value, TileRef)):
            yield NameKind.SCREEN, screen
