"""Patience with a camera: short where a new call helps, long where it would only be in the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.health import SECOND_NS
from wallctl.model.patience import (
    FETCH_NS,
    GRACE_NS,
    HOLD_NS,
    REACH_NS,
    SEGMENT_NS,
    Call,
    Echo,
    is_hopeless,
    is_silent,
)

FRAME_NS = 40_000_000
SLOW_NS = 2 * SECOND_NS
DIALLED_NS = 1000 * SECOND_NS
PACKET_NS = DIALLED_NS + SECOND_NS


def hangs_up_after(call: Call, since_ns: int, interval_ns: int = FRAME_NS) -> float:
    """After how many tenths of a second of silence the line is given up, in s."""
    looks = (tenth for tenth in range(2000))
    found = (t for t in looks if is_hopeless(call, interval_ns, since_ns + t * SECOND_NS // 10))
    return next(found) / 10


def test_a_camera_that_is_not_reached_is_given_3_s() -> None:
    assert hangs_up_after(Call(DIALLED_NS), DIALLED_NS) == pytest.approx(3.1)


def test_a_platform_that_takes_the_call_is_given_time_to_fetch_the_stream() -> None:
    taken = Call(DIALLED_NS, taken=True)
    assert hangs_up_after(taken, DIALLED_NS) == pytest.approx(10.1)


@pytest.mark.parametrize(
    ("echo", "silent_s"),
    [(None, 3.1), (Echo.GONE, 3.1), (Echo.GIVEN, 4.1), (Echo.PENDING, 60.1)],
)
def test_a_silent_line_is_kept_while_its_server_stands_still(
    echo: Echo | None, silent_s: float
) -> None:
    asked_ns = PACKET_NS + 3 * SECOND_NS
    call = Call(DIALLED_NS, packet_ns=PACKET_NS, echo=echo, echo_ns=asked_ns)
    assert hangs_up_after(call, PACKET_NS) == pytest.approx(silent_s)


def test_a_camera_that_is_slow_by_nature_is_not_silent() -> None:
    call = Call(DIALLED_NS, packet_ns=PACKET_NS)
    assert not is_silent(call, SLOW_NS, PACKET_NS + 11 * SECOND_NS)
    assert is_silent(call, SLOW_NS, PACKET_NS + 13 * SECOND_NS)
    assert hangs_up_after(call, PACKET_NS, SLOW_NS) == pytest.approx(12.1)


def test_a_segmented_stream_is_silent_between_its_segments() -> None:
    call = Call(DIALLED_NS, segmented=True, packet_ns=PACKET_NS)
    assert hangs_up_after(call, PACKET_NS) == pytest.approx(15.1)


times = st.integers(0, 300 * SECOND_NS)
maybe = st.none() | times
echoes = st.none() | st.sampled_from(Echo)
calls = st.builds(Call, times, st.booleans(), st.booleans(), maybe, echoes, times)


@given(calls, times, times)
def test_patience_only_ever_runs_out(call: Call, now_ns: int, more_ns: int) -> None:
    if is_hopeless(call, FRAME_NS, now_ns):
        assert is_hopeless(call, FRAME_NS, now_ns + more_ns)


@given(calls)
def test_no_line_is_kept_for_ever(call: Call) -> None:
    newest_ns = max(call.dialled_ns, call.packet_ns or 0, call.echo_ns)
    longest_ns = max(REACH_NS, FETCH_NS, GRACE_NS, HOLD_NS, SEGMENT_NS)
    assert is_hopeless(call, FRAME_NS, newest_ns + longest_ns + 1)
