"""Pictures without a keyframe before them, and what a demuxer keeps back."""

import av
import numpy as np
import pytest

from wallctl.media.decode.decoder_delay import pictures_held
from wallctl.media.decode.whole_picture import GREY, is_whole


def frame(grey_rows: int, name: str = "yuv420p", height: int = 160) -> av.VideoFrame:
    """A picture of noise whose upper rows are what libav takes for a missing one."""
    noise = np.random.default_rng(1).integers(16, 235, (height * 3 // 2, 320)).astype(np.uint8)
    noise[:grey_rows] = GREY
    return av.VideoFrame.from_ndarray(noise, format="yuv420p").reformat(format=name)


@pytest.mark.parametrize("name", ["yuv420p", "nv12"])
def test_a_picture_is_whole_when_none_of_it_is_the_grey_of_a_missing_one(name: str) -> None:
    assert is_whole(frame(0, name))
    assert is_whole(frame(15, name)), "no block of it is wholly grey"
    assert not is_whole(frame(16, name))
    assert not is_whole(frame(160, name))


def test_what_cannot_be_told_of_is_whole() -> None:
    assert is_whole(frame(160).reformat(format="yuv420p10le"))
    assert is_whole(frame(8, height=8))


@pytest.mark.parametrize(
    ("name", "codec", "held"),
    [("rtsp", "h264", 1), ("rtsp", "hevc", 1), ("mpegts", "hevc", 2), ("sdp", "h264", 1)],
)
def test_a_demuxer_that_looks_for_the_end_of_pictures_keeps_them_back(
    name: str, codec: str, held: int
) -> None:
    assert pictures_held(name, codec) == held
    assert pictures_held(name, "mjpeg") == 0
    assert pictures_held("flv", codec) == 0
