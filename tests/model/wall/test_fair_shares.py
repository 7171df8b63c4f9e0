"""Shares: a caller is never refused for another's sake, and many callers are no more than one."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallctl.model.wall.access.admission import OF_CHANGES, OF_INPUTS, OF_QUESTIONS
from wallctl.model.wall.access.fair_shares import (
    BUSY_NS,
    FORGOTTEN_NS,
    MOST_CALLERS,
    Budget,
    Shares,
)
from wallctl.model.wall.commands.actor import Actor, Origin, Role

SECOND = 1_000_000_000
MS = 1_000_000
TICK = 10 * MS
budgets = pytest.mark.parametrize("budget", [OF_CHANGES, OF_QUESTIONS, OF_INPUTS])


def program(pid: int) -> Actor:
    return Actor(f"1000:{pid}", Role.REMOTE, Origin.CONTROL)


ME = program(1)


def had(shares: Shares, caller: Actor, now_ns: int, times: int = 1) -> int:
    """How often a caller has what it asks for."""
    found = 0
    for _ in range(times):
        if shares.may(caller, now_ns):
            shares.charge(caller, 1, now_ns)
            found += 1
    return found


@dataclasses.dataclass(frozen=True)
class Crowd:
    """Others: each asks so often at once, again after so many ticks."""

    asks: tuple[int, ...]
    pauses: tuple[int, ...]

    def flood(self, shares: Shares, tick: int) -> None:
        """What they ask for in one tick."""
        for at, (asks, pause) in enumerate(zip(self.asks, self.pauses, strict=True)):
            if tick % pause == 0:
                had(shares, program(100 + at), tick * TICK, asks)


crowds = st.integers(1, 12).flatmap(
    lambda n: st.builds(
        Crowd,
        st.tuples(*[st.integers(1, 30)] * n),
        st.tuples(*[st.integers(1, 40)] * n),
    )
)


@budgets
@given(crowd=crowds)
@settings(deadline=None, max_examples=20)
def test_who_asks_for_less_than_a_fair_share_is_never_refused(budget: Budget, crowd: Crowd) -> None:
    shares = Shares(budget)
    fair_hz = min(budget.each.hz, budget.all_hz / (len(crowd.asks) + 1))
    pause = int(SECOND / TICK / fair_hz) + 1
    had(shares, ME, 0)
    for tick in range(1, 250):
        crowd.flood(shares, tick)
        if tick % pause == 0:
            assert had(shares, ME, tick * TICK), f"refused at tick {tick}"


@budgets
@given(crowd=crowds)
@settings(deadline=None, max_examples=20)
def test_all_together_have_no_more_than_there_is(budget: Budget, crowd: Crowd) -> None:
    shares, total = Shares(budget), 0
    for tick in range(200):
        for at, asks in enumerate(crowd.asks):
            total += had(shares, program(100 + at), tick * TICK, asks)
    begun = min(budget.newcomers.burst, len(crowd.asks) * budget.each.burst)
    assert total <= begun + 2 * budget.all_hz + budget.each.hz, "and what is counted late"


def test_one_alone_has_its_burst_and_then_its_rate() -> None:
    shares = Shares(OF_CHANGES)
    assert had(shares, ME, 0, 1000) == 100
    assert sum(had(shares, ME, tick * TICK, 9) for tick in range(1, 201)) == 100
    assert had(shares, ME, 100 * SECOND, 1000) == 100


def test_a_newcomer_finds_something_beside_those_that_take_all() -> None:
    shares = Shares(OF_CHANGES)
    for tick in range(1000):
        had(shares, program(2), tick * MS, 10)
        had(shares, program(3), tick * MS, 10)
    assert had(shares, ME, SECOND, 20) == 20


def test_who_begins_new_programs_without_end_wins_nothing() -> None:
    """Three thousand programs that ask fifty times each have little more than one alone."""
    shares, total = Shares(OF_CHANGES), 0
    for tick in range(3_000):
        total += had(shares, program(10 + tick), tick * TICK // 3, 50)
        assert len(shares) <= MOST_CALLERS + 1
    rates = OF_CHANGES.newcomers.hz + OF_CHANGES.all_hz
    assert total <= OF_CHANGES.newcomers.burst + OF_CHANGES.saved + 10 * rates


def test_who_saves_up_with_many_programs_has_little_saved() -> None:
    shares = Shares(OF_CHANGES)
    for second in range(120):
        for pid in range(MOST_CALLERS):
            shares.may(program(pid), second * SECOND)
    burst = sum(had(shares, program(pid), 125 * SECOND, 1000) for pid in range(MOST_CALLERS))
    assert burst <= MOST_CALLERS * 5


def test_who_is_known_keeps_its_place_beside_new_programs_without_end() -> None:
    shares = Shares(OF_CHANGES)
    had(shares, ME, 0)
    for tick in range(2_000):
        had(shares, program(10 + tick), tick * TICK, 10)
        if tick % 400 == 0:
            assert had(shares, ME, tick * TICK), f"refused at tick {tick}"


def test_a_place_is_given_to_another_when_its_caller_was_silent_for_long() -> None:
    shares = Shares(OF_CHANGES)
    for pid in range(MOST_CALLERS):
        had(shares, program(pid), 0)
    assert had(shares, program(500), FORGOTTEN_NS - 1) == 1
    assert len(shares) == MOST_CALLERS + 1, "it shares a bucket with others of its kind"
    had(shares, program(501), FORGOTTEN_NS)
    assert len(shares) == MOST_CALLERS + 1
    assert BUSY_NS < FORGOTTEN_NS
