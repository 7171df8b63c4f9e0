"""Messages between two processes of a wall: msgspec structs over a SOCK_SEQPACKET socket pair.

A packet arrives whole or not at all. Root keeps a copy of the controller's end of every pair, so a
controller that dies and comes back finds the same channels with what was sent meanwhile.
"""

import os
import socket
import typing

import msgspec

BUFFER_BYTES = 1 << 20
"""Asked for at both ends; the kernel grants what ``net.core.*mem_max`` allows."""

Message = typing.TypeVar("Message", bound=msgspec.Struct)


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends: the controller's and the child's."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    return ends


class Channel(typing.Generic[Message]):
    """One end. ``incoming`` is the union of messages that may arrive here."""

    def __init__(self, end: socket.socket, incoming: object) -> None:
        self.socket = end
        end.setblocking(False)
        self._decode = msgspec.msgpack.Decoder(incoming).decode
        self._encode = msgspec.msgpack.Encoder().encode

    def fileno(self) -> int:
        """For poll."""
        return self.socket.fileno()

    def send(self, message: msgspec.Struct, fds: typing.Sequence[int] = ()) -> bool:
        """Send without waiting; ``False`` if the peer is gone or does not read."""
        try:
            if fds:
                socket.send_fds(self.socket, [self._encode(message)], list(fds))
            else:
                self.socket.send(self._encode(message))
        except OSError:  # gone, full, or larger than a packet can be
            return False
        return True

    def send_file(self, message: msgspec.Struct, content: bytes) -> bool:
        """Send a message with content too large for a packet, as a file without a name."""
        fd = os.memfd_create("wallctl-message", os.MFD_CLOEXEC)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            return self.send(message, [fd])

    def receive(self) -> tuple[Message, list[int]] | None:
        """The next message with its descriptors, or ``None`` if there is none now.

        EOFError when the peer is gone, and ``msgspec.DecodeError`` for what may not arrive here.
        """
        try:
            data, fds, _flags, _from = socket.recv_fds(self.socket, BUFFER_BYTES, 4)
        except BlockingIOError:
            return None
        except ConnectionResetError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        try:
            return typing.cast(Message, self._decode(data)), fds
        except (msgspec.MsgspecError, RecursionError) as error:
            for fd in fds:
                os.close(fd)
            raise msgspec.DecodeError(f"no message: {error}") from None

    def drain(self) -> typing.Iterator[Message]:
        """All messages that wait, for channels that carry no descriptors."""
        while (got := self.receive()) is not None:
            yield got[0]

    def close(self) -> None:
        """Close this end."""
        self.socket.close()
