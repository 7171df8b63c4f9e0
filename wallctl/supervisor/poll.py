"""Waits for descriptors without opening one: there may be none left."""

import select
from collections.abc import Iterable


def waited(fds: Iterable[int], timeout_ms: int) -> frozenset[int]:
    """Wait at most ``timeout_ms``. Returns those that can be read or whose other end is gone."""
    ready = select.poll()
    for fd in fds:
        ready.register(fd, select.POLLIN)
    return frozenset(fd for fd, _event in ready.poll(timeout_ms))
