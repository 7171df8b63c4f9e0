"""The doorkeeper's hand on the commands' socket: judges what programs send, and answers them."""

from collections.abc import Callable, Sequence

import msgspec
import zmq

from wallctl.api.doorkeeper_messages import Answered, Ask, Ticket
from wallctl.api.peer_authentication import program_of, uid_of
from wallctl.api.peer_limits import RATE_HZ, Peers
from wallctl.api.protocol import BadRequest, Failed, Request, read_request, write_reply
from wallctl.api.request_dedup import Replies
from wallctl.api.zmq_sockets import Socket

WRONG_FRAMES = Failed("bad_request", "a request is one frame, after an empty one if REQ sends it")
TOO_MANY = Failed("too_many", f"more than {RATE_HZ} requests a second: ask slower")
PARTS_MAX = 4
"""A client's identity, an empty frame, the request, and one too many."""
SMALL_BYTES = 4096
"""A larger request too many is not even read, so its refusal has no id."""


class Counts(msgspec.Struct):
    """What happened since the begin."""

    refused: int = 0
    """Messages that were no requests, or too many."""
    repeated: int = 0
    """Requests that were seen before."""
    gone: int = 0
    """Replies that could not be given: the client left, or does not read."""


class Callers:
    """All programs that send commands."""

    def __init__(self, socket: Socket, now_ns: Callable[[], int]) -> None:
        self._socket = socket
        self._now_ns = now_ns
        self._peers = Peers()
        self._replies = Replies()
        self.counts = Counts()

    def begin(self) -> None:
        """Another controller listens, which knows nothing of what was asked before."""
        self._replies.clear()

    def take(self) -> Sequence[zmq.Frame] | None:
        """The next message, ``None`` if there is none; never waits.

        Of one with too many parts only the first are kept: what it is can be seen from them.
        """
        try:
            frames = [self._socket.recv(zmq.NOBLOCK, copy=False)]
        except zmq.Again:
            return None
        while self._socket.getsockopt(zmq.RCVMORE):
            frame = self._socket.recv(zmq.NOBLOCK, copy=False)
            if len(frames) < PARTS_MAX:
                frames.append(frame)
        return frames

    def read(self, message: Sequence[zmq.Frame]) -> Ask | None:
        """The command to be done, or nothing where the answer is given already."""
        user = str(message[-1].get("User-Id"))
        split = 2 if len(message) > 1 and not len(message[1]) else 1
        route = tuple(frame.bytes for frame in message[:split])
        request = self._judged(user, message[split:])
        if isinstance(request, BadRequest):
            self.counts.refused += 1
            self._send(route, write_reply(request.id, request.reply))
            return None
        ticket = Ticket(route, request.id)
        if not self._is_new(ticket, user):
            return None
        return Ask(ticket, program_of(user), uid_of(user), request.command, request.for_s)

    def _judged(self, user: str, body: Sequence[zmq.Frame]) -> Request | BadRequest:
        size_bytes = sum(map(len, body))
        may = self._peers.may(user, size_bytes, self._now_ns())
        if not may and size_bytes > SMALL_BYTES:
            return BadRequest(None, TOO_MANY)
        if len(body) != 1:
            return BadRequest(None, WRONG_FRAMES)
        request = read_request(body[0].bytes)
        return request if may else BadRequest(request.id, TOO_MANY)

    def answer(self, answered: Answered) -> None:
        """Give a program its reply."""
        key = _key(answered.ticket)
        if answered.kept:
            self._replies.keep(key, answered.frames)
        else:
            self._replies.drop(key)
        self._send(answered.ticket.route, answered.frames)

    def _is_new(self, ticket: Ticket, user: str) -> bool:
        """Whether a request is to be done; one that was answered before gets that reply again."""
        key = _key(ticket)
        if self._replies.is_new(key, user, self._now_ns()):
            return True
        self.counts.repeated += 1
        if (known := self._replies.known(key)) is not None:
            self._send(ticket.route, known)
        return False

    def _send(self, route: tuple[bytes, ...], frames: Sequence[bytes]) -> None:
        try:
            self._socket.send_multipart([*route, *frames], zmq.NOBLOCK)
        except zmq.ZMQError as error:
            if error.errno not in (zmq.EHOSTUNREACH, zmq.EAGAIN):
                raise
            self.counts.gone += 1


def _key(ticket: Ticket) -> tuple[bytes, str]:
    return ticket.route[0], ticket.id
