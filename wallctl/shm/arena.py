"""One block of shared memory for all pictures of a wall: a memfd, mapped by every process.

A memfd has no name, so nothing is left behind, and no ``/dev/shm`` whose size a container limits.
All of it is reserved at the start (``posix_fallocate``): too little memory is a clear refusal
then, not a bus error later. Its size is sealed: a process that cut it off would end all others.

The first page holds nothing but zeros, then come the stream blocks, then what the allocator hands
out: canvases and rings.
"""

import fcntl
import mmap
import os
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from wallctl.model.base.geometry import Size
from wallctl.shm.arena_error import ArenaError
from wallctl.shm.stream_status import BLOCK_BYTES, BLOCKS, BLOCKS_OFFSET, PAGE_BYTES

HEAP_OFFSET = BLOCKS_OFFSET + -(-BLOCKS * BLOCK_BYTES // PAGE_BYTES) * PAGE_BYTES
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
RING_SLOTS = 3
"""One that is written, one that is newest, one that a slow reader may still be copying."""
GENERATIONS_OF_SCENE = 4
"""How many scenes' tiles fit at once: the one shown, the one coming, two that just went."""


def picture_bytes(size: Size) -> int:
    """Bytes of a planar 4:2:0 picture of an even size."""
    return size.w * size.h * 3 // 2


def needed_bytes(screens: Iterable[Size], taps_per_tile: int = 1) -> int:
    """The arena that a wall of these screens needs.

    A scene's tiles cover at most their screen, so a scene costs ``RING_SLOTS`` canvases for each
    of the streams that may fill a tile.
    """
    canvases = sum(picture_bytes(size) + PAGE_BYTES for size in screens)
    rings = RING_SLOTS * GENERATIONS_OF_SCENE * taps_per_tile
    return HEAP_OFFSET + canvases * (1 + rings) + (1 << 22)


class Arena:
    """The mapped memory. ``close`` unmaps it; the kernel frees it with its last process."""

    def __init__(self, fd: int, size: int) -> None:
        self.fd = fd
        self.size = size
        try:
            self._map = mmap.mmap(fd, size)
        except OSError as error:
            raise ArenaError(_too_large(size, error)) from error
        self.bytes = np.frombuffer(self._map, np.uint8)

    @classmethod
    def create(cls, size: int, free: int | None = None) -> "Arena":
        """Reserve ``size`` bytes now, or raise ArenaError with the size that was needed.

        ``free`` is what can be had, if that is known: the kernel may not refuse more, but kill.
        """
        if free is not None and size > free:
            raise ArenaError(_too_large(size, None, free))
        fd = os.memfd_create("wallctl-arena", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.posix_fallocate(fd, 0, size)
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
            return cls(fd, size)
        except OSError as error:
            os.close(fd)
            raise ArenaError(_too_large(size, error)) from error
        except ArenaError:
            os.close(fd)
            raise

    def close(self) -> None:
        """Unmap it here. Other processes keep it."""
        self.bytes = np.empty(0, np.uint8)
        self._map.close()
        os.close(self.fd)

    def words(self, offset: int, count: int) -> memoryview:
        """``count`` signed 64-bit words at a multiple of 8; item stores and loads are whole."""
        return memoryview(self._map)[offset : offset + 8 * count].cast("q")

    def pixels(self, offset: int, count: int) -> NDArray[np.uint8]:
        """``count`` bytes as a writable array."""
        return self.bytes[offset : offset + count]


def _too_large(size: int, error: OSError | None, free: int | None = None) -> str:
    had = f"only {free >> 20} MB are free" if free is not None else f"the system said: {error}"
    return (
        f"the wall needs {-(-size >> 20)} MB of memory for its pictures and {had}: "
        "close other programs, raise the memory limit, or use fewer or smaller screens"
    )
