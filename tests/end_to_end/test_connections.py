"""A camera that bears one connection: its streams take turns, and its tile is never black."""

from pathlib import Path

import pytest

from tests.support.live_wall import PAUSE, SiteWall, eventually
from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import moving_clip
from tests.support.servers.relay import Relay
from wallctl.model.base.geometry import Size

SITE = """
schema = 1
name = "test"
keys = ["2x2"]

[defaults]
connections = {connections}

[[screens]]
name = "left"
width = 1920
height = 1080

[[home]]
screen = "left"
layout = "2x2"
sources = [1]

[[sources]]
name = "gate"
number = 1
main = "{main}"
sub = "{sub}"
"""

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100), skipped_if(gstreamer_missing())]


def streams(wall: SiteWall) -> list[str]:
    return [f"{tile['stream']} {tile['state']}" for tile in wall.tiles()]


def noted(seen: list[str], now: list[str]) -> str:
    """What the one tile shows now, after noting it."""
    seen += now
    return seen[-1]


@pytest.mark.parametrize("connections", [1, 2])
def test_a_camera_never_has_more_open_than_it_bears(connections: int, tmp_path: Path) -> None:
    clips = [
        moving_clip(tmp_path / "main.mp4", size=Size(1280, 720)),
        moving_clip(tmp_path / "sub.mp4", size=Size(640, 360)),
    ]
    with RtspCameras(clips) as server, Relay(server.port) as camera:
        file = tmp_path / "site.toml"
        file.write_text(SITE.format(connections=connections, main=camera.url(1), sub=camera.url(2)))
        with SiteWall(file, tmp_path) as wall:
            eventually(lambda: streams(wall) == ["sub live"], 10, 0.1)
            with wall.client() as client:
                client.send("enlarge")
                seen: list[str] = []
                eventually(lambda: noted(seen, streams(wall)) == "main live", 8)
                assert set(seen) <= {"sub live", "sub stale", "main live"}
                for _ in range(5):
                    client.send("restore")
                    PAUSE.wait(0.3)  # sooner than a stream is let go
                    client.send("enlarge")
                    PAUSE.wait(0.3)
            eventually(lambda: streams(wall) == ["main live"], 5)
        assert camera.calls == 2 * 2, "each stream is asked for its description, and called"
        assert camera.most_open == connections
