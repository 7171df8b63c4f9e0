"""What a process of the wall may: less than the user who started it, each kind what it needs.

It is settled before a child does anything, and no child can take it back.
"""

import contextlib
import ctypes
import resource
from pathlib import Path

import msgspec

_SET_DUMPABLE, _SET_NO_NEW_PRIVS = 4, 38
_OOM = Path("/proc/self/oom_score_adj")
_OOM_MOST = 1000


class Rights(msgspec.Struct, frozen=True):
    """What sets a kind of child apart from root."""

    reads_logins: bool = False
    """Whether it reads logins, so that files without a name that hold some stay open to it."""
    is_private: bool = False
    """Whether other processes of its user may not look into its memory; root's user may."""
    oom: int = 0
    """How much sooner than root it is killed where memory is short, of 1000."""


RIGHTS: dict[str, Rights] = {
    "worker": Rights(reads_logins=True, is_private=True, oom=500),
    "input": Rights(reads_logins=True, is_private=True),
    "broadcast": Rights(reads_logins=True, is_private=True, oom=300),
    "reading": Rights(reads_logins=True, is_private=True, oom=300),
    "snapshot": Rights(oom=300),
    "sound": Rights(oom=300),
    "errand": Rights(oom=300),
}
"""By kind; any other kind has the rights of root, but for the logins."""


def renounce() -> None:
    """Gain no rights by starting a program, and leave no picture of the memory after a crash.

    So it is for all processes that this one begins.
    """
    _prctl(_SET_NO_NEW_PRIVS, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def take(rights: Rights) -> None:
    """Be a process with these rights."""
    renounce()
    if rights.oom:
        with contextlib.suppress(OSError, ValueError):
            _OOM.write_text(str(min(_OOM_MOST, int(_OOM.read_text()) + rights.oom)))
    if rights.is_private:  # last: the kernel gives its files in /proc to root then
        _prctl(_SET_DUMPABLE, 0)


def _prctl(what: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(what, value, 0, 0, 0)
