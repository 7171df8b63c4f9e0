"""Percentiles from bins against percentiles from all samples."""

import math

from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.base.histogram import (
    COARSE_MS,
    FINE_BINS,
    MOST_MS,
    Histogram,
    Percentiles,
    bin_of,
    upper_ms,
)

MS = 1_000_000


def filled(*durations_ns: int) -> Percentiles:
    histogram = Histogram()
    for duration_ns in durations_ns:
        histogram.add(duration_ns)
    return histogram.percentiles()


def test_before_the_first_sample_there_is_none() -> None:
    assert filled() == Percentiles(None, None, None)


def test_a_sample_counts_as_its_bins_upper_edge() -> None:
    assert filled(0) == Percentiles(1.0, 1.0, 1.0)
    assert filled(26 * MS).p50 == 27.0


def test_what_is_beyond_the_bins_counts_as_the_last_or_first() -> None:
    assert filled(10**18).p99 == float(MOST_MS)
    assert filled(-5).p50 == 1.0


def test_percentiles_of_a_hundred() -> None:
    assert filled(*(i * MS for i in range(100))) == Percentiles(50.0, 95.0, 99.0)


@given(st.lists(st.integers(0, 2 * MOST_MS * MS), min_size=1))
def test_no_percentile_is_off_by_more_than_its_bin(durations_ns: list[int]) -> None:
    found = filled(*durations_ns)
    ordered = sorted(upper_ms(bin_of(ns)) for ns in durations_ns)
    for share, value in ((0.50, found.p50), (0.95, found.p95), (0.99, found.p99)):
        assert value == ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@given(st.integers(0, MOST_MS * MS - 1))
def test_a_time_is_told_to_a_millisecond_and_beyond_two_seconds_to_a_tenth(
    duration_ns: int,
) -> None:
    width_ms = 1 if duration_ns < FINE_BINS * MS else COARSE_MS
    assert 0 < upper_ms(bin_of(duration_ns)) - duration_ns / MS <= width_ms
