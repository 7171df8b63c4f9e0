"""What a process of the wall may do: less than its user, and each kind only what it needs.

A child's rights are settled before it does anything, and no child can get others back.
"""

import contextlib
import ctypes
import os
import struct

import msgspec

from wallctl.supervisor.resource_limits import no_core

_SET_DUMPABLE, _SET_NO_NEW_PRIVS = 4, 38
_CAPABILITIES, _READ_SEARCH = 0x20080522, 1 << 2
"""The version of ``capset``'s structure with 64 bits, and what lets root read any file."""
_LIBC = ctypes.CDLL(None, use_errno=True)
_OOM = "/proc/self/oom_score_adj"
_OOM_MOST = 1000


class Rights(msgspec.Struct, frozen=True):
    """What sets a kind of child apart from root."""

    reads_logins: bool = False
    """Whether it reads logins: then the memory files that hold them stay open to it."""
    is_private: bool = False
    """Whether other processes of its user may not look into its memory; root's user may."""
    oom: int = 0
    """How much sooner than root it is killed where memory is short, of 1000."""


OPEN = Rights()
"""Root's rights, except that to logins."""
READS_LOGINS = Rights(reads_logins=True, is_private=True, oom=300)


def renounce() -> None:
    """Gain no rights by starting a program, and leave no core dump after a crash.

    This holds for all processes that this one starts, too.
    """
    _prctl(_SET_NO_NEW_PRIVS, 1)
    no_core()


def take(rights: Rights) -> None:
    """Reduce this process to these rights."""
    renounce()
    if rights.oom:
        _be_killed_sooner(rights.oom)
    if rights.is_private:  # last: the kernel gives its files in /proc to root then
        _prctl(_SET_DUMPABLE, 0)


def _be_killed_sooner(by: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        file = os.open(_OOM, os.O_RDWR | os.O_CLOEXEC)
        try:
            score = min(_OOM_MOST, int(os.pread(file, 16, 0)) + by)
            os.pwrite(file, str(score).encode(), 0)
        finally:
            os.close(file)


def drop_capabilities() -> None:
    """Give up root's powers if root started the wall, except that to read any file."""
    if os.geteuid() == 0:
        header = struct.pack("Ii", _CAPABILITIES, 0)
        _LIBC.capset(header, struct.pack("6I", _READ_SEARCH, _READ_SEARCH, 0, 0, 0, 0))


def _prctl(what: int, value: int) -> None:
    _LIBC.prctl(what, value, 0, 0, 0)
