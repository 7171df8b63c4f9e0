"""How much a process may take of the machine, where strangers decide what it is sent."""

import contextlib
import io
import os
import resource

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def bound(memory_bytes: int, files: int) -> None:
    """Bound the memory that this process may still take and the files that it may still open, and
    leave no core dump if it crashes."""
    no_core()
    bound_files(files)
    bound_memory(memory_bytes)


def bound_files(more: int) -> None:
    """Bound the files and sockets that this process may still open."""
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers
    _lower(resource.RLIMIT_NOFILE, highest + 1 + more)


def no_core() -> None:
    """Leave no core dump if this process crashes."""
    _lower(resource.RLIMIT_CORE, 0)


def bound_memory(more_bytes: int) -> None:
    """Bound the memory of its own that this process may still take."""
    _lower(resource.RLIMIT_DATA, _data_bytes() + more_bytes)


def room_bytes() -> int | None:
    """How much more memory of its own this process may take; ``None`` without a bound."""
    most, _hard = resource.getrlimit(resource.RLIMIT_DATA)
    return None if most == resource.RLIM_INFINITY else max(0, most - _data_bytes())


class Growth:
    """Measures how much memory of its own this process takes from now on."""

    def __init__(self) -> None:
        self._file = _statm()
        """Kept open: later there may be no descriptor left."""
        self._at_first = self._own_bytes()

    def bytes(self) -> int:
        """How many bytes it has taken by now."""
        return self._own_bytes() - self._at_first

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _own_bytes(self) -> int:
        _size, resident, shared, *_ = os.pread(self._file.fileno(), 200, 0).split()
        return (int(resident) - int(shared)) * _PAGE_BYTES


def _lower(what: int, wanted: int) -> None:
    """Set a limit, if it is not lower already."""
    _soft, hard = resource.getrlimit(what)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (limit, limit))


def _data_bytes() -> int:
    """The private memory that this process may write to (what RLIMIT_DATA counts)."""
    with _statm() as file:
        return int(file.read().split()[5]) * _PAGE_BYTES


def _statm() -> io.FileIO:
    return io.FileIO("/proc/self/statm")
