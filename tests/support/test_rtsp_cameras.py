"""The RTSP cameras of the tests are themselves tested: what they send is what a camera sends."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
import pytest
from av.error import FFmpegError

from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import luma_of, moving_clip, read_counter, write_counter
from wallctl.model.base.geometry import Rect, Size

pytestmark = [pytest.mark.e2e, skipped_if(gstreamer_missing())]

SECONDS, FPS, GOP = 2.0, 25, 25
FRAMES = round(SECONDS * FPS)
WHOLE = Rect(0, 0, 640, 360)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    folder = tmp_path_factory.mktemp("clips")
    return {
        codec: [
            moving_clip(
                folder / f"{codec}{n}.mp4", codec=codec, seed=n, seconds=SECONDS, fps=FPS, gop=GOP
            )
            for n in (1, 2)
        ]
        for codec in ("h264", "hevc")
    }


@pytest.fixture(scope="module")
def cameras(clips: dict[str, list[Path]]) -> Iterator[RtspCameras]:
    with RtspCameras(clips["h264"]) as running:
        yield running


def watch(url: str, transport: str, count: int) -> list[tuple[int, int, float, float]]:
    """(camera, frame, presentation time in s, arrival in s) of the first ``count`` pictures."""
    options = {"rtsp_transport": transport, "timeout": "8000000"}
    seen: list[tuple[int, int, float, float]] = []
    with av.open(url, options=options) as container:
        for frame in container.decode(video=0):
            counter = read_counter(luma_of(frame), WHOLE)
            assert counter is not None
            assert frame.time is not None
            seen.append((*counter, frame.time, time.monotonic()))
            if len(seen) == count:
                break
    return seen


def assert_live(seen: list[tuple[int, int, float, float]], camera: int) -> None:
    """Every picture of one loop and more, each after the other, at the true pace."""
    assert {ident for ident, *_ in seen} == {camera}
    for (_, before, shown, _), (_, after, next_shown, _) in pairwise(seen):
        assert after == (before + 1) % FRAMES
        assert next_shown - shown == pytest.approx(1 / FPS, abs=0.002)
    tail = seen[FPS:]
    took = tail[-1][3] - tail[0][3]
    assert took == pytest.approx((len(tail) - 1) / FPS, rel=0.1)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_h264_loops_without_a_seam(cameras: RtspCameras, transport: str) -> None:
    seen = watch(cameras.url(2), transport, FRAMES + 2 * FPS)
    assert_live(seen, camera=2)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_hevc_loops_without_a_seam(clips: dict[str, list[Path]], transport: str) -> None:
    with RtspCameras(clips["hevc"], codec="hevc") as running:
        assert_live(watch(running.url(1), transport, FRAMES + 2 * FPS), camera=1)


def test_two_clients_see_the_same_moment(cameras: RtspCameras) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(watch, cameras.url(1), "tcp", FRAMES) for _ in range(2)]
    one, other = ({frame: at for _, frame, _, at in seen.result()} for seen in both)
    apart = [abs(one[frame] - other[frame]) for frame in range(FRAMES)]
    assert median(apart) < 0.1 or median(apart) == pytest.approx(SECONDS, abs=0.1)


def test_a_client_that_comes_back_is_served_at_once(cameras: RtspCameras) -> None:
    for _ in range(3):
        assert watch(cameras.url(1), "tcp", 1)


def test_cameras_have_their_own_phase(clips: dict[str, list[Path]]) -> None:
    with RtspCameras([clips["h264"][0]], count=2) as running:
        options = {"rtsp_transport": "tcp"}
        with (
            av.open(running.url(1), options=options) as one,
            av.open(running.url(2), options=options) as two,
        ):
            frames = [next(c.decode(video=0)) for c in (one, two)]
    counters = [read_counter(luma_of(frame), WHOLE) for frame in frames]
    assert counters[0] is not None
    assert counters[0] != counters[1]


def test_digest_authentication(clips: dict[str, list[Path]]) -> None:
    with RtspCameras(clips["h264"], auth="admin:pw123") as running:
        assert watch(running.url(1, login="admin:pw123"), "tcp", 3)
        for login in (None, "admin:wrong"):
            with pytest.raises(FFmpegError, match="401"):
                av.open(running.url(1, login=login), options={"rtsp_transport": "tcp"})


def test_stopped_cameras_go_on_and_killed_ones_come_back(clips: dict[str, list[Path]]) -> None:
    options = {"rtsp_transport": "tcp", "timeout": "8000000"}
    with RtspCameras(clips["h264"]) as running:
        port = running.port
        with av.open(running.url(1), options=options) as container:
            pictures = container.decode(video=0)
            next(pictures)
            running.stop_signal()
            running.cont()
            counters = [read_counter(luma_of(next(pictures)), WHOLE) for _ in range(FPS)]
            assert None not in counters
        running.kill()
        with pytest.raises(FFmpegError):
            av.open(running.url(1), options=options)
        running.restart()
        assert running.port == port
        assert watch(running.url(1), "tcp", 3)


def test_a_clip_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").write_bytes(b"")
    with pytest.raises(RuntimeError, match="no h264 video"), RtspCameras([tmp_path / "empty.mp4"]):
        pass


@pytest.mark.parametrize("width", [240, 320, 480, 640, 1280])
def test_the_counter_survives_scaling(tmp_path: Path, width: int) -> None:
    clip = moving_clip(tmp_path / "c.mp4", seed=5, seconds=0.4, camera=41)
    height = width * 9 // 16 // 2 * 2
    with av.open(str(clip)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            small = luma_of(frame.reformat(width=width, height=height))
            assert read_counter(small, Rect(0, 0, width, height)) == (41, number)


def test_no_counter_is_read_from_another_picture(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "c.mp4", seed=5, seconds=0.2, size=Size(320, 180))
    with av.open(str(clip)) as container:
        luma = luma_of(next(container.decode(video=0))).copy()
    rect = Rect(0, 0, 320, 180)
    write_counter(luma, 3, 99)
    assert read_counter(luma, rect) == (3, 99)
    luma[:24] = 120
    assert read_counter(luma, rect) is None
