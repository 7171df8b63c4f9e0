"""Patience with a camera: short where a new call helps, long where it would only be in the way."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import SECOND_NS, UNPACED_NS
from wallctl.model.streams.silence_timeout import (
    FETCH_NS,
    FRUITLESS_NS,
    GRACE_NS,
    HOLD_NS,
    MOST_REORDERED,
    REACH_NS,
    REMEMBERED_NS,
    SEGMENT_NS,
    TRIAL_PACKETS,
    UNKNOWN,
    Call,
    Echo,
    Forbearance,
    after_cut,
    after_packet,
    is_fruitless,
    is_hopeless,
    is_mute,
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


SLOWEST_NS = 8 * SECOND_NS


def asked(call: Call, now_ns: int) -> Call:
    """The call when its server, that is well, was asked as soon as it fell silent."""
    if not is_silent(call, UNPACED_NS, now_ns):
        return msgspec.structs.replace(call, echo=None)
    return call if call.echo else msgspec.structs.replace(call, echo=Echo.GIVEN, echo_ns=now_ns)


@pytest.mark.parametrize("every_s", [5, 6.5, 8, 11, 20, 29])
def test_a_camera_of_a_few_pictures_a_minute_is_hung_up_on_twice_at_most(
    every_s: float,
) -> None:
    """It begins with a picture on each call; its pace is not known until two came in one."""
    told, cuts, now_ns = UNKNOWN, 0, DIALLED_NS
    while cuts < 9:
        call = Call(now_ns, True, packet_ns=now_ns, borne_ns=told.silence_ns(now_ns))
        next_ns = now_ns + round(every_s * SECOND_NS)
        while now_ns < next_ns and not is_hopeless(call, UNPACED_NS, now_ns):
            now_ns += SECOND_NS // 4
            call = asked(call, now_ns)
        if now_ns >= next_ns:
            break
        told = after_cut(told, now_ns - (call.packet_ns or 0), now_ns)
        cuts += 1
    assert cuts <= (2 if every_s > 20 else 1 if every_s > 10 else 0)
    told = after_packet(told, call, UNPACED_NS, next_ns)
    if every_s > 7:
        assert told.silence_ns(now_ns) >= 1.9 * every_s * SECOND_NS
        assert told.silence_ns(now_ns + REMEMBERED_NS) == 0


def test_more_patience_ends_as_soon_as_a_quick_pace_is_known() -> None:
    call = Call(DIALLED_NS, True, packet_ns=PACKET_NS)
    assert UNKNOWN.silence_ns(PACKET_NS) == FETCH_NS
    for told in (UNKNOWN, after_packet(UNKNOWN, call, UNPACED_NS, PACKET_NS + UNPACED_NS)):
        assert told.silence_ns(PACKET_NS) == FETCH_NS
    assert after_packet(UNKNOWN, call, FRAME_NS, PACKET_NS + FRAME_NS) == Forbearance()


def test_a_hang_up_on_a_quick_camera_makes_nobody_wait_longer_for_the_next() -> None:
    told = after_cut(Forbearance(), 4 * SECOND_NS, PACKET_NS)
    assert told.silence_ns(PACKET_NS) == 8 * SECOND_NS
    call = Call(DIALLED_NS, True, packet_ns=PACKET_NS)
    for number in range(TRIAL_PACKETS):
        assert told.silence_ns(PACKET_NS) == 8 * SECOND_NS
        told = after_packet(told, call, FRAME_NS, PACKET_NS + number * FRAME_NS)
    assert told.silence_ns(PACKET_NS) == 0


@pytest.mark.parametrize("echo", [Echo.PENDING, Echo.GIVEN, Echo.GONE])
def test_a_server_that_stood_still_taught_nothing_of_its_camera(echo: Echo) -> None:
    """It answers again, and what piled up follows at once."""
    resumed_ns = PACKET_NS + 20 * SECOND_NS
    call = Call(DIALLED_NS, True, packet_ns=PACKET_NS, echo=echo, echo_ns=resumed_ns - SECOND_NS)
    assert after_packet(Forbearance(), call, FRAME_NS, resumed_ns) == Forbearance()


def test_a_camera_that_rests_is_not_hung_up_on_a_second_time() -> None:
    rested_ns = PACKET_NS + 5 * SECOND_NS
    rested = Call(
        DIALLED_NS, True, packet_ns=PACKET_NS, echo=Echo.GIVEN, echo_ns=PACKET_NS + 3 * SECOND_NS
    )
    told = after_packet(Forbearance(), rested, FRAME_NS, rested_ns)
    call = msgspec.structs.replace(rested, borne_ns=told.silence_ns(rested_ns))
    assert hangs_up_after(call, PACKET_NS) == pytest.approx(10.1)


def test_a_mute_line_is_kept_only_if_its_server_is_well_and_more_was_borne_before() -> None:
    call = Call(DIALLED_NS, True, borne_ns=20 * SECOND_NS)
    asked_ns = DIALLED_NS + FETCH_NS
    assert not is_mute(call, DIALLED_NS + 5 * SECOND_NS)
    assert is_mute(call, asked_ns)
    assert not is_mute(Call(DIALLED_NS, True), asked_ns)
    for echo, mute_s in ((Echo.PENDING, 10.1), (Echo.GONE, 10.1), (Echo.GIVEN, 20.1)):
        kept = msgspec.structs.replace(call, echo=echo, echo_ns=asked_ns)
        assert hangs_up_after(kept, DIALLED_NS) == pytest.approx(mute_s)


def test_a_line_that_cannot_be_asked_is_borne_as_long() -> None:
    call = Call(DIALLED_NS, True, packet_ns=PACKET_NS, echo=Echo.UNASKED, borne_ns=SLOWEST_NS)
    assert hangs_up_after(call, PACKET_NS) == pytest.approx(8.1)


@given(st.integers(0, 10**6), st.integers(0, 10**13), st.booleans())
def test_packets_without_pictures_are_given_up_in_the_end(
    packets: int, for_ns: int, proven: bool
) -> None:
    found = is_fruitless(packets, for_ns, FRAME_NS, proven)
    assert not found or for_ns > 3 * SECOND_NS
    assert found or packets <= MOST_REORDERED or for_ns <= FRUITLESS_NS


def test_a_slow_camera_whose_pictures_are_reordered_is_not_fruitless() -> None:
    assert not is_fruitless(MOST_REORDERED, 16 * SLOWEST_NS, SLOWEST_NS, proven=False)


def test_a_sender_that_is_listened_to_is_waited_for_as_long_as_was_learned() -> None:
    """Nobody can be asked, and nobody is called: its pictures come one in many seconds."""
    call = Call(0, taken=True, borne_ns=2 * FETCH_NS, listens=True)
    assert not is_hopeless(call, 0, 2 * FETCH_NS)
    assert is_hopeless(call, 0, 2 * FETCH_NS + 1)
    assert is_hopeless(Call(0, taken=True, borne_ns=2 * FETCH_NS), 0, FETCH_NS + 1)
