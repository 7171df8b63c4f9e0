"""Rings: no two share a byte, none is given away while its worker may still write there."""

import itertools

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.site import StreamKey
from wallctl.model.wall.scene.scene import TapKey
from wallctl.node.ring_allocation import RingAllocation, TapTable
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.ring import Ring, RingPlace, RingWord, ring_bytes

RESERVED = 1 << 16
ROOM = 1 << 18
SIZES = (Size(64, 48), Size(96, 64), Size(160, 90))
TAPS = [TapKey(f"s{i % 4}", "main", SIZES[i % 3], Fit.CONTAIN) for i in range(12)]


def arena() -> Arena:
    return Arena.create(HEAP_OFFSET + RESERVED + ROOM)


def nobody(_key: StreamKey) -> int | None:
    return None


def test_a_ring_is_prepared_and_kept_for_its_tap() -> None:
    memory = arena()
    taps = RingAllocation(memory, RESERVED, TapTable())
    assert taps.open(TAPS[:2])
    first = dict(taps.rings)
    assert not taps.open(TAPS[:2])
    assert taps.rings == first
    for place in first.values():
        assert place.offset >= HEAP_OFFSET + RESERVED
        words = Ring(memory, place).words
        assert (words[RingWord.GENERATION], words[RingWord.NEWEST]) == (place.generation, 0)


def test_a_ring_is_free_only_when_its_worker_has_taken_the_smaller_demand() -> None:
    taps = RingAllocation(arena(), RESERVED, TapTable())
    taps.open(TAPS)
    serial: dict[StreamKey, int | None] = {}
    assert taps.close(set(), 10) == {("s0", "main"), ("s1", "main"), ("s2", "main"), ("s3", "main")}
    assert taps.rings == {}
    for taken in (0, 9):
        assert not taps.sweep(lambda _key, taken=taken: taken)  # type: ignore[misc]
    serial = {("s0", "main"): 10, ("s1", "main"): None}
    assert taps.sweep(lambda key: serial.get(key, 0))
    assert {left.stream[0] for left in taps.table().leaving} == {"s2", "s3"}


def test_where_there_is_no_room_a_tap_waits_for_it() -> None:
    large = [TapKey("s", f"{i}", Size(320, 180), Fit.CONTAIN) for i in range(2)]
    taps = RingAllocation(arena(), RESERVED, TapTable())
    assert taps.open(large)
    assert list(taps.rings) == large[:1]
    taps.close({large[1]}, 1)
    assert not taps.open(large[1:])
    assert taps.sweep(nobody)
    assert taps.open(large[1:])
    assert list(taps.rings) == large[1:]


def test_a_tap_that_comes_back_before_its_ring_is_free_gets_another() -> None:
    taps = RingAllocation(arena(), RESERVED, TapTable())
    taps.open(TAPS[:1])
    old = taps.rings[TAPS[0]]
    taps.close(set(), 1)
    taps.open(TAPS[:1])
    assert taps.rings[TAPS[0]].offset != old.offset
    assert taps.rings[TAPS[0]].generation != old.generation


def test_the_table_goes_through_a_controllers_memory_and_no_generation_comes_twice() -> None:
    memory = arena()
    taps = RingAllocation(memory, RESERVED, TapTable())
    taps.open(TAPS)
    newest = max(place.generation for place in taps.rings.values())
    taps.close(set(TAPS[:3]), 1)
    taps.sweep(nobody)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(taps.table()), type=TapTable)
    again = RingAllocation(memory, RESERVED, kept)
    assert again.rings == taps.rings
    again.open(TAPS)
    fresh = {p.generation for tap, p in again.rings.items() if tap not in TAPS[:3]}
    assert min(fresh) > newest


class Rings(RuleBasedStateMachine):
    """Scenes come and go, workers take demands late or die, controllers are replaced."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = arena()
        self.taps = RingAllocation(self.memory, RESERVED, TapTable())
        self.serial = 0
        self.taken: dict[StreamKey, int | None] = {(f"s{i}", "main"): 0 for i in range(4)}
        self.busy: dict[RingPlace, tuple[StreamKey, int]] = {}
        """Rings that a worker may write to until it has taken that serial."""
        self.generations: set[int] = set()

    def _opened(self) -> None:
        for tap, place in self.taps.rings.items():
            if place not in self.busy:
                assert place.generation not in self.generations
                self.generations.add(place.generation)
                self.busy[place] = ((tap.source, tap.stream), 1 << 60)

    @initialize()
    def begin(self) -> None:
        self.want(set(TAPS[:3]))

    @rule(wanted=st.sets(st.sampled_from(TAPS)))
    def want(self, wanted: set[TapKey]) -> None:
        self.serial += 1
        before = dict(self.taps.rings)
        smaller = self.taps.close(wanted, self.serial)
        for tap, place in before.items():
            if tap not in wanted:
                assert (tap.source, tap.stream) in smaller
                self.busy[place] = ((tap.source, tap.stream), self.serial)
        self.taps.open(sorted(wanted, key=TAPS.index))
        self._opened()

    @rule(index=st.integers(0, 3), behind=st.integers(0, 3))
    def take(self, index: int, behind: int) -> None:
        key = (f"s{index}", "main")
        self.taken[key] = max(self.taken[key] or 0, self.serial - behind)

    @rule(index=st.integers(0, 3))
    def die(self, index: int) -> None:
        self.taken[f"s{index}", "main"] = None

    @rule()
    def sweep(self) -> None:
        self.taps.sweep(self.taken.__getitem__)
        for place, (key, until) in list(self.busy.items()):
            taken = self.taken[key]
            if until <= self.serial and (taken is None or taken >= until):
                del self.busy[place]

    @rule()
    def replace_controller(self) -> None:
        self.taps = RingAllocation(self.memory, RESERVED, self.taps.table())

    @invariant()
    def no_two_rings_that_are_written_share_a_byte(self) -> None:
        spans = sorted((p.offset, p.offset + ring_bytes(p.size)) for p in self.busy)
        for (_, end), (start, _) in itertools.pairwise(spans):
            assert end <= start
        assert all(a >= HEAP_OFFSET + RESERVED and b <= self.memory.size for a, b in spans)

    @invariant()
    def every_ring_knows_its_generation(self) -> None:
        for place in self.taps.rings.values():
            assert Ring(self.memory, place).words[RingWord.GENERATION] == place.generation


TestRings = pytest.mark.timeout(60)(Rings.TestCase)
