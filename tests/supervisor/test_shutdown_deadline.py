"""How long a tree may take to end."""

from tests.support.fakes import SECOND
from wallctl.supervisor.shutdown_deadline import END_AFTER_S, END_AT_LAST_S, Deadline

AFTER, AT_LAST = round(END_AFTER_S * SECOND), round(END_AT_LAST_S * SECOND)


def test_nothing_is_over_before_the_tree_is_told_to_end() -> None:
    deadline = Deadline()
    deadline.extend(9 * SECOND)
    assert not deadline.is_set
    assert not deadline.is_over(99 * SECOND)


def test_a_silent_end_is_over_soon() -> None:
    deadline = Deadline()
    deadline.set(SECOND)
    assert not deadline.is_over(SECOND + AFTER)
    assert deadline.is_over(SECOND + AFTER + 1)


def test_who_still_writes_has_more_time_but_not_for_ever() -> None:
    deadline = Deadline()
    deadline.set(0)
    deadline.extend(SECOND)
    assert not deadline.is_over(SECOND + AFTER)
    deadline.extend(AT_LAST)
    assert not deadline.is_over(AT_LAST)
    assert deadline.is_over(AT_LAST + 1)
