"""A connection to an RTSP server. It makes requests one by one, with the login.

Every wait ends after its time-out, or when the line is cut
(``wallctl.media.network.libav_sockets``).
"""

import contextlib
import re
import socket

import msgspec

from wallctl.media.network.camera_address import Address
from wallctl.media.network.login_challenge import Pass, challenges, pass_for
from wallctl.media.network.tls import connect
from wallctl.media.rtsp.message import MOST_HEAD_BYTES, Message, MessageError, read_head
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason

WAIT_S = 10.0
"""How long to wait for an answer: a platform may have to fetch the stream first."""
_LEAVE_S = 0.2
_CHUNK_BYTES = 1 << 16
_PACKET = b"$"
"""The byte that begins an interleaved packet (RFC 2326, 10.12)."""
_BEGIN = re.compile(rb"[$A-Za-z]")
_OWN = b"RTSP"
_WEB = "HTTP/"
_ALERT = b"\x15\x03"
"""How a TLS server begins its answer to a client that speaks plain text."""


class Wire:
    """Reads a socket message by message, and skips packets between the messages."""

    def __init__(self, connect: socket.socket) -> None:
        self.socket = connect
        self._held = bytearray()
        self._began = b""
        """The first bytes that came."""
        self._understood = False
        """Whether a whole message came."""

    @property
    def is_strange(self) -> bool:
        """Whether something came, and none of it looks like RTSP."""
        known = self._began.startswith((_OWN[: len(self._began)], _PACKET))
        return bool(self._began) and not self._understood and not known

    def send(self, message: Message) -> None:
        """Send a message."""
        self.socket.sendall(message.encode())

    def receive(self) -> Message:
        """The next message. Raises ``EOFError`` when the other end hangs up."""
        while True:
            self._skip_packets()
            head, gap = self._head()
            if head is not None:
                message = read_head(bytes(head))
                self._fill(len(head) + gap + message.body_bytes)
                del self._held[: len(head) + gap]
                self._understood = True
                return self._with_body(message)
            if len(self._held) > MOST_HEAD_BYTES:
                raise MessageError
            self._receive_more()

    def rest(self) -> bytes:
        """Take what came after the newest message."""
        rest = bytes(self._held)
        self._held.clear()
        return rest

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def _with_body(self, message: Message) -> Message:
        size = message.body_bytes
        body = bytes(self._held[:size])
        del self._held[:size]
        return msgspec.structs.replace(message, body=body)

    def _head(self) -> tuple[bytearray | None, int]:
        """The next head, once it is whole, and the length of the empty line after it. Some cameras
        end lines with LF alone."""
        ends = [(self._held.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
        at, gap = min((end for end in ends if end[0] >= 0), default=(-1, 0))
        return (self._held[:at], gap) if at > 0 else (None, 0)

    def _skip_packets(self) -> None:
        """Skip packets, empty lines and stray bytes: no message begins with them."""
        while (begins := _BEGIN.search(self._held)) is not None:
            del self._held[: begins.start()]
            if not self._held.startswith(_PACKET):
                return
            self._fill(4)
            size = 4 + int.from_bytes(self._held[2:4])
            self._fill(size)
            del self._held[:size]
        self._held.clear()

    def _fill(self, size: int) -> None:
        while len(self._held) < size:
            self._receive_more()

    def _receive_more(self) -> None:
        data = self.socket.recv(_CHUNK_BYTES)
        if not data:
            raise EOFError
        self._began = (self._began + data)[: len(_OWN)]
        if self._began.startswith(_ALERT):
            raise SourceError(Reason.OTHER_PROTOCOL)
        self._held += data


class RtspConnection:
    """Makes requests of a camera's server, with the login of its address."""

    def __init__(self, address: Address, wait_s: float = WAIT_S) -> None:
        """Connect. Raises ``OSError``, and ``SourceError`` if it is not the camera it should be."""
        self._address = address
        self.wire = Wire(connect(address, wait_s))
        self._pass: Pass | None = None
        self._for_one = False
        """Whether the camera accepts a nonce for one request only."""
        self._number = 0

    def ask(self, method: str, url: str, **headers: str) -> Message:
        """Make a request. Raises ``SourceError`` if no login gets in."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return self.forward(Message(f"{method} {url} RTSP/1.0", named))

    def forward(self, request: Message) -> Message:
        """Pass on another client's request, with our login in place of its own."""
        answer = self._exchange(request)
        if answer.status != 401:
            return answer
        outdated = self._pass is not None
        self.renew(answer)
        answer = self._exchange(request)
        if outdated and answer.status != 401:
            self._for_one, self._pass = True, None
        if answer.status == 401 and _says_stale(answer):
            self.renew(answer)
            answer = self._exchange(request)
        if answer.status == 401:
            raise SourceError(Reason.BAD_CREDENTIALS)
        return answer

    def renew(self, answer: Message) -> None:
        """Meet the challenge of an answer from now on. Raises ``SourceError`` if nothing can."""
        self._pass = pass_for(self._address, answer.all("WWW-Authenticate"))

    def sign(self, request: Message) -> Message:
        """The request with the login, as the newest challenge wants it."""
        method, url = request.request
        said = None if self._pass is None else self._pass.authorization(method, url)
        if self._for_one:  # some cameras count an old nonce as a wrong login
            self._pass = None
        return request.having(Authorization=said)

    def close(self) -> None:
        """Hang up."""
        self.wire.close()

    def leave(self) -> None:
        """Hang up, and wait a moment for the camera to do so: it may allow one connection only."""
        line = self.wire.socket
        if not self._address.is_private:
            with contextlib.suppress(OSError):
                line.settimeout(_LEAVE_S)
                line.shutdown(socket.SHUT_WR)
                line.recv(1)
        line.close()

    def _exchange(self, request: Message) -> Message:
        self._number += 1
        self.wire.send(self.sign(request.having(CSeq=str(self._number), User_Agent="wallctl")))
        answer = self._receive_more()
        while not answer.status:  # a request of the server's own, as some send
            if answer.start.startswith(_WEB):
                raise SourceError(Reason.OTHER_PROTOCOL)
            answer = self._receive_more()
        return answer

    def _receive_more(self) -> Message:
        try:
            return self.wire.receive()
        except (EOFError, ConnectionError):
            if self.wire.is_strange:
                raise SourceError(Reason.OTHER_PROTOCOL) from None
            raise


def _says_stale(answer: Message) -> bool:
    offered = challenges(answer.all("WWW-Authenticate"))
    return any(one.fields.get("stale", "").lower() == "true" for one in offered)
