"""Retries: for ever, never as a herd, and never so often that an account is locked."""

from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.streams.health import SECOND_NS, UNTAKEN, Reason
from wallctl.model.streams.retry import STEADY_NS, Ended, Retry, after, pause_ns

chances = st.floats(0, 1, exclude_max=True)
reasons = st.sampled_from(Reason)


def pauses_s(reason: Reason, count: int, chance: float = 0.999999) -> list[float]:
    retry, pauses = Retry(), []
    for _ in range(count):
        retry = after(retry, Ended(reason))
        pauses.append(round(pause_ns(retry, chance) / SECOND_NS, 2))
    return pauses


def test_fast_failures_double_up_to_eight_seconds() -> None:
    assert pauses_s(Reason.NO_SUCH_STREAM, 7) == [0.5, 1, 2, 4, 8, 8, 8]


def test_a_machine_that_is_not_there_is_called_again_each_2_s() -> None:
    for reason in UNTAKEN:
        assert pauses_s(reason, 5) == [0.5, 1, 2, 2, 2]


def test_after_a_time_out_the_pause_is_short() -> None:
    assert pauses_s(Reason.TIMED_OUT, 6) == [0.25, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_wrong_credentials_are_tried_rarely_and_never_early() -> None:
    assert pauses_s(Reason.BAD_CREDENTIALS, 4, chance=0) == [60, 300, 900, 900]


def test_refusals_are_counted_apart() -> None:
    retry = Retry()
    for _ in range(5):
        retry = after(retry, Ended(Reason.UNREACHABLE))
    retry = after(retry, Ended(Reason.BAD_CREDENTIALS))
    assert pause_ns(retry, 0) == 60 * SECOND_NS


def test_a_login_that_got_in_before_is_tried_again_soon_and_no_more_often() -> None:
    retry, pauses_s = after(Retry(), Ended(Reason.ENDED, live_ns=STEADY_NS)), []
    for _ in range(4):
        retry = after(retry, Ended(Reason.BAD_CREDENTIALS))
        pauses_s.append(pause_ns(retry, 0) / SECOND_NS)
    assert pauses_s == [10, 45, 900, 900]
    assert sum(pauses_s[:3]) + 900 > 1800 > sum(pauses_s[:3]), "four tries in half an hour"


def test_what_is_forbidden_is_tried_soon_unless_a_login_was_refused_before() -> None:
    assert pauses_s(Reason.FORBIDDEN, 5) == [0.5, 1, 2, 4, 8]
    retry = after(after(Retry(), Ended(Reason.BAD_CREDENTIALS)), Ended(Reason.FORBIDDEN))
    assert pause_ns(retry, 0) == 60 * SECOND_NS


def test_only_steady_pictures_reset_the_ladder() -> None:
    retry = Retry()
    for _ in range(4):
        retry = after(retry, Ended(Reason.ENDED, live_ns=STEADY_NS - 1))
    assert pause_ns(retry, 0.999999) > 3.9 * SECOND_NS
    retry = after(retry, Ended(Reason.ENDED, live_ns=STEADY_NS))
    assert pause_ns(retry, 0.999999) <= SECOND_NS // 2


def test_a_still_that_came_ends_the_row_of_failures_and_forgets_no_refusal() -> None:
    retry = Retry()
    for _ in range(4):
        retry = after(retry, Ended(Reason.BUSY))
    still = Ended(Reason.BUSY, live_ns=SECOND_NS, by_calls=True)
    assert pause_ns(after(retry, still), 0.999999) <= SECOND_NS // 2
    refused = Ended(Reason.BAD_CREDENTIALS, live_ns=SECOND_NS, by_calls=True)
    assert after(after(retry, refused), refused).refusals == 2


@given(st.lists(reasons, min_size=1, max_size=50), chances)
def test_there_is_always_a_next_attempt_within_bounds(ends: list[Reason], chance: float) -> None:
    retry = Retry()
    for reason in ends:
        retry = after(retry, Ended(reason))
    slow = ends[-1] in (Reason.BAD_CREDENTIALS, Reason.FORBIDDEN)
    longest_s = 990 if slow else 8
    assert SECOND_NS // 8 <= pause_ns(retry, chance) <= longest_s * SECOND_NS


@given(chances, chances)
def test_two_streams_spread_out(one: float, other: float) -> None:
    retry = after(Retry(), Ended(Reason.UNREACHABLE))
    assert (pause_ns(retry, one) < pause_ns(retry, other)) <= (one < other)
