"""Broadcasts of a real wall, taken by real servers and players."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.live_wall import WARM_PASSES, Eyes, SiteWall, eventually, psnr
from tests.support.ports import free_port
from tests.support.requires import skipped_if
from tests.support.servers import RtspRelay, gstreamer_missing
from wallctl.media.encode.mosaic import Inset
from wallctl.media.scale.planes import planes_of, views
from wallctl.model.base.geometry import Rect, Size
from wallctl.shm.canvas import Canvas

Luma = NDArray[np.uint8]

pytestmark = [
    pytest.mark.e2e,
    skipped_if(gstreamer_missing()),
    pytest.mark.skipif(shutil.which("ffprobe") is None, reason="FFmpeg is not installed"),
]
LOGIN, PASSWORD = "operator", "s3cr3t/@#"
HERE = 'hosts = ["127.0.0.1"]'
QUOTED = "operator:s3cr3t%2F%40%23"
SCREEN, HALF = Size(1280, 720), Size(640, 360)
SITE = """
schema = 1
name = "推流"
[defaults]
clock = false
[credentials]
media = "media.toml"
[[screens]]
name = "left"
width = 1280
height = 720
[[screens]]
name = "right"
x = 1280
width = 1280
height = 720
[[home]]
screen = "left"
layout = "1x1"
sources = [1]
[[home]]
screen = "right"
layout = "1x1"
sources = [2]
[[sources]]
name = "still"
number = 1
main = "still.png"
[[sources]]
name = "bars"
number = 2
main = "test:bars"
"""

LOOKED_AT = 200
"""Ticks while a broadcast dies and comes back."""


def broadcast(name: str, url: str, *lines: str) -> str:
    return "\n".join(("[[broadcasts]]", f'name = "{name}"', f'url = "{url}"', *lines, ""))


def site(folder: Path, *broadcasts: str) -> Path:
    """A site file with a still picture on its left screen."""
    noise = np.random.default_rng(3).integers(0, 255, (9, 16, 3), np.uint8)
    Image.fromarray(noise).resize((1280, 720), Image.Resampling.BICUBIC).save(folder / "still.png")
    login = folder / "media.toml"
    login.write_text(f'user = "{LOGIN}"\npassword = "{PASSWORD}"\n{HERE}\n')
    login.chmod(0o600)
    file = folder / "site.toml"
    file.write_text(SITE + "".join(broadcasts))
    return file


@pytest.fixture(scope="module")
def relay() -> Iterator[RtspRelay]:
    with RtspRelay(auth=f"{LOGIN}:{PASSWORD}") as running:
        yield running


@pytest.fixture
def wall(relay: RtspRelay, tmp_path: Path) -> Iterator[SiteWall]:
    """One whose left screen is published."""
    lines = ('screen = "left"', 'credential = "media"', "fps = 25")
    file = site(tmp_path, broadcast("out", relay.taking, *lines))
    with SiteWall(file, tmp_path) as running:
        eventually(lambda: air(running, "out") == "live", 15)
        yield running


def told(wall: SiteWall, name: str) -> dict[str, Any]:
    [found] = [one for one in wall.ask("status")["broadcasts"] if one["broadcast"] == name]
    return dict(found)


def air(wall: SiteWall, name: str) -> str:
    return str(told(wall, name)["air"])


def switch(wall: SiteWall, words: str) -> None:
    with wall.client() as client:
        client.send(words)


def played(url: str, seconds: float = 15) -> Iterator[Luma]:
    """The luma of one picture after another, as a player shows them."""
    ends_s = time.monotonic() + seconds
    options = {"rtsp_transport": "tcp", "timeout": "5000000", "fflags": "nobuffer"}
    with av.open(url, options=options) as source:
        for frame in source.decode(video=0):
            yield planes_of(frame)[0]
            assert time.monotonic() < ends_s, "not seen in time"


def shrunk(canvas: Canvas) -> Luma:
    """A canvas's luma at half its size."""
    packed = np.empty(HALF.w * HALF.h * 3 // 2, np.uint8)
    scaled = views(packed, HALF)
    inset = Inset(SCREEN, Rect(0, 0, HALF.w, HALF.h))
    eventually(lambda: inset.lay(canvas.copy_to, scaled), 2, 0.002)
    return scaled[0]


def test_what_a_player_gets_of_an_rtsp_server_is_the_walls_picture(
    wall: SiteWall, relay: RtspRelay
) -> None:
    url = relay.giving(QUOTED)
    probe = [
        *("ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-of", "json", "-show_streams"),
        url,
    ]
    found = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=True)
    [stream] = json.loads(found.stdout)["streams"]
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", 640, 360)
    assert (stream["color_range"], stream["color_space"]) == ("tv", "bt709")
    canvas = Eyes(wall).canvases["left"]
    expected = shrunk(canvas)
    best = 0.0
    for _, luma in zip(range(60), played(url), strict=False):
        best = max(best, psnr(luma, expected))
    assert best >= 30


def test_what_is_blanked_on_the_wall_is_blanked_in_the_stream(
    wall: SiteWall, relay: RtspRelay
) -> None:
    pictures = played(relay.giving(QUOTED))
    assert next(pictures).std() > 20
    switch(wall, "blank @left")
    began_s = time.monotonic()
    hidden = shrunk(Eyes(wall).canvases["left"])
    next(luma for luma in pictures if luma.mean() < 60)
    assert time.monotonic() - began_s < 1
    assert psnr(next(pictures), hidden) >= 30


def test_it_is_switched_off_and_on_and_the_wall_remembers(wall: SiteWall, relay: RtspRelay) -> None:
    assert len(wall.pids("broadcast")) == 1
    switch(wall, "broadcast out off")
    eventually(lambda: not wall.pids("broadcast"), 5)
    assert air(wall, "out") == "off"
    os.kill(wall.pids("controller")[0], signal.SIGKILL)
    eventually(lambda: wall.ask("hello"), 10)
    assert wall.pids("broadcast") == []
    switch(wall, "broadcast out on")
    eventually(lambda: air(wall, "out") == "live", 15)


def test_one_that_is_killed_comes_back_and_the_tick_goes_on(wall: SiteWall) -> None:
    """The start of a wall is left out: it draws what it keeps, and misses ticks for that."""
    before = eventually(lambda: ticks(wall) if ticks(wall)[0] > WARM_PASSES else None, 15)
    [old] = wall.pids("broadcast")
    os.kill(old, signal.SIGKILL)
    eventually(lambda: wall.pids("broadcast") not in ([], [old]), 5)
    eventually(lambda: air(wall, "out") == "live", 15)
    after = eventually(lambda: ticks(wall) if ticks(wall)[0] > before[0] + LOOKED_AT else None, 15)
    assert after[1] - before[1] <= 0.02 * (after[0] - before[0])


def ticks(wall: SiteWall) -> tuple[int, int]:
    """How many ticks the first screen has had, and has missed."""
    screen = wall.ask("status")["screens"][0]
    return screen["ticks"], screen["missed_ticks"]


def test_a_server_that_goes_and_returns_is_found_again(tmp_path: Path) -> None:
    with RtspRelay() as relay:
        file = site(tmp_path, broadcast("out", relay.taking))
        with SiteWall(file, tmp_path) as wall:
            eventually(lambda: air(wall, "out") == "live", 15)
            relay.kill()
            eventually(lambda: air(wall, "out") == "failed", 15)
            relay.restart()
            eventually(lambda: air(wall, "out") == "live", 25)
            assert told(wall, "out")["reconnects"] >= 1


def test_a_wrong_login_is_told_and_never_shown(relay: RtspRelay, tmp_path: Path) -> None:
    file = site(tmp_path, broadcast("out", relay.taking, 'credential = "media"'))
    (tmp_path / "media.toml").write_text(f'user = "{LOGIN}"\npassword = "wrong-one"\n{HERE}\n')
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: air(wall, "out") == "refused", 15)
        assert told(wall, "out")["reason"] == "bad_credentials"
        status = json.dumps(wall.ask("status"))
    log = wall.log.read_text()
    assert "broadcast out: bad credentials" in log
    for text in (status, log):
        assert "wrong-one" not in text
        assert "127.0.0.1" not in text


def test_the_whole_wall_over_udp(tmp_path: Path) -> None:
    port = free_port(socket.SOCK_DGRAM)
    url = f"udp://127.0.0.1:{port}"
    file = site(tmp_path, broadcast("out", url, "width = 1280", "height = 360"))
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: air(wall, "out") == "live", 15)
        probe = [
            *("ffprobe", "-v", "fatal", "-of", "json", "-show_entries", "stream=width,height"),
            f"{url}?timeout=10000000",
        ]
        found = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=True)
        assert json.loads(found.stdout)["streams"][0] == {"width": 1280, "height": 360}


def test_a_playlist_in_a_folder_plays_while_the_wall_runs(tmp_path: Path) -> None:
    playlist = tmp_path / "hls" / "wall.m3u8"
    file = site(tmp_path, broadcast("out", "hls/wall.m3u8", 'screen = "left"'))
    with SiteWall(file, tmp_path) as wall:
        eventually(playlist.exists, 15)
        expected = shrunk(Eyes(wall).canvases["left"])
        with av.open(str(playlist)) as source:
            lumas = (planes_of(frame)[0] for frame in source.decode(video=0))
            assert any(
                psnr(luma, expected) >= 30 for _, luma in zip(range(25), lumas, strict=False)
            )
