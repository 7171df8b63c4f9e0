"""Events: how they are written, and how a reader knows that it missed none."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.api.event_messages import (
    Cursor,
    Event,
    Topic,
    Verdict,
    follow,
    read_event,
    write_event,
)
from wallctl.api.request_dedup import KEPT_MAX, KEPT_MAX_OF_PEER, KEPT_NS, Replies


def test_an_event_looks_as_the_document_says() -> None:
    topic, body = write_event(Topic.SETTLED, b'{"revision":42,"all_live_ms":80.5}', "e1", 7)
    assert topic == b"settled"
    assert json.loads(body) == {
        "v": 1, "epoch": "e1", "seq": 7, "revision": 42, "all_live_ms": 80.5,
    }  # fmt: skip
    told = {"revision": 42, "all_live_ms": 80.5}
    assert read_event([topic, body]) == Event("settled", "e1", 7, told)


@pytest.mark.parametrize(
    "frames", [[], [b"beat"], [b"beat", b"3"], [b"beat", b"{}"], [b"beat", b'{"v":1}']]
)
def test_what_is_no_event_is_refused(frames: list[bytes]) -> None:
    with pytest.raises(ValueError):
        read_event(frames)


def verdicts(*told: tuple[str, str, int]) -> list[Verdict]:
    cursor, found = Cursor(), []
    for topic, epoch, seq in told:
        cursor, verdict = follow(cursor, Event(topic, epoch, seq, {}))
        found.append(verdict)
    return found


TAKE, DROP, ASK = Verdict.TAKE, Verdict.DROP, Verdict.ASK


def test_all_is_taken_while_nothing_is_missed() -> None:
    assert verdicts(("state", "a", 5), ("tile", "a", 6), ("beat", "a", 7)) == [TAKE, TAKE, TAKE]


def test_nothing_is_taken_before_the_first_state() -> None:
    assert verdicts(("tile", "a", 4), ("state", "a", 5)) == [DROP, TAKE]


def test_a_gap_asks_for_the_state_once_and_again_with_each_beat() -> None:
    told = [("state", "a", 1), ("tile", "a", 3), ("tile", "a", 4), ("beat", "a", 5)]
    assert verdicts(*told, ("state", "a", 6), ("tile", "a", 7)) == [
        TAKE, ASK, DROP, ASK, TAKE, TAKE,
    ]  # fmt: skip


def test_a_state_heals_the_gap_before_it() -> None:
    assert verdicts(("state", "a", 1), ("state", "a", 9), ("tile", "a", 10)) == [TAKE] * 3


def test_a_new_epoch_begins_with_its_state() -> None:
    assert verdicts(("state", "a", 9), ("tile", "b", 1), ("state", "b", 2)) == [TAKE, ASK, TAKE]
    assert verdicts(("state", "a", 9), ("state", "b", 1)) == [TAKE, TAKE]


def test_what_is_old_is_dropped() -> None:
    assert verdicts(("state", "a", 9), ("state", "a", 9), ("tile", "a", 3)) == [TAKE, DROP, DROP]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([topic.value for topic in Topic]),
            st.sampled_from("ab"),
            st.integers(1, 9),
        )
    )
)
def test_what_is_taken_has_no_gap(told: list[tuple[str, str, int]]) -> None:
    taken = [t for t, verdict in zip(told, verdicts(*told), strict=True) if verdict is TAKE]
    assert taken == [] or taken[0][0] == "state"
    for (_, epoch, seq), (topic, next_epoch, next_seq) in itertools.pairwise(taken):
        assert topic == "state" or (next_epoch, next_seq) == (epoch, seq + 1)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, KEPT_NS // 2)), max_size=60))
def test_no_request_is_new_twice_within_the_time(asked: list[tuple[int, int]]) -> None:
    replies, now_ns, last_ns = Replies(), 0, dict[int, int]()
    for name, pause_ns in asked:
        now_ns += pause_ns
        was_new = replies.is_new((b"c", str(name)), "1:2", now_ns)
        assert was_new == (name not in last_ns or now_ns - last_ns[name] >= KEPT_NS)
        if was_new:
            last_ns[name] = now_ns


def test_memory_is_bounded_by_number() -> None:
    replies = Replies()
    for number in range(KEPT_MAX + 100):
        key = (b"c", str(number))
        assert replies.is_new(key, f"1:{number % 50}", 0)
        replies.keep(key, (b"x",))
    assert len(replies) == KEPT_MAX
    assert replies.known((b"c", "0")) is None
    assert replies.known((b"c", str(KEPT_MAX))) == (b"x",)


def test_who_asks_much_has_nobody_elses_request_forgotten() -> None:
    replies = Replies()
    replies.is_new((b"quiet", "1"), "1:1", 0)
    replies.keep((b"quiet", "1"), (b"done",))
    for number in range(3 * KEPT_MAX):
        replies.is_new((b"noisy", str(number)), "1:2", 0)
    assert len(replies) == KEPT_MAX_OF_PEER + 1
    assert replies.known((b"quiet", "1")) == (b"done",)


def test_what_was_refused_takes_no_room() -> None:
    replies = Replies()
    for number in range(100):
        replies.is_new((b"c", str(number)), "1:1", 0)
        replies.drop((b"c", str(number)))
    assert len(replies) == 0
