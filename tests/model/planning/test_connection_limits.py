"""What cheap cameras are spared: more connections than they bear, and being called often."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import source, source_of_three
from wallctl.model.base.geometry import Size
from wallctl.model.planning.connection_limits import (
    LINGER_NS,
    LONGEST_LINGER_NS,
    RECENT_NS,
    Calls,
    Line,
    bearable,
    called,
    linger_ns,
    served_by,
    turned,
)
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.site.site import Source
from wallctl.model.streams.health import SECOND_NS

ORDER = ("main", "sub", "third")
LARGE, MIDDLE, SMALL = Size(1920, 1080), Size(800, 450), Size(320, 180)
TILES = st.lists(st.sampled_from([LARGE, MIDDLE, SMALL]), max_size=6)
WISHES = st.lists(
    st.tuples(st.sampled_from([None, *ORDER]), st.integers(0, 60)), min_size=1, max_size=200
)


def names(of: Source) -> list[str]:
    return [stream.name for stream in of.streams]


def test_a_camera_that_bears_all_its_streams_has_them_all() -> None:
    assert names(bearable(source(1), [LARGE], {})) == ["main", "sub"]
    assert names(bearable(source_of_three(1, connections=3), [SMALL], {})) == [*ORDER]


def test_two_connections_are_the_largest_wanted_stream_and_the_smallest() -> None:
    two = source_of_three(1, connections=2)
    assert names(bearable(two, [SMALL, LARGE, MIDDLE], {})) == ["main", "third"]
    assert names(bearable(two, [SMALL, MIDDLE], {})) == ["sub", "third"]
    assert names(bearable(two, [SMALL], {})) == ["third"]
    assert names(bearable(two, [], {})) == ["third"]


@given(st.integers(1, 3), TILES)
def test_never_more_streams_than_connections_and_every_tile_has_what_it_wants(
    connections: int, tiles: list[Size]
) -> None:
    whole = source_of_three(1, connections)
    given_ = bearable(whole, tiles, {})
    assert 1 <= len(given_.streams) <= connections
    for tile in tiles:
        wanted, got = (ORDER.index(choose_stream(one, tile, {})) for one in (whole, given_))
        assert got <= wanted


class Camera:
    """A narrow camera as a wall treats it that wishes for one stream after the other."""

    def __init__(self, connections: int) -> None:
        self.source = source_of_three(1, connections)
        self.line = Line()
        self.calls: Calls = ()
        self.calls_ns: list[int] = []
        self.now_ns = 1000 * SECOND_NS
        self.open = {"third"}

    def wish(self, stream: str | None, seconds: int) -> None:
        """Wish for a stream for so long, and look each second what is open."""
        for _ in range(seconds):
            linger = linger_ns(self.calls, self.now_ns)
            self.line = turned(self.line, ORDER, stream, linger, self.now_ns)
            may = {one.name for one in served_by(self.source, self.line.serving)}
            for _opened in may - self.open:
                self.calls = called(self.calls, self.now_ns)
                self.calls_ns.append(self.now_ns)
            self.open = may
            self.now_ns += SECOND_NS

    def most_calls_in(self, within_ns: int) -> int:
        return max(
            (
                sum(0 <= at_ns - first < within_ns for at_ns in self.calls_ns)
                for first in self.calls_ns
            ),
            default=0,
        )


def test_a_key_pressed_again_and_again_opens_the_large_stream_once() -> None:
    camera = Camera(connections=1)
    for _ in range(300):
        camera.wish("main", 1)
        camera.wish("third", 3)
    assert len(camera.calls_ns) == 1
    assert camera.open == {"main"}


def test_a_smaller_stream_takes_over_when_the_large_one_has_lingered() -> None:
    camera = Camera(connections=1)
    camera.wish("main", 5)
    camera.wish("third", LINGER_NS // SECOND_NS)
    assert camera.line.serving == "main"
    camera.wish("third", 1)
    assert (camera.line.serving, camera.line.before) == ("third", "main")


def test_a_larger_stream_takes_over_at_once_and_the_old_one_stands_in() -> None:
    line = turned(Line(), ORDER, "main", LINGER_NS, 0)
    assert (line.serving, line.before) == ("main", "third")
    line = turned(Line("sub"), ORDER, "main", LINGER_NS, 0)
    assert (line.serving, line.before) == ("main", "sub")


def test_a_stream_that_the_camera_does_not_give_serves_no_longer() -> None:
    line = turned(Line("main", wanted_ns=0), ("sub", "third"), "sub", LINGER_NS, 1)
    assert line.serving == "sub"


def test_the_more_often_a_camera_is_called_the_longer_its_streams_linger() -> None:
    seen, calls = [], Calls()
    for second in range(9):
        seen.append(linger_ns(calls, second) // SECOND_NS)
        calls = called(calls, second)
    assert seen == [10, 10, 10, 20, 40, 80, 120, 120, 120]
    assert linger_ns(calls, RECENT_NS + 9) == LINGER_NS
    assert called(calls, RECENT_NS + 9) == (RECENT_NS + 9,)


@given(st.integers(1, 2), WISHES)
def test_whatever_is_pressed_no_camera_is_called_often(
    connections: int, wishes: list[tuple[str | None, int]]
) -> None:
    camera = Camera(connections)
    for stream, seconds in wishes:
        camera.wish(stream, seconds)
        assert len(camera.open) <= connections
        wanted = ORDER.index(stream) if stream and seconds else len(ORDER)
        serving = camera.line.serving
        assert wanted == len(ORDER) or (serving and ORDER.index(serving) <= wanted)
    assert camera.most_calls_in(RECENT_NS) <= 13
    assert camera.most_calls_in(LINGER_NS) <= 3
    assert LINGER_NS <= linger_ns(camera.calls, camera.now_ns) <= LONGEST_LINGER_NS
