"""What the C library keeps of memory that was freed."""

import ctypes
import typing


def _trim() -> typing.Callable[[int], int] | None:
    """``malloc_trim(3)``, which other C libraries than GNU's lack."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None


_malloc_trim = _trim()


def give_back() -> None:
    """Give the kernel back the pages of memory that nothing uses any more.

    By itself the C library gives back only what lies at the heap's end. It takes about a
    millisecond: call it once something large is over, never for each picture.
    """
    if _malloc_trim is not None:
        _malloc_trim(0)
