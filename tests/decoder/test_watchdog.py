"""The watchdog: whom it cuts off and when, with a fake line and a clock that the test turns."""

from collections.abc import Iterator

import pytest

from tests.support.fakes import SECOND
from wallctl.decoder.status_writer import Status
from wallctl.decoder.watchdog import Watchdog, WedgedError
from wallctl.decoder.worker_clocks import Clock
from wallctl.model.streams.health import UNPACED_NS
from wallctl.model.streams.silence_timeout import (
    FETCH_NS,
    HOLD_NS,
    REACH_NS,
    SEGMENT_NS,
    TRIAL_PACKETS,
    WEDGED_NS,
    Echo,
)
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.stream_status import BLOCKS_OFFSET, WORDS, Word, clear

URL = "rtsp://camera/1"
FRAME_NS = SECOND // 25
LOOK_NS = SECOND // 4


class FakeProbe:
    """Answers what the line says; counts how many are open."""

    def __init__(self, line: "FakeLine") -> None:
        self._line = line
        line.probes += 1

    def echo(self) -> Echo:
        assert self._line.answer is not None
        return self._line.answer

    def close(self) -> None:
        self._line.probes -= 1


class FakeLine:
    """A camera's connections, as they would look to the watchdog."""

    def __init__(self) -> None:
        self.taken = False
        self.cuts = self.guards = self.probes = 0
        self.answer: Echo | None = Echo.PENDING
        """``None``: it can't be asked."""

    def is_taken(self) -> bool:
        return self.taken

    def guard(self) -> None:
        self.guards += 1

    def ask(self, url: str) -> FakeProbe | None:
        assert url == URL
        return FakeProbe(self) if self.answer is not None else None

    def cut(self) -> None:
        self.cuts += 1


class Scene:
    """A watchdog with its line, and the time."""

    def __init__(self) -> None:
        arena = Arena.create(HEAP_OFFSET + 4096)
        words = arena.words(BLOCKS_OFFSET, WORDS)
        clear(words)
        self.now_ns = 1000 * SECOND
        self.line = FakeLine()
        words[Word.INTERVAL_NS] = FRAME_NS
        self.status = Status(words, Clock(lambda: self.now_ns, lambda: self.now_ns))
        self.dog = Watchdog(URL, self.line, self.status)

    def silence(self, duration_ns: int) -> None:
        """Nothing comes for so long, and the watchdog looks as often as it does."""
        until_ns = self.now_ns + duration_ns
        while self.now_ns < until_ns:
            self.now_ns = min(until_ns, self.now_ns + LOOK_NS)
            self.dog.look(self.now_ns)

    def packet(self) -> None:
        self.dog.packet(self.now_ns)

    def packets(self, count: int) -> None:
        """A quick camera's, so that its pace is known."""
        for _ in range(count):
            self.packet()
            self.silence(FRAME_NS)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def calling(scene: Scene) -> Iterator[Scene]:
    with scene.dog.call(scene.now_ns):
        yield scene


def test_between_two_calls_nothing_is_watched(scene: Scene) -> None:
    scene.silence(100 * SECOND)
    assert scene.line.cuts == 0


def test_a_call_that_nobody_takes_is_cut_after_3_s_and_once(calling: Scene) -> None:
    calling.silence(REACH_NS)
    assert not calling.dog.gave_up
    calling.silence(SECOND)
    assert calling.dog.gave_up
    assert calling.line.cuts == 1


def test_a_call_without_packets_is_cut_after_10_s(calling: Scene) -> None:
    calling.line.taken = True
    calling.silence(FETCH_NS)
    assert calling.line.cuts == 0
    calling.silence(SECOND)
    assert calling.line.cuts == 1


def test_a_server_that_stands_still_is_waited_for(calling: Scene) -> None:
    calling.packet()
    calling.silence(20 * SECOND)
    assert (calling.line.cuts, calling.line.guards, calling.line.probes) == (0, 1, 1)
    calling.packet()
    calling.silence(SECOND)
    assert (calling.line.cuts, calling.line.probes) == (0, 0)
    calling.silence(20 * SECOND)
    assert calling.line.probes == 1, "a second silence is a second question"


def test_but_not_for_ever(calling: Scene) -> None:
    calling.packet()
    calling.silence(HOLD_NS + SECOND)
    assert calling.line.cuts == 1


@pytest.mark.parametrize(("answer", "within_ns"), [(Echo.GONE, 0), (Echo.GIVEN, SECOND), (None, 0)])
def test_where_a_new_call_helps_the_old_line_is_cut(
    calling: Scene, answer: Echo | None, within_ns: int
) -> None:
    calling.line.answer = answer
    calling.packets(TRIAL_PACKETS + 1)
    calling.packet()
    calling.silence(3 * SECOND)
    assert calling.line.cuts == 0
    calling.silence(within_ns + 2 * LOOK_NS)
    assert calling.line.cuts == 1


def test_a_call_that_ends_takes_its_question_back(scene: Scene) -> None:
    with scene.dog.call(scene.now_ns):
        scene.packet()
        scene.silence(5 * SECOND)
        assert scene.line.probes == 1
    assert scene.line.probes == 0
    with scene.dog.call(scene.now_ns):
        scene.silence(REACH_NS)
        assert not scene.dog.gave_up, "what the last one was late for is not held against this one"


def test_a_recording_is_left_alone(calling: Scene) -> None:
    calling.dog.leave()
    calling.silence(100 * SECOND)
    assert calling.line.cuts == 0


def test_a_segmented_stream_may_pause_and_is_not_asked(calling: Scene) -> None:
    calling.line.answer = None
    calling.dog.segmented()
    calling.packet()
    calling.silence(SEGMENT_NS)
    assert calling.line.cuts == 0
    calling.silence(SECOND)
    assert calling.line.cuts == 1


def test_a_wall_that_was_stopped_does_not_blame_the_camera(calling: Scene) -> None:
    calling.line.answer = Echo.GIVEN
    calling.packet()
    calling.silence(SECOND)
    calling.now_ns += 100 * SECOND
    calling.silence(3 * SECOND)
    assert calling.line.cuts == 0


def test_who_does_not_hear_the_cut_is_given_up(calling: Scene) -> None:
    calling.silence(REACH_NS + SECOND)
    assert calling.line.cuts == 1
    with pytest.raises(WedgedError):
        calling.silence(WEDGED_NS + SECOND)


def test_a_line_that_dies_behind_its_first_packet_is_borne_for_10_s(calling: Scene) -> None:
    calling.status.interval(UNPACED_NS)
    calling.line.answer = Echo.GIVEN
    calling.packet()
    calling.silence(FETCH_NS)
    assert calling.line.cuts == 0
    calling.silence(SECOND)
    assert calling.line.cuts == 1


def test_a_line_that_dies_when_its_pace_is_known_is_not(calling: Scene) -> None:
    calling.status.interval(FRAME_NS)
    calling.line.answer = Echo.GIVEN
    calling.packet()
    calling.silence(5 * SECOND)
    assert calling.line.cuts == 1


@pytest.mark.parametrize(("every_s", "cuts"), [(5, 0), (8, 0), (12, 1), (25, 2)])
def test_how_often_a_slow_camera_is_hung_up_on(scene: Scene, every_s: int, cuts: int) -> None:
    """Each call begins with a picture, and its pace is known when a second one came."""
    scene.status.interval(UNPACED_NS)
    scene.line.taken, scene.line.answer = True, Echo.GIVEN
    for _call in range(4):
        with scene.dog.call(scene.now_ns):
            scene.packet()
            for _picture in range(3):
                for _second in range(every_s):
                    if not scene.dog.gave_up:
                        scene.silence(SECOND)
                if scene.dog.gave_up:
                    break
                scene.packet()
    assert scene.line.cuts == cuts


def test_a_camera_that_rests_after_its_pace_is_known_is_hung_up_on_once(scene: Scene) -> None:
    """25 pictures a second, and one in 5 s while nothing moves."""
    scene.line.taken, scene.line.answer = True, Echo.GIVEN
    with scene.dog.call(scene.now_ns):
        scene.packets(50)
        scene.silence(5 * SECOND)
        assert scene.dog.gave_up
    with scene.dog.call(scene.now_ns):
        for _day in range(4):
            for _picture in range(3):
                scene.packet()
                scene.silence(5 * SECOND)
            for _picture in range(50):
                scene.packet()
                scene.silence(FRAME_NS)
    assert scene.line.cuts == 1


def test_a_line_that_a_router_forgot_is_cut_as_quickly_the_second_time(scene: Scene) -> None:
    scene.line.taken, scene.line.answer = True, Echo.GIVEN
    for _call in range(3):
        with scene.dog.call(scene.now_ns):
            for _picture in range(50):
                scene.silence(FRAME_NS)
                scene.packet()
            scene.silence(5 * SECOND)
            assert scene.dog.gave_up


def test_a_call_without_packets_is_borne_longer_each_time_while_its_server_is_well(
    scene: Scene,
) -> None:
    scene.line.taken, scene.line.answer = True, Echo.GIVEN
    for at_least_s in (10, 20, 40, 60):
        with scene.dog.call(scene.now_ns):
            scene.silence(at_least_s * SECOND)
            assert not scene.dog.gave_up
            scene.silence(2 * SECOND)
            assert scene.dog.gave_up
    scene.line.answer = Echo.PENDING
    with scene.dog.call(scene.now_ns):
        scene.silence(FETCH_NS + SECOND)
        assert scene.dog.gave_up, "it does not answer: a new call may help"
