"""What a tile honestly is: stillness decides, whatever the worker says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import (
    SECOND_NS,
    SHOWS_PICTURE,
    Facts,
    Phase,
    Reason,
    TileState,
    is_dead,
    offline_after_ns,
    reason_told,
    stale_after_ns,
    tile_state,
)

NOW_NS = 1000 * SECOND_NS
FRAME_NS = 40_000_000
PHASES = st.sampled_from(Phase)
DECIDE = {Phase.REFUSED, Phase.STILL, Phase.WAITING_KEY, Phase.REPEATING}
"""Phases that say more than stillness."""


def facts(phase: Phase, still_ns: int | None = 0, attempts: int = 0, **more: bool) -> Facts:
    picture_ns = None if still_ns is None else NOW_NS - still_ns
    return Facts(phase, Reason.NONE, attempts, picture_ns, interval_ns=FRAME_NS, **more)


@pytest.mark.parametrize(
    ("still_ns", "state"),
    [
        (0, TileState.LIVE),
        (SECOND_NS, TileState.LIVE),
        (SECOND_NS + 1, TileState.STALE),
        (3 * SECOND_NS, TileState.STALE),
        (3 * SECOND_NS + 1, TileState.OFFLINE),
    ],
)
@pytest.mark.parametrize("phase", set(Phase) - DECIDE)
def test_stillness_decides(still_ns: int, state: TileState, phase: Phase) -> None:
    assert tile_state(facts(phase, still_ns), NOW_NS) is state


def test_a_tile_whose_packets_come_and_wait_for_a_keyframe_says_so_and_not_that_it_is_offline() -> (
    None
):
    """Whether it is its first connection or a later one, and whether it ever had a picture."""
    still_s = {0: TileState.LIVE, 2: TileState.STALE, 4: TileState.WAITING_KEY}
    for seconds, state in still_s.items():
        known = facts(Phase.WAITING_KEY, seconds * SECOND_NS, 3)
        assert tile_state(known, NOW_NS) is state
    assert reason_told(Reason.NONE, TileState.WAITING_KEY) is Reason.NONE


@pytest.mark.parametrize("still_ns", [0, 20 * SECOND_NS, 3600 * SECOND_NS])
def test_a_source_that_repeats_its_picture_is_stale_and_says_why(still_ns: int) -> None:
    state = tile_state(facts(Phase.REPEATING, still_ns), NOW_NS)
    assert state is TileState.STALE
    assert reason_told(Reason.REPEATED, state) is Reason.REPEATED
    assert reason_told(Reason.UNREACHABLE, state) is Reason.NONE


def test_slow_streams_have_more_time() -> None:
    assert (stale_after_ns(FRAME_NS), offline_after_ns(FRAME_NS)) == (SECOND_NS, 3 * SECOND_NS)
    assert stale_after_ns(2 * SECOND_NS) == 6 * SECOND_NS
    assert offline_after_ns(2 * SECOND_NS) == 12 * SECOND_NS
    slow = Facts(Phase.LIVE, Reason.NONE, 0, NOW_NS - 5 * SECOND_NS, interval_ns=2 * SECOND_NS)
    assert tile_state(slow, NOW_NS) is TileState.LIVE


@pytest.mark.parametrize(
    ("phase", "attempts", "state"),
    [
        (Phase.CONNECTING, 0, TileState.CONNECTING),
        (Phase.CONNECTING, 1, TileState.CONNECTING),
        (Phase.CONNECTING, 2, TileState.OFFLINE),
        (Phase.WAITING_KEY, 1, TileState.WAITING_KEY),
        (Phase.WAITING_KEY, 2, TileState.WAITING_KEY),
        (Phase.FAILED, 1, TileState.OFFLINE),
        (Phase.REFUSED, 1, TileState.REFUSED),
        (Phase.LIVE, 1, TileState.CONNECTING),
        (Phase.STILL, 1, TileState.CONNECTING),
    ],
)
def test_before_the_first_picture(phase: Phase, attempts: int, state: TileState) -> None:
    assert tile_state(facts(phase, None, attempts), NOW_NS) is state


def test_catching_up_is_told_only_while_pictures_come() -> None:
    behind = [facts(Phase.LIVE, ns * SECOND_NS, catching_up=True) for ns in (0, 2, 5)]
    assert [tile_state(f, NOW_NS) for f in behind] == [
        TileState.CATCHING_UP,
        TileState.STALE,
        TileState.OFFLINE,
    ]


@given(PHASES, st.integers(0, 10**12), st.integers(0, 9), st.booleans(), st.integers(1, 10**10))
def test_nothing_still_is_ever_shown_as_live(
    phase: Phase, still_ns: int, attempts: int, behind: bool, interval_ns: int
) -> None:
    known = Facts(phase, Reason.NONE, attempts, NOW_NS - still_ns, behind, interval_ns)
    state = tile_state(known, NOW_NS)
    if still_ns > stale_after_ns(interval_ns) and phase is not Phase.STILL:
        assert state not in (TileState.LIVE, TileState.CATCHING_UP)
    if state is TileState.LIVE:
        assert not behind or phase is Phase.STILL


@given(PHASES, st.one_of(st.none(), st.integers(0, 10**10)), st.integers(0, 10**10))
def test_a_tile_only_ever_gets_worse_by_waiting(
    phase: Phase, still_ns: int | None, more_ns: int
) -> None:
    worst = TileState.WAITING_KEY if phase is Phase.WAITING_KEY else TileState.OFFLINE
    order = [TileState.LIVE, TileState.STALE, worst]
    first, later = (tile_state(facts(phase, still_ns), NOW_NS + ns) for ns in (0, more_ns))
    if first in order:
        assert order.index(later) >= order.index(first)
    else:
        assert later is first


@given(PHASES, st.integers(0, 9))
def test_without_a_picture_none_is_shown(phase: Phase, attempts: int) -> None:
    assert tile_state(facts(phase, None, attempts), NOW_NS) not in SHOWS_PICTURE


def test_a_source_is_dead_if_it_is_called_and_nothing_of_it_comes() -> None:
    assert is_dead([TileState.OFFLINE, TileState.REFUSED])
    assert not is_dead([])
    for alive in set(TileState) - {TileState.OFFLINE, TileState.REFUSED}:
        assert not is_dead([TileState.OFFLINE, alive])
