"""The camera's end of a worker, below libav: whether it was reached, and how to cut it off.

A worker serves one stream, so every TCP connection that it has made is the camera's. Cutting one
makes libav's read or connect return at once, which nothing else does from another thread. A socket
for datagrams can't be cut: it is made deaf, and libav's own time-out for silence ends the reading.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import stat
import struct
import termios
from collections.abc import Iterator

from wallctl.media.rtsp.ping import Probe

_DESCRIPTORS = "/proc/self/fd"
_SYN_SENT, _LISTEN = 2, 10
"""States of a TCP socket (Linux: include/net/tcp_states.h), the first byte of ``tcp_info``."""

_ATTACH_FILTER = 26
"""SO_ATTACH_FILTER (Linux: asm-generic/socket.h); Python does not name it."""
_TAKE_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)
"""A filter of one instruction (Linux: struct sock_filter): return 0, so that nothing passes."""

_KEEPALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 4000),
)
"""The kernel ends the connection when the other machine has said nothing for some 4 s."""


class TcpConnections:
    """All TCP connections of this process but those that are open when this is made."""

    def __init__(self) -> None:
        self._ours = _sockets()

    def is_taken(self) -> bool:
        """Whether the other machine has taken a call."""
        with self._connections() as connections:
            return any(_state(one) != _SYN_SENT for one in connections)

    def guard(self) -> None:
        """Have the kernel end a connection whose other machine is gone or cut off."""
        with self._connections() as connections:
            for one in connections:
                for level, name, value in _KEEPALIVE:
                    one.setsockopt(level, name, value)

    def ask(self, url: str) -> Probe | None:
        """Ask the camera's server something over another line; ``None`` where that can't be."""
        if not url.startswith("rtsp://"):
            return None
        with self._connections() as connections:
            for one in connections:
                with contextlib.suppress(OSError):
                    return Probe(one.family, one.getpeername(), url)
        return None

    def unsent_bytes(self) -> int:
        """How much the other machine has not taken yet of what was sent to it."""
        with self._connections() as connections:
            return sum(_unsent_bytes(one) for one in connections)

    def cut(self) -> None:
        """Shut every connection, also one that is still being made, and let no datagram in."""
        with self._all() as sockets:
            for one in _outer(sockets):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for one in filter(_takes_datagrams, sockets):
                with contextlib.suppress(OSError):
                    _deafen(one)

    @contextlib.contextmanager
    def _connections(self) -> Iterator[list[socket.socket]]:
        with self._all() as sockets:
            yield _outer(sockets)

    @contextlib.contextmanager
    def _all(self) -> Iterator[list[socket.socket]]:
        """Duplicates, since libav may close its own at any moment."""
        found = [one for fd in _sockets() - self._ours if (one := _duplicate(fd)) is not None]
        try:
            yield found
        finally:
            for one in found:
                one.close()


def is_own(address: object) -> bool:
    """Whether a socket of this process has that address, and so calls from there."""
    for fd in _sockets():
        one = _duplicate(fd)
        if one is not None:
            with one, contextlib.suppress(OSError):
                if one.family is socket.AF_INET and one.getsockname() == address:
                    return True
    return False


def _sockets() -> frozenset[int]:
    """The descriptors of this process that are sockets."""
    names = os.listdir(_DESCRIPTORS)  # noqa: PTH208 - numbers, not paths
    return frozenset(fd for name in names if _is_socket(fd := int(name)))


def _is_socket(fd: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:  # closed meanwhile, as the descriptor of the listing itself
        return False


def _duplicate(fd: int) -> socket.socket | None:
    with contextlib.suppress(OSError):
        return socket.socket(fileno=os.dup(fd))
    return None


def _is_stream(one: socket.socket) -> bool:
    return one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM


def _outer(found: list[socket.socket]) -> list[socket.socket]:
    """The connections, but those to a listener of this process (``wallctl.media.rtsp.relay``)."""
    listeners = {one.getsockname() for one in found if _is_stream(one) and _state(one) == _LISTEN}
    connections = (one for one in found if _is_stream(one) and _state(one) != _LISTEN)
    return [one for one in connections if listeners.isdisjoint(_ends(one))]


def _ends(connection: socket.socket) -> list[object]:
    """The names of both ends, as far as there are any yet."""
    names = list[object]()
    for end in (connection.getsockname, connection.getpeername):
        with contextlib.suppress(OSError):
            names.append(end())
    return names


def _takes_datagrams(one: socket.socket) -> bool:
    return one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_DGRAM


def _deafen(one: socket.socket) -> None:
    program = ctypes.create_string_buffer(_TAKE_NOTHING)
    count = len(_TAKE_NOTHING) // 8
    one.setsockopt(
        socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HP", count, ctypes.addressof(program))
    )


def _unsent_bytes(connection: socket.socket) -> int:
    count = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]
    return int(count)


def _state(connection: socket.socket) -> int:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
