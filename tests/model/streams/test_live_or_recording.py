"""Live or recording: told by how fast an answer is read, whatever length it announces."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import SECOND_NS
from wallctl.model.streams.live_or_recording import ENOUGH_BYTES, Ahead, Lead, is_whole

FRAME_NS = SECOND_NS // 25
MS = 1_000_000


def verdict(reads: list[tuple[float, float]], size_bytes: int = 5000) -> tuple[Lead, float]:
    """What is said of packets by (time read, stamp) in seconds, and after how many seconds."""
    ahead = Ahead()
    for read_s, stamp_s in reads:
        lead = ahead.seen(int(read_s * SECOND_NS), int(stamp_s * SECOND_NS), FRAME_NS, size_bytes)
        if lead is not Lead.UNKNOWN:
            return lead, read_s
    return Lead.UNKNOWN, reads[-1][0]


def arriving(
    seconds: float, burst_s: float = 0.0, rate_hz: float = 25
) -> list[tuple[float, float]]:
    """A live stream of which a server had so much cached."""
    stamps = [i / rate_hz for i in range(round((seconds + burst_s) * rate_hz))]
    return [(max(0.0, stamp - burst_s) + 0.001, stamp) for stamp in stamps]


def test_a_live_stream_is_live_within_a_second() -> None:
    assert verdict(arriving(5)) == (Lead.LIVE, 0.641)


def test_a_server_may_send_what_it_cached_first() -> None:
    for burst_s in (0.5, 2, 4, 10):
        lead, after_s = verdict(arriving(5, burst_s))
        assert lead is Lead.LIVE
        assert after_s < 1.1


def test_a_slow_camera_is_live() -> None:
    assert verdict(arriving(10, rate_hz=0.5))[0] is Lead.LIVE


def test_a_recording_is_read_faster_than_it_plays() -> None:
    for times in (3, 10, 500):
        reads = [(i * 0.04 / times, i * 0.04) for i in range(25 * 20)]
        assert verdict(reads)[0] is Lead.RECORDING


def test_one_pause_in_the_reading_of_a_recording_is_forgiven() -> None:
    reads = [(i * 0.002 + (0.5 if i > 100 else 0), i * 0.04) for i in range(25 * 20)]
    assert verdict(reads)[0] is Lead.RECORDING


def test_a_link_that_is_no_faster_than_the_recording_is_shown_as_it_comes() -> None:
    reads = [(i * 0.04 / 1.3, i * 0.04) for i in range(25 * 20)]
    assert verdict(reads)[0] is Lead.LIVE


def test_a_jump_of_the_cameras_clock_is_nothing_read_ahead() -> None:
    reads = [(i * 0.04, i * 0.04 + (3600 if i > 5 else 0)) for i in range(100)]
    assert verdict(reads)[0] is Lead.LIVE


def test_what_is_held_back_has_a_bound() -> None:
    reads = [(i * 0.0001, i * 0.04) for i in range(40)]
    assert verdict(reads, ENOUGH_BYTES // 30)[0] is Lead.RECORDING


@given(
    st.lists(st.integers(1, 3000), min_size=60, max_size=60),
    st.integers(0, 9000),
    st.integers(0, 5),
)
def test_nothing_that_waits_for_its_camera_is_ever_a_recording(
    waits_ms: list[int], burst_ms: int, jitter_ms: int
) -> None:
    ahead, now_ns = Ahead(), 0
    leads = [ahead.seen(0, ms * MS, FRAME_NS) for ms in range(-burst_ms, 0, 40)]
    for wait_ms in waits_ms:
        now_ns += wait_ms * MS
        leads.append(ahead.seen(now_ns + jitter_ms * MS, now_ns, FRAME_NS))
    assert Lead.RECORDING not in leads[: leads.index(Lead.LIVE) if Lead.LIVE in leads else None]
    assert Lead.LIVE in leads or now_ns < 4 * SECOND_NS


def test_a_recording_that_broke_off_is_not_whole() -> None:
    assert is_whole(60 * SECOND_NS, 62 * SECOND_NS)
    assert is_whole(SECOND_NS // 2, SECOND_NS)
    assert is_whole(0, None)
    assert not is_whole(SECOND_NS // 3, 210 * SECOND_NS)
