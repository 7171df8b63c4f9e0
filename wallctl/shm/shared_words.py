"""64-bit words in shared memory, as little of them as the protocols need."""

from typing import Protocol

MOST = (1 << 62) - 1
"""The largest number that anybody may read: one more of anything is still a word."""


class Words(Protocol):
    """Item loads and stores of whole signed words; a memoryview of the arena is one."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...


def sane(value: int, most: int = MOST) -> int:
    """A count or a time that can be reckoned with.

    All processes write into one memory. A stream that has taken over its decoder writes anything
    there, and no other process may die of it.
    """
    return min(max(value, 0), most)


def following(count: int) -> int:
    """The count after this one; after the largest the least, so that it stays a word."""
    return (count + 1) & MOST
