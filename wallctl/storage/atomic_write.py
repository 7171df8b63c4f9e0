"""Writing a file so that it is whole, or the one before it stays. No link is followed."""

import enum
import errno
import os
import secrets
import stat
from pathlib import Path

from wallctl.storage.user_folders import make_folders

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Holds(enum.IntEnum):
    """What is in a file, which says who may read it: its mode, as far as the umask leaves it."""

    CAMERAS = 0o600
    """Pictures of cameras, or what the wall knows of them: states, reports, speeds."""
    PAPER = 0o666
    """What is to be printed: it has no picture."""


def write_whole(path: Path, content: bytes, holds: Holds = Holds.CAMERAS) -> None:
    """Put ``content`` in the place of what a file held; a link in its place is replaced.

    Makes the folder, for this user alone. Raises ``OSError`` if the disk does not take it.
    """
    make_folders(path.parent)
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    handle = os.open(beside, _NEW, holds)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def write_named(path: Path, content: bytes, holds: Holds) -> None:
    """The same for a file that a person has named: its folder must be there, and nothing is
    replaced that is no plain file. Raises ``OSError``."""
    check_named(path)
    write_whole(path, content, holds)


def check_named(path: Path) -> None:
    """Raise ``OSError`` if ``write_named`` could not write there."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        path.parent.stat()
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a link, and links are not followed", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EEXIST, "it is no plain file", str(path))


def write_over(path: Path, content: bytes) -> None:
    """Write ``content`` over what a file holds, on the blocks that it has already.

    For a full disk: a power cut meanwhile leaves neither content. Raises ``OSError`` if the file
    is not there or has no room for it.
    """
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "r+b") as file:
        if len(content) > os.fstat(file.fileno()).st_size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Let the new name itself outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
