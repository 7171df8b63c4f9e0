"""A switch as a value: when it may commit, when it is presented, what its receipt says."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes import MS, SECOND
from wallctl.controller.scene_changes import GIVE_UP_NS, WAIT_NS, Done, SceneChange, Unready
from wallctl.model.streams.health import TileState

BEGAN_NS = 5 * SECOND
SILENT = Unready("left", 3, TileState.CONNECTING)


def switch(*screens: str) -> SceneChange:
    return SceneChange(7, "layout 2x2", BEGAN_NS, set(screens))


def at(ms: float, *unready: Unready) -> Done:
    return Done(BEGAN_NS + round(ms * MS), unready)


def test_it_commits_when_all_screens_are_ready_and_not_before() -> None:
    change = switch("left", "right")
    assert not change.may_commit(BEGAN_NS)
    change.ready("left")
    change.ready("left")
    assert not change.may_commit(BEGAN_NS)
    change.ready("right")
    assert change.may_commit(BEGAN_NS)


def test_it_commits_at_its_deadline_whoever_is_not_ready() -> None:
    change = switch("left", "right")
    assert not change.may_commit(BEGAN_NS + WAIT_NS - 1)
    assert change.may_commit(BEGAN_NS + WAIT_NS)
    assert WAIT_NS < 100 * MS


def test_it_commits_once() -> None:
    change = switch()
    assert change.may_commit(BEGAN_NS)
    change.commit_ns = BEGAN_NS
    assert not change.may_commit(BEGAN_NS)


def test_the_slowest_screen_makes_the_receipt() -> None:
    change = switch("left", "right")
    change.commit_ns = BEGAN_NS + 10 * MS
    change.presented("left", at(20, SILENT))
    assert not change.is_presented(BEGAN_NS + 20 * MS)
    assert change.first_ms() is None
    change.presented("right", at(35.25))
    assert change.is_presented(BEGAN_NS + 36 * MS)
    assert change.first_ms() == 35.2
    assert change.pending() == (SILENT,)


def test_a_screen_that_was_started_again_does_not_change_what_it_said_first() -> None:
    change = switch("left")
    change.presented("left", at(20, SILENT))
    change.presented("left", at(900))
    change.settled("left", at(950, SILENT))
    change.settled("left", at(999))
    assert change.first_ms() == 20.0
    assert change.pending() == change.still_missing() == (SILENT,)


def test_a_screen_that_never_presents_is_given_up() -> None:
    change = switch("left", "right")
    change.presented("left", at(20))
    assert not change.is_presented(BEGAN_NS + 60 * SECOND)  # never committed
    change.commit_ns = BEGAN_NS
    assert not change.is_presented(BEGAN_NS + GIVE_UP_NS)
    assert change.is_presented(BEGAN_NS + GIVE_UP_NS + 1)
    assert change.first_ms() is None
    assert change.all_live_ms() is None


def test_all_live_only_when_every_tile_is() -> None:
    change = switch("left", "right")
    change.settled("left", at(240))
    assert not change.is_settled()
    assert change.all_live_ms() is None
    change.settled("right", at(200))
    assert change.is_settled()
    assert change.all_live_ms() == 240.0
    dark = switch("left")
    dark.settled("left", at(240, SILENT))
    assert dark.is_settled()
    assert dark.all_live_ms() is None


def test_a_switch_that_concerns_no_screen_is_done_at_once() -> None:
    change = switch()
    change.commit_ns = BEGAN_NS
    assert change.is_presented(BEGAN_NS)
    assert change.is_settled()
    assert change.first_ms() == change.all_live_ms() == 0.0


@given(st.dictionaries(st.sampled_from("abcd"), st.floats(-5, 5000), min_size=1))
def test_no_receipt_is_below_zero_and_none_beats_a_screen(said: dict[str, float]) -> None:
    change = switch(*said)
    for screen, ms in said.items():
        change.presented(screen, at(ms))
    first_ms = change.first_ms()
    assert first_ms is not None
    assert first_ms >= max(0.0, max(said.values()) - 0.1)
