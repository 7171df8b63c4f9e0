"""A recording's packets are due as a camera would send them."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import SECOND_NS
from wallctl.model.streams.playback_clock import (
    LATE_NS,
    LEAST_STEP_NS,
    LONGEST_STEP_NS,
    RESERVE_NS,
    Pace,
)

FRAME = 40_000_000


def test_stamps_set_the_pace() -> None:
    pace = Pace()
    steps = [pace.due_ns(7 * SECOND_NS + i * 2 * FRAME, FRAME, 100) for i in range(4)]
    assert steps == [100, 100 + 2 * FRAME, 100 + 4 * FRAME, 100 + 6 * FRAME]


def test_without_stamps_the_interval_does() -> None:
    pace = Pace()
    assert [pace.due_ns(None, FRAME, 0) for _ in range(3)] == [0, FRAME, 2 * FRAME]


def test_a_new_round_follows_without_a_gap() -> None:
    pace = Pace()
    for i in range(10):
        last_ns = pace.due_ns(i * FRAME, FRAME, 0)
    assert pace.due_ns(0, FRAME, last_ns) == last_ns + FRAME


def test_lost_time_is_not_made_up_for() -> None:
    pace = Pace()
    pace.due_ns(0, FRAME, 0)
    late = 10 * SECOND_NS
    assert pace.due_ns(FRAME, FRAME, late) == late
    assert pace.due_ns(2 * FRAME, FRAME, late) == late + FRAME


def test_two_packets_of_one_stamp_do_not_slow_a_recording_down() -> None:
    """As those of two fields of one picture."""
    pace = Pace()
    dues = [pace.due_ns(i // 2 * FRAME, FRAME, 0) for i in range(40)]
    assert dues[::2] == [i * FRAME for i in range(20)]
    assert dues[1::2] == [i * FRAME + LEAST_STEP_NS for i in range(20)]


@given(st.lists(st.integers(0, 10**7), min_size=300, max_size=300))
def test_stamps_of_a_broken_time_scale_do_not_play_faster_than_any_camera(
    steps_ns: list[int],
) -> None:
    pace, now_ns, stamp_ns = Pace(), 0, 0
    for step_ns in steps_ns:
        stamp_ns += step_ns // 1000
        now_ns = max(now_ns, pace.due_ns(stamp_ns, FRAME, now_ns))
    assert now_ns >= 299 * LEAST_STEP_NS


def test_a_live_stream_in_pieces_makes_up_for_a_stall() -> None:
    pace, start_ns = Pace(live=True), 100
    due = [pace.due_ns(i * FRAME, FRAME, start_ns) for i in range(50)]
    now_ns = due[-1] + 10 * SECOND_NS  # nothing came for 10 s, and then all that piled up
    for i in range(50, 250):
        due_ns = pace.due_ns(i * FRAME, FRAME, now_ns, waited_ns=10 * SECOND_NS if i == 50 else 0)
        assert due_ns == start_ns + i * FRAME, "none is held back behind its time"


def test_a_live_stream_whose_source_had_paused_is_late_for_good() -> None:
    pace = Pace(live=True)
    pace.due_ns(0, FRAME, 0)
    first = pace.due_ns(FRAME, FRAME, 10 * SECOND_NS, waited_ns=10 * SECOND_NS)
    assert first == FRAME, "shown at once: newer ones may wait behind it"
    second_ns = 12 * SECOND_NS
    due = pace.due_ns(2 * FRAME, FRAME, second_ns, waited_ns=2 * SECOND_NS)
    assert due == second_ns + RESERVE_NS
    assert pace.due_ns(3 * FRAME, FRAME, due) == due + FRAME


def test_a_pace_tells_how_much_was_played() -> None:
    pace = Pace()
    for i in range(26):
        pace.due_ns(i * FRAME, FRAME, 0)
    assert pace.media_ns == SECOND_NS


@given(st.lists(st.none() | st.integers(-(2**62), 2**62), max_size=50))
def test_no_stamp_makes_a_wall_wait_for_long(stamps: list[int | None]) -> None:
    pace, now_ns = Pace(), 0
    for stamp_ns in stamps:
        due_ns = pace.due_ns(stamp_ns, FRAME, now_ns)
        assert -LATE_NS <= due_ns - now_ns <= LONGEST_STEP_NS
        now_ns = max(now_ns, due_ns)
