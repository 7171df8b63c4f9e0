"""Who may connect: programs of the wall's own user, and of root, as the kernel names them.

The wall's own decoders may not: a stream that has taken one over is not that user.

ZAP (ZeroMQ RFC 27): libzmq asks here about each peer before it hears anything else of it.
"""

import contextlib
import re
from collections.abc import Callable, Sequence

import zmq

from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.supervisor.decoder_recognition import may_be_decoder

ENDPOINT = "inproc://zeromq.zap.01"
DOMAIN = b"wall"
ROOT = 0
JUDGED_PER_TURN = 64
"""Peers that are judged in one turn."""
_VERSION = b"1.0"
_PEER = re.compile(rb"localhost:(?P<uid>[0-9]{1,10}):[0-9]{1,10}:(?P<pid>[0-9]{1,10})")
"""What libzmq makes of SO_PEERCRED."""


class Gate:
    """Judges peers. To be made before any socket is bound."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", own_uid: int) -> None:
        self._own_uid = own_uid
        self.socket = context.socket(zmq.ROUTER)
        self.socket.bind(ENDPOINT)

    def judge(self) -> None:
        """Answer about the peers that wait; never waits."""
        for _ in range(JUDGED_PER_TURN):
            try:
                frames = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            with contextlib.suppress(zmq.Again):
                self.socket.send_multipart(answer(frames, self._own_uid), zmq.NOBLOCK)


def answer(
    frames: Sequence[bytes], own_uid: int, is_barred: Callable[[int], bool] = may_be_decoder
) -> list[bytes]:
    """The frames that answer a question about a peer; an accepted one is called ``UID:PID``.

    ``is_barred`` says whether a process of the right user may not connect all the same.
    """
    asker, question = frames[0], frames[3] if len(frames) > 3 else b""
    user = _user(frames[2:], own_uid, is_barred)
    verdict = (b"200", b"OK", user, b"") if user else (b"400", b"not your wall", b"", b"")
    return [asker, b"", _VERSION, question, *verdict]


def program_of(user: str) -> Actor:
    """Who a peer is, ``UID:PID``."""
    return Actor(user, Role.REMOTE, Origin.CONTROL)


def uid_of(user: str) -> int:
    """The user whose program a peer is."""
    return int(user.partition(":")[0])


def _user(request: Sequence[bytes], own_uid: int, is_barred: Callable[[int], bool]) -> bytes:
    """Who a peer is, or nothing if it may not connect."""
    if len(request) != 6:
        return b""
    version, _question, domain, address, _identity, mechanism = request
    peer = _PEER.fullmatch(address)
    if (version, domain, mechanism) != (_VERSION, DOMAIN, b"NULL") or peer is None:
        return b""
    if int(peer["uid"]) not in (own_uid, ROOT) or is_barred(int(peer["pid"])):
        return b""
    return peer["uid"] + b":" + peer["pid"]
