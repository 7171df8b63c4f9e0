"""Late backlogs are told from news; nothing a camera's clock does hides live pictures for long."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.arrival import OVERRUN_NS, Arrivals, Interval, Overrun
from wallctl.model.health import SECOND_NS

MS = 1_000_000
FRAME = 40 * MS


class Line:
    """A camera and the line to us: packets with arrival and stamp."""

    def __init__(self, start_ns: int = 5 * SECOND_NS, stamp_ns: int = 0) -> None:
        self.arrivals = Arrivals()
        self.now_ns = start_ns
        self.stamp_ns = stamp_ns

    def packet(self, wait_ns: int = FRAME, advance_ns: int = FRAME) -> bool:
        self.now_ns += wait_ns
        self.stamp_ns += advance_ns
        return self.arrivals.late(self.now_ns, self.stamp_ns, FRAME)

    def run(self, count: int, wait_ns: int = FRAME, advance_ns: int = FRAME) -> list[bool]:
        return [self.packet(wait_ns, advance_ns) for _ in range(count)]


def steady() -> Line:
    line = Line()
    assert not any(line.run(100))
    return line


def test_a_backlog_after_a_stall_is_late_until_it_has_drained() -> None:
    line = steady()
    assert line.packet(wait_ns=3 * SECOND_NS)
    assert all(line.run(68, wait_ns=MS))
    assert not any(line.run(10, wait_ns=MS)[6:])
    assert not any(line.run(50))


def test_a_backlog_that_never_quite_drains_is_live_again_within_a_second() -> None:
    line = steady()
    assert line.packet(wait_ns=30 * SECOND_NS)
    assert all(line.run(700, wait_ns=MS))
    assert not any(line.run(100)[25:])


@pytest.mark.parametrize("at", [0, 1, 2, 5, 13, 100])
@pytest.mark.parametrize("hiccup_ms", [20, 60, 100, 200, 400])
def test_a_hiccup_within_the_backlog_does_not_show_the_past(at: int, hiccup_ms: int) -> None:
    line = steady()
    line.packet(wait_ns=20 * SECOND_NS)
    assert all(line.run(at, wait_ns=MS))
    assert line.packet(wait_ns=hiccup_ms * MS)
    assert all(line.run(400 - at, wait_ns=MS))


@pytest.mark.parametrize("pace_ms", [5, 18, 20, 25, 33])
def test_a_backlog_that_drains_slowly_does_not_show_the_past(pace_ms: int) -> None:
    line = steady()
    line.packet(wait_ns=20 * SECOND_NS)
    left_ns = 19 * SECOND_NS
    assert all(line.run(left_ns // (FRAME - pace_ms * MS), wait_ns=pace_ms * MS))


def test_a_source_that_paused_is_live_again_within_a_second() -> None:
    line = steady()
    assert line.packet(wait_ns=5 * SECOND_NS)
    assert not any(line.run(50)[21:])


@given(st.lists(st.integers(-28, 28), min_size=60, max_size=60))
def test_jitter_does_not_hide_a_source_that_paused(jitter_ms: list[int]) -> None:
    line = steady()
    line.packet(wait_ns=5 * SECOND_NS)
    waits = [40 + b - a for a, b in itertools.pairwise([0, *jitter_ms])]
    late = [line.packet(wait_ns=wait * MS) for wait in waits]
    assert not any(late[25:])


def test_pictures_dropped_by_the_camera_leave_no_backlog() -> None:
    line = steady()
    assert not line.packet(wait_ns=5 * SECOND_NS, advance_ns=5 * SECOND_NS)
    assert not any(line.run(50))


def test_packets_kept_by_the_opening_are_late() -> None:
    line = Line()
    assert not line.packet()
    assert all(line.run(24, wait_ns=MS))
    assert not any(line.run(100))


def test_a_first_packet_without_a_stamp_changes_nothing() -> None:
    line = Line()
    assert not line.arrivals.late(line.now_ns, None, FRAME)
    assert all(line.run(24, wait_ns=MS))
    assert not any(line.run(100))


def test_clocks_that_jump_hide_nothing() -> None:
    for jump_ns in (3600 * SECOND_NS, -3600 * SECOND_NS, 10 * SECOND_NS, -10 * SECOND_NS):
        line = steady()
        assert not line.packet(advance_ns=jump_ns)
        assert not any(line.run(100))
        assert line.packet(wait_ns=2 * SECOND_NS)
        assert not any(line.run(60)[21:])


def test_a_slow_clock_drifts_for_hours_unnoticed() -> None:
    line = Line()
    line.run(20_000, advance_ns=FRAME * 9995 // 10_000)
    assert not line.packet(wait_ns=SECOND_NS, advance_ns=SECOND_NS)


def test_reordered_pictures_and_jitter_are_live() -> None:
    line = steady()
    for wait, advance in ((10, 120), (70, -40), (5, 40), (75, 0), (40, 80)) * 40:
        assert not line.packet(wait * MS, advance * MS)


def test_without_stamps_nothing_is_late() -> None:
    arrivals = Arrivals()
    assert not any(arrivals.late(i * MS, None, FRAME) for i in range(100))


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(-5000, 5000)), max_size=60),
)
def test_whatever_happened_a_steady_stream_is_live_within_two_seconds(
    past: list[tuple[int, int]],
) -> None:
    line = Line(stamp_ns=1_000_000 * SECOND_NS)
    for wait, advance in past:
        line.packet(wait * MS, advance * MS)
    assert not any(line.run(100)[40:])


@given(st.integers(5, 2000), st.lists(st.integers(-30, 30), min_size=40, max_size=40))
def test_the_interval_is_the_median(step_ms: int, jitter_percent: list[int]) -> None:
    interval = Interval(FRAME)
    at_ns = 0
    for percent in jitter_percent:
        at_ns += step_ms * MS * (100 + percent) // 100
        interval.seen(at_ns)
    assert 0.69 * step_ms * MS <= interval.ns <= 1.31 * step_ms * MS


def test_the_interval_waits_for_a_few_pictures() -> None:
    interval = Interval(FRAME)
    assert [interval.seen(i * 100 * MS) for i in range(6)] == [False] * 4 + [True] * 2
    assert interval.ns == interval.median_ns == 100 * MS


def test_the_wait_for_a_picture_follows_a_camera_that_slows_down_sooner_than_the_median() -> None:
    interval = Interval(FRAME)
    at_ns = 0
    for step_ms in (*[40] * 32, 1000, 1000):
        at_ns += step_ms * MS
        interval.seen(at_ns)
    assert (interval.median_ns, interval.ns) == (FRAME, SECOND_NS)
    for _ in range(3):
        at_ns += FRAME
        interval.seen(at_ns)
    assert interval.ns == FRAME


def test_late_packets_and_the_first_of_another_connection_have_no_pace() -> None:
    interval = Interval(FRAME)
    at_ns = 0
    for late in (False, True, False, True, False, True, False, True, False):
        at_ns += MS if late else SECOND_NS
        interval.seen(at_ns, late)
    assert interval.ns == interval.median_ns == SECOND_NS
    interval.begin()
    assert not interval.seen(at_ns + 3600 * SECOND_NS)
    assert interval.ns == SECOND_NS


def overran(count: int, every_ns: int, idle_ns: int, behind_ns: int) -> int:
    """How often so many packets in a row are found to overrun."""
    overrun = Overrun()
    return sum(overrun.seen(i * every_ns, idle_ns, behind_ns) for i in range(count))


def test_packets_that_are_late_and_never_waited_for_overrun() -> None:
    assert overran(50, 2 * FRAME, MS, OVERRUN_NS) > 0


def test_a_line_that_delivers_late_leaves_its_reader_idle_and_does_not() -> None:
    assert overran(50, FRAME, FRAME // 2, 10 * OVERRUN_NS) == 0


def test_a_short_burst_does_not_either() -> None:
    assert overran(10, FRAME, 0, OVERRUN_NS) == 0


def test_nor_does_what_is_taken_in_time() -> None:
    assert overran(500, FRAME, 0, OVERRUN_NS - 1) == 0
