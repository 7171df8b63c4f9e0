"""Whether something is there on disk. What can't be looked at counts as not there.

It reads nothing of what it finds.
"""

import errno
import stat
from pathlib import Path


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
