"""Which bytes of the arena are taken: first fit, neighbours joined when freed."""

from collections.abc import Iterable

ALIGN_BYTES = 4096


class Allocator:
    """Hands out extents of ``[start, end)``. Kept by the controller alone."""

    def __init__(self, start: int, end: int) -> None:
        self._free = [(start, end)]

    @classmethod
    def around(cls, start: int, end: int, taken: Iterable[tuple[int, int]]) -> "Allocator":
        """An allocator in which the extents (offset, size) are taken already."""
        allocator = cls(start, end)
        at, free = start, []
        for offset, size in sorted(taken):
            if offset > at:
                free.append((at, offset))
            at = offset + _whole(size)
        allocator._free = [*free, (at, end)] if at < end else free
        return allocator

    def take(self, size: int) -> int | None:
        """The offset of ``size`` free bytes, or ``None`` if there are not that many in a row."""
        size = _whole(size)
        for i, (start, end) in enumerate(self._free):
            if end - start >= size:
                self._free[i : i + 1] = [(start + size, end)] if end - start > size else []
                return start
        return None

    def free(self, offset: int, size: int) -> None:
        """Give an extent back."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted([*self._free, (offset, offset + _whole(size))]):
            if joined and joined[-1][1] == start:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        self._free = joined

    def free_bytes(self) -> int:
        """The sum of all free bytes."""
        return sum(end - start for start, end in self._free)


def _whole(size: int) -> int:
    return -(-size // ALIGN_BYTES) * ALIGN_BYTES
