"""Whether a window is where its screen is, and seen, and what is done where it is not."""

from typing import NamedTuple

import pytest

from wallctl.display.window_check import (
    COVERED_NS,
    LOOK_EVERY_NS,
    MOST_RETURNS,
    RETOLD_NS,
    SETTLE_NS,
    Over,
    Sight,
    Standing,
    Step,
)
from wallctl.display.window_placement import Hold
from wallctl.model.base.geometry import Rect
from wallctl.model.operator.monitor_state import MonitorState

PLACE = Rect(1280, 0, 1280, 720)
RIGHT, HIDDEN = Sight(PLACE), Sight(None)
ALL_OF_IT = Sight(Rect(0, 0, 2560, 720))
NOTICE = Over("通知", Rect(1300, 100, 300, 120))


class Looked(NamedTuple):
    """A standing, and the steps that its looks brought, one every half second."""

    standing: Standing
    steps: list[Step]
    now_ns: int


def looked(*sights: Sight, hold: Hold = Hold.ABOVE, before: Looked | None = None) -> Looked:
    standing, steps, now_ns = before or Looked(Standing(PLACE, hold, 0), [], 0)
    steps = []
    for sight in sights:
        now_ns += LOOK_EVERY_NS
        step = standing.look(sight, now_ns)
        steps += [step] if step is not Step.NOTHING else []
    return Looked(standing, steps, now_ns)


SOME = SETTLE_NS // LOOK_EVERY_NS + 2
"""Looks until a window manager has had its time."""


def test_a_window_at_its_place_is_left_alone() -> None:
    seen = looked(*[RIGHT] * 20)
    assert seen.steps == []
    assert seen.standing.fault is None
    odd = Sight(Rect(PLACE.x, PLACE.y, PLACE.w + 1, PLACE.h + 1))
    assert looked(*[odd] * 20).steps == []


@pytest.mark.parametrize("wrong", [ALL_OF_IT, HIDDEN, Sight(Rect(1282, 20, 1276, 698))])
@pytest.mark.parametrize("hold", [Hold.ABOVE, Hold.FULLSCREEN])
def test_a_window_that_never_came_to_its_place_stands_free(wrong: Sight, hold: Hold) -> None:
    seen = looked(*[wrong] * SOME, hold=hold)
    assert seen.steps == [Step.FREE]
    assert seen.standing.fault is None
    assert looked(*[RIGHT] * 9, before=seen).standing.fault is None


def test_a_window_manager_has_its_time() -> None:
    assert looked(ALL_OF_IT, RIGHT, RIGHT).steps == []


def test_a_window_that_was_moved_is_put_back_and_at_last_stands_free() -> None:
    moved = [*[RIGHT] * SOME, ALL_OF_IT]
    seen = looked(*moved * (MOST_RETURNS + 1))
    assert seen.steps == [*[Step.AGAIN] * MOST_RETURNS, Step.FREE]


def test_what_moves_a_free_window_is_told_and_it_is_put_back_for_ever() -> None:
    seen = looked(*[ALL_OF_IT] * 30)
    assert seen.steps[0] is Step.FREE
    assert len(seen.steps) > MOST_RETURNS + 2
    assert set(seen.steps[1:]) == {Step.AGAIN}
    fault = seen.standing.fault
    assert fault is not None
    assert fault.state is MonitorState.ELSEWHERE
    assert "2560x720 at 0,0; its place is 1280x720 at 1280,0" in fault.why
    assert looked(RIGHT, before=seen).standing.fault is None


def test_who_looks_at_another_workspace_is_let_and_that_is_told() -> None:
    seen = looked(*[RIGHT] * SOME, *[HIDDEN] * 20)
    assert seen.steps == []
    fault = seen.standing.fault
    assert fault is not None
    assert fault.state is MonitorState.ELSEWHERE
    assert "another workspace" in fault.why
    assert looked(RIGHT, before=seen).standing.fault is None


def test_what_a_change_of_outputs_hides_comes_back() -> None:
    seen = looked(*[RIGHT] * SOME)
    seen.standing.unsettle(seen.now_ns)
    assert looked(*[HIDDEN] * SOME, before=seen).steps == [Step.AGAIN]


def test_a_notice_that_stays_is_told_and_one_that_goes_is_not() -> None:
    under, longer = Sight(PLACE, (NOTICE,)), COVERED_NS // LOOK_EVERY_NS + 1
    assert looked(under, RIGHT, *[under] * (longer - 1)).standing.fault is None
    seen = looked(*[under] * longer)
    fault = seen.standing.fault
    assert fault is not None
    assert fault.state is MonitorState.COVERED
    assert fault.why == "The window '通知' lies over 300x120 at 1300,100 of the display."
    assert looked(RIGHT, before=seen).standing.fault is None


def test_of_several_above_the_largest_is_told() -> None:
    longer = COVERED_NS // LOOK_EVERY_NS + 1
    seen = looked(*[Sight(PLACE, (NOTICE, Over("邻屏", PLACE)))] * longer)
    assert seen.standing.fault is not None
    assert seen.standing.fault.why == "The window '邻屏' lies over it, and 1 more."


def test_a_title_that_changes_with_every_second_is_told_now_and_then() -> None:
    titled = [Sight(PLACE, (Over(f"{i} %", PLACE),)) for i in range(200)]
    standing, told = Standing(PLACE, Hold.FREE, 0), set()
    for i, sight in enumerate(titled):
        standing.look(sight, i * LOOK_EVERY_NS)
        told |= {standing.fault}
    told.discard(None)
    assert 1 < len(told) <= 1 + len(titled) * LOOK_EVERY_NS // RETOLD_NS
