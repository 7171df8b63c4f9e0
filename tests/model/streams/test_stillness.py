"""Ten minutes of a clock that the test turns: what stands still is marked in time, and no other.

Only what decides is here: when packets came, the pace that is learned from them, and the state.
"""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import (
    SECOND_NS,
    UNPACED_NS,
    Facts,
    Phase,
    Reason,
    TileState,
    left_behind,
    stale_after_ns,
    tile_state,
)
from wallctl.model.streams.lateness import Arrivals, Interval

MS = 1_000_000
FRAME = 40 * MS
TEN_MINUTES_NS = 600 * SECOND_NS
LOOK_NS = 120 * MS
"""A presenter looks at a live tile ten times a second, at its next tick."""
IN_TIME_NS = 1200 * MS
JITTER_PERCENT = st.lists(st.integers(-15, 15), min_size=50, max_size=50)


class Source:
    """A camera whose packets come as the test says, and what its tile is."""

    def __init__(self, first_stamped: bool = True) -> None:
        self.now_ns = 1000 * SECOND_NS
        self._stamps = first_stamped
        self._interval = Interval(UNPACED_NS)
        self._arrivals = Arrivals()
        self._interval_ns = UNPACED_NS
        self._picture_ns: int | None = None
        self._stamp_ns = 0
        self.marks: list[tuple[int, TileState]] = []
        """When it was marked just before a packet came, and how."""

    def state(self, after_ns: int = 0) -> TileState:
        known = Facts(Phase.LIVE, Reason.NONE, 0, self._picture_ns, interval_ns=self._interval_ns)
        return tile_state(known, self.now_ns + after_ns)

    def packet(self, wait_ns: int, advance_ns: int | None = None) -> None:
        """One more packet, with a picture; it is stamped ``advance_ns`` after the one before."""
        self.now_ns += wait_ns - 1
        if self._picture_ns is not None and self.state() is not TileState.LIVE:
            self.marks.append((self.now_ns, self.state()))
        self.now_ns += 1
        self._stamp_ns += wait_ns if advance_ns is None else advance_ns
        stamp_ns = self._stamp_ns if self._stamps else None
        self._stamps = True
        late = self._arrivals.late(self.now_ns, stamp_ns, self._interval.median_ns)
        if self._interval.seen(self.now_ns, late):
            self._interval_ns = self._interval.ns
        if not late:
            self._picture_ns = self.now_ns

    def sends(self, waits_ns: Iterable[int], for_ns: int = TEN_MINUTES_NS) -> None:
        """Packets so far apart, over and over."""
        ends_ns = self.now_ns + for_ns
        for wait_ns in itertools.cycle(waits_ns):
            if self.now_ns + wait_ns > ends_ns:
                return
            self.packet(wait_ns)

    def marked_after_ns(self) -> int:
        """When it is seen to be marked, if nothing comes any more."""
        looks = itertools.count(LOOK_NS, LOOK_NS)
        return next(ns for ns in looks if self.state(ns) is not TileState.LIVE)


def jittered(interval_ns: int, jitter_percent: list[int]) -> list[int]:
    """Waits of a camera that keeps its pace, each packet a little early or late."""
    pairs = itertools.pairwise([jitter_percent[-1], *jitter_percent])
    return [interval_ns * (100 + b - a) // 100 for a, b in pairs]


@pytest.mark.parametrize("first_stamped", [True, False])
@pytest.mark.parametrize("fps", [2, 1, 0.5])
@given(JITTER_PERCENT)
def test_a_slow_camera_is_never_marked_in_ten_minutes(
    fps: float, first_stamped: bool, jitter: list[int]
) -> None:
    source = Source(first_stamped)
    source.sends(jittered(int(SECOND_NS / fps), jitter))
    assert source.marks == []


@pytest.mark.parametrize("first_stamped", [True, False])
@pytest.mark.parametrize("wait_s", [5, 20])
def test_a_camera_of_a_few_pictures_a_minute_is_marked_until_its_pace_is_known_and_no_longer(
    wait_s: int, first_stamped: bool
) -> None:
    source = Source(first_stamped)
    source.sends([wait_s * SECOND_NS])
    assert all(at_ns <= 1000 * SECOND_NS + 5 * wait_s * SECOND_NS for at_ns, _state in source.marks)


def test_a_source_that_is_late_from_its_first_packet_on_is_live_when_its_pace_is_known() -> None:
    source = Source()
    source.packet(FRAME)
    source.packet(20 * SECOND_NS, FRAME)  # and so 20 s behind, for good
    source.sends([SECOND_NS], 10 * SECOND_NS)
    before = len(source.marks)
    source.sends([SECOND_NS])
    assert len(source.marks) == before


def test_a_quick_camera_is_never_marked_in_ten_minutes() -> None:
    source = Source()
    source.sends(jittered(FRAME, [0, 40, -40, 90, 10, -90]))
    assert source.marks == []


@pytest.mark.parametrize("first", [1, 2, 4, 8, 40])
def test_a_slow_camera_whose_server_sends_its_newest_pictures_at_once_is_not_marked(
    first: int,
) -> None:
    source = Source()
    for _ in range(first):
        source.packet(MS, SECOND_NS)
    source.sends([SECOND_NS + 30 * MS])
    assert source.marks == []


def test_a_camera_that_slows_down_while_nothing_moves_is_marked_twice_at_most_and_for_a_blink() -> (
    None
):
    source = Source()
    source.sends([FRAME], 60 * SECOND_NS)
    slow_ns = source.now_ns
    source.sends([SECOND_NS + 30 * MS])
    assert [at_ns - slow_ns < 3 * SECOND_NS for at_ns, _state in source.marks] == [True, True]
    assert {state for _at_ns, state in source.marks} == {TileState.STALE}


@pytest.mark.parametrize("rest_ms", [1030, 2500, 5000])
def test_a_camera_that_slows_down_each_evening_is_marked_once_from_the_second_evening_on(
    rest_ms: int,
) -> None:
    source, evenings = Source(), []
    for _evening in range(4):
        source.sends([FRAME], 20 * SECOND_NS)
        before = len(source.marks)
        source.sends([rest_ms * MS], 60 * SECOND_NS)
        evenings.append(len(source.marks) - before)
    assert evenings == [2, 1, 1, 1]
    source.sends([FRAME], 4 * SECOND_NS)
    assert source.marked_after_ns() <= IN_TIME_NS, "by day it is a quick one"


@pytest.mark.parametrize("packets", [5, 10, 100])
@given(JITTER_PERCENT)
def test_a_frozen_source_is_marked_within_1200_ms(packets: int, jitter: list[int]) -> None:
    source = Source()
    for wait_ns in jittered(FRAME, jitter)[:packets]:
        source.packet(wait_ns)
    assert SECOND_NS < source.marked_after_ns() <= IN_TIME_NS


@given(st.lists(st.integers(1, 5000), max_size=40))
def test_whatever_came_before_a_source_that_runs_again_and_freezes_is_marked_in_time(
    waits_ms: list[int],
) -> None:
    source = Source()
    for wait_ms in waits_ms:
        source.packet(wait_ms * MS)
    source.sends([FRAME], 4 * SECOND_NS)
    assert source.marked_after_ns() <= IN_TIME_NS


@pytest.mark.parametrize("interval_ns", [SECOND_NS, 2 * SECOND_NS])
def test_a_slow_source_that_freezes_has_three_of_its_own_pictures_time(interval_ns: int) -> None:
    source = Source()
    source.sends([interval_ns], 60 * SECOND_NS)
    limit_ns = 3 * interval_ns
    assert limit_ns < source.marked_after_ns() <= limit_ns + LOOK_NS


def test_a_source_that_freezes_before_its_pace_is_known_is_marked_as_a_slow_one() -> None:
    source = Source()
    source.packet(FRAME)
    assert stale_after_ns(UNPACED_NS) < source.marked_after_ns() <= 3200 * MS


def test_a_backlog_after_a_stall_makes_nobody_less_patient_with_a_slow_camera() -> None:
    source = Source()
    source.sends([SECOND_NS], 60 * SECOND_NS)
    source.packet(60 * SECOND_NS, SECOND_NS)
    for _ in range(59):
        source.packet(MS, SECOND_NS)
    source.packet(SECOND_NS)
    marked = len(source.marks)
    source.sends([SECOND_NS])
    assert len(source.marks) == marked


@given(st.integers(0, TEN_MINUTES_NS))
def test_a_still_image_is_never_marked(waited_ns: int) -> None:
    shown = Facts(Phase.STILL, Reason.NONE, 0, 1000 * SECOND_NS)
    assert tile_state(shown, 1000 * SECOND_NS + waited_ns) is TileState.STILL


@given(st.integers(0, TEN_MINUTES_NS), st.sampled_from([FRAME, SECOND_NS]))
def test_a_picture_that_its_stream_left_behind_is_marked_whatever_the_stream_says(
    stands_ns: int, interval_ns: int
) -> None:
    state = left_behind(interval_ns, 1000 * SECOND_NS, 1000 * SECOND_NS + stands_ns)
    follows = stands_ns <= 3 * max(SECOND_NS, 2 * interval_ns)
    assert state is (TileState.CATCHING_UP if follows else TileState.CONNECTING)
    assert left_behind(interval_ns, None, 1000 * SECOND_NS) is TileState.CONNECTING
