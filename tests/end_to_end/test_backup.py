"""A camera dies: its backup takes the tile, says for whom, and hands it back later."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live_wall import Eyes, SiteWall, eventually, luma, soon
from tests.support.requires import skipped_if
from tests.support.servers import RtspCameras, gstreamer_missing
from tests.support.servers.clips import foot, moving_clip, read_counter
from wallctl.api.client import Client
from wallctl.model.base.geometry import Rect

SITE = """
schema = 1
name = "test"
keys = ["1x1"]

[[screens]]
name = "left"
width = 960
height = 540

[[home]]
screen = "left"
layout = "1x1"
sources = ["gate"]

[[sources]]
name = "gate"
number = 1
main = "{gate}"
backup = "yard"

[[sources]]
name = "yard"
number = 2
main = "{yard}"
"""
TAKEN_S = 8.0
"""About 1 s until it is stale, 4 s until it counts as lost, and some for the change."""
BACK_S = 25.0
"""Up to 8 s between two calls, then 5 s of life."""
WHOLE = Rect(0, 0, 960, 540)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), skipped_if(gstreamer_missing())]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[RtspCameras, RtspCameras]]:
    clips = [moving_clip(tmp_path / f"{i}.mp4", seed=i) for i in (1, 2)]
    with RtspCameras(clips[:1]) as gate, RtspCameras(clips[1:]) as yard:
        yield gate, yard


def told(wall: SiteWall) -> tuple[str, str, str]:
    """The one tile: source, for whom it stands there, state."""
    [tile] = wall.tiles()
    return tile["source"], tile["stands_for"], tile["state"]


def screens(client: Client) -> list[tuple[str, list[str]]]:
    """The layout and the list of each screen."""
    return [(one["layout"], one["sources"]) for one in client.status()["screens"]]


def seen(eyes: Eyes) -> int | None:
    """The number of the camera whose picture is on the screen."""
    found = read_counter(luma(eyes.canvas("left")), foot(WHOLE))
    return None if found is None else found[0]


def test_a_backup_takes_the_tile_of_a_camera_that_died_and_hands_it_back(
    servers: tuple[RtspCameras, RtspCameras], tmp_path: Path
) -> None:
    gate, yard = servers
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(gate=gate.url(1), yard=yard.url(1)))
    with SiteWall(site, tmp_path) as wall, Client(wall.endpoint) as client:
        eyes = Eyes(wall)
        eventually(lambda: told(wall) == ("gate", "", "live"), 10, 0.1)
        assert seen(eyes) == 1
        before = screens(client)
        gate.kill()
        eventually(lambda: told(wall) == ("yard", "gate", "live"), TAKEN_S, 0.1)
        eventually(lambda: seen(eyes) == 2, 1)
        assert screens(client) == before, "the state knows nothing of it"
        os.kill(wall.pids("controller")[0], signal.SIGKILL)
        assert not soon(lambda: seen(eyes) != 2, 2), "the next controller goes on with it"
        eventually(lambda: told(wall) == ("yard", "gate", "live"), 5, 0.1)
        gate.restart()
        eventually(lambda: told(wall) == ("gate", "", "live"), BACK_S, 0.1)
        eventually(lambda: seen(eyes) == 1, 1)
        log = wall.log.read_text()
        assert "gate is lost: yard stands in for it" in log
        assert "gate has its tiles back" in log
        assert "Traceback" not in log
