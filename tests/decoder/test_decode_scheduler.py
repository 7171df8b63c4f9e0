"""How old a stream says it is, whenever its packets are decoded; on a clock that the test turns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from av.video.stream import VideoStream

from tests.support.fakes import SECOND
from tests.support.scheduler_harness import FRAME_NS, Camera
from tests.support.servers.clips import moving_clip
from wallctl.decoder.decode_scheduler import LONG_CATCH_UP
from wallctl.decoder.picture_output import LONE_NS
from wallctl.decoder.status_writer import Status
from wallctl.decoder.worker_clocks import Clock
from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.sources.demuxer import Coded
from wallctl.model.streams.health import Phase, Reason, TileState
from wallctl.shm.ring import Flag, latest
from wallctl.shm.stream_status import Word, facts


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
    camera.scheduler._lose(camera.now_ns)
    camera.sends(3)
    assert camera.words[Word.LOST] == 3


class MuteDecoder(Decoder):
    """Takes packets, and gives no picture while it is mute."""

    is_mute = False

    def decode(self, coded: Coded, arrival_ns: int) -> list[Picture]:
        pictures = super().decode(coded, arrival_ns)
        return [] if self.is_mute else pictures


class MutableCamera(Camera):
    """A camera whose decoder can be muted."""

    def decoder(self, stream: VideoStream) -> MuteDecoder:
        self.muted = MuteDecoder(stream)
        return self.muted


def test_a_tile_shows_the_last_picture_if_a_long_backlog_gives_none(tmp_path: Path) -> None:
    camera = MutableCamera(moving_clip(tmp_path / "clip.mp4", gop=25))
    camera.sends(25 + LONG_CATCH_UP + 2)
    camera.muted.is_mute = True
    camera.shown()
    assert latest(camera.ring) is None
    camera.now_ns += LONE_NS
    camera.scheduler.catch_up()
    assert latest(camera.ring) is None
    camera.now_ns += 1
    camera.scheduler.catch_up()
    shown = latest(camera.ring)
    assert shown is not None
    assert shown.header.flags & Flag.CATCHING_UP
    camera.close()
