"""The doorkeeper's hand on the events' socket: hears who subscribes, and tells all what happens."""

import collections
from collections.abc import Callable

import zmq

from wallctl.api.doorkeeper_messages import Happened
from wallctl.api.event_messages import Topic, write_event
from wallctl.api.zmq_sockets import Socket

SUBSCRIPTIONS_MAX_BYTES = 65_536
"""Of all readers together; ZeroMQ keeps some 50 times as much for them. Topics are short."""
SUBSCRIPTION_BYTES = 16
"""What a subscription counts beside its topic."""
_ENDS, _BEGINS = b"\0", b"\1"
"""How a subscription's message begins."""
GREETED_EVERY_NS = 100_000_000
"""Newcomers get the state at once, but not more often: each time all others get it, too."""


class CrowdedError(Exception):
    """There are more subscriptions than all readers of a wall could need."""


class Readers:
    """All programs that read events."""

    def __init__(self, socket: Socket, now_ns: Callable[[], int]) -> None:
        self._socket = socket
        self._now_ns = now_ns
        self._epoch, self._seq = "", 0
        self._begun: collections.Counter[bytes] = collections.Counter()
        """How many subscriptions there are of each topic."""
        self._bytes = 0
        self.is_waiting = False
        """Whether somebody waits for a state."""
        self._greeted_ns = now_ns() - GREETED_EVERY_NS

    def begin(self, epoch: str) -> None:
        """Another controller tells the events from now on."""
        self._epoch, self._seq = epoch, 0

    def hear(self) -> bool:
        """Take a subscription, or the end of one; ``False`` if there is none. Never waits.

        Raises ``CrowdedError`` when there are too many. Anything else that a program sends here is
        thrown away.
        """
        try:
            wish = self._socket.recv(zmq.NOBLOCK)
        except zmq.Again:
            return False
        self._count(wish[:1], wish[1:])
        if self._bytes > SUBSCRIPTIONS_MAX_BYTES:
            raise CrowdedError
        return True

    def _count(self, kind: bytes, topic: bytes) -> None:
        size_bytes = SUBSCRIPTION_BYTES + len(topic)
        if kind == _BEGINS:
            self._begun[topic] += 1
            self._bytes += size_bytes
            self.is_waiting |= Topic.STATE.value.encode().startswith(topic)
        elif kind == _ENDS and self._begun[topic]:
            self._begun[topic] -= 1
            self._bytes -= size_bytes
            if not self._begun[topic]:
                del self._begun[topic]

    def greet(self, ask: Callable[[], bool]) -> None:
        """Ask for a state if somebody new waits for one; ``ask`` says whether it could."""
        now_ns = self._now_ns()
        if self.is_waiting and now_ns - self._greeted_ns >= GREETED_EVERY_NS and ask():
            self.is_waiting = False
            self._greeted_ns = now_ns

    def tell(self, happened: Happened) -> None:
        """Tell an event to all who read its topic; one that does not read misses it."""
        self._seq += happened.lost + 1
        frames = write_event(happened.topic, happened.body, self._epoch, self._seq)
        self._socket.send_multipart(frames, zmq.NOBLOCK)
