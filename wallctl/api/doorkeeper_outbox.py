"""What the doorkeeper is to hear, in order: bounded, since it may not read for a while."""

import collections
import contextlib
import os
import typing
from collections.abc import Iterator, Sequence

import msgspec

from wallctl.api.doorkeeper_messages import (
    Answered,
    FromDoorkeeper,
    Happened,
    Large,
    ToDoorkeeper,
)

PACKET_MAX_BYTES = 100_000
"""A larger message travels as a file."""
WAITING_MAX = 256
WAITING_MAX_BYTES = 8 << 20
"""One larger message may wait: a picture of many screens has more."""


class Line(typing.Protocol):
    """The way to the doorkeeper's process."""

    def send(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        """Send without waiting; ``False`` if it is not there or does not read."""

    def hear(self) -> Iterator[FromDoorkeeper]:
        """What it has said, one after the other; never waits."""

    def finish(self) -> None:
        """Wait until it has ended, for a moment at most."""


class Outbox:
    """Messages that wait for the doorkeeper to read."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: collections.deque[ToDoorkeeper] = collections.deque()
        self._bytes = 0

    def put(self, message: ToDoorkeeper) -> bool:
        """Send it, or keep it until that can be done; ``False`` if too much waits already."""
        if self.put_now(message):
            return True
        size = _content_bytes(message)
        is_full = self._bytes > 0 and self._bytes + size > WAITING_MAX_BYTES
        if len(self._waiting) >= WAITING_MAX or is_full:
            return False
        self._waiting.append(message)
        self._bytes += size
        return True

    def put_now(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        """Send it after all that waits; ``False`` if that can't be done now."""
        return self.flush() and self._send(message, fds)

    def flush(self) -> bool:
        """Send what waits; whether nothing waits any more."""
        while self._waiting and self._send(self._waiting[0]):
            self._bytes -= _content_bytes(self._waiting.popleft())
        return not self._waiting

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._bytes = 0

    def _send(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        if _content_bytes(message) <= PACKET_MAX_BYTES:
            return self._line.send(message, fds)
        with _file_of(msgspec.msgpack.encode(message)) as fd:
            return self._line.send(Large(), [fd])


def _content_bytes(message: ToDoorkeeper) -> int:
    match message:
        case Answered():
            return sum(map(len, message.frames))
        case Happened():
            return len(message.body)
        case _:
            return 0


@contextlib.contextmanager
def _file_of(content: bytes) -> Iterator[int]:
    """A file without a name."""
    fd = os.memfd_create("wallctl-message", os.MFD_CLOEXEC)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        yield fd
