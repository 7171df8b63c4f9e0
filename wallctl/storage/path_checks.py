"""Whether something is there on disk, and of what sort. What can't be looked at is not there."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_BEGIN_BYTES = 512
_BINARY = frozenset(map(chr, (*range(8), *range(14, 27), *range(28, 32))))
"""What no text holds; terminals' escapes are part of some."""


def is_file(path: Path) -> bool:
    """Whether there is a file that can be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[int]:
    """A file that is open to be read. Raises ``OSError`` for a pipe, a socket and a device: some
    never begin, others never end."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no file")
        yield fd
    finally:
        os.close(fd)


def beginning(fd: int, most_bytes: int) -> bytes:
    """So much of an open file. Raises ``OSError`` for one that has nothing yet, as a log of the
    kernel."""
    content = bytearray()
    while len(content) < most_bytes and (more := os.read(fd, most_bytes - len(content))):
        content += more
    return bytes(content)


def unreadable(error: OSError) -> str:
    """What was found in place of a folder."""
    if isinstance(error, FileNotFoundError):
        return "no such folder"
    if error.errno == errno.E2BIG:
        return error.strerror or "too many files"
    return f"what can't be read as a folder ({error.strerror})"


def is_device(path: Path) -> bool:
    """Whether there is what might never end: a pipe, a socket, a device."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def is_folder(path: Path) -> bool:
    """Whether there is a folder that can be seen."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_text(path: Path) -> bool:
    """Whether a file begins as a text does, or a list of other files: no video or picture does."""
    try:
        with opened(path) as fd:
            begin = beginning(fd, _BEGIN_BYTES)
        text = begin.decode()
    except UnicodeDecodeError as error:
        text = begin.decode(errors="ignore") if error.start > _BEGIN_BYTES - 4 else "\0"
    except OSError:
        return False
    return bool(text) and not any(character in _BINARY for character in text)
