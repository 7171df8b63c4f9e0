"""A ring of slots: how a picture passes from one writer to any number of readers, without a lock.

The protocol, all of it:

* The writer takes the slot after the newest, makes its ``SEQ`` odd, writes pixels and header,
  makes ``SEQ`` even, and only then raises the ring's ``NEWEST``. It never waits.
* A reader looks at ``NEWEST``, notes that slot's ``SEQ`` (odd: nothing new for now), uses or copies
  the pixels, and then asks ``intact``: is ``SEQ`` still what it was? If not, the copy is torn and
  is done again from the newest. It never waits.
* Each slot says which ``NUMBER`` it holds. A reader may be put aside until the slot is used again.
  It sees that, and does not take a picture for older than it is: time would seem to step back when
  it looks next.
* A killed writer leaves an odd ``SEQ`` in a slot that ``NEWEST`` does not name, and harms nobody.
* A ring that is given to another tap gets a new ``GENERATION``; readers and writers that still
  hold the old place see that and leave it alone.

The protocol needs stores to be seen in their order, and each aligned 8-byte store to be whole. So
it is on x86-64. Other machines would need a fence.
"""

import enum

import msgspec
import numpy as np
from numpy.typing import NDArray

from wallctl.model.base.geometry import Size
from wallctl.shm.arena import RING_SLOTS, Arena, picture_bytes
from wallctl.shm.shared_words import MOST, Words, following, sane

HEADER_BYTES = 128
HEADER_WORDS = HEADER_BYTES // 8


class RingWord(enum.IntEnum):
    """Words of the ring's own header."""

    GENERATION = 0
    NEWEST = 1
    """Number of the newest publication, from 1; its slot is that number modulo the slots."""


class SlotWord(enum.IntEnum):
    """Words of a slot's header."""

    SEQ = 0
    WIDTH = 1
    HEIGHT = 2
    FLAGS = 3
    FRAME = 4
    PTS_NS = 5
    ARRIVAL_NS = 6
    DECODED_NS = 7
    STORAGE = 8
    NUMBER = 9
    """Number of the publication."""


class Flag(enum.IntFlag):
    """What a reader should know of a picture."""

    NONE = 0
    KEY = 1
    CORRUPT = 2
    CATCHING_UP = 4
    """Older than what the camera sends now; never to be shown as live."""
    STILL = 8


_FLAGS = sum(Flag)


class Storage(enum.IntEnum):
    """Where the pixels are. Handles of GPU memory may join."""

    MEMORY = 0


class RingPlace(msgspec.Struct, frozen=True):
    """Where a ring lies, for whom: ``generation`` is unique in the life of a wall."""

    offset: int
    size: Size
    """The largest picture that a slot holds."""
    generation: int


class Header(msgspec.Struct, frozen=True):
    """What a slot says of its picture. Times are CLOCK_MONOTONIC ns; ``pts_ns`` is the source's."""

    size: Size
    flags: Flag
    frame: int
    """The source frame number: counts decoded pictures of the stream."""
    pts_ns: int
    arrival_ns: int
    """When the packet came out of the demuxer."""
    decoded_ns: int


def slot_bytes(size: Size) -> int:
    """Bytes from one slot to the next."""
    return HEADER_BYTES + -(-picture_bytes(size) // HEADER_BYTES) * HEADER_BYTES


def ring_bytes(size: Size) -> int:
    """Bytes of a ring whose slots hold pictures up to ``size``."""
    return HEADER_BYTES + RING_SLOTS * slot_bytes(size)


class Ring:
    """A mapped ring; ``words`` and ``slots`` are its headers, ``pixels`` its picture bytes."""

    def __init__(self, arena: Arena, place: RingPlace) -> None:
        self.place = place
        self.words: Words = arena.words(place.offset, HEADER_WORDS)
        self.slots: list[Words] = []
        self.pixels: list[NDArray[np.uint8]] = []
        for i in range(RING_SLOTS):
            at = place.offset + HEADER_BYTES + i * slot_bytes(place.size)
            self.slots.append(arena.words(at, HEADER_WORDS))
            self.pixels.append(arena.pixels(at + HEADER_BYTES, picture_bytes(place.size)))


def prepare(ring: Ring) -> None:
    """Make a ring empty and name its generation. Only the controller does this, before use."""
    ring.words[RingWord.GENERATION] = 0
    ring.words[RingWord.NEWEST] = 0
    for slot in ring.slots:
        slot[SlotWord.SEQ] = 0
    ring.words[RingWord.GENERATION] = ring.place.generation


def begin(ring: Ring) -> NDArray[np.uint8] | None:
    """The bytes to write the next picture into; ``None`` if the ring is someone else's now."""
    if ring.words[RingWord.GENERATION] != ring.place.generation:
        return None
    i = _next(ring) % RING_SLOTS
    ring.slots[i][SlotWord.SEQ] |= 1
    return ring.pixels[i]


def publish(ring: Ring, header: Header) -> None:
    """Make the picture written since ``begin`` the newest."""
    number = _next(ring)
    slot = ring.slots[number % RING_SLOTS]
    slot[SlotWord.WIDTH] = header.size.w
    slot[SlotWord.HEIGHT] = header.size.h
    slot[SlotWord.FLAGS] = header.flags
    slot[SlotWord.FRAME] = header.frame
    slot[SlotWord.PTS_NS] = header.pts_ns
    slot[SlotWord.ARRIVAL_NS] = header.arrival_ns
    slot[SlotWord.DECODED_NS] = header.decoded_ns
    slot[SlotWord.STORAGE] = Storage.MEMORY
    slot[SlotWord.NUMBER] = number
    slot[SlotWord.SEQ] = following(slot[SlotWord.SEQ])
    ring.words[RingWord.NEWEST] = number


class Glimpse:
    """A picture seen in a ring, good for as long as ``intact`` says so."""

    __slots__ = ("_generation", "_seq", "_slot", "_words", "header", "number", "pixels")

    def __init__(self, ring: Ring, number: int, seq: int) -> None:
        slot = ring.slots[number % RING_SLOTS]
        self.number = number
        self._slot = slot
        self._words = ring.words
        self._generation = ring.place.generation
        self._seq = seq
        self.header = Header(
            Size(slot[SlotWord.WIDTH], slot[SlotWord.HEIGHT]),
            Flag(sane(slot[SlotWord.FLAGS], _FLAGS)),
            sane(slot[SlotWord.FRAME]),
            slot[SlotWord.PTS_NS],
            sane(slot[SlotWord.ARRIVAL_NS]),
            sane(slot[SlotWord.DECODED_NS]),
        )
        self.pixels = ring.pixels[number % RING_SLOTS]

    def intact(self) -> bool:
        """Whether all that was read since ``latest`` was one whole picture of this ring."""
        return (
            self._slot[SlotWord.SEQ] == self._seq
            and self._words[RingWord.GENERATION] == self._generation
        )


def latest(ring: Ring, after: int = 0) -> Glimpse | None:
    """The newest picture if it is another than number ``after``; ``None`` otherwise."""
    if ring.words[RingWord.GENERATION] != ring.place.generation:
        return None
    number = ring.words[RingWord.NEWEST]
    if number in (after, 0):
        return None
    slot = ring.slots[number % RING_SLOTS]
    seq = slot[SlotWord.SEQ]
    if seq & 1 or slot[SlotWord.NUMBER] != number:
        return None
    glimpse = Glimpse(ring, number, seq)
    return glimpse if glimpse.intact() and _fits(glimpse.header.size, ring.place.size) else None


def _next(ring: Ring) -> int:
    return sane(ring.words[RingWord.NEWEST], MOST - 1) + 1


def _fits(picture: Size, slot: Size) -> bool:
    """Whether a picture is one that a writer of ours could have put there."""
    is_even = picture.w % 2 == picture.h % 2 == 0
    return is_even and 0 < picture.w <= slot.w and 0 < picture.h <= slot.h
