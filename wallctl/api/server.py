"""The controller's side of the control channel: commands in, replies and events out.

It holds the endpoint; callers are taken by the doorkeeper's process, which may be gone at any time
(``wallctl.api.doorkeeper``). Nothing here waits, or decides anything about the wall.
"""

import os
import time
import typing
from collections.abc import Callable, Iterator, Mapping

import msgspec

from wallctl.api.doorkeeper_messages import (
    Answered,
    Ask,
    Begin,
    Finish,
    Greet,
    Happened,
    Listen,
    Ticket,
    Watching,
)
from wallctl.api.doorkeeper_outbox import Line, Outbox
from wallctl.api.endpoint import ControlError
from wallctl.api.event_messages import Topic
from wallctl.api.protocol import SUPERSEDED, Done, Reply, write_reply
from wallctl.api.socket_claims import Doors

TURN_NS = 5_000_000
"""For how long commands are taken in one turn of the controller's loop."""
MISSED_NS = 5_000_000_000
"""A doorkeeper that has said nothing for so long is not there."""
SETTLED_NS = 2_000_000_000
"""After so long a doorkeeper has read what was sent at its begin."""

MISSED = ControlError("the process that takes callers does not answer; it is started again")


class Server:
    """The control channel of one wall.

    Raises ``ControlError`` if the endpoint can't be had; one that ``waits`` goes on without
    callers, and ``tend`` tries again.
    """

    def __init__(
        self,
        endpoint: str,
        line: Line,
        now_ns: Callable[[], int] = time.monotonic_ns,
        *,
        waits: bool = False,
    ) -> None:
        self._line = line
        self._outbox = Outbox(line)
        self._now_ns = now_ns
        self.epoch = ""
        """Of the events now: a new one whenever this or the doorkeeper's process begins."""
        self.begun = 0
        """How many doorkeepers there were."""
        self._begun_ns = self._heard_ns = now_ns()
        self._snapshot: Mapping[str, object] | msgspec.Struct | None = None
        self._lost = 0
        """Events since the last one that went out."""
        self._owes_state = self._owes_sockets = False
        """What is to be sent as soon as the doorkeeper reads."""
        self._doors = Doors(endpoint)
        if waits:
            self._doors.tend(now_ns())
        else:
            self._doors.open()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the last replies leave, and give the endpoint up."""
        if self._outbox.put_now(Finish()):
            self._line.finish()
        self._doors.close()

    @property
    def endpoint(self) -> str:
        """Where commands are taken."""
        return self._doors.endpoint

    @property
    def events_endpoint(self) -> str:
        """Where events are published."""
        return self._doors.events_endpoint

    @property
    def why_closed(self) -> ControlError | None:
        """Why nobody can call now; ``None`` while everybody can."""
        is_missed = self._now_ns() - self._heard_ns > MISSED_NS
        return self._doors.why_closed or (MISSED if is_missed else None)

    def excuse(self, now_ns: int) -> None:
        """Hold no silence so far against the doorkeeper: this process was itself asleep."""
        self._heard_ns = now_ns

    def begin(self) -> None:
        """A doorkeeper is there: give it the sockets. It knows no request from before."""
        self.begun += 1
        self.epoch = os.urandom(8).hex()
        self._begun_ns = self._now_ns()
        self._outbox.clear()
        self._lost = 0
        self._outbox.put(Begin(self.epoch))
        self._owes_state, self._owes_sockets = False, True
        self._catch_up()

    def tend(self, now_ns: int) -> None:
        """See that callers find the sockets, once a second."""
        self._owes_sockets |= self._doors.tend(now_ns)
        self._catch_up()

    def take(self) -> Iterator[Ask]:
        """The commands that came, until this turn has lasted ``TURN_NS``; never waits."""
        until_ns = self._now_ns() + TURN_NS
        for message in self._line.hear():
            match message:
                case Ask():
                    yield message
                case Greet():
                    self._owes_state = self._snapshot is not None
                    self._catch_up()
                case Watching():
                    self._look(message)
            if self._now_ns() >= until_ns:
                return

    def reply(self, ticket: Ticket, reply: Reply) -> None:
        """Answer a command. Nobody waits for a client that is gone or does not read."""
        # Only what was done is remembered: a question, or what was refused, may be asked again.
        is_done = isinstance(reply, Done) or reply == SUPERSEDED
        self._outbox.put(Answered(ticket, tuple(write_reply(ticket.id, reply)), is_done))

    def publish(self, topic: Topic, body: Mapping[str, object] | msgspec.Struct) -> None:
        """Tell an event to all who read. A ``state`` is also what new readers get from now on."""
        if topic is Topic.STATE:
            self.set_snapshot(body)
            self._owes_state = False
        self._catch_up()
        if not self._tell(topic, body):
            self._owes_state |= topic is Topic.STATE

    def set_snapshot(self, body: Mapping[str, object] | msgspec.Struct) -> None:
        """Set what new readers get, without telling those who read already."""
        self._snapshot = body

    def _tell(self, topic: Topic, body: Mapping[str, object] | msgspec.Struct) -> bool:
        """Publish an event, or count it as lost."""
        happened = Happened(topic, msgspec.json.encode(body), self._lost)
        is_sent = self._outbox.put_now(happened)
        self._lost = 0 if is_sent else self._lost + 1
        return is_sent

    def _catch_up(self) -> None:
        """Send what the doorkeeper is still to get, if it reads."""
        if not self._outbox.flush():
            return
        doors = self._doors.open_ones
        if self._owes_sockets and doors:
            commands, events = (str(door.path) for door in doors)
            fds = [door.fileno() for door in doors]
            self._owes_sockets = not self._outbox.put_now(Listen(commands, events), fds)
        if self._owes_state and self._snapshot is not None:
            self._owes_state = not self._tell(Topic.STATE, self._snapshot)

    def _look(self, watching: Watching) -> None:
        """See whether the doorkeeper has what it needs."""
        self._heard_ns = self._now_ns()
        if self._heard_ns - self._begun_ns < SETTLED_NS:
            return
        if watching.epoch != self.epoch:
            self.begin()
        elif not watching.listening:
            self._owes_sockets = True
            self._catch_up()
