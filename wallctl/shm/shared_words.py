"""64-bit words in shared memory, as the protocols need them."""

from typing import Protocol

MOST = (1 << 62) - 1
"""Largest number that a reader takes: one more is still a word."""


class Words(Protocol):
    """Item loads and stores of whole signed words; a memoryview of the arena is one."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...


def sane(value: int, most: int = MOST) -> int:
    """Bound a count or a time, so that it can be used in sums.

    All processes write into one memory. A stream that has taken over its decoder writes anything
    there, and no other process may die of it.
    """
    return min(max(value, 0), most)


def following(count: int) -> int:
    """The next count; 0 after the largest, so that it stays a word."""
    return (count + 1) & MOST
