"""The doorkeeper: the process that takes callers, so that whatever they send harms nobody else.

It owns the ZeroMQ sockets, reads what strangers send and hands on to the controller what is a
command. It may die at any time: the next one is given the same listening sockets.
"""

import os
import socket
import time
from collections.abc import Callable

import msgspec
import zmq
from msgspec.structs import replace

from wallctl.api.doorkeeper_messages import (
    Answered,
    Ask,
    Begin,
    Finish,
    Greet,
    Happened,
    Large,
    Listen,
    ToDoorkeeper,
    Watching,
)
from wallctl.api.event_socket import GREETED_EVERY_NS, CrowdedError, Readers
from wallctl.api.peer_authentication import Gate
from wallctl.api.request_socket import Callers, Counts
from wallctl.api.zmq_sockets import Bound, commands_socket, events_socket
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import NotNowError
from wallctl.supervisor.heartbeat_age import HeartbeatAge
from wallctl.supervisor.resource_limits import Growth

TURN_NS = 5_000_000
"""For how long messages of one kind are taken in one turn."""
BEAT_NS = 1_000_000_000
SILENT_NS = 8_000_000_000
"""A controller that has said nothing for so long is not there: callers must be able to see that."""
GROWN_MAX_BYTES = 96 << 20
"""Memory that only strangers' messages can have taken. The next doorkeeper begins without it."""
WAITING_BYTES = 16_384
"""What the kernel keeps of commands that the controller has not taken yet: some thirty. All others
wait at the socket of programs, which takes from each in turn; so nobody waits behind a flood."""
GREETED_EVERY_MS = GREETED_EVERY_NS // 1_000_000
CLOSING_MS = 100


class Doorkeeper:
    """``run`` returns when the wall ends, and raises ``NotNowError`` where the next one is to go
    on."""

    def __init__(
        self,
        channel: Channel[ToDoorkeeper],
        now_ns: Callable[[], int] = time.monotonic_ns,
        own_uid: int | None = None,
    ) -> None:
        self._channel = channel
        channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITING_BYTES)
        self._now_ns = now_ns
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._gate = Gate(self._context, os.getuid() if own_uid is None else own_uid)
        self._commands = Bound(commands_socket(self._context))
        self._events = Bound(events_socket(self._context))
        self._callers = Callers(self._commands.socket, now_ns)
        self._readers = Readers(self._events.socket, now_ns)
        self._held: Ask | None = None
        """A command that the controller did not take yet; no other is read before."""
        self._watching = Watching("", 0)
        """What the controller is told again and again."""
        self._heartbeat = HeartbeatAge(SILENT_NS, SILENT_NS // 2, now_ns())
        """Of the controller."""
        self._beat_ns = 0
        self._growth = Growth()
        self.is_finished = False

    @property
    def counts(self) -> Counts:
        """What happened to messages."""
        return self._callers.counts

    def run(self) -> None:
        """Take callers until the wall ends."""
        while not self.is_finished:
            self.turn(BEAT_NS // 1_000_000)
        self.close()

    def close(self) -> None:
        """Close the sockets; a last reply has ``CLOSING_MS`` to leave."""
        self._context.destroy(linger=CLOSING_MS)
        self._growth.close()

    def turn(self, timeout_ms: int) -> None:
        """Wait for something to do, at most so long, and do some of each kind."""
        self._wait(min(timeout_ms, GREETED_EVERY_MS) if self._readers.is_waiting else timeout_ms)
        self._gate.judge()
        self._for_a_while(self._hear_controller)
        self._for_a_while(self._hear_readers)
        self._readers.greet(lambda: self._channel.send(Greet()))
        self._for_a_while(self._hear_callers)
        self._look(self._now_ns())

    def _wait(self, timeout_ms: int) -> None:
        poller = zmq.Poller()
        poller.register(self._gate.socket, zmq.POLLIN)
        poller.register(self._events.socket, zmq.POLLIN)
        if self._held is None:
            poller.register(self._commands.socket, zmq.POLLIN)
            poller.register(self._channel.fileno(), zmq.POLLIN)
        else:
            poller.register(self._channel.fileno(), zmq.POLLIN | zmq.POLLOUT)
        poller.poll(timeout_ms)

    def _for_a_while(self, do: Callable[[], bool]) -> None:
        """Do it again and again, until there is nothing to do or others have waited long enough."""
        until_ns = self._now_ns() + TURN_NS
        while do() and self._now_ns() < until_ns:
            pass

    def _hear_callers(self) -> bool:
        if self._held is None:
            message = self._callers.take()
            if message is None:
                return False
            self._held = self._callers.read(message)
        if self._held is not None and self._channel.send(self._held):
            self._held = None
        return self._held is None

    def _hear_readers(self) -> bool:
        try:
            return self._readers.hear()
        except CrowdedError:
            raise NotNowError from None

    def _hear_controller(self) -> bool:
        got = self._channel.receive()
        if got is None:
            return False
        self._heartbeat.restart(self._now_ns())
        self._obey(*got)
        return not self.is_finished

    def _obey(self, order: ToDoorkeeper, fds: list[int]) -> None:
        match order:
            case Begin(epoch):
                self._watching = Watching(epoch, 0)
                self._callers.begin()
                self._readers.begin(epoch)
            case Listen(commands, events):
                self._listen(commands, events, fds)
            case Answered():
                self._callers.answer(order)
            case Happened():
                self._readers.tell(order)
            case Large():
                self._obey(_content(fds), [])
            case Finish():
                self.is_finished = True

    def _listen(self, commands: str, events: str, fds: list[int]) -> None:
        if len(fds) != 2:  # this process has as many files open as it may
            raise NotNowError
        self._commands.listen(fds[0], commands)
        self._events.listen(fds[1], events)
        self._watching = replace(self._watching, listening=self._watching.listening + 1)

    def _look(self, now_ns: int) -> None:
        """Tell the controller that this process lives, and see whether it should."""
        if self._heartbeat.is_too_old(now_ns) or self._growth.bytes() > GROWN_MAX_BYTES:
            raise NotNowError
        if now_ns - self._beat_ns >= BEAT_NS:
            self._beat_ns = now_ns
            self._channel.send(self._watching)


def _content(fds: list[int]) -> ToDoorkeeper:
    """The message in a file."""
    if not fds:
        raise NotNowError
    with os.fdopen(fds[0], "rb") as file:
        file.seek(0)
        return msgspec.msgpack.decode(file.read(), type=ToDoorkeeper)
