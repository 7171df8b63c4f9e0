"""Which controller hangs, and when a tree gives up on all of them."""

import pytest

from tests.support.fakes import SECOND
from wallctl.supervisor.controller_watch import HUNG_NS, TRIES, TRIES_OF_RUNNING, ControllerWatch
from wallctl.supervisor.restart_policy import SHORT_LIFE_NS, Death


def looks(watch: ControllerWatch, from_ns: int, to_ns: int) -> list[int]:
    """When a controller that says nothing is found to hang, by a look each second."""
    return [now_ns for now_ns in range(from_ns, to_ns, SECOND) if watch.hangs(now_ns)]


def tries(watch: ControllerWatch) -> int:
    """How many more controllers may fail at once until the tree gives up."""
    for count in range(1, 1000):
        watch.begin(0)
        watch.judge(0, Death.FAILED)
        if watch.is_hopeless:
            return count
    raise AssertionError


def test_a_controller_hangs_that_is_silent_and_the_next_has_its_time() -> None:
    watch = ControllerWatch()
    watch.begin(SECOND)
    watch.hangs(SECOND)
    watch.hear(3 * SECOND)
    first = 3 * SECOND + HUNG_NS + SECOND
    assert looks(watch, 2 * SECOND, 16 * SECOND) == [first, first + HUNG_NS + SECOND]


def test_nothing_is_held_against_it_while_root_stood_still() -> None:
    watch = ControllerWatch()
    watch.begin(SECOND)
    watch.hangs(SECOND)
    assert not watch.hangs(100 * SECOND)
    assert looks(watch, 101 * SECOND, 107 * SECOND) == [100 * SECOND + HUNG_NS + SECOND]


def test_the_first_controllers_have_few_tries() -> None:
    assert tries(ControllerWatch()) == TRIES


def test_one_that_can_not_even_be_started_counts() -> None:
    watch = ControllerWatch()
    for _ in range(TRIES - 1):
        watch.fail()
    assert not watch.is_hopeless
    watch.fail()
    assert watch.is_hopeless


@pytest.mark.parametrize(
    ("lived_ns", "death", "more"),
    [
        (SHORT_LIFE_NS, Death.FAILED, TRIES_OF_RUNNING),  # all before it is forgiven
        (0, Death.KILLED, TRIES_OF_RUNNING - 3),
        (0, Death.FAILED, TRIES - 3),
    ],
)
def test_where_one_has_run_many_may_fail(lived_ns: int, death: Death, more: int) -> None:
    watch = ControllerWatch()
    for _ in range(2):
        watch.judge(SHORT_LIFE_NS, Death.FAILED)  # its loop never turned
    watch.begin(0)
    watch.turn()
    watch.judge(lived_ns, death)
    assert tries(watch) == more
