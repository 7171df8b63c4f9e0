"""How many files and sockets a process may have open.

Services usually have a soft limit of 1024 and a far higher hard one, for old programs that can't
handle large numbers. Here each connected program takes one of the doorkeeper's descriptors.
"""

import contextlib
import fcntl
import os
import resource
from collections.abc import Container

ENOUGH = 65_536
SECRET = "wallctl-secret"
"""How the name of a memory file (memfd) begins that holds a login or a key."""
_BORN_WITH = tuple(f"/memfd:{name}" for name in (SECRET, "wallctl-arena", "wallctl-reason"))
"""The memory files of root that a child keeps: logins until it has read its own, pictures, and the
one in which it says why it failed."""
BASE = 40
"""What the controller has open beside its children: libraries, sockets, the arena, files."""


def raise_limit() -> int:
    """Raise the limit as far as allowed; the new limit, for this process and its children."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY:
        return ENOUGH
    if soft >= wanted:
        return soft
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


def needed(children: int) -> int:
    """How many descriptors a controller with ``children`` children needs."""
    return BASE + children


def close_secrets() -> None:
    """Close all files that hold logins or keys: this process no longer needs them."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").startswith(f"/memfd:{SECRET}"):  # noqa: PTH115
                os.close(int(name))


def close_written(keep: Container[int]) -> None:
    """Close all files and sockets that can be written to, except ``keep``, 0 to 2, and what
    every child is born with. What libraries made for themselves (``anon_inode``) stays open."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        fd = int(name)
        with contextlib.suppress(OSError):
            place = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
            if fd > 2 and fd not in keep and _is_of_root(place) and _is_written(fd):
                os.close(fd)


def _is_of_root(place: str) -> bool:
    return place.startswith(("socket:", "/")) and not place.startswith((*_BORN_WITH, "/dev/"))


def _is_written(fd: int) -> bool:
    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
