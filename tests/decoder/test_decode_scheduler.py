"""How old a stream says it is, whenever its packets are decoded; on a clock that the test turns."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fakes import SECOND
from tests.support.scheduler_harness import FRAME_NS, Camera
from tests.support.servers.clips import moving_clip
from wallctl.decoder.clock import Clock
from wallctl.decoder.status_writer import Status
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
