"""The two ZeroMQ sockets of a wall, and the limits that they keep by themselves."""

import contextlib

import zmq

from wallctl.api.endpoint import ControlError
from wallctl.api.peer_authentication import DOMAIN
from wallctl.api.protocol import BODY_MAX_BYTES

Socket = zmq.Socket[bytes]

LIBZMQ_MIN = (4, 3, 5)
"""Earlier ones have known holes that a peer can use before it is known."""
COMMANDS_WAITING_MAX = 256
EVENTS_WAITING_MAX = 1000
"""For each reader; one that does not read misses events, and nobody waits for it."""
SUBSCRIPTION_MAX_BYTES = 512
"""And so long may what a reader says as it connects be."""
HANDSHAKE_MS = 2000
FORSAKEN_MAX = 8
"""How many sockets without a file stay open for the clients that they have."""


def check_libzmq(version: tuple[int, int, int] | None = None) -> None:
    """Raise ``ControlError`` where the library is too old."""
    found = version or zmq.zmq_version_info()
    if found < LIBZMQ_MIN:
        have, need = (".".join(map(str, one)) for one in (found, LIBZMQ_MIN))
        raise ControlError(
            f"libzmq is {have} and the wall needs {need} or newer: install a newer pyzmq"
        )


class Bound:
    """A socket that takes callers where somebody else listens."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self._times = 0
        self._endpoint = ""

    def listen(self, fd: int, path: str) -> None:
        """Take callers at a listening socket, which is this one's from now on.

        Those of before stay connected. Raises ``ControlError``.
        """
        if self._times > FORSAKEN_MAX:
            self._times = 0
            with contextlib.suppress(zmq.ZMQError):
                self.socket.unbind(self._endpoint)
        self._endpoint = f"ipc://{path}"
        self.socket.setsockopt(zmq.USE_FD, fd)
        try:
            self.socket.bind(self._endpoint)
        except zmq.ZMQError as error:
            raise ControlError(f"the wall can't listen at {self._endpoint}: {error}") from None
        finally:
            self.socket.setsockopt(zmq.USE_FD, -1)
        self._times += 1


def commands_socket(context: "zmq.Context[Socket]") -> Socket:
    """Where commands come in and replies go out.

    A client's identity is never handed over to a newcomer of the same name (``ROUTER_HANDOVER``
    stays off): else any client could take another's replies.
    """
    socket = _bounded(context.socket(zmq.ROUTER), COMMANDS_WAITING_MAX, BODY_MAX_BYTES)
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    return socket


def events_socket(context: "zmq.Context[Socket]") -> Socket:
    """Where events go out; each subscription, and each end of one, comes in."""
    socket = _bounded(context.socket(zmq.XPUB), EVENTS_WAITING_MAX, SUBSCRIPTION_MAX_BYTES)
    socket.setsockopt(zmq.XPUB_VERBOSER, 1)
    return socket


def _bounded(socket: Socket, waiting_max: int, message_max_bytes: int) -> Socket:
    """Limits that must be set before the socket is bound."""
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.MAXMSGSIZE, message_max_bytes)
    socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    socket.setsockopt(zmq.SNDHWM, waiting_max)
    socket.setsockopt(zmq.RCVHWM, waiting_max)
    # With a domain each peer is judged (``peer_authentication``). ZMTP 1.0 has no handshake and is
    # refused.
    socket.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
    return socket
