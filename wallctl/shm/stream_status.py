"""A decoder worker's report on its stream, as words in shared memory that any process may read.

One writer (the stream's worker), any number of readers, no lock: each word is whole, and no
reader needs two words to agree. Readers believe no word (``number``, ``member``): a stream may have
taken over its decoder.
"""

import enum
import typing
from collections.abc import Collection, Iterable, Mapping

import msgspec

from wallctl.model.base.geometry import Size
from wallctl.model.site.decoder_preference import DecodedBy
from wallctl.model.site.site import MAX_STREAMS, StreamKey
from wallctl.model.streams.codec import Coding
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import UNPACED_NS, Facts, Phase, Reason
from wallctl.model.streams.transport import Carrier
from wallctl.shm.shared_words import MOST, Words, sane

PAGE_BYTES = 4096
BLOCKS_OFFSET = PAGE_BYTES
BLOCK_BYTES = 256
BLOCKS = 2 * MAX_STREAMS
"""Twice as many as streams: a wall may be given another site while it runs. The streams of the old
one keep their blocks until no screen shows them any more."""


class Word(enum.IntEnum):
    """The index of each 64-bit word in a stream's block."""

    PHASE = 0
    REASON = 1
    ATTEMPTS = 2
    """Attempts to connect since the stream was last live."""
    SINCE_UNIX_NS = 3
    """Wall-clock time at which the phase began."""
    DECODED = 4
    """Pictures decoded, ever; also the newest source frame number."""
    PICTURE_NS = 5
    """Monotonic time of the newest picture; 0 before the first."""
    PICTURE_UNIX_NS = 6
    INTERVAL_NS = 7
    """The time between pictures that patience goes by: ``wallctl.model.streams.lateness``."""
    WIDTH_PX = 8
    HEIGHT_PX = 9
    RECONNECTS = 10
    HEARTBEAT_NS = 11
    """Monotonic time at which the worker's control thread last ran."""
    CATCHING_UP = 12
    PACKETS = 13
    PID = 14
    TAKEN = 15
    """Serial of the last demand that the worker has taken."""
    EFFORT = 16
    """How much of it is decoded for those who see it; all, while it is not seen."""
    BEHIND_NS = 17
    """How late its packets are taken, since the processors are busy."""
    SPARES = 18
    """Whether this connection gave pictures that others can do without."""
    KEY_INTERVAL_NS = 19
    """Time between keyframes, or since the last one: see ``wallctl.model.streams.keyframes``."""
    CODING = 20
    """What this connection's packets are coded with."""
    BYTES = 21
    """Bytes of all packets, ever."""
    LOST = 22
    """Pictures that were broken, or that there was no time to decode, ever."""
    CARRIER = 23
    """What carries the packets of the newest connection."""
    DECODED_BY = 24
    """What made the newest picture, proved by it."""
    DEVICE = 25
    """The device that the worker is about to open or holds. The next worker finds it there if this
    one died with it; where it was ended on purpose, the controller clears it before the next."""
    HARDWARE_FAILURE = 26
    """Why the stream is not decoded in hardware any more; for as long as the wall runs."""
    SHAPE = 27
    """Width over height of its pictures as it says, in millionths; 0 before the first."""
    PACE_NS = 28
    """Mean time between pictures lately, as they come; 0 before the first two seconds are over."""


WORDS = BLOCK_BYTES // 8
SHAPE_UNIT = 1_000_000
MOST_PX = 1 << 15
"""No picture that a worker takes is wider or higher."""
_MOST_SHAPE = MOST_PX * SHAPE_UNIT
_CARRIERS = sum(Carrier)
"""All that can be said of one."""

Member = typing.TypeVar("Member", bound=enum.IntEnum)


class StreamFacts(msgspec.Struct, frozen=True):
    """A copy of a block, for decisions and reports."""

    facts: Facts
    since_unix_ns: int
    picture_unix_ns: int
    decoded: int
    width_px: int
    height_px: int
    reconnects: int
    heartbeat_ns: int
    taken: int
    effort: Effort
    behind_ns: int
    decoded_by: DecodedBy
    spares: bool = False
    coding: Coding = Coding.NONE
    carrier: Carrier = Carrier.NONE
    received_bytes: int = 0
    lost: int = 0
    key_interval_ns: int = 0
    pace_ns: int = 0


def clear(words: Words) -> None:
    """Make a block ready for a stream that was never opened."""
    for i in range(WORDS):
        words[i] = 0
    words[Word.INTERVAL_NS] = UNPACED_NS
    words[Word.EFFORT] = Effort.FULL


def number(words: Words, word: Word, most: int = MOST) -> int:
    """A word that counts something or is a time."""
    return sane(words[word], most)


def member(words: Words, word: Word, kind: type[Member]) -> Member:
    """A word as a member of an enumeration; the member 0 for any other number."""
    try:
        return kind(words[word])
    except ValueError:
        return kind(0)


def size(words: Words) -> Size:
    """The size of the stream's pictures; 0 before the first."""
    return Size(number(words, Word.WIDTH_PX, MOST_PX), number(words, Word.HEIGHT_PX, MOST_PX))


def heal(words: Words) -> None:
    """Make every word of a block sane: its last worker may have written anything."""
    for i in range(WORDS):
        words[i] = sane(words[i])


def facts(words: Words) -> Facts:
    """What health needs to know of the stream."""
    return Facts(
        phase=member(words, Word.PHASE, Phase),
        reason=member(words, Word.REASON, Reason),
        attempts=number(words, Word.ATTEMPTS),
        picture_ns=number(words, Word.PICTURE_NS) or None,
        catching_up=bool(words[Word.CATCHING_UP]),
        interval_ns=number(words, Word.INTERVAL_NS),
        moves=words[Word.EFFORT] > Effort.KEYS,
    )


def read(words: Words) -> StreamFacts:
    """All that a block says."""
    picture = size(words)
    return StreamFacts(
        facts=facts(words),
        since_unix_ns=number(words, Word.SINCE_UNIX_NS),
        picture_unix_ns=number(words, Word.PICTURE_UNIX_NS),
        decoded=number(words, Word.DECODED),
        width_px=picture.w,
        height_px=picture.h,
        reconnects=number(words, Word.RECONNECTS),
        heartbeat_ns=number(words, Word.HEARTBEAT_NS),
        taken=number(words, Word.TAKEN),
        effort=member(words, Word.EFFORT, Effort),
        behind_ns=number(words, Word.BEHIND_NS),
        decoded_by=member(words, Word.DECODED_BY, DecodedBy),
        spares=bool(words[Word.SPARES]),
        coding=member(words, Word.CODING, Coding),
        carrier=Carrier(number(words, Word.CARRIER, _CARRIERS)),
        received_bytes=number(words, Word.BYTES),
        lost=number(words, Word.LOST),
        key_interval_ns=number(words, Word.KEY_INTERVAL_NS),
        pace_ns=number(words, Word.PACE_NS),
    )


def shape(words: Words) -> float | None:
    """Width over height of a stream's pictures, as the stream says; ``None`` before the first."""
    return number(words, Word.SHAPE, _MOST_SHAPE) / SHAPE_UNIT or None


def block_offset(index: int) -> int:
    """Where a stream's block lies in the arena."""
    return BLOCKS_OFFSET + index * BLOCK_BYTES


def allotted(
    old: Mapping[StreamKey, int], wanted: Iterable[StreamKey], held: Collection[StreamKey] = ()
) -> dict[StreamKey, int] | None:
    """Allot a block to each ``wanted`` stream, and to earlier ones that are ``held``: they may
    still be written or read. ``None`` if there are too few blocks.

    A stream that had one keeps it.
    """
    asked = dict.fromkeys(wanted)
    stay = {key: index for key, index in old.items() if key in held or key in asked}
    new = [key for key in asked if key not in stay]
    free = sorted(set(range(BLOCKS)) - set(stay.values()))
    if len(new) > len(free):
        return None
    return stay | dict(zip(new, free, strict=False))
