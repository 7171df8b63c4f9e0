"""The clips that benchmarks show: real streets where there are any, each clip another."""

from pathlib import Path

import av
import click
import pytest

from benchmarks.harness.footage import RECORDING, footage
from benchmarks.harness.street_clips import (
    KEYFRAME_EVERY,
    KEYFRAMES,
    TAKES,
    Kind,
    camera_clips,
    film,
    turned,
)
from tests.support.servers.clips import luma_of, moving_clip, read_counter
from wallctl.model.base.geometry import Rect

WHOLE = Rect(0, 0, 640, 360)
SEED, LOOP = 7, 100
TAKE = KEYFRAMES * KEYFRAME_EVERY


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return moving_clip(tmp_path_factory.mktemp("media") / "street.mp4", seed=SEED)


def numbers(clip: Path) -> list[int]:
    """The number that each picture of a clip shows."""
    with av.open(str(clip)) as container:
        read = [read_counter(luma_of(frame), WHOLE) for frame in container.decode(video=0)]
    assert all(found and found[0] == SEED for found in read)
    return [found[1] for found in read if found]


def keyframes(clip: Path) -> list[int]:
    with av.open(str(clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    assert all(packet.pts == packet.dts for packet in packets), "B frames"
    return [at for at, packet in enumerate(packets) if packet.is_keyframe]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_take_begins_later_in_the_recording_and_goes_round(
    recording: Path, tmp_path: Path, codec: str
) -> None:
    kind, middle = Kind(recording, "sub", codec), TAKES // 2
    film(kind, tmp_path, middle)
    assert [path.name for path in tmp_path.iterdir()] == [kind.path(tmp_path, middle).name]
    clip = kind.path(tmp_path, middle)
    assert numbers(clip) == [(LOOP // 2 + at) % LOOP for at in range(TAKE)]
    assert keyframes(clip) == list(range(0, TAKE, KEYFRAME_EVERY))


def test_a_turned_clip_begins_at_its_keyframe_and_goes_round(
    recording: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "turned.mp4"
    turned(recording, clip, 1, 130)
    assert numbers(clip) == [(25 + at) % LOOP for at in range(130)]
    with av.open(str(clip)) as container:
        assert container.streams.video[0].average_rate == 25


def test_clips_beyond_the_takes_begin_at_another_keyframe(recording: Path, tmp_path: Path) -> None:
    kind, more = Kind(recording, "sub", "h264"), 2
    film(kind, tmp_path, 0)
    for number in range(1, TAKES):  # their pictures are not looked at
        kind.path(tmp_path, number).hardlink_to(kind.path(tmp_path, 0))
    made = camera_clips(kind, tmp_path, TAKES + more)
    assert len(set(made)) == TAKES + more
    assert numbers(made[TAKES])[0] == KEYFRAME_EVERY


def test_the_camera_is_shown_where_it_is_there(tmp_path: Path) -> None:
    (tmp_path / RECORDING).parent.mkdir()
    (tmp_path / RECORDING).touch()
    assert footage(None, tmp_path, tmp_path).scene == "camera"
    assert footage("demo", tmp_path, tmp_path).recording is None
    assert footage(None, None, tmp_path).scene == "demo"
    assert footage(None, tmp_path / "elsewhere", tmp_path).scene == "demo"


def test_a_camera_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="name its folder by --media"):
        footage("camera", tmp_path, tmp_path)
