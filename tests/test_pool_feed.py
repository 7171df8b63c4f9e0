"""How old a stream says it is, whenever its packets are decoded; on a clock that the test turns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from av.video.stream import VideoStream

from tests.fakes import SECOND
from tests.servers.clips import moving_clip
from wallctl.frames.arena import HEAP_OFFSET, Arena
from wallctl.frames.ring import Flag, Ring, RingPlace, latest, prepare
from wallctl.frames.stream_block import BLOCKS_OFFSET, WORDS, Word, clear, facts
from wallctl.media.connect import Coded, connect
from wallctl.media.decode import Decoder
from wallctl.model.effort import Effort
from wallctl.model.geometry import Fit, Size
from wallctl.model.health import Phase, Reason, TileState, tile_state
from wallctl.model.site import Stream
from wallctl.pool.clock import Clock
from wallctl.pool.feed import Feed
from wallctl.pool.orders import Demand, Tap
from wallctl.pool.status import Status
from wallctl.pool.taps import Taps

FRAME_NS = SECOND // 25
BEGAN_NS, BEGAN_UNIX_NS = 1000 * SECOND, 1_800_000_000 * SECOND
TILE = Size(320, 180)


class Camera:
    """A live camera's packets, a feed that takes them, and the time."""

    def __init__(self, clip: Path) -> None:
        self._connection = connect(Stream("main", str(clip)))
        self._packets = self._connection.packets()
        arena = Arena.create(HEAP_OFFSET + (4 << 20))
        self.words = arena.words(BLOCKS_OFFSET, WORDS)
        clear(self.words)
        self.now_ns = BEGAN_NS
        clock = Clock(lambda: self.now_ns, lambda: self.now_ns - BEGAN_NS + BEGAN_UNIX_NS)
        self.feed = Feed(Taps(arena), Status(self.words, clock), clock)
        self.feed.attach(self.decoder(self._connection.stream), live=True)
        self.serial = 0
        self.wanted(Effort.NONE)
        self.ring = Ring(arena, RingPlace(HEAP_OFFSET, TILE, 1))
        prepare(self.ring)

    def decoder(self, stream: VideoStream) -> Decoder:
        """What decodes its packets."""
        return Decoder(stream)

    def sends(self, count: int, wait_ns: int = FRAME_NS) -> None:
        """The next packets come, so long after one another."""
        for _ in range(count):
            self.now_ns += wait_ns
            coded: Coded = next(self._packets)
            self.feed.offer(coded, self.now_ns)

    def shown(self) -> None:
        """Somebody wants to see it."""
        self.wanted(Effort.FULL, Tap(TILE, Fit.CONTAIN, self.ring.place))

    def wanted(self, effort: Effort, *taps: Tap) -> None:
        """A demand comes, and the control thread catches up."""
        self.demand(effort, *taps)
        while self.feed.catch_up():
            pass

    def demand(self, effort: Effort, *taps: Tap) -> None:
        """A demand comes; nothing is caught up yet."""
        self.serial += 1
        self.feed.demand(Demand(self.serial, taps, effort))

    def state(self) -> TileState:
        """What its tile would be."""
        return tile_state(facts(self.words), self.now_ns)

    def age_s(self) -> float:
        """How old the stream says that it is; the same on both clocks."""
        age_s = (self.now_ns - self.words[Word.PICTURE_NS]) / SECOND
        unix_ns = self.now_ns - BEGAN_NS + BEGAN_UNIX_NS
        assert (unix_ns - self.words[Word.PICTURE_UNIX_NS]) / SECOND == pytest.approx(age_s)
        return age_s

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Camera]:
    camera = Camera(moving_clip(tmp_path / "clip.mp4", gop=50))
    yield camera
    camera.close()


def test_a_hidden_camera_that_fell_silent_is_as_old_as_its_last_packet(camera: Camera) -> None:
    camera.sends(20)
    assert camera.state() is TileState.LIVE
    camera.now_ns += 20 * SECOND
    camera.shown()
    assert camera.state() is TileState.OFFLINE
    assert camera.age_s() == pytest.approx(20, abs=0.1)


def test_a_hidden_camera_that_is_well_is_live_at_once(camera: Camera) -> None:
    camera.sends(45)
    camera.now_ns += FRAME_NS // 2
    camera.shown()
    assert camera.state() is TileState.LIVE
    picture = latest(camera.ring)
    assert picture is not None
    assert not picture.header.flags & Flag.CATCHING_UP


def test_a_backlog_makes_a_stream_no_younger(camera: Camera) -> None:
    camera.shown()
    camera.sends(40)
    before = latest(camera.ring)
    camera.sends(1, 10 * SECOND)
    camera.sends(30, FRAME_NS // 20)
    after = latest(camera.ring)
    assert camera.state() is TileState.OFFLINE
    assert camera.age_s() == pytest.approx(10, abs=0.2)
    assert before is not None
    assert after is not None
    assert after.number == before.number, "nothing of it was shown"


def test_a_worker_that_follows_a_killed_one_keeps_what_the_tile_said(tmp_path: Path) -> None:
    camera = Camera(moving_clip(tmp_path / "clip.mp4", gop=50))
    camera.words[Word.PHASE], camera.words[Word.REASON] = Phase.FAILED, Reason.UNREACHABLE
    camera.words[Word.SINCE_UNIX_NS] = 5
    status = Status(camera.words, Clock())
    status.attempt()
    status.failed(Reason.UNREACHABLE)
    assert camera.words[Word.SINCE_UNIX_NS] == 5
    assert facts(camera.words).reason is Reason.UNREACHABLE


def test_bytes_are_counted_and_nothing_is_lost_of_what_is_decoded(camera: Camera) -> None:
    camera.shown()
    camera.sends(30)
    assert camera.words[Word.BYTES] > 30
    assert camera.words[Word.PACKETS] == 30
    assert camera.words[Word.LOST] == 0


def test_what_there_is_no_time_to_decode_is_counted_as_lost(camera: Camera) -> None:
    camera.shown()
    camera.sends(5)
    camera.feed._lose(camera.now_ns)
    camera.sends(3)
    assert camera.words[Word.LOST] == 3
