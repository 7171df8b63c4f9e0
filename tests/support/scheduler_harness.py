"""A live camera's packets and the feed that takes them, on a clock that the test turns."""

from pathlib import Path

import pytest
from av.video.stream import VideoStream

from tests.support.fakes import SECOND
from wallctl.decoder.decode_scheduler import DecodeScheduler
from wallctl.decoder.messages import Demand, Tap
from wallctl.decoder.status_writer import Status
from wallctl.decoder.tap_outputs import Taps
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder
from wallctl.media.sources.demuxer import Coded
from wallctl.media.sources.file import open_file
from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.aspect import UNKNOWN
from wallctl.model.site.site import Stream
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import TileState, tile_state
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.ring import Ring, RingPlace, prepare
from wallctl.shm.stream_status import BLOCKS_OFFSET, WORDS, Word, clear, facts

FRAME_NS = SECOND // 25
BEGAN_NS, BEGAN_UNIX_NS = 1000 * SECOND, 1_800_000_000 * SECOND
TILE = Size(320, 180)


class Camera:
    """A live camera's packets, a feed that takes them, and the time."""

    def __init__(self, clip: Path) -> None:
        self._connection = open_file(Stream("main", str(clip)))
        self._packets = self._connection.packets()
        arena = Arena.create(HEAP_OFFSET + (4 << 20))
        self.words = arena.words(BLOCKS_OFFSET, WORDS)
        clear(self.words)
        self.now_ns = BEGAN_NS
        clock = Clock(lambda: self.now_ns, lambda: self.now_ns - BEGAN_NS + BEGAN_UNIX_NS)
        self.scheduler = DecodeScheduler(Taps(arena), Status(self.words, clock), clock)
        self.scheduler.attach(self.decoder(self._connection.stream), live=True)
        self.serial = 0
        self.shape = UNKNOWN
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
            self.scheduler.offer(coded, self.now_ns)

    def shown(self) -> None:
        """Somebody wants to see it."""
        self.demanded = (Tap(TILE, Fit.CONTAIN, self.ring.place),)
        self.wanted(Effort.FULL, *self.demanded)

    def wanted(self, effort: Effort, *taps: Tap) -> None:
        """A demand comes, and the control thread catches up."""
        self.demand(effort, *taps)
        while self.scheduler.catch_up():
            pass

    def demand(self, effort: Effort, *taps: Tap) -> None:
        """A demand comes; nothing is caught up yet."""
        self.serial += 1
        self.scheduler.demand(Demand(self.serial, taps, effort, self.shape))

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
