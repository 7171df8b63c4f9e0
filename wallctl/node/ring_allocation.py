"""Which taps have a ring in the arena, and when a ring may be given to another tap.

A ring is freed only when no scene that any presenter may still show names it, and its worker has
said that it writes there no more. If the arena is full a tap gets none for now: its tile says
``connecting`` and is tried again.
"""

from collections.abc import Callable, Iterable

import msgspec

from wallctl.model.site.site import StreamKey
from wallctl.model.wall.scene.scene import TapKey
from wallctl.shm.allocator import Allocator
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.ring import HEADER_WORDS, Ring, RingPlace, RingWord, prepare, ring_bytes


class Leaving(msgspec.Struct, frozen=True):
    """A ring nobody wants any more, until its worker has taken the demand of this serial."""

    stream: StreamKey
    ring: RingPlace
    serial: int


class TapTable(msgspec.Struct, frozen=True):
    """The part of the table that outlives a controller."""

    rings: tuple[tuple[TapKey, RingPlace], ...] = ()
    leaving: tuple[Leaving, ...] = ()
    generation: int = 0
    """The newest that was given to a ring; none is given twice."""


class RingAllocation:
    """The table itself."""

    def __init__(self, arena: Arena, reserved: int, table: TapTable) -> None:
        """``reserved`` bytes at the start of the heap belong to canvases."""
        self._arena = arena
        self.rings = dict(table.rings)
        self._leaving = list(table.leaving)
        self._generation = table.generation
        places = [*self.rings.values(), *(left.ring for left in self._leaving)]
        self._allocator = Allocator.around(
            HEAP_OFFSET + reserved,
            arena.size,
            [(place.offset, ring_bytes(place.size)) for place in places],
        )

    def table(self) -> TapTable:
        """What the next controller needs to know."""
        return TapTable(tuple(self.rings.items()), tuple(self._leaving), self._generation)

    def streams(self) -> set[StreamKey]:
        """The streams that a ring is held for, were it one that nobody wants any more."""
        left = {leaving.stream for leaving in self._leaving}
        return left | {(tap.source, tap.stream) for tap in self.rings}

    def has_picture(self, tap: TapKey) -> bool:
        """Whether a picture was ever written into the ring of a tap that has one."""
        return self._arena.words(self.rings[tap].offset, HEADER_WORDS)[RingWord.NEWEST] > 0

    def empty(self, stream: StreamKey) -> None:
        """Forget the pictures of a stream; nobody may be writing them."""
        for tap, place in self.rings.items():
            if (tap.source, tap.stream) == stream:
                prepare(Ring(self._arena, place))

    def open(self, wanted: Iterable[TapKey]) -> bool:
        """Give each tap a ring that has none, as far as there is room; whether any got one."""
        opened = False
        for tap in wanted:
            if tap in self.rings:
                continue
            offset = self._allocator.take(ring_bytes(tap.tile))
            if offset is None:
                continue
            self._generation += 1
            place = RingPlace(offset, tap.tile, self._generation)
            prepare(Ring(self._arena, place))
            self.rings[tap] = place
            opened = True
        return opened

    def close(self, wanted: set[TapKey], serial: int) -> frozenset[StreamKey]:
        """Let go of the rings of all other taps; returns whose demand is smaller now."""
        gone = [tap for tap in self.rings if tap not in wanted]
        for tap in gone:
            stream = (tap.source, tap.stream)
            self._leaving.append(Leaving(stream, self.rings.pop(tap), serial))
        return frozenset((tap.source, tap.stream) for tap in gone)

    def sweep(self, taken: Callable[[StreamKey], int | None]) -> bool:
        """Free what workers have let go; ``taken`` is ``None`` where there is no worker.

        Whether anything was freed.
        """
        still: list[Leaving] = []
        for left in self._leaving:
            serial = taken(left.stream)
            if serial is None or serial >= left.serial:
                self._allocator.free(left.ring.offset, ring_bytes(left.ring.size))
            else:
                still.append(left)
        freed = len(still) < len(self._leaving)
        self._leaving = still
        return freed
