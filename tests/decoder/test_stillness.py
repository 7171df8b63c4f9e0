"""Ten minutes of real pictures, on a clock that the test turns: who lives is never stale."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import msgspec
import pytest

from tests.support.fakes import MS, SECOND
from tests.support.scheduler_harness import FRAME_NS, Camera
from tests.support.servers.clips import moving_clip
from wallctl.media.sources.demuxer import Coded
from wallctl.model.base.geometry import Size
from wallctl.model.streams.health import TileState
from wallctl.shm.ring import latest
from wallctl.shm.stream_status import Word

TEN_MINUTES_S = 600
SMALL = Size(96, 64)


class Looping(Camera):
    """A camera whose clip begins again when it ends, with stamps that go on."""

    def __init__(self, clip: Path) -> None:
        super().__init__(clip)
        self._loop = itertools.cycle(list(self._packets))
        self.shown()

    def lives(self, count: int, wait_ns: int) -> set[TileState]:
        """So many packets; what its tile was just before each came, once there was a picture."""
        states = set()
        for _ in range(count):
            self.now_ns += wait_ns - 1
            if self.words[Word.DECODED]:
                states.add(self.state())
            self.now_ns += 1
            self.scheduler.offer(self.next(), self.now_ns)
        return states

    def next(self) -> Coded:
        """The next packet of the loop, stamped now."""
        return msgspec.structs.replace(next(self._loop), stamp_ns=self.now_ns)


def same_picture(path: Path) -> Path:
    """A second of one grey picture, as a camera sends that looks at a wall."""
    with av.open(str(path), "w") as container:
        track = container.add_stream("libx264", rate=25, options={"tune": "zerolatency"})
        track.width, track.height, track.pix_fmt = SMALL.w, SMALL.h, "yuv420p"
        for number in range(25):
            frame = av.VideoFrame(SMALL.w, SMALL.h, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([128]) * plane.buffer_size)
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def reordering(path: Path) -> Path:
    """A clip with two B frames between others: a decoder gives its pictures late."""
    with av.open(str(path), "w") as container:
        options = {"bf": "2", "g": "12", "sc_threshold": "0", "b_strategy": "0"}
        track = container.add_stream("libx264", rate=25, options=options)
        track.width, track.height, track.pix_fmt = SMALL.w, SMALL.h, "yuv420p"
        for number in range(48):
            frame = av.VideoFrame(SMALL.w, SMALL.h, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 5]) * plane.buffer_size)
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


@pytest.fixture
def wall_ahead(tmp_path: Path) -> Iterator[Looping]:
    """A camera that sends one picture over and over."""
    camera = Looping(same_picture(tmp_path / "wall.mp4"))
    yield camera
    camera.close()


def test_the_same_picture_over_and_over_is_live(wall_ahead: Looping) -> None:
    assert wall_ahead.lives(25 * TEN_MINUTES_S, FRAME_NS) == {TileState.LIVE}
    assert wall_ahead.words[Word.DECODED] > 25 * TEN_MINUTES_S - 3


def test_and_is_marked_when_it_ends(wall_ahead: Looping) -> None:
    wall_ahead.lives(100, FRAME_NS)
    wall_ahead.now_ns += 1200 * MS
    assert wall_ahead.state() is TileState.STALE


def test_packets_that_give_no_picture_do_not_keep_a_source_alive(wall_ahead: Looping) -> None:
    wall_ahead.lives(100, FRAME_NS)
    shown = latest(wall_ahead.ring)
    packet: Any = av.Packet(b"\0\0\0\1\x09")
    for _ in range(30):
        wall_ahead.now_ns += FRAME_NS
        empty = Coded(packet, False, 5, wall_ahead.now_ns)
        wall_ahead.scheduler.offer(empty, wall_ahead.now_ns)
    after = latest(wall_ahead.ring)
    assert shown is not None
    assert after is not None
    assert after.number == shown.number
    assert wall_ahead.state() is TileState.STALE


def test_a_first_packet_without_a_stamp_makes_nobody_late(wall_ahead: Looping) -> None:
    first = msgspec.structs.replace(wall_ahead.next(), stamp_ns=None)
    wall_ahead.scheduler.offer(first, wall_ahead.now_ns)
    for _ in range(50):
        wall_ahead.lives(1, FRAME_NS)
        assert not wall_ahead.words[Word.CATCHING_UP]


@pytest.mark.parametrize("wait_s", [1, 2])
def test_a_slow_camera_is_live(tmp_path: Path, wait_s: int) -> None:
    camera = Looping(moving_clip(tmp_path / "slow.mp4", size=Size(320, 180), seconds=1))
    assert camera.lives(TEN_MINUTES_S // wait_s, wait_s * SECOND) == {TileState.LIVE}
    camera.close()


def test_a_slow_camera_whose_pictures_are_reordered_is_live(tmp_path: Path) -> None:
    camera = Looping(reordering(tmp_path / "reordered.mp4"))
    assert camera.lives(TEN_MINUTES_S, SECOND) == {TileState.LIVE}
    camera.close()
