"""How much of a stream is decoded, and what of it can be seen; on a clock that the test turns."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType
from av.video.stream import VideoStream

from tests.support.fakes import SECOND
from tests.support.scheduler_harness import FRAME_NS, TILE, Camera
from tests.support.servers.clips import moving_clip
from wallctl.decoder.messages import Tap
from wallctl.media.decode.decoder import Decoder, Picture
from wallctl.media.sources.demuxer import Coded
from wallctl.model.base.geometry import Fit
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import TileState
from wallctl.shm.ring import Flag, Glimpse, latest
from wallctl.shm.stream_status import Word

GOP = 25


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Camera]:
    camera = Camera(moving_clip(tmp_path / "clip.mp4", gop=GOP))
    camera.sends(1)
    yield camera
    camera.close()


def tap(camera: Camera) -> Tap:
    return Tap(TILE, Fit.CONTAIN, camera.ring.place)


def shown(camera: Camera) -> Glimpse:
    glimpse = latest(camera.ring)
    assert glimpse is not None
    return glimpse


def frame_of(camera: Camera) -> int:
    """Which of the clip's pictures, from 0, its tile shows: all are 40 ms apart."""
    return round(shown(camera).header.pts_ns / FRAME_NS)


def decoded(camera: Camera) -> int:
    return camera.words[Word.DECODED]


def test_a_warm_stream_decodes_its_keyframes_and_nothing_else(camera: Camera) -> None:
    camera.wanted(Effort.KEYS)
    before = decoded(camera)
    camera.sends(3 * GOP)
    assert decoded(camera) - before == 3
    assert camera.state() is TileState.LIVE


def test_packets_alone_are_not_decoded(camera: Camera) -> None:
    camera.wanted(Effort.NONE)
    before = decoded(camera)
    camera.sends(3 * GOP)
    assert decoded(camera) == before
    assert camera.state() is TileState.LIVE


def test_a_hidden_stream_that_is_live_is_decoded(camera: Camera) -> None:
    camera.wanted(Effort.FULL)
    before = decoded(camera)
    camera.sends(10)
    assert decoded(camera) - before == 10


def test_a_warm_stream_shows_its_keyframe_at_once_and_marks_it(camera: Camera) -> None:
    camera.wanted(Effort.KEYS)
    camera.sends(GOP + 18)
    camera.demand(Effort.FULL, tap(camera))
    assert frame_of(camera) == GOP
    assert shown(camera).header.flags & Flag.CATCHING_UP
    assert camera.words[Word.CATCHING_UP]


def test_then_it_catches_up_and_shows_the_newest_picture_only(camera: Camera) -> None:
    camera.wanted(Effort.KEYS)
    camera.sends(GOP + 18)
    camera.wanted(Effort.FULL, tap(camera))
    assert frame_of(camera) == GOP + 18
    assert not shown(camera).header.flags & Flag.CATCHING_UP
    assert shown(camera).number == 2, "the keyframe and the newest, nothing between them"
    assert not camera.words[Word.CATCHING_UP]
    camera.sends(1)
    assert frame_of(camera) == GOP + 19


def reordered(clip: Path) -> Path:
    """The same pictures with two B frames between others: a decoder gives none at once."""
    path = clip.with_name("reordered.mp4")
    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        options = {"bf": "2", "g": str(GOP), "sc_threshold": "0", "b_strategy": "0"}
        track = target.add_stream("libx264", rate=25, options=options)
        track.width, track.height, track.pix_fmt = 640, 360, "yuv420p"
        for frame in source.decode(video=0):
            frame.pict_type = PictureType.NONE
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return path


def test_a_stream_that_reorders_is_warm_too(tmp_path: Path) -> None:
    camera = Camera(reordered(moving_clip(tmp_path / "clip.mp4", gop=GOP)))
    camera.sends(6)
    camera.wanted(Effort.KEYS)
    before = decoded(camera)
    camera.sends(2 * GOP)
    assert decoded(camera) - before == 2
    camera.wanted(Effort.FULL, tap(camera))
    camera.sends(5)
    assert not shown(camera).header.flags & (Flag.CATCHING_UP | Flag.CORRUPT)
    camera.close()


def test_it_is_known_whether_pictures_can_be_spared(camera: Camera, tmp_path: Path) -> None:
    camera.wanted(Effort.FULL)
    camera.sends(2 * GOP)
    assert camera.words[Word.SPARES] == 0
    other = Camera(reordered(moving_clip(tmp_path / "other.mp4", gop=GOP)))
    other.sends(GOP)
    assert other.words[Word.SPARES] == 0, "nobody looks"
    other.demand(Effort.FULL, tap(other))
    other.sends(GOP)
    assert other.words[Word.SPARES] == 1
    other.demand(Effort.REFERENCE, tap(other))
    other.sends(2 * GOP)
    assert other.words[Word.SPARES] == 1, "they are left out, and come all the same"
    other.close()


def test_a_tile_with_keyframes_alone_shows_each_and_counts_as_well(camera: Camera) -> None:
    camera.wanted(Effort.KEYS, tap(camera))
    camera.sends(3 * GOP)
    assert frame_of(camera) == 3 * GOP
    assert shown(camera).number <= 4
    camera.sends(GOP - 2)
    assert frame_of(camera) == 3 * GOP
    camera.wanted(Effort.FULL, tap(camera))
    assert frame_of(camera) == 4 * GOP - 2


def test_a_still_tile_keeps_its_last_picture(camera: Camera) -> None:
    camera.wanted(Effort.FULL, tap(camera))
    camera.sends(5)
    camera.wanted(Effort.NONE, tap(camera))
    camera.sends(GOP)
    assert frame_of(camera) == 5
    assert camera.words[Word.EFFORT] == Effort.NONE
    camera.sends(2)
    camera.wanted(Effort.FULL, tap(camera))
    assert frame_of(camera) == 5 + GOP + 2


def test_the_cap_shows_every_second_picture_of_25(camera: Camera) -> None:
    camera.wanted(Effort.CAPPED, tap(camera))
    camera.sends(40)
    assert shown(camera).number in range(20, 23)
    assert decoded(camera) >= 40
    assert camera.state() is TileState.LIVE


def test_the_cap_leaves_a_slow_camera_alone(camera: Camera) -> None:
    camera.wanted(Effort.CAPPED, tap(camera))
    before = shown(camera).number
    camera.sends(10, wait_ns=SECOND // 10)
    assert shown(camera).number - before == 10


def test_without_the_loop_filter_pictures_go_on_from_the_next_keyframe(camera: Camera) -> None:
    camera.wanted(Effort.UNFILTERED, tap(camera))
    camera.sends(2 * GOP)
    lightened = shown(camera)
    assert not lightened.header.flags & Flag.CORRUPT
    assert abs(frame_of(camera) - 2 * GOP) <= 1
    camera.wanted(Effort.FULL, tap(camera))
    camera.sends(GOP)
    assert frame_of(camera) == 3 * GOP


class SlowCamera(Camera):
    """Its pictures take twice as long to decode as they come apart."""

    def decoder(self, stream: VideoStream) -> Decoder:
        camera = self

        class SlowDecoder(Decoder):
            def decode(self, coded: Coded, arrival_ns: int) -> list[Picture]:
                camera.now_ns += 2 * FRAME_NS
                return super().decode(coded, arrival_ns)

        return SlowDecoder(stream)


def test_a_machine_that_is_too_slow_leaves_pictures_out_and_never_grows_a_queue(
    tmp_path: Path,
) -> None:
    camera = SlowCamera(moving_clip(tmp_path / "clip.mp4", gop=GOP, seconds=16))
    camera.wanted(Effort.FULL, tap(camera))
    began_ns, ages_ns = camera.now_ns, []
    for number in range(380):
        sent_ns = began_ns + number * FRAME_NS
        camera.sends(1, wait_ns=max(0, sent_ns - camera.now_ns))
        ages_ns.append(camera.now_ns - sent_ns)
    assert max(ages_ns) < 1.3 * SECOND, "without leaving out it would be 15 s by now"
    assert 40 < decoded(camera) < 250
