"""The way between a wall's side and a node in two processes: their messages over a Unix socket.

Each message is its length in four bytes, then MessagePack. The node listens, the wall's side calls;
a newer call replaces the one before. Nothing here waits: what the other end does not read is kept,
and an end that lets too much pile up loses its connection.
"""

import contextlib
import logging
import os
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from wallctl.node.messages import NodeReport, SceneOrder

MESSAGE_MAX_BYTES = 64 << 20
"""A snapshot of many screens is the largest."""
CALL_NS = 100_000_000
"""A node that does not answer is called again so often."""
CHUNK_BYTES = 1 << 18
_LENGTH = struct.Struct("!I")
_PEER = struct.Struct("3i")

Incoming = TypeVar("Incoming", SceneOrder, NodeReport)

log = logging.getLogger(__name__)


class Line(Generic[Incoming]):
    """One connection. Raises ``ConnectionError`` once it is gone or breaks the rules."""

    def __init__(self, end: socket.socket, incoming: type[Incoming]) -> None:
        end.setblocking(False)
        self._end = end
        self._decoder: msgspec.msgpack.Decoder[Incoming] = msgspec.msgpack.Decoder(incoming)
        self._out = bytearray()
        self._in = bytearray()

    def fileno(self) -> int:
        """For poll."""
        return self._end.fileno()

    def send(self, message: msgspec.Struct) -> None:
        """Send without waiting."""
        content = msgspec.msgpack.encode(message)
        self._out += _LENGTH.pack(len(content)) + content
        if len(self._out) > 2 * MESSAGE_MAX_BYTES:
            raise ConnectionError("the other end does not read")
        self.flush()

    def flush(self) -> None:
        """Send what the other end had no room for."""
        with contextlib.suppress(BlockingIOError):
            while self._out:
                del self._out[: self._end.send(self._out[:CHUNK_BYTES])]

    def receive(self) -> Iterator[Incoming]:
        """The messages that have come whole."""
        is_gone = self._fill()
        while (message := self._next()) is not None:
            yield message
        if is_gone:
            raise ConnectionError("the other end is gone")

    def _fill(self) -> bool:
        """Read what is there; whether the other end is gone."""
        with contextlib.suppress(BlockingIOError):
            while chunk := self._end.recv(CHUNK_BYTES):
                self._in += chunk
                if len(self._in) > MESSAGE_MAX_BYTES:
                    return False  # what is whole is taken first
            return True
        return False

    def _next(self) -> Incoming | None:
        if len(self._in) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._in)
        if size > MESSAGE_MAX_BYTES:
            raise ConnectionError(f"a message of {size} bytes: at most {MESSAGE_MAX_BYTES}")
        whole = _LENGTH.size + size
        if len(self._in) < whole:
            return None
        content = bytes(self._in[_LENGTH.size : whole])
        del self._in[:whole]
        try:
            return self._decoder.decode(content)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ConnectionError(f"a message that can't be read: {error}") from None

    def close(self) -> None:
        """Hang up."""
        self._end.close()


class NodeCaller:
    """The wall's end: calls the node, again and again while it is not there."""

    def __init__(self, path: Path, keep: Callable[[], object]) -> None:
        """``keep`` has the memory of the wall's side kept."""
        self._path = path
        self._keep = keep
        self._line: Line[NodeReport] | None = None
        self._called_ns: int | None = None

    def fds(self) -> list[int]:
        """What is to be waited for."""
        return [] if self._line is None else [self._line.fileno()]

    def order(self, order: SceneOrder) -> None:
        """Send an order; it is lost while nobody is there. A new scene is known to whoever comes
        after this process."""
        if order.scene is not None:
            self._keep()
        if self._line is not None:
            try:
                self._line.send(order)
            except OSError as error:
                self._hang_up(error)

    def take(self) -> Iterator[NodeReport]:
        """What the node has reported."""
        if self._line is not None:
            try:
                self._line.flush()
                yield from self._line.receive()
            except OSError as error:
                self._hang_up(error)

    def tend(self, now_ns: int) -> None:
        """Call the node if it is not there."""
        is_due = self._called_ns is None or now_ns - self._called_ns >= CALL_NS
        if self._line is not None or not is_due:
            return
        self._called_ns = now_ns
        end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            end.connect(str(self._path))
        except OSError:
            end.close()
            return
        log.info("the node at %s answers", self._path)
        self._line = Line(end, NodeReport)

    def _hang_up(self, why: OSError) -> None:
        if self._line is not None:
            log.warning("the node at %s is gone: %s", self._path, why)
            self._line.close()
            self._line = None


class WallListener:
    """The node's end: takes the calls of its own user alone."""

    def __init__(self, path: Path) -> None:
        """Raises ``OSError`` if the socket can't be made."""
        self._line: Line[SceneOrder] | None = None
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(before)
        self._listener.listen(4)
        self._listener.setblocking(False)

    def fds(self) -> list[int]:
        """What is to be waited for."""
        ends = [self._listener.fileno()]
        return ends if self._line is None else [*ends, self._line.fileno()]

    def tell(self, report: NodeReport) -> None:
        """Send a report; it is lost while nobody is there, who is told all when they call."""
        if self._line is not None:
            try:
                self._line.send(report)
            except OSError as error:
                self.hang_up(error)

    def take_call(self) -> bool:
        """Whether a wall's side has begun to speak."""
        try:
            end, _ = self._listener.accept()
        except OSError:
            return False
        if not _is_ours(end):
            end.close()
            return False
        self.hang_up(None)
        self._line = Line(end, SceneOrder)
        return True

    def take(self) -> Iterator[SceneOrder]:
        """What the wall's side has ordered."""
        if self._line is not None:
            try:
                self._line.flush()
                yield from self._line.receive()
            except OSError as error:
                self.hang_up(error)

    def hang_up(self, why: Exception | None) -> None:
        """End the connection, if there is one."""
        if self._line is not None:
            if why is not None:
                log.warning("the wall's side is gone: %s", why)
            self._line.close()
            self._line = None


def _is_ours(end: socket.socket) -> bool:
    """Whether a program of this user, or root, has called: the kernel says who it is."""
    _, uid, _ = _PEER.unpack(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return uid in (0, os.getuid())
