"""When a process is started again: at once as long as that helps, then ever more rarely."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes import SECOND
from wallctl.supervisor import restart_policy
from wallctl.supervisor.restart_policy import (
    KILLED_PAUSE_S,
    KILLS_BORNE,
    PAUSES_S,
    QUARANTINE_S,
    Death,
    Lives,
    after,
    pause_s,
)


def pauses(lived_s: Iterable[float], death: Death, *, quarantined: bool) -> list[float]:
    lives, found = Lives(), []
    for life_s in lived_s:
        lives = after(lives, int(life_s * SECOND), death)
        found.append(pause_s(lives, death, quarantined=quarantined))
    return found


def calls_a_minute(life_s: float, death: Death) -> int:
    """How often a process that always lives so long is started in its twentieth minute."""
    lives, now_s, calls = Lives(), 0.0, 0
    while now_s < 1200:
        calls += now_s >= 1140
        lives = after(lives, int(life_s * SECOND), death)
        now_s += life_s + pause_s(lives, death, quarantined=True)
    return calls


def test_short_lives_are_tried_more_and_more_rarely() -> None:
    assert tuple(pauses([0.1] * 5, Death.FAILED, quarantined=False)) == PAUSES_S
    assert pauses([0.1] * 20, Death.FAILED, quarantined=False)[-1] == PAUSES_S[-1]


def test_one_crash_after_a_while_costs_no_time() -> None:
    assert pauses([90, 70, 300, 45], Death.FAILED, quarantined=True) == [0.0] * 4


@pytest.mark.parametrize("life_s", [0.1, 1.3, 2.0, 5.0, 12.0])
def test_a_stream_that_crashes_its_decoder_soon_is_hardly_called(life_s: float) -> None:
    assert calls_a_minute(life_s, Death.FAILED) <= 2
    assert calls_a_minute(life_s, Death.KILLED) <= 2  # as where memory is short


def test_others_are_never_left_alone_for_long() -> None:
    assert max(pauses([1.3] * 50, Death.FAILED, quarantined=False)) == 0.0
    assert max(pauses([0.2] * 50, Death.FAILED, quarantined=False)) == PAUSES_S[-1]


def test_some_kills_in_a_row_are_no_reason_to_rest() -> None:
    assert max(pauses([0.2] * KILLS_BORNE, Death.KILLED, quarantined=True)) == KILLED_PAUSE_S


def test_one_that_wants_to_be_tried_again_is() -> None:
    assert max(pauses([8.5] * 50, Death.WAITING, quarantined=True)) == 0.0
    assert max(pauses([0.5] * 50, Death.WAITING, quarantined=True)) == PAUSES_S[-1]


def test_it_is_forgiven_in_time() -> None:
    lives = Lives()
    for _ in range(50):
        lives = after(lives, SECOND, Death.FAILED)
    assert pause_s(lives, Death.FAILED, quarantined=True) == QUARANTINE_S[-1]
    lives = after(lives, 600 * SECOND, Death.FAILED)
    assert pause_s(lives, Death.FAILED, quarantined=True) == 0.0


@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.sampled_from(Death)), max_size=60),
    st.booleans(),
)
def test_no_pause_is_longer_than_the_longest(
    ends: list[tuple[int, Death]], quarantined: bool
) -> None:
    lives = Lives()
    longest = QUARANTINE_S[-1] if quarantined else PAUSES_S[-1]
    for lived_ns, death in ends:
        lives = after(lives, lived_ns, death)
        assert 0 <= pause_s(lives, death, quarantined=quarantined) <= longest


@pytest.mark.parametrize(
    ("lived_s", "death", "keeps_dying"),
    [
        ([0.1, 0.1], Death.FAILED, False),
        ([0.1, 0.1, 0.1], Death.FAILED, True),
        ([90, 70, 300, 45], Death.FAILED, False),
        ([0.1] * 5, Death.KILLED, False),
        ([0.1] * 6, Death.KILLED, True),
        ([0.1] * 50, Death.WAITING, False),
    ],
)
def test_some_deaths_are_bad_luck_and_many_are_not(
    lived_s: list[float], death: Death, *, keeps_dying: bool
) -> None:
    lives = Lives()
    for life_s in lived_s:
        lives = after(lives, int(life_s * SECOND), death)
    assert restart_policy.keeps_dying(lives, death) == keeps_dying
