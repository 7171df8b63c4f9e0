"""The one stream of what happens on the wall: numbered, timed, handed to all who read it."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from wallctl.model.wall.access.told_refusals import Refusals
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor
from wallctl.model.wall.commands.command import CommandError
from wallctl.model.wall.commands.syntax import to_text
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.event import Event, Refused
from wallctl.model.wall.events.event_record import Asked, Denied, Given, Record, TimePassed, Who
from wallctl.model.wall.events.non_picture_event import ReadoutShown
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.schedule import begins

ENDED = "lease ended"
"""The words of a change that nobody asked for: time did."""

Reader = Callable[[Record], object]


def real_unix_s() -> float:
    """Seconds since 1970."""
    return time.clock_gettime(time.CLOCK_REALTIME)


class EventStream:
    """Who reads it hears everything, in order; each reader takes what it knows.

    What happens is noted at once and handed out later: readers have time, screens have not.
    """

    def __init__(self, unix_s: Callable[[], float] = real_unix_s) -> None:
        self._unix_s = unix_s
        self._readers: list[Reader] = []
        self._records: deque[Record] = deque()
        self._refusals = Refusals()
        self._number = 0

    def add(self, reader: Reader) -> None:
        """From now on somebody else reads, too."""
        self._readers.append(reader)

    def note(self, given: Given, events: tuple[Event, ...], revision: int) -> Record:
        """Something was given to the wall, and this came of it."""
        self._number += 1
        record = Record(self._number, self._unix_s(), revision, given, events)
        self._records.append(record)
        return record

    def hand_out(self) -> None:
        """Have all readers hear what was noted since the last time."""
        while self._records:
            record = self._records.popleft()
            for reader in self._readers:
                reader(record)

    @contextlib.contextmanager
    def refusing(
        self, actor: Actor, given: Asked | Denied, now_ns: int, revision: int
    ) -> Iterator[None]:
        """Where a ``CommandError`` is raised inside, it is noted, unless it is one of too many."""
        try:
            yield
        except CommandError as error:
            command = given.command
            if self._refusals.admit(actor, command, error, now_ns):
                self.note(given, (Refused(error.code, error.message, 1),), revision)
            raise

    def look(self, now_ns: int, revision: int) -> None:
        """Note refusals that were only counted so far, if it is time."""
        for denied, refused in self._refusals.due(now_ns):
            self.note(denied, (refused,), revision)


def claim_of(actor: Actor, now_ns: int, for_ns: int | None = None) -> Claim:
    """Somebody asks now."""
    return Claim(actor, now_ns, int(real_unix_s()), for_ns)


def asked(command: c.Change, claim: Claim) -> Asked:
    """What the reducer is asked."""
    return Asked(Who.of(claim.actor), command, claim.now_ns, claim.unix_s, claim.for_ns)


def words_of(record: Record) -> str:
    """A change as a command: for its receipt, and for those who wait until all of it is seen."""
    match record.given:
        case Asked(_, command):
            return to_text(command)
        case TimePassed():
            return words_of_time(record.events)
        case _:
            return ""


def words_of_time(events: Iterable[e.Event]) -> str:
    """The words of a change that nobody asked for; none if it changes no picture."""
    told = [one for one in events if not isinstance(one, ReadoutShown)]
    begun = next((one for one in told if isinstance(one, e.ScheduleBegun) and one.lease), None)
    if begun is not None:
        return to_text(begins(begun))
    turned = next((one for one in told if isinstance(one, e.TourTurned)), None)
    if turned is not None:
        return to_text(c.SteerTour(c.TourTo.NEXT, turned.tour))
    return ENDED if told else ""


def denied(actor: Actor, command: c.Command) -> Denied:
    """What somebody asked for in vain, before the reducer was asked."""
    return Denied(Who.of(actor), command)
