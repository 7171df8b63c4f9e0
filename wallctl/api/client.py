"""A program's end of the control channel: ``with Client() as wall: wall.send("layout 3x3")``.

It blocks, with a limit to every wait, and belongs to one thread. It knows no wall from inside.
"""

import itertools
import os
import types
import typing
from collections.abc import Iterator

import msgspec
import zmq

from wallctl.api.endpoint import ControlError, check_endpoint, default_endpoint
from wallctl.api.event_messages import Cursor, Event, Topic, Verdict, follow, read_event
from wallctl.api.protocol import Answer, Done, Failed, Receipt, Reply, read_reply, write_request
from wallctl.model.wall.commands.command import (
    Command,
    CommandError,
    Hello,
    List,
    Query,
    Reload,
    Snapshot,
    Status,
)
from wallctl.model.wall.commands.syntax import parse, to_text

TIMEOUT_S = 5.0
LINGER_MS = 500
"""How long a command may still take to leave after the program is done."""

SNAPSHOT_MS = 20_000
"""A picture is made beside everything else that the machine does, and after it."""

CONNECT_MS = 2000
"""A controller that was killed is back within 1 s; who is not there after 2 s is not there."""
Result = dict[str, typing.Any]


class Client:
    """A connection to a wall. Raises ``ControlError`` where no wall answers in time.

    A command that the wall refuses raises ``CommandError`` with the wall's own code and words. A
    command is sent to a wall that is there, never kept for one that may start later.
    """

    def __init__(self, endpoint: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self.endpoint = check_endpoint(endpoint) if endpoint else default_endpoint()
        self._timeout_ms = round(timeout_s * 1000)
        self._ids = (f"{os.urandom(4).hex()}-{number}" for number in itertools.count(1))
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, LINGER_MS)
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._socket.connect(self.endpoint)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a command that was sent still leaves."""
        self._context.destroy(linger=LINGER_MS)

    def send(self, command: str | Command, for_s: float | None = None) -> Receipt:
        """Make a change, told in words or as a value; what it really did.

        With ``for_s`` it ends by itself after so many seconds, and what was before is shown again.
        """
        value = parse(command) if isinstance(command, str) else command
        if isinstance(value, Query):
            raise CommandError("bad_command", f"{to_text(value)} asks something; nothing is done")
        reply = self._ask(value, for_s=for_s)
        if not isinstance(reply, Done):
            raise self._not_understood("a change was answered without a receipt")
        return reply.receipt

    def status(self) -> Result:
        """What the wall shows and how it fares."""
        return self._result(Status())

    def list(self) -> Result:
        """The names that commands can use."""
        return self._result(List())

    def hello(self) -> Result:
        """Who answers, in which versions, and where events are."""
        return self._result(Hello())

    def reload(self) -> Result:
        """Have the site's files read again now; what came of it."""
        return self._result(Reload())

    def snapshot(self, asked: Snapshot = Snapshot()) -> bytes:  # noqa: B008 - it is frozen
        """A PNG or JPEG picture of a tile, of a screen, or of the whole wall."""
        wait_ms = max(self._timeout_ms, SNAPSHOT_MS)
        picture = self._query(asked, wait_ms).picture
        if picture is None:
            raise self._not_understood("a snapshot came without its picture")
        return picture

    def events(self, timeout_s: float = TIMEOUT_S) -> Iterator[Event]:
        """What happens at the wall, without end, beginning with a ``state``.

        After anything was missed, or the wall began again, the next event is a ``state`` again.
        Raises ``ControlError`` when nothing comes for ``timeout_s``; a wall beats each second.
        """
        address = check_endpoint(str(self.hello().get("events")))
        with self._context.socket(zmq.SUB) as socket:
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.SUBSCRIBE, b"")
            socket.connect(address)
            yield from self._followed(socket, timeout_s)

    def _followed(self, socket: "zmq.Socket[bytes]", timeout_s: float) -> Iterator[Event]:
        cursor = Cursor()
        while True:
            if not socket.poll(round(timeout_s * 1000)):
                raise self._silent()
            try:
                event = read_event(socket.recv_multipart())
            except (ValueError, msgspec.MsgspecError) as error:
                raise self._not_understood(str(error)) from None
            cursor, verdict = follow(cursor, event)
            if verdict is Verdict.TAKE:
                yield event
            elif verdict is Verdict.ASK:
                _ask_for_state(socket)

    def _result(self, query: Query) -> Result:
        return typing.cast(Result, self._query(query).result)

    def _query(self, query: Query, wait_ms: int | None = None) -> Answer:
        reply = self._ask(query, wait_ms)
        if not isinstance(reply, Answer):
            raise self._not_understood("a question was answered without a result")
        return reply

    def _ask(
        self, command: Command, wait_ms: int | None = None, for_s: float | None = None
    ) -> Done | Answer:
        """Send a command and wait for its reply; those of earlier ones come too late and go."""
        wanted = next(self._ids)
        if not self._socket.poll(min(self._timeout_ms, CONNECT_MS), zmq.POLLOUT):
            raise self._silent()
        self._socket.send(write_request(wanted, command, for_s))
        wait_ms = wait_ms or self._timeout_ms
        name, reply = self._receive(wait_ms)
        while name not in (wanted, None):
            name, reply = self._receive(wait_ms)
        if isinstance(reply, Failed):
            raise CommandError(reply.code, reply.message, reply.known)
        return reply

    def _receive(self, wait_ms: int) -> tuple[str | None, Reply]:
        if not self._socket.poll(wait_ms):
            raise self._silent()
        try:
            return read_reply(self._socket.recv_multipart())
        except (ValueError, msgspec.MsgspecError) as error:
            raise self._not_understood(str(error)) from None

    def _silent(self) -> ControlError:
        return ControlError(f"no wall answers at {self.endpoint}: is it running?")

    def _not_understood(self, why: str) -> ControlError:
        return ControlError(f"what answers at {self.endpoint} is not understood: {why}")


def _ask_for_state(socket: "zmq.Socket[bytes]") -> None:
    """Subscribe once more and take that back: the wall gives each new subscriber its state."""
    topic = Topic.STATE.value.encode()
    socket.setsockopt(zmq.SUBSCRIBE, topic)
    socket.setsockopt(zmq.UNSUBSCRIBE, topic)
