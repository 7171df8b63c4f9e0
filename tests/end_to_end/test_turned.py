"""A panel that hangs turned, on a real display: its viewer sees the canvas upright."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.live_wall import Eyes, SiteWall, eventually
from tests.support.requires import skipped_if
from tests.support.xserver import XServer, rgb_of, screen_rgb, xserver_missing
from wallctl.model.base.geometry import Size

pytestmark = [pytest.mark.e2e, skipped_if(xserver_missing())]

PANEL = Size(640, 360)
SITE = """\
schema = 1
name = "turned"
[defaults]
clock = false
[[screens]]
name = "a"
width = 360
height = 640
rotation = {rotation}
[[sources]]
name = "gate"
number = 1
main = "test:bars"
[[home]]
screen = "a"
layout = "2x2"
sources = ["", 1]
"""


@pytest.mark.parametrize("rotation", [90, 270])
def test_a_turned_panels_viewer_sees_the_canvas_upright(tmp_path: Path, rotation: int) -> None:
    file = tmp_path / "site.toml"
    file.write_text(SITE.format(rotation=rotation), encoding="utf-8")
    with XServer(PANEL) as display, SiteWall(file, tmp_path, display=display) as wall:
        eventually(lambda: wall.all_live(1), 20)
        eyes = Eyes(wall)

        def is_upright() -> bool:
            seen = np.rot90(screen_rgb(display), -rotation // 90)
            off = np.abs(seen - rgb_of(eyes.canvas("a").pixels))
            return bool(np.percentile(off, 95) <= 5)

        eventually(is_upright, 5)
        screens = wall.ask("status")["screens"]
        assert [one["monitor"] for one in screens] == ["there"]
