"""Floods from afar are slowed to a rate, bursts are not; the reserve keeps what it is for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wallctl.model.site.alarm import MAX_PRIORITY, MIN_PRIORITY
from wallctl.model.wall.access.rate_limit import (
    RESERVE_HZ,
    STEP,
    Bucket,
    Rate,
    Reserve,
    charged,
    filled,
)

SECOND = 1_000_000_000
FIFTY = Rate(50, 100)


def made(times_ns: list[int], cost: float = 1) -> list[int]:
    bucket, done = Bucket(FIFTY.burst, 0), []
    for now_ns in times_ns:
        bucket = filled(bucket, FIFTY, now_ns)
        if bucket.may:
            bucket = charged(bucket, FIFTY, cost)
            done.append(now_ns)
    return done


def test_a_burst_passes_and_a_flood_is_held_to_the_rate() -> None:
    assert len(made([SECOND] * 1000)) == FIFTY.burst
    flood = [SECOND + i * 1_000_000 for i in range(10_000)]
    assert 599 <= len(made(flood)) <= 601


def test_what_is_dear_is_possible_and_then_paid_for() -> None:
    times = [SECOND + i * SECOND // 100 for i in range(1000)]
    assert len(made(times, cost=1000)) == 5, "a debt is never larger than a burst"
    assert made(times, cost=1000)[0] == SECOND


def test_who_keeps_to_the_rate_is_never_refused() -> None:
    times = [i * SECOND // 50 for i in range(1000)]
    assert made(times) == times


@given(st.lists(st.integers(0, 10 * SECOND), min_size=1))
def test_no_second_has_more_than_a_burst_and_its_rate(times_ns: list[int]) -> None:
    done = made(sorted(times_ns))
    for begin in done:
        assert sum(begin <= one < begin + SECOND for one in done) <= 150


priorities = st.integers(MIN_PRIORITY, MAX_PRIORITY)


@given(priorities, st.lists(st.tuples(priorities, st.integers(0, SECOND)), max_size=300))
def test_lower_priorities_never_take_what_is_kept_for_a_higher_one(
    mine: int, others: list[tuple[int, int]]
) -> None:
    """At any time ten alarms of a priority are taken, after any flood of lower ones."""
    reserve, now_ns = Reserve(), 0
    for priority, pause_ns in others:
        now_ns += pause_ns
        if priority < mine:
            reserve.take(priority, now_ns)
    assert all(reserve.take(mine, now_ns) for _ in range(int(STEP)))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 50_000_000)), max_size=300))
def test_ten_a_second_of_the_highest_priority_are_taken_beside_any_flood(
    others: list[tuple[int, int]],
) -> None:
    reserve, now_ns, next_ns = Reserve(), 0, 0
    for priority, pause_ns in others:
        now_ns += pause_ns
        while next_ns <= now_ns:
            assert reserve.take(MAX_PRIORITY, next_ns)
            next_ns += int(SECOND / RESERVE_HZ)
        for _ in range(20):
            reserve.take(priority, now_ns)


def test_no_priority_takes_more_than_the_reserve_holds() -> None:
    reserve = Reserve()
    assert sum(reserve.take(1, 0) for _ in range(1000)) == STEP
    assert sum(reserve.take(9, 0) for _ in range(1000)) == STEP * 8
    assert not reserve.take(0, 10 * SECOND), "what is no alarm has no priority"
