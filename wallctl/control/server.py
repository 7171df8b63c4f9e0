"""The wall's end of the control channel: commands in, replies and events out, never blocking.

It owns the ZeroMQ sockets and the controller's waiting; it decides nothing about the wall. What is
not a request is answered here with one error reply and never reaches the controller.
"""

import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec
import zmq

from wallctl.control.doors import Doors
from wallctl.control.endpoint import ControlError
from wallctl.control.events import Topic, write_event
from wallctl.control.protocol import (
    BODY_MAX_BYTES,
    Answer,
    BadRequest,
    Failed,
    Reply,
    read_request,
    write_reply,
)
from wallctl.control.replies import Replies
from wallctl.model.command import Command

TAKEN_PER_TURN = 64
"""Messages read in one turn of the controller's loop, so that a flood can't hold up the wall."""
SUBSCRIPTIONS_PER_TURN = 256
COMMANDS_WAITING_MAX = 256
EVENTS_WAITING_MAX = 1000
"""For each reader; one that does not read misses events, and nobody waits for it."""
HANDSHAKE_MS = 2000
CLOSING_MS = 100


class Ticket(msgspec.Struct, frozen=True):
    """Who is to be answered, and under which id."""

    route: tuple[bytes, ...]
    """The client's identity, and the empty frame where the client is a REQ socket."""
    id: str


class Incoming(msgspec.Struct, frozen=True):
    """A command that waits for its reply."""

    ticket: Ticket
    command: Command
    for_s: float | None = None
    """For how long a change is asked for; ``None``: until another."""


class Ready(msgspec.Struct, frozen=True):
    """What ended a wait."""

    commands: bool
    """``take`` will find something."""
    fds: frozenset[int]
    """Those of the extra descriptors that can be read, or whose other end is gone."""


class Statistics(msgspec.Struct):
    """Counts since the start."""

    taken: int = 0
    refused: int = 0
    """Messages that were no requests."""
    repeated: int = 0
    """Requests that were seen before."""
    gone: int = 0
    """Replies that could not be given: the client left, or does not read."""
    events: int = 0


class Server:
    """The control channel of one wall.

    Raises ``ControlError`` if the endpoint is not of this machine or is taken; one that ``waits``
    goes on without callers, and ``tend`` tries again. A client's identity
    is never handed over to a newcomer of the same name (``ROUTER_HANDOVER`` stays off): else any
    client could take another's replies. To be made after the last fork.
    """

    def __init__(
        self,
        endpoint: str,
        now_ns: Callable[[], int] = time.monotonic_ns,
        *,
        waits: bool = False,
    ) -> None:
        self._now_ns = now_ns
        self.epoch = os.urandom(8).hex()
        self._seq = 0
        self._snapshot: Mapping[str, object] | None = None
        self._replies = Replies()
        self._counts = Statistics()
        with contextlib.ExitStack() as cleanup:
            context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
            cleanup.callback(context.destroy, linger=CLOSING_MS)
            self._commands = _commands_socket(context)
            self._events = _events_socket(context)
            self._doors = Doors(endpoint, self._commands, self._events)
            cleanup.callback(self._doors.close)
            if waits:
                self._doors.tend(now_ns())
            else:
                self._doors.open()
            self._close = cleanup.pop_all()
        self._poller = zmq.Poller()
        self._poller.register(self._commands, zmq.POLLIN)
        self._poller.register(self._events, zmq.POLLIN)
        self._watched: frozenset[int] = frozenset()
        """The descriptors that are waited for beside the sockets."""

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close both sockets and give the endpoint up; a last reply has ``CLOSING_MS`` to leave."""
        self._close.close()

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
        return self._doors.why_closed

    def tend(self, now_ns: int) -> None:
        """See that callers find the sockets, once a second."""
        self._doors.tend(now_ns)

    def statistics(self) -> Statistics:
        """A copy of the counts."""
        return msgspec.structs.replace(self._counts)

    def wait(self, timeout_ms: int, extra_fds: Sequence[int] = ()) -> Ready:
        """Wait for a message or a descriptor, at most so long; new readers get the snapshot."""
        self._watch(frozenset(extra_fds))
        found = dict(self._poller.poll(timeout_ms))
        if self._events in found:
            self._greet()
        fds = frozenset(fd for fd in self._watched if fd in found)
        return Ready(self._commands in found, fds)

    def take(self) -> list[Incoming]:
        """The commands that came, at most ``TAKEN_PER_TURN``; never waits."""
        taken = []
        for _ in range(TAKEN_PER_TURN):
            try:
                frames = self._commands.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            incoming = self._read(frames)
            if incoming is not None:
                taken.append(incoming)
        self._counts.taken += len(taken)
        return taken

    def reply(self, ticket: Ticket, reply: Reply) -> None:
        """Answer a command. A client that is gone is counted and nothing else."""
        frames = write_reply(ticket.id, reply)
        key = (ticket.route[0], ticket.id)
        if isinstance(reply, Answer):
            self._replies.drop(key)  # a query may be asked again: nothing is done twice
        else:
            self._replies.keep(key, frames)
        self._send(ticket.route, frames)

    def publish(self, topic: Topic, body: Mapping[str, object] | msgspec.Struct) -> None:
        """Tell an event to all who read. A ``state`` is also what new readers get from now on."""
        fields = _fields(body)
        if topic is Topic.STATE:
            self._snapshot = fields
        if not self._greet() or topic is not Topic.STATE:
            self._tell(topic, fields)

    def set_snapshot(self, body: Mapping[str, object] | msgspec.Struct) -> None:
        """Set what new readers get, without telling those who read already."""
        self._snapshot = _fields(body)

    def _watch(self, fds: frozenset[int]) -> None:
        """Wait for these descriptors, too, from now on."""
        for fd in self._watched - fds:
            self._poller.unregister(fd)
        for fd in fds - self._watched:
            self._poller.register(fd, zmq.POLLIN)
        self._watched = fds

    def _read(self, frames: list[bytes]) -> Incoming | None:
        """A command to do, or nothing where the answer is given already."""
        split = 2 if len(frames) > 1 and frames[1] == b"" else 1
        route, body = tuple(frames[:split]), frames[split:]
        if len(body) != 1:
            self._refuse(route, BadRequest(None, WRONG_FRAMES))
            return None
        request = read_request(body[0])
        if isinstance(request, BadRequest):
            self._refuse(route, request)
            return None
        key = (route[0], request.id)
        if self._replies.is_new(key, self._now_ns()):
            return Incoming(Ticket(route, request.id), request.command, request.for_s)
        self._counts.repeated += 1
        if (known := self._replies.known(key)) is not None:
            self._send(route, known)
        return None

    def _refuse(self, route: tuple[bytes, ...], bad: BadRequest) -> None:
        self._counts.refused += 1
        self._send(route, write_reply(bad.id, bad.reply))

    def _send(self, route: tuple[bytes, ...], frames: list[bytes]) -> None:
        try:
            self._commands.send_multipart([*route, *frames], zmq.NOBLOCK)
        except zmq.ZMQError as error:
            if error.errno not in (zmq.EHOSTUNREACH, zmq.EAGAIN):
                raise
            self._counts.gone += 1

    def _greet(self) -> bool:
        """Give the snapshot if somebody began to read states; whether it was given.

        All readers get it, since XPUB can't address one; to them it is a state as any other.
        """
        wanted = False
        for _ in range(SUBSCRIPTIONS_PER_TURN):
            try:
                wish = self._events.recv(zmq.NOBLOCK)
            except zmq.Again:
                break
            wanted |= wish[:1] == b"\1" and Topic.STATE.value.encode().startswith(wish[1:])
        if not wanted or self._snapshot is None:
            return False
        self._tell(Topic.STATE, self._snapshot)
        return True

    def _tell(self, topic: Topic, body: Mapping[str, object]) -> None:
        self._seq += 1
        self._counts.events += 1
        self._events.send_multipart(write_event(topic, body, self.epoch, self._seq), zmq.NOBLOCK)


WRONG_FRAMES = Failed("bad_request", "a request is one frame, after an empty one if REQ sends it")


def _fields(body: Mapping[str, object] | msgspec.Struct) -> Mapping[str, object]:
    if isinstance(body, msgspec.Struct):
        return msgspec.to_builtins(body)  # type: ignore[no-any-return]
    return body


def _commands_socket(context: "zmq.Context[zmq.Socket[bytes]]") -> "zmq.Socket[bytes]":
    socket = _bounded(context.socket(zmq.ROUTER), COMMANDS_WAITING_MAX)
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    return socket


def _events_socket(context: "zmq.Context[zmq.Socket[bytes]]") -> "zmq.Socket[bytes]":
    socket = _bounded(context.socket(zmq.XPUB), EVENTS_WAITING_MAX)
    socket.setsockopt(zmq.XPUB_VERBOSE, 1)
    return socket


def _bounded(socket: "zmq.Socket[bytes]", waiting_max: int) -> "zmq.Socket[bytes]":
    """Limits that must be set before the socket is bound."""
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, BODY_MAX_BYTES)
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    socket.setsockopt(zmq.SNDHWM, waiting_max)
    socket.setsockopt(zmq.RCVHWM, waiting_max)
    return socket
