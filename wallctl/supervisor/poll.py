"""Waiting for descriptors, without taking one: there may be none left."""

import select
from collections.abc import Iterable


def waited(fds: Iterable[int], timeout_ms: int) -> frozenset[int]:
    """Those that can be read, or whose other end is gone, after so long a wait at most."""
    ready = select.poll()
    for fd in fds:
        ready.register(fd, select.POLLIN)
    return frozenset(fd for fd, _event in ready.poll(timeout_ms))
