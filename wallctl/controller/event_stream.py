"""The one stream of what happens on the wall: numbered, timed, handed to all who read it."""

import contextlib
import time
from collections.abc import Callable, Iterator

from wallctl.model.wall.access.refusals import Refusals
from wallctl.model.wall.commands.actor import Actor
from wallctl.model.wall.commands.command import Command, CommandError
from wallctl.model.wall.events.event import Event, Refused
from wallctl.model.wall.events.happening import Asked, Denied, Given, Record, Who

Reader = Callable[[Record], object]


def real_unix_s() -> float:
    """Seconds since 1970."""
    return time.clock_gettime(time.CLOCK_REALTIME)


class EventStream:
    """Who reads it hears everything, in order; each reader takes what it knows."""

    def __init__(self, unix_s: Callable[[], float] = real_unix_s) -> None:
        self._unix_s = unix_s
        self._readers: list[Reader] = []
        self._refusals = Refusals()
        self._number = 0

    def add(self, reader: Reader) -> None:
        """From now on somebody else reads, too."""
        self._readers.append(reader)

    def tell(self, given: Given, events: tuple[Event, ...], revision: int) -> None:
        """Something was given to the wall, and this came of it."""
        self._number += 1
        record = Record(self._number, self._unix_s(), revision, given, events)
        for reader in self._readers:
            reader(record)

    @contextlib.contextmanager
    def refusing(
        self, actor: Actor, given: Asked | Denied, now_ns: int, revision: int
    ) -> Iterator[None]:
        """Where a ``CommandError`` is raised inside, it is told, unless it is one of too many."""
        try:
            yield
        except CommandError as error:
            command = given.command
            if self._refusals.admit(actor, command, error, now_ns):
                self.tell(given, (Refused(error.code, error.message, 1),), revision)
            raise

    def look(self, now_ns: int, revision: int) -> None:
        """Tell of refusals that were only counted so far, if it is time."""
        for denied, refused in self._refusals.due(now_ns):
            self.tell(denied, (refused,), revision)


def denied(actor: Actor, command: Command) -> Denied:
    """What somebody asked for in vain, before the reducer was asked."""
    return Denied(Who.of(actor), command)
