"""How many files and sockets a process may have open.

Services are usually given 1024 softly and far more in truth, for programs of old that can't bear
large numbers. Here each console that is connected takes one of the controller's, and libzmq ends
the process that has none left.
"""

import contextlib
import resource

ENOUGH = 65_536
BASE = 40
"""What the controller has open beside its children: libraries, ZeroMQ, the arena, some clients."""


def raise_limit() -> int:
    """Let this process and its children have as many as they are allowed to; how many that are."""
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
    """How many the controller of a wall with so many children needs."""
    return BASE + children
