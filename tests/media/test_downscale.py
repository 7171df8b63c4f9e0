"""Large pictures made smaller: as swscale's AREA makes them, at any ratio, part and place."""

import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from wallctl.media.scale.downscale import Downscaler, suits
from wallctl.media.scale.planes import Plane, planes_of, views
from wallctl.model.base.geometry import Rect, Size

HD = Size(1920, 1080)


@pytest.fixture(scope="module")
def scene() -> VideoFrame:
    """Sharp edges, fine lines and smooth slopes."""
    y, x = np.mgrid[0 : HD.h, 0 : HD.w]
    waves = np.sin(x / 3.0 + y / 7.0) * 24 + (x * 160 // HD.w) + 40
    boxes = ((x // 97 + y // 61) % 2) * 24
    frame = VideoFrame(HD.w, HD.h, "yuv420p")
    luma = np.clip(waves + boxes, 16, 235).astype(np.uint8)
    chroma = [luma[::2, ::2], 255 - luma[1::2, 1::2]]
    for plane, values in zip(planes_of(frame), (luma, *chroma), strict=True):
        plane[...] = values
    return frame


def shrunk(frame: VideoFrame, part: Rect, target: Size) -> list[Plane]:
    out = views(np.zeros(target.w * target.h * 3 // 2, np.uint8), target)
    Downscaler(part, target).write(frame, out)
    return out


def psnr(plane: Plane, other: Plane) -> float:
    error = float(np.mean((plane.astype(float) - other.astype(float)) ** 2))
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


@pytest.mark.parametrize(
    "ratio", [1.5, 1.8, 2, 2.1, 2.29, 2.31, 3, 4, 4.05, 4.5, 4.7, 6.4, 8, 8.1, 9, 11, 14]
)
def test_it_is_like_area(scene: VideoFrame, ratio: float) -> None:
    target = Size(int(HD.w / ratio) // 2 * 2, int(HD.h / ratio) // 2 * 2)
    area = VideoReformatter().reformat(
        scene, target.w, target.h, "yuv420p", interpolation=Interpolation.AREA, threads=1
    )
    ours = shrunk(scene, Rect(0, 0, HD.w, HD.h), target)
    assert psnr(ours[0], planes_of(area)[0]) >= 38
    for plane, expected in zip(ours, planes_of(area), strict=True):
        assert abs(float(plane.mean()) - float(expected.mean())) < 1


def test_a_part_is_that_part(scene: VideoFrame) -> None:
    part, target = Rect(480, 270, 960, 540), Size(480, 270)
    ours = shrunk(scene, part, target)
    luma = planes_of(scene)[0][270:810, 480:1440].astype(int)
    mean = luma.reshape(270, 2, 480, 2).mean((1, 3))
    assert np.abs(ours[0] - mean).max() <= 1


def test_odd_pictures_have_room_for_their_chroma() -> None:
    frame = VideoFrame(1283, 727, "yuv420p")
    for plane, code in zip(planes_of(frame), (60, 90, 170), strict=True):
        plane[...] = code
    for plane, code in zip(
        shrunk(frame, Rect(0, 0, 1283, 727), Size(320, 180)), (60, 90, 170), strict=True
    ):
        assert np.all(plane == code)


def test_its_own_planes_are_the_same(scene: VideoFrame) -> None:
    whole, target = Rect(0, 0, HD.w, HD.h), Size(640, 360)
    for plane, own in zip(
        shrunk(scene, whole, target), Downscaler(whole, target).planes(scene), strict=True
    ):
        assert np.array_equal(plane, own)


@pytest.mark.parametrize(
    ("part", "target", "told"),
    [
        (Size(640, 360), Size(480, 270), True),
        (Size(640, 360), Size(240, 134), True),
        (Size(640, 360), Size(160, 90), False),  # four pixels of each sixteen would be all it sees
        (Size(640, 360), Size(328, 184), False),
        (Size(352, 288), Size(234, 192), False),  # as small as this, all of it is fine detail
        (Size(1920, 1080), Size(240, 134), True),
        (Size(1920, 1080), Size(1922, 1080), False),
    ],
)
def test_it_is_used_where_it_is_like_area(part: Size, target: Size, told: bool) -> None:
    assert suits(Rect(0, 0, part.w, part.h), target) is told
