"""The camera's end of a worker, below libav: when a byte last came, and how to cut it off.

A worker serves one stream, so every TCP connection that it has made is the camera's. Cutting one
makes libav's read or connect return at once, which nothing else does from another thread.
"""

import contextlib
import os
import socket
import stat
import struct
from collections.abc import Iterator

from wallctl.media.probe import Probe

_DESCRIPTORS = "/proc/self/fd"
_STATE, _BYTES_RECEIVED = (0, "B"), (128, "Q")
"""Places in Linux's ``struct tcp_info`` (include/uapi/linux/tcp.h)."""
_INFO_BYTES = 136
_LISTEN = 10

_KEEPALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 4000),
)
"""The kernel ends the connection when the other machine has said nothing for some 4 s."""


class Line:
    """All TCP connections of this process but those that are open when this is made."""

    def __init__(self) -> None:
        self._ours = _sockets()

    def was_heard(self) -> bool:
        """Whether the camera has sent anything; yes where the kernel does not tell."""
        with self._connections() as connections:
            infos = [_info(one) for one in connections]
        return any(len(info) < _INFO_BYTES or _at(info, _BYTES_RECEIVED) for info in infos)

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

    def cut(self) -> None:
        """Shut every connection, also one that is still being made."""
        with self._connections() as connections:
            for one in connections:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def _connections(self) -> Iterator[list[socket.socket]]:
        """Duplicates, since libav may close its own at any moment."""
        found = [one for fd in _sockets() - self._ours if (one := _duplicate(fd)) is not None]
        try:
            yield [one for one in found if _is_connection(one)]
        finally:
            for one in found:
                one.close()


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


def _is_connection(one: socket.socket) -> bool:
    if one.family not in (socket.AF_INET, socket.AF_INET6) or one.type != socket.SOCK_STREAM:
        return False
    return _at(_info(one), _STATE) != _LISTEN


def _info(connection: socket.socket) -> bytes:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)


def _at(info: bytes, place: tuple[int, str]) -> int:
    value: int = struct.unpack_from(place[1], info, place[0])[0]
    return value
