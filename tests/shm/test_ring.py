"""The ring's promise under every interleaving: no torn picture, none of another tap, no step back.

Stores of the writer form a log, applied in order, as x86 makes them visible; each load of the
reader first lets a drawn number of them happen.
"""

import functools
import os
import typing
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallctl.model.base.geometry import Size
from wallctl.shm.arena import HEAP_OFFSET, RING_SLOTS, Arena, needed_bytes
from wallctl.shm.arena_error import ArenaError
from wallctl.shm.ring import (
    Flag,
    Header,
    Ring,
    RingPlace,
    RingWord,
    SlotWord,
    begin,
    latest,
    prepare,
    publish,
    ring_bytes,
)

SIZE = Size(2, 4)
CELLS = 4
"""Pixels of a picture that are looked at: enough to be torn."""

Store = tuple[int, int]
Memory = dict[int, int]


class Cells:
    """Words or pixels of a memory, as one party sees them."""

    def __init__(self, arena: "FakeArena", start: int, step: int) -> None:
        self._arena = arena
        self._start = start
        self._step = step

    def __getitem__(self, index: int) -> int:
        return self._arena.load(self._start + self._step * index)

    def __setitem__(self, index: int, value: int) -> None:
        self._arena.store(self._start + self._step * index, value)


class FakeArena:
    """A memory whose loads and stores are seen one by one."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.log: list[Store] = []

    def words(self, offset: int, count: int) -> Cells:
        return Cells(self, offset, 8)

    def pixels(self, offset: int, count: int) -> Cells:
        return Cells(self, offset, 1)

    def load(self, address: int) -> int:
        return self.memory.get(address, 0)

    def store(self, address: int, value: int) -> None:
        self.memory[address] = value
        self.log.append((address, value))


class Watching(FakeArena):
    """The reader's view: before each load, some of the writer's stores happen."""

    def __init__(self, log: list[Store], steps: Iterator[int]) -> None:
        super().__init__({})
        self._todo = iter(log)
        self._steps = steps

    def load(self, address: int) -> int:
        self.advance(next(self._steps, 0))
        return super().load(address)

    def advance(self, count: int) -> None:
        for _, (address, value) in zip(range(count), self._todo, strict=False):
            self.memory[address] = value

    def finish(self) -> None:
        self.memory.update(self._todo)


def ring_on(arena: FakeArena, generation: int) -> Ring:
    return Ring(typing.cast(Arena, arena), RingPlace(0, SIZE, generation))


def header(frame: int) -> Header:
    return Header(SIZE, Flag.NONE, frame, 0, 0, 0)


def write(memory: Memory, generation: int, first: int, count: int, fresh: bool) -> list[Store]:
    """The stores of a writer that publishes ``count`` pictures."""
    arena = FakeArena(memory)
    ring = ring_on(arena, generation)
    if fresh:
        prepare(ring)
    for frame in range(first, first + count):
        out = begin(ring)
        assert out is not None
        for cell in range(CELLS):
            out[cell] = frame
        publish(ring, header(frame))
    return arena.log


def after_stores(log: list[Store]) -> Memory:
    return dict(log)


def check_reads(ring: Ring, rounds: int, frames: range) -> None:
    """Whatever is accepted is whole, of this generation, and not older than the last."""
    seen, newest = 0, 0
    for _ in range(rounds):
        glimpse = latest(ring, seen)
        if glimpse is None:
            continue
        cells = [glimpse.pixels[i] for i in range(CELLS)]
        if not glimpse.intact():
            continue
        assert set(cells) == {glimpse.header.frame}
        assert glimpse.header.frame in frames
        assert glimpse.header.frame > newest
        seen, newest = glimpse.number, glimpse.header.frame


steps_lists = st.lists(st.integers(0, 40), max_size=300)


@settings(max_examples=300, deadline=None)
@given(count=st.integers(1, 9), steps=steps_lists, rounds=st.integers(1, 12))
def test_no_torn_picture_and_the_newest_in_the_end(
    count: int, steps: list[int], rounds: int
) -> None:
    log = write({}, 7, 1, count, fresh=True)
    memory = Watching(log, iter(steps))
    ring = ring_on(memory, 7)
    check_reads(ring, rounds, range(1, count + 1))
    memory.finish()
    glimpse = latest(ring)
    assert glimpse is not None
    assert glimpse.header.frame == count
    assert glimpse.intact()


@settings(max_examples=300, deadline=None)
@given(
    killed_at=st.floats(0, 1),
    counts=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    steps=steps_lists,
)
def test_a_writer_killed_anywhere_harms_nobody(
    killed_at: float, counts: tuple[int, int], steps: list[int]
) -> None:
    prepared = write({}, 7, 0, 0, fresh=True)
    whole = write(after_stores(prepared), 7, 1, counts[0], fresh=False)
    log = prepared + whole[: int(killed_at * len(whole))]
    log += write(after_stores(log), 7, 100, counts[1], fresh=False)
    memory = Watching(log, iter(steps))
    ring = ring_on(memory, 7)
    check_reads(ring, 10, range(1, 100 + counts[1]))
    memory.finish()
    glimpse = latest(ring)
    assert glimpse is not None
    assert glimpse.header.frame == 99 + counts[1]


@settings(max_examples=300, deadline=None)
@given(counts=st.tuples(st.integers(0, 5), st.integers(0, 5)), steps=steps_lists)
def test_a_ring_given_to_another_tap_shows_nothing_of_it(
    counts: tuple[int, int], steps: list[int]
) -> None:
    log = write({}, 7, 1, counts[0], fresh=True)
    log += write(after_stores(log), 8, 100, counts[1], fresh=True)
    memory = Watching(log, iter(steps))
    old = ring_on(memory, 7)
    check_reads(old, 10, range(1, counts[0] + 1))
    memory.finish()
    assert latest(old) is None
    assert begin(old) is None


def test_a_reader_is_told_of_each_picture_once() -> None:
    memory = Watching(write({}, 7, 1, 2, fresh=True), iter(()))
    memory.finish()
    ring = ring_on(memory, 7)
    glimpse = latest(ring)
    assert glimpse is not None
    assert latest(ring, glimpse.number) is None


def test_the_same_in_real_shared_memory() -> None:
    arena = Arena.create(HEAP_OFFSET + (1 << 20))
    place = RingPlace(HEAP_OFFSET, Size(64, 36), 3)
    writer, reader = Ring(arena, place), Ring(arena, place)
    prepare(writer)
    for frame in range(1, 3 * RING_SLOTS):
        out = begin(writer)
        assert out is not None
        out[:] = frame
        size = Size(64, 34)
        publish(writer, Header(size, Flag.KEY | Flag.CORRUPT, frame, 4, 5, 6))
        glimpse = latest(reader)
        assert glimpse is not None
        assert glimpse.header == Header(size, Flag.KEY | Flag.CORRUPT, frame, 4, 5, 6)
        assert np.all(glimpse.pixels == frame)
        assert glimpse.intact()


def test_a_picture_larger_than_its_slot_is_never_believed() -> None:
    memory = FakeArena({})
    ring = ring_on(memory, 7)
    prepare(ring)
    begin(ring)
    publish(ring, header(1))
    ring.slots[ring.words[RingWord.NEWEST] % RING_SLOTS][SlotWord.WIDTH] = 4000
    assert latest(ring) is None


@functools.cache
def one_arena() -> Arena:
    return Arena.create(HEAP_OFFSET + (1 << 16))


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=20, max_size=20))
def test_whatever_stands_in_a_ring_its_readers_and_its_writer_go_on(junk: list[int]) -> None:
    """Any decoder can write into any ring of the wall."""
    ring = Ring(one_arena(), RingPlace(HEAP_OFFSET, Size(8, 6), 3))
    prepare(ring)
    ring.words[RingWord.NEWEST] = junk[0]
    slot = ring.slots[junk[0] % RING_SLOTS]
    for word, value in zip(SlotWord, junk[1:], strict=False):
        slot[word] = value
    for seq, number in ((slot[SlotWord.SEQ], junk[0]), (slot[SlotWord.SEQ] & ~1, junk[0])):
        slot[SlotWord.SEQ], slot[SlotWord.NUMBER] = seq, number
        glimpse = latest(ring)
        if glimpse is not None:
            at = glimpse.header.size
            assert (at.w % 2, at.h % 2, at.w <= 8, at.h <= 6) == (0, 0, True, True)
            assert 0 <= glimpse.header.arrival_ns < 1 << 62
    for frame in range(1, 4):
        assert begin(ring) is not None
        publish(ring, Header(Size(8, 6), Flag.NONE, frame, 0, 0, 0))
        glimpse = latest(ring)
        assert glimpse is not None
        assert glimpse.header.frame == frame


def test_nobody_can_cut_the_memory_of_all_others_off() -> None:
    arena = Arena.create(HEAP_OFFSET + (1 << 20))
    for size in (0, 1 << 30):
        with pytest.raises(PermissionError):
            os.ftruncate(arena.fd, size)
    arena.close()


def test_rings_side_by_side_do_not_touch() -> None:
    arena = Arena.create(HEAP_OFFSET + (1 << 20))
    size = Size(30, 22)
    rings = [
        Ring(arena, RingPlace(HEAP_OFFSET + i * ring_bytes(size), size, i + 1)) for i in range(3)
    ]
    for ring in rings:
        prepare(ring)
    for ring in rings:
        for _ in range(RING_SLOTS):
            out = begin(ring)
            assert out is not None
            out[:] = ring.place.generation
            publish(ring, header(ring.place.generation))
    for ring in rings:
        assert all(np.all(pixels == ring.place.generation) for pixels in ring.pixels)


def test_too_little_memory_is_refused_with_the_size_needed() -> None:
    with pytest.raises(ArenaError, match=r"needs \d+ MB"):
        Arena.create(needed_bytes([Size(30_000, 30_000)] * 64), free=1 << 40)
