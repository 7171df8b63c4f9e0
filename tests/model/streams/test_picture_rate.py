"""Pictures a second as they come."""

import itertools
import random

import pytest

from wallctl.model.streams.lateness import Interval
from wallctl.model.streams.picture_rate import STRETCH_NS, ReceivedRate

MS = 1_000_000


def means(waits_ns: list[int]) -> list[int]:
    """What is told of pictures with these waits between them."""
    rate = ReceivedRate()
    rate.seen(0)
    arrivals = itertools.accumulate(waits_ns)
    return [mean for at in arrivals if (mean := rate.seen(at)) is not None]


def test_a_steady_camera_is_told_as_it_is() -> None:
    assert means([40 * MS] * 200) == [40 * MS] * 4


def test_a_slow_camera_is_told_with_each_picture() -> None:
    assert means([5000 * MS] * 3) == [5000 * MS] * 3


def test_late_pictures_in_a_row_change_little() -> None:
    waits = [40 * MS] * 47 + [44 * MS, 44 * MS, 44 * MS]
    (mean,) = means(waits)
    assert mean == pytest.approx(40 * MS, rel=0.01)
    patience, at = Interval(40 * MS), 0
    for wait in waits:
        at += wait
        patience.seen(at)
    assert patience.ns == 44 * MS, "patience goes by the longer one"


def test_a_camera_that_sends_in_pairs_is_counted() -> None:
    told = means([5 * MS, 75 * MS] * 100)
    assert all(mean == pytest.approx(40 * MS, rel=0.05) for mean in told)


def test_jitter_does_not_matter() -> None:
    dice = random.Random(4)
    told = means([dice.randrange(20, 60) * MS for _ in range(1000)])
    assert all(abs(1e9 / mean - 25) < 2 for mean in told)


def test_another_connection_is_no_wait() -> None:
    rate = ReceivedRate()
    rate.seen(0)
    rate.begin()
    assert rate.seen(60_000 * MS) is None
    assert rate.seen(60_000 * MS + STRETCH_NS) == STRETCH_NS


def test_a_clock_that_goes_back_begins_again() -> None:
    rate = ReceivedRate()
    rate.seen(5000 * MS)
    assert rate.seen(0) is None
    assert rate.seen(STRETCH_NS) == STRETCH_NS
