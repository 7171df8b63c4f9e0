"""The demo cameras: drawn, encoded as a camera would, cached whole or not at all."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from wallctl.demo.cameras import SCENES
from wallctl.demo.clips import CAMERAS, DemoCamera, clip_path, encode, make_clips, pictures
from wallctl.model.base.geometry import Size

SMALL = Size(320, 180)
COUNTER = (slice(156, 180), slice(3 * 288, None))
PARKING = CAMERAS[6]


def by_scene(camera: DemoCamera) -> str:
    return camera.scene


def test_fourteen_cameras_with_names_of_their_own() -> None:
    assert [camera.number for camera in CAMERAS] == list(range(1, 15))
    assert len({camera.name for camera in CAMERAS}) == 14
    assert len({camera.en for camera in CAMERAS}) == 14
    assert {camera.scene for camera in CAMERAS} == set(SCENES)


@pytest.mark.parametrize("camera", CAMERAS, ids=by_scene)
def test_the_loop_moves_and_closes(camera: DemoCamera) -> None:
    loop = [picture.astype(np.int16) for picture in pictures(camera, SMALL, None)]
    assert len(loop) == 100
    for picture in loop:
        picture[COUNTER] = 0
    changes = [float(np.abs(a - b).mean()) for a, b in pairwise(loop)]
    seam = float(np.abs(loop[-1] - loop[0]).mean())
    assert min(changes) > 0, "every picture differs from the one before"
    assert seam < 2 * max(changes) + 0.01, "the end meets the beginning"


def test_scenes_are_distinct() -> None:
    first = [next(pictures(camera, SMALL, None)).astype(float) for camera in CAMERAS]
    for number, one in enumerate(first):
        for other in first[number + 1 :]:
            assert np.abs(one - other).mean() > 10


def test_drawing_is_the_same_every_time() -> None:
    one, other = (next(pictures(CAMERAS[12], SMALL, None)).copy() for _ in range(2))
    assert np.array_equal(one, other)


def test_both_resolutions_show_the_same_scene() -> None:
    small, large = (
        next(pictures(PARKING, size, None)).reshape(size.h, size.w, 3).astype(float)
        for size in (SMALL, Size(1280, 720))
    )
    shrunk = large.reshape(180, 4, 320, 4, 3).mean(axis=(1, 3))
    assert np.abs(small - shrunk).mean() < 3


def test_a_clip_is_what_a_camera_sends(tmp_path: Path) -> None:
    path = encode(PARKING, "sub", tmp_path, None)
    assert path == clip_path(tmp_path, PARKING, "sub")
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "no half file stays behind"
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.width, context.height) == ("h264", 640, 360)
        assert (context.color_range, context.colorspace) == (1, 1)
        assert (context.color_primaries, context.color_trc) == (1, 1)
        packets = [p for p in container.demux(video=0) if p.size]
    assert len(packets) == 100
    assert [n for n, p in enumerate(packets) if p.is_keyframe] == [0, 25, 50, 75]
    assert all(p.pts == p.dts for p in packets), "no B-frames"


def test_the_colours_survive_the_encoder(tmp_path: Path) -> None:
    path = encode(PARKING, "sub", tmp_path, None)
    drawn = next(pictures(PARKING, Size(640, 360), None)).reshape(360, 640, 3).astype(float)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    assert abs((shown - drawn).mean(axis=(0, 1))).max() < 1.5
    assert np.abs(shown - drawn).mean() < 4


def test_clips_that_are_there_stay(tmp_path: Path) -> None:
    for camera in CAMERAS:
        clip_path(tmp_path, camera, "main").write_bytes(b"kept")
    told: list[tuple[int, int]] = []
    make_clips(tmp_path, "main", None, lambda done, total: told.append((done, total)))
    assert told == [(14, 14)]
    assert clip_path(tmp_path, PARKING, "main").read_bytes() == b"kept"


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    folder.mkdir(parents=True)
    for camera in CAMERAS[1:]:
        clip_path(folder, camera, "sub").touch()
    told: list[tuple[int, int]] = []
    make_clips(folder, "sub", None, lambda done, total: told.append((done, total)))
    assert told == [(13, 14), (14, 14)]
    assert clip_path(folder, CAMERAS[0], "sub").stat().st_size > 50_000


def test_a_failed_clip_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        encode(PARKING, "sub", tmp_path, str(tmp_path / "no-such-font.ttf"))
    assert list(tmp_path.iterdir()) == []
