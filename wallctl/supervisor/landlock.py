"""Which files a process may still open: a ruleset (Landlock) that nobody can lift again.

What is open already stays open. A process may still look whether a file is there, so it can find
out that one of its files was replaced.
"""

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterator

import msgspec

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_BENEATH = 1
_READ_FILE, _READ_FOLDER, _WRITE_FILE, _IOCTL = 1 << 2, 1 << 3, 1 << 1, 1 << 15
_OF_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: _IOCTL}
"""The rights over files that each version of Landlock added."""
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_LIBC = ctypes.CDLL(None, use_errno=True)
_TCP, _SCOPES = 0b11, 0b11
"""To listen and to connect; abstract sockets and signals of processes outside."""


class Reach(msgspec.Struct, frozen=True):
    """What a process may open."""

    files: tuple[str, ...] = ()
    """Files, and folders with all that is in them, to be read."""
    devices: tuple[str, ...] = ()
    """The same, to be read and written."""
    network: bool = True
    """Whether it may listen and connect over TCP."""


def version() -> int:
    """The version of Landlock that this kernel has; 0 for none."""
    return max(0, int(_LIBC.syscall(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)))


def restrict(reach: Reach, known: int | None = None) -> bool:
    """Let this thread, and those that it begins, open nothing else. ``False`` where the kernel has
    no Landlock.

    It needs ``no_new_privs``. Raises ``OSError`` if the kernel refuses its own rules.
    """
    known = version() if known is None else known
    if known == 0:
        return False
    rights = sum(one for since, one in _OF_VERSION.items() if since <= known)
    with _ruleset(rights, known, network=reach.network) as rules:
        for paths, wanted in ((reach.files, 0), (reach.devices, _WRITE_FILE | _IOCTL)):
            for path in paths:
                _allow(rules, path, (_READ_FILE | _READ_FOLDER | wanted) & rights)
        _check(_LIBC.syscall(_RESTRICT, rules, 0))
    return True


@contextlib.contextmanager
def _ruleset(rights: int, known: int, *, network: bool) -> Iterator[int]:
    fields = [rights]
    if known >= _TCP_SINCE:
        fields.append(0 if network else _TCP)
    if known >= _SCOPES_SINCE:
        fields.append(_SCOPES)
    attributes = struct.pack(f"{len(fields)}Q", *fields)
    size = ctypes.c_size_t(len(attributes))
    rules = _check(_LIBC.syscall(_CREATE, attributes, size, 0))
    try:
        yield rules
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    """Allow a file, or a folder with all in it, if it is there."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= ~_READ_FOLDER
        _check(_LIBC.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, place), 0))
    finally:
        os.close(place)


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
