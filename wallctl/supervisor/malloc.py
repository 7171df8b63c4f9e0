"""Gives the kernel back the freed memory that the C library keeps."""

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

    By itself the C library gives back only what lies at the heap's end. This takes about a
    millisecond: call it after something large, never for each picture.
    """
    if _malloc_trim is not None:
        _malloc_trim(0)
