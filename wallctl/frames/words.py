"""64-bit words in shared memory, as little of them as the protocols need."""

from typing import Protocol


class Words(Protocol):
    """Item loads and stores of whole signed words; a memoryview of the arena is one."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...
