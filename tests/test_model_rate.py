"""Floods from afar are slowed to a rate, bursts are not."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.rate import BURST, RATE_HZ, Bucket, taken

SECOND = 1_000_000_000


def made(times_ns: list[int]) -> list[int]:
    bucket, done = Bucket(), []
    for now_ns in times_ns:
        bucket, may = taken(bucket, now_ns)
        done += [now_ns] * may
    return done


def test_a_burst_passes_and_a_flood_is_held_to_the_rate() -> None:
    assert len(made([SECOND] * 1000)) == BURST
    flood = [SECOND + i * 1_000_000 for i in range(10_000)]
    assert BURST + 10 * RATE_HZ - 1 <= len(made(flood)) <= BURST + 10 * RATE_HZ + 1


def test_who_keeps_to_the_rate_is_never_refused() -> None:
    times = [i * SECOND // RATE_HZ for i in range(1000)]
    assert made(times) == times


@given(st.lists(st.integers(0, 10 * SECOND), min_size=1))
def test_no_second_has_more_than_a_burst_and_its_rate(times_ns: list[int]) -> None:
    done = made(sorted(times_ns))
    for begin in done:
        assert sum(begin <= one < begin + SECOND for one in done) <= BURST + RATE_HZ
