"""14 RTSP cameras on a 4x4 wall: what they send is what is presented, in time."""

import io
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.live_wall import HD, PAUSE, LiveWall, cut_out, eventually, psnr
from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import WIDE, moving_clip, read_counter
from wallctl.model.base.geometry import Fit, Size, centred, place
from wallctl.model.site.layout import grid, tile_rects
from wallctl.model.wall.commands.command import Snapshot

CAMERAS = 14
SECONDS = float(os.environ.get("WALLCTL_TEST_SECONDS", "30"))
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), skipped_if(gstreamer_missing())]


@pytest.fixture(scope="module", params=["h264", "hevc"])
def cameras(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RtspCameras, list[Path]]]:
    folder, codec = tmp_path_factory.mktemp("clips"), request.param
    clips = [
        moving_clip(folder / f"{i}.mp4", codec=codec, seed=i, camera=i)
        for i in range(1, CAMERAS + 1)
    ]
    with RtspCameras(clips, codec=codec) as running:
        yield running, clips


def test_every_camera_is_live_in_5_s_and_loses_nothing(
    cameras: tuple[RtspCameras, list[Path]], tmp_path: Path
) -> None:
    server, clips = cameras
    urls = [server.url(i) for i in range(1, CAMERAS + 1)]
    with LiveWall(urls, tmp_path) as wall:
        eventually(lambda: wall.all_live(CAMERAS), 5, 0.1)
        check_pictures(wall, clips)
        PAUSE.wait(SECONDS)  # what is lost and how late it is, is that of real time
        report = wall.end()
    assert report["wall"]["missed_ticks"] < 0.01 * report["wall"]["ticks"]
    assert len(report["tiles"]) == CAMERAS
    for tile in report["tiles"]:
        assert tile["presented"] >= 0.97 * tile["decoded"], tile
        # 40 ms of it are the wait for the next picture, which says that this one is whole
        assert 40 <= tile["latency_ms"]["p95"] <= 100, tile
        assert abs(tile["source_fps"] - 25) < 1, tile
        assert tile["decoded"] >= 0.995 * 25 * SECONDS, tile


def check_pictures(wall: LiveWall, clips: Sequence[Path]) -> None:
    """Each camera is in its tile, and is what ffmpeg makes of the same frame, scaled by area."""
    with wall.client() as client:
        shot = Image.open(io.BytesIO(client.snapshot(Snapshot(clean=True))))
    y = luma_of_rgb(np.asarray(shot.convert("RGB")))
    for i, rect in enumerate(tile_rects(grid(4, 4), HD)[:CAMERAS], start=1):
        seen = read_counter(y, rect)
        assert seen is not None, f"tile {i} has no picture"
        camera, frame = seen
        assert camera == i
        size = place(WIDE, WIDE.w / WIDE.h, rect.size, Fit.CONTAIN).size
        reference = ffmpeg_luma(clips[i - 1], frame, size)
        assert psnr(cut_out(y, centred(size, rect)), reference) >= 35, f"tile {i}"


def luma_of_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """BT.709 luma of a picture of shape (h, w, 3). Both sides of a comparison come this way,

    since RGB clips the darkest and brightest colours that 4:2:0 can tell apart.
    """
    return np.rint(16 + 219 * (picture @ (0.2126, 0.7152, 0.0722)) / 255).astype(np.uint8)


def ffmpeg_luma(clip: Path, frame: int, size: Size) -> NDArray[np.uint8]:
    """The luma of one frame as ffmpeg decodes it, scales it by area and converts it."""
    scaled = f"select=eq(n\\,{frame}),scale={size.w}:{size.h}:flags=area,format=yuv420p"
    out = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-i", str(clip), "-frames:v", "1"),
            *("-vf", f"{scaled},scale=in_color_matrix=bt709:in_range=limited"),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "-"),
        ],
        check=True,
        capture_output=True,
    )
    return luma_of_rgb(np.frombuffer(out.stdout, np.uint8).reshape(size.h, size.w, 3))
