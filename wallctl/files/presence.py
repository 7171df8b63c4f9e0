"""Whether something is there on disk, and of what sort. What can't be looked at is not there."""

import errno
import stat
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
        with path.open("rb") as file:
            begin = file.read(_BEGIN_BYTES)
        text = begin.decode()
    except UnicodeDecodeError as error:
        text = begin.decode(errors="ignore") if error.start > _BEGIN_BYTES - 4 else "\0"
    except OSError:
        return False
    return bool(text) and not any(character in _BINARY for character in text)
