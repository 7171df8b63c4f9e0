"""The ladder: fair on the way down, patient on the way up, and never a tile out of order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.planning.shedding_ladder import (
    CALM,
    CLIMB_NS,
    HEAD_START,
    LONGEST_CLIMB_NS,
    Ladder,
    Load,
    Rung,
    effort_on,
    fitted,
    judged,
)
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SECOND_NS

ALL = tuple(Rung)[1:]
NO_SPARES = frozenset({Rung.SPARE_PICTURES})
TOO_MUCH = Load(busy=1.0, own=0.9, late=0.2)
FULL_BUT_IN_TIME = Load(busy=1.0, own=0.9, late=0.0)
CALM_LOAD = Load(busy=0.6, own=0.6, late=0.0)


class Machine:
    """Judges its ladder each second; carries so much work before things come late."""

    def __init__(self, tiles: int, capacity: float) -> None:
        self.ladder = fitted(Ladder(), tiles)
        self.capacity = capacity
        self.now_ns = 100 * SECOND_NS

    def work(self) -> float:
        """What the tiles ask of the processors; a whole one asks 1."""
        asked = {0: 1.0, 1: 0.8, 2: 0.8, 3: 0.7, 4: 0.7, 5: 0.04, 6: 0.0}
        return sum(asked[rung] for rung in self.ladder.rungs)

    def load(self) -> Load:
        busy = self.work() / self.capacity
        late = min(1.0, max(0.0, 2 * (busy - 1)))
        return Load(min(1.0, busy), min(1.0, busy), late)

    def second(self, load: Load | None = None) -> None:
        self.now_ns += SECOND_NS
        self.ladder = judged(
            self.ladder, load or self.load(), [()] * len(self.ladder.rungs), self.now_ns
        )

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.second()


def test_a_machine_with_room_gives_nothing_up() -> None:
    machine = Machine(16, capacity=20)
    machine.run(100)
    assert not any(machine.ladder.rungs)


def test_one_moment_is_no_overload() -> None:
    machine = Machine(16, capacity=100)
    for _ in range(20):
        machine.second(TOO_MUCH)
        machine.second(CALM_LOAD)
    assert not any(machine.ladder.rungs)


def test_what_is_full_but_in_time_stays() -> None:
    machine = Machine(16, capacity=100)
    for _ in range(60):
        machine.second(FULL_BUT_IN_TIME)
    assert not any(machine.ladder.rungs)


def test_a_slow_network_is_not_the_machines_fault() -> None:
    machine = Machine(16, capacity=100)
    for _ in range(60):
        machine.second(Load(busy=0.5, own=0.4, late=1.0))
    assert not any(machine.ladder.rungs)


def test_where_others_fill_the_machine_giving_up_ends() -> None:
    machine = Machine(16, capacity=100)
    for _ in range(60):
        machine.second(Load(busy=1.0, own=0.1, late=1.0))
    assert not any(machine.ladder.rungs)


@pytest.mark.parametrize("tiles", [2, 4, 16, 64])
def test_twice_too_much_fits_within_ten_seconds_and_then_stays(tiles: int) -> None:
    machine = Machine(tiles, capacity=tiles / 2)
    machine.run(10)
    assert machine.work() <= machine.capacity
    for _ in range(600):
        machine.second()
        assert machine.load().late < 0.5


def test_the_longer_climbs_fail_the_rarer_they_get() -> None:
    machine = Machine(16, capacity=8)
    late = []
    for _ in range(3600):
        machine.second()
        late.append(machine.load().late > 0)
    assert sum(late[-1800:]) <= 2 * 1800 * SECOND_NS // LONGEST_CLIMB_NS


def test_it_climbs_back_by_itself_when_there_is_room() -> None:
    machine = Machine(16, capacity=4)
    machine.run(120)
    assert all(machine.ladder.rungs)
    machine.capacity = 40
    machine.run(16 * len(ALL) * CLIMB_NS // SECOND_NS)
    assert not any(machine.ladder.rungs)


@pytest.mark.parametrize(("busy", "climbing"), [(0.84, 1), (0.6, 8), (0.25, 19)])
def test_the_more_room_there_is_the_more_climb_at_once(busy: float, climbing: int) -> None:
    low = Ladder((Rung.RATE,) * 64)
    ladder = judged(low, Load(busy, busy, 0.0), [()] * 64, CLIMB_NS)
    assert sum(low.rungs) - sum(ladder.rungs) == climbing


def test_others_who_fill_the_machine_do_not_keep_it_from_climbing() -> None:
    machine = Machine(4, capacity=1)
    machine.run(30)
    before = sum(machine.ladder.rungs)
    for _ in range(300):
        machine.second(Load(busy=1.0, own=0.3, late=0.0))
    assert sum(machine.ladder.rungs) < before


def test_a_little_from_many_before_much_from_a_few() -> None:
    machine = Machine(8, capacity=1)
    for _ in range(40):
        machine.second()
        *others, best = machine.ladder.rungs
        assert max(others) - min(others) <= 1
        assert best <= min(others)
        if max(others) < Rung.EVERYTHING:
            assert best <= max(0, max(others) - HEAD_START)


def test_a_rung_that_saves_nothing_takes_no_time_on_the_way_down_or_up() -> None:
    filtered = Ladder((Rung.FILTER,) * 4 + (Rung.NOTHING,))
    fell = judged(filtered, TOO_MUCH, [NO_SPARES] * 5, SECOND_NS)
    assert fell.rungs == (Rung.MOTION, *(Rung.SPARE_PICTURES,) * 3, Rung.RATE)
    spared = Ladder((Rung.SPARE_PICTURES,) * 4 + (Rung.NOTHING,))
    rose = judged(spared, CALM_LOAD, [NO_SPARES] * 5, 100 * SECOND_NS)
    assert rose.rungs == (*(Rung.FILTER,) * 3, Rung.STREAM, Rung.NOTHING)


def test_who_has_spare_pictures_gives_them_up_before_others_lose_their_motion() -> None:
    ladder = Ladder((Rung.FILTER,) * 4 + (Rung.NOTHING,))
    idle = [NO_SPARES, NO_SPARES, (), (), ()]
    ladder = judged(ladder, TOO_MUCH, idle, SECOND_NS)
    assert ladder.rungs == (*(Rung.SPARE_PICTURES,) * 4, Rung.RATE)


def test_a_change_of_the_picture_keeps_the_ladder_and_half_the_tiles_begin_anew() -> None:
    ladder = Ladder((Rung.MOTION, Rung.FILTER, Rung.FILTER, Rung.NOTHING))
    assert fitted(ladder, 3).rungs == (Rung.FILTER, Rung.FILTER, Rung.NOTHING)
    assert fitted(ladder, 5).rungs == (Rung.MOTION, *ladder.rungs)
    assert fitted(ladder, 2).rungs == (Rung.NOTHING, Rung.NOTHING)
    assert fitted(ladder, 0).rungs == ()


def test_each_rung_decodes_no_more_than_the_one_above() -> None:
    efforts = [effort_on(rung) for rung in Rung]
    assert efforts[0] is Effort.FULL
    assert efforts[-1] is Effort.NONE
    assert all(a >= b for a, b in itertools.pairwise(efforts))


LOADS = st.builds(
    Load, busy=st.floats(0, 1), own=st.floats(0, 1), late=st.sampled_from([0.0, 0.05, 0.1, 0.9])
)


@given(
    st.lists(st.tuples(LOADS, st.integers(0, 30)), max_size=60),
    st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_no_tile_is_ever_given_less_than_a_less_important_one(
    looks: list[tuple[Load, int]], spares: list[bool]
) -> None:
    ladder = Ladder()
    for second, (load, tiles) in enumerate(looks):
        idle = [() if has_spares else NO_SPARES for has_spares in spares[:tiles]]
        ladder = judged(fitted(ladder, tiles), load, idle, second * SECOND_NS)
        assert len(ladder.rungs) == tiles
        assert all(a >= b for a, b in itertools.pairwise(ladder.rungs))
        assert CLIMB_NS <= ladder.pause_ns <= LONGEST_CLIMB_NS
        assert load.busy < CALM or not load.is_too_much or ladder.overloads > 0
