"""The same picture over and over: a dead camera behind a recorder, or one that takes its time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes import SECOND
from wallctl.model.streams.repeated_pictures import MOST_NS, SAME_NS, Repeats

MINUTE = 60 * SECOND


def told(repeats: Repeats, picture: bytes, from_ns: int, for_ns: int, every_ns: int) -> list[int]:
    """When the picture was found remarkable, while it came again and again."""
    times = range(from_ns, from_ns + for_ns + 1, every_ns)
    return [at for at in times if repeats.since_ns(picture, every_ns, at) is not None]


def test_a_picture_that_stays_the_same_is_remarkable_after_10_s() -> None:
    repeats = Repeats()
    assert told(repeats, b"a", 0, 9 * SECOND, SECOND) == []
    assert repeats.since_ns(b"a", SECOND, 10 * SECOND) == 0
    assert repeats.since_ns(b"b", SECOND, 11 * SECOND) is None


def test_the_time_that_a_recorder_writes_beside_a_jpeg_does_not_count() -> None:
    repeats = Repeats()

    def jpeg(time: bytes, drawn: bytes = b"drawn") -> bytes:
        comment = b"\xff\xfe\0\x0a" + time
        return b"\xff\xd8" + comment + b"\xff\xda" + drawn + b"\xff\xd9" + time

    for at in range(10):
        assert repeats.since_ns(jpeg(b"%08d" % at), SECOND, at * SECOND) is None
    assert repeats.since_ns(jpeg(b"%08d" % 10), SECOND, 10 * SECOND) == 0
    assert repeats.since_ns(jpeg(b"%08d" % 10, b"other"), SECOND, 11 * SECOND) is None


@pytest.mark.parametrize("refresh_s", [4, 5, 20, 600])
def test_a_picture_that_is_seldom_fetched_has_three_chances_to_change(refresh_s: int) -> None:
    every_ns = refresh_s * SECOND
    assert told(Repeats(), b"a", 0, 4 * every_ns, every_ns)[0] == 3 * every_ns


def test_a_camera_that_changes_its_picture_each_30_s_is_marked_once() -> None:
    repeats, marked = Repeats(), []
    for number in range(20):
        picture = str(number).encode()
        marked += told(repeats, picture, number * 30 * SECOND, 29 * SECOND, SECOND)
    assert max(marked) < 30 * SECOND


def test_a_camera_that_died_and_came_back_is_marked_soon_when_it_dies_again() -> None:
    repeats = Repeats()
    told(repeats, b"dead", 0, 20 * MINUTE, SECOND)
    told(repeats, b"back", 20 * MINUTE + SECOND, 0, SECOND)
    died_ns = 21 * MINUTE
    assert told(repeats, b"dead", died_ns, 10 * MINUTE, SECOND)[0] <= died_ns + MOST_NS + SECOND


def test_what_was_usual_is_forgotten_after_an_hour() -> None:
    repeats = Repeats()
    told(repeats, b"a", 0, 50 * SECOND, SECOND)
    for at in range(51, 3700):
        assert repeats.since_ns(str(at).encode(), SECOND, at * SECOND) is None
    died_ns = 3700 * SECOND
    assert told(repeats, b"dead", died_ns, MINUTE, SECOND)[0] == died_ns + SAME_NS


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90)), max_size=60))
def test_nothing_is_marked_before_10_s_and_all_is_after_2_min(
    coming: list[tuple[int, int]],
) -> None:
    repeats, now_ns, since_ns, before = Repeats(), SECOND, 0, None
    for content, wait_s in coming:
        now_ns += wait_s * SECOND
        if content != before:
            before, since_ns = content, now_ns
        said = repeats.since_ns(bytes([content]), SECOND, now_ns)
        if now_ns - since_ns < SAME_NS:
            assert said is None
        elif now_ns - since_ns >= MOST_NS:
            assert said == since_ns
