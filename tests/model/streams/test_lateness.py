"""Late backlogs are told from news; nothing a camera's clock does hides live pictures for long."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import SECOND_NS
from wallctl.model.streams.lateness import HOLD_NS, OVERRUN_NS, Arrivals, Delay, Interval, Overrun

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
def test_a_backlog_that_drains_slowly_is_never_seen_as_motion(pace_ms: int) -> None:
    """Nothing is withheld for longer than a second: of a long one a still a second is shown."""
    line = steady()
    line.packet(wait_ns=20 * SECOND_NS)
    left_ns = 19 * SECOND_NS
    late, draining = [], []
    for _ in range(left_ns // (FRAME - pace_ms * MS)):
        late.append(line.packet(wait_ns=pace_ms * MS))
        draining.append(line.arrivals.draining)
    assert all(draining), "what is shown of it is marked"
    assert late.count(False) <= 1 + len(late) * pace_ms // 1000


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
    assert [interval.seen(i * 100 * MS) for i in range(6)] == [False] * 4 + [True, False]
    assert interval.ns == interval.median_ns == 100 * MS


def test_a_burst_is_no_pace() -> None:
    interval = Interval(FRAME)
    for at in range(40):
        interval.seen(at * MS // 20)
    assert interval.ns == interval.median_ns == SECOND_NS // 240


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


Packets = list[tuple[float, float]]
"""When each came and how it was stamped, in s."""


def withheld(packets: Packets) -> list[tuple[float, bool]]:
    """Which packets are late, as a feed asks that learns the pace beside it."""
    arrivals, interval, found = Arrivals(), Interval(SECOND_NS), []
    for at_s, stamp_s in packets:
        at_ns = 1000 * SECOND_NS + round(at_s * SECOND_NS)
        late = arrivals.late(at_ns, round(stamp_s * SECOND_NS), interval.median_ns)
        interval.seen(at_ns, late)
        found.append((at_s, late))
    return found


def longest_unshown_s(found: list[tuple[float, bool]]) -> float:
    """For how long nothing was shown at most, between two packets that were."""
    shown = [at_s for at_s, late in found if not late]
    return max(b - a for a, b in itertools.pairwise(shown))


def stalled(rate: float, step_s: float, stall_s: float) -> Packets:
    """So many pictures a second, one stall of the line in second 8, and all that piled up."""
    sent = [i / rate for i in range(round(40 * rate))]
    came = [8 + stall_s + i * 1e-5 if 8 <= t < 8 + stall_s else t for i, t in enumerate(sent)]
    return [(at_s, i * step_s) for i, at_s in enumerate(came)]


@pytest.mark.parametrize("stall_s", [0.6, 0.8, 3, 20])
@pytest.mark.parametrize(
    ("rate", "step_s"),
    [
        (21, 1 / 25),
        (24, 1 / 25),
        (10, 1 / 12),
        (30, 1 / 25),
        (25, 0.0),
        (25, 0.04 / 90),
        (25, 0.4),
        (25, -0.04),
    ],
)
def test_one_stall_is_all_that_is_seen_of_stamps_that_do_not_keep_our_time(
    rate: float, step_s: float, stall_s: float
) -> None:
    assert longest_unshown_s(withheld(stalled(rate, step_s, stall_s))) < stall_s + 0.25


@pytest.mark.parametrize("night_hz", [4, 2, 1, 0.4, 0.2])
@pytest.mark.parametrize("stamps_s", [None, 0.04], ids=["of the time", "of the count"])
def test_at_dusk_two_pictures_are_doubted_at_most_and_at_dawn_none(
    night_hz: float, stamps_s: float | None
) -> None:
    day = [i / 25 for i in range(200)]
    night = [day[-1] + i / night_hz for i in range(1, round(60 * night_hz))]
    dawn = [night[-1] + i / 25 for i in range(1, 200)]
    sent = [*day, *night, *dawn]
    stamps = sent if stamps_s is None else [i * stamps_s for i in range(len(sent))]
    # libav's parser gives a picture out when the next one begins
    for found in (
        withheld(list(zip(sent, stamps, strict=True))),
        withheld(list(zip(sent[1:], stamps, strict=False))),
    ):
        late = [at_s for at_s, is_late in found if is_late]
        assert len(late) <= 2
        assert all(night[0] <= at_s <= night[3] for at_s in late)


def test_stamps_of_any_kind_may_begin_in_mid_stream() -> None:
    """A firmware that counts milliseconds from some second on."""
    day = [(i / 25, i / 25) for i in range(200)]
    odd = [(8.8 + i / 25, 8 + i / 2250) for i in range(500)]
    assert longest_unshown_s(withheld([*day, *odd])) < 0.8 + 1.0


waits_ms = st.one_of(st.integers(0, 3), st.integers(0, 100), st.integers(0, 5000))
advances_ms = st.one_of(
    st.just(0),
    st.just(40),
    st.just(3600),
    st.integers(-200, 400),
    st.integers(-5000, 5000),
    st.integers(-(10**10), 10**10),
)
stretches = st.lists(
    st.tuples(st.integers(1, 60), waits_ms, advances_ms, st.booleans()), min_size=1, max_size=12
)


@given(stretches, st.booleans())
def test_nothing_is_withheld_for_longer_than_a_second_whatever_stamps_say(
    stretches: list[tuple[int, int, int, bool]], steady_before: bool
) -> None:
    """Still, backwards, quick, slow and jumping stamps, bursts and gaps, some without a stamp."""
    line = steady() if steady_before else Line(stamp_ns=10**19)
    interval = Interval(SECOND_NS)
    first_late_ns = None
    for count, wait_ms, advance_ms, is_stamped in stretches:
        for _ in range(count):
            line.now_ns += wait_ms * MS
            line.stamp_ns += advance_ms * MS
            stamp_ns = line.stamp_ns if is_stamped else None
            late = line.arrivals.late(line.now_ns, stamp_ns, interval.median_ns)
            interval.seen(line.now_ns, late)
            if not late:
                first_late_ns = None
            elif first_late_ns is None:
                first_late_ns = line.now_ns
            else:
                assert line.now_ns - first_late_ns < HOLD_NS


@given(st.lists(st.tuples(waits_ms, advances_ms), max_size=200), st.integers(0, 41))
def test_whatever_came_before_what_comes_evenly_is_news_within_two_seconds(
    past: list[tuple[int, int]], step_ms: int
) -> None:
    """Even if its stamps run slower from there on; what runs faster drains, a still a second."""
    line = Line(stamp_ns=10**19)
    for wait_ms, advance_ms in past:
        line.packet(wait_ms * MS, advance_ms * MS)
    assert not any(line.run(100, advance_ns=step_ms * MS)[50:])
    assert not line.arrivals.draining


def test_a_slow_camera_is_known_by_its_first_wait() -> None:
    interval = Interval(SECOND_NS)
    assert not interval.seen(0)
    assert interval.seen(8 * SECOND_NS)
    assert interval.ns == 8 * SECOND_NS
    assert interval.seen(8 * SECOND_NS + FRAME), "it was a stall"
    assert interval.ns == SECOND_NS


def delays_s(packets: Packets, idle_s: float) -> list[float]:
    """How late each packet is said to be taken, by a reader that waits so long for each."""
    delay, found = Delay(), []
    for at_s, stamp_s in packets:
        at_ns, stamp_ns = round(at_s * SECOND_NS), round(stamp_s * SECOND_NS)
        found.append(delay.seen(at_ns, stamp_ns, round(idle_s * SECOND_NS)) / SECOND_NS)
    return found


@pytest.mark.parametrize("step_s", [0.0, 0.04 / 90, 0.035, 0.04, 0.4, -0.04])
def test_a_reader_that_waits_for_packets_is_not_behind_whatever_they_are_stamped(
    step_s: float,
) -> None:
    packets = [(i * 0.04, i * step_s) for i in range(2000)]
    assert max(delays_s(packets, 0.03)) == 0


@pytest.mark.parametrize("step_s", [0.0, 0.04 / 90, 0.034, 0.04, 0.046])
def test_a_reader_that_became_busy_and_keeps_up_is_not_behind_either(step_s: float) -> None:
    delay = Delay()
    for i in range(1000):
        idle_ns = (30 if i < 200 else 2) * MS
        late_ns = delay.seen(i * FRAME, round(i * step_s * SECOND_NS), idle_ns)
        assert late_ns < 60 * MS


def test_stamps_that_begin_another_count_make_no_busy_reader_late() -> None:
    packets = [(i * 0.04, i * 0.04 - 3600 * (i > 50)) for i in range(100)]
    assert max(delays_s(packets, 0.001)) < 0.06


def test_a_reader_that_never_waits_falls_behind_by_what_stamps_say_and_catches_up() -> None:
    falling = [(i * 0.08, i * 0.04) for i in range(50)]
    assert delays_s(falling, 0.001)[-1] == pytest.approx(0.04 * 49, abs=0.05)
    caught_up = [*falling, *((4 + i * 0.01, 2 + i * 0.04) for i in range(60))]
    assert delays_s(caught_up, 0.001)[-1] == pytest.approx(0.2, abs=0.05)


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
