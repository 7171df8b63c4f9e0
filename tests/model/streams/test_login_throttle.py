"""Logins that may be wrong: never enough tries to lock an account, and nobody waits for long."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import source
from wallctl.model.site.credential import Credential
from wallctl.model.site.site import Source, Stream, StreamKey
from wallctl.model.streams.health import SECOND_NS, Facts, Phase, Reason
from wallctl.model.streams.login_throttle import (
    Standing,
    Turns,
    first_turns,
    next_turns,
    shared_logins,
    standing,
)

HALF_HOUR_S = 30 * 60
MOST_TRIES = 4


def at_recorder(number: int, password: str, machine: str = "192.0.2.1") -> Source:
    stream = Stream(
        "sub",
        f"rtsp://{machine}/{number}",
        credential=Credential(password, f"/{password}.toml", password),
    )
    return Source(f"摄像机{number}", number, (stream,))


def keys(count: int) -> tuple[StreamKey, ...]:
    return tuple((f"摄像机{i}", "sub") for i in range(1, count + 1))


def tries(count: int, answer: Callable[[StreamKey], Standing], seconds: int) -> list[StreamKey]:
    """Who called within that time, when each call is answered within a second."""
    turns, called = Turns(keys(count)), list[StreamKey]()
    found: dict[StreamKey, Standing] = {}
    for second in range(seconds):
        before = turns.calling
        turns = next_turns(turns, {key: found[key] for key in before}, second * SECOND_NS)
        for key in set(turns.calling) - set(before):
            called.append(key)
            found[key] = answer(key)
    return called


@given(st.integers(2, 32))
def test_a_wrong_login_is_tried_too_rarely_to_lock_an_account(count: int) -> None:
    called = tries(count, lambda _: Standing.REFUSED, HALF_HOUR_S)
    assert len(called) == MOST_TRIES
    assert len(set(called)) == min(count, MOST_TRIES)


def test_when_one_got_in_all_call_at_once() -> None:
    called = tries(14, lambda _: Standing.ACCEPTED, 2)
    assert called[0] == keys(14)[0]
    assert set(called) == set(keys(14))


def test_a_stream_that_is_refused_for_its_own_sake_holds_up_nobody() -> None:
    own = keys(14)[0]
    called = tries(14, lambda k: Standing.REFUSED if k == own else Standing.ACCEPTED, 3)
    assert set(called) == set(keys(14))


def test_a_stream_that_fails_for_another_reason_gives_its_turn_on() -> None:
    assert set(tries(5, lambda _: Standing.FAILED, 6)) == set(keys(5))


def test_a_machine_that_is_not_there_is_called_by_one() -> None:
    assert len(tries(5, lambda _: Standing.UNREACHABLE, 60)) == 1


def after_a_change(count: int, answer: Callable[[int], Standing], seconds: int) -> list[int]:
    """When a stream calls of many that had got in, and are refused one after the other."""
    group = keys(count)
    turns, found, calls = Turns((), group), dict.fromkeys(group, Standing.LOST), list[int]()
    for second in range(seconds):
        if second < count:
            found[group[second]] = Standing.REFUSED
        before = turns.calling
        turns = next_turns(turns, {key: found[key] for key in before}, second * SECOND_NS)
        for key in set(turns.calling) - set(before):
            calls.append(second)
            found[key] = answer(second)
    return calls


@given(st.integers(2, 9))
def test_a_password_that_changes_at_a_recorder_is_soon_tried_by_one_alone(count: int) -> None:
    calls = after_a_change(count, lambda _: Standing.REFUSED, HALF_HOUR_S)
    assert len(calls) == 3
    assert calls[0] <= count + 10


def test_a_recorder_that_boots_is_called_by_all_once_one_got_in() -> None:
    def answer(second: int) -> Standing:
        return Standing.ACCEPTED if second > 5 else Standing.REFUSED

    calls = after_a_change(6, answer, 60)
    assert len(calls) == 6
    assert calls[-1] < 15


def test_one_that_is_refused_alone_later_holds_up_nobody() -> None:
    turns = Turns((), keys(3))
    one, other, third = keys(3)
    found = {one: Standing.REFUSED, other: Standing.REFUSED, third: Standing.ACCEPTED}
    assert next_turns(turns, found, 0) == turns
    assert next_turns(turns, found | {other: Standing.LOST, third: Standing.LOST}, 0) == turns


def test_a_new_start_is_no_new_try_and_disturbs_nobody() -> None:
    group = keys(3)
    refused = first_turns(group, (), refused=True, now_ns=0)
    assert next_turns(refused, {}, 299 * SECOND_NS).calling == ()
    assert next_turns(refused, {}, 300 * SECOND_NS).calling == group[:1]
    assert first_turns(group, set(group), refused=False, now_ns=0) == Turns((), group)


def test_logins_are_shared_by_those_at_one_machine() -> None:
    sources = [
        at_recorder(1, "a"),
        at_recorder(2, "a"),
        at_recorder(3, "b"),
        at_recorder(4, "a", "192.0.2.9"),
        source(5),
        source(6),
    ]
    assert shared_logins(sources) == (keys(2),)


def test_what_facts_say_of_a_login() -> None:
    facts = {
        Standing.OPEN: Facts(Phase.CONNECTING, Reason.NONE, 1, None),
        Standing.ACCEPTED: Facts(Phase.WAITING_KEY, Reason.NONE, 1, None),
        Standing.FAILED: Facts(Phase.FAILED, Reason.NO_SUCH_STREAM, 1, None),
        Standing.UNREACHABLE: Facts(Phase.FAILED, Reason.UNREACHABLE, 1, None),
        Standing.REFUSED: Facts(Phase.REFUSED, Reason.BAD_CREDENTIALS, 1, None),
    }
    assert {standing(f): f for f in facts.values()} == facts
    assert standing(Facts(Phase.FAILED, Reason.UNREACHABLE, 1, 5)) is Standing.LOST
    assert standing(Facts(Phase.REFUSED, Reason.BAD_CREDENTIALS, 1, 5)) is Standing.REFUSED
