"""A squeezed substream on a real wall: it is as wide as its main one, or as the site says."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support.changing_streams import Part, elementary
from tests.support.live_wall import Eyes, SiteWall, eventually
from wallctl.model.base.geometry import Size

pytestmark = pytest.mark.e2e

SITE = """\
schema = 1
name = "shape"
[defaults]
clock = false
[[screens]]
name = "a"
width = 1280
height = 720
[[home]]
screen = "a"
layout = "2x2"
sources = [1]
[[sources]]
name = "recorder"
number = 1
main = "main.264"
sub = "sub.264"
"""
BRIGHT = 180


def is_between(look: Callable[[], int], least: int, most: int) -> bool:
    return least <= look() <= most


def test_a_substream_is_as_wide_as_its_main_or_as_the_site_says(tmp_path: Path) -> None:
    for name, size in (("main", Size(1280, 720)), ("sub", Size(352, 288))):
        part = Part(size, luma=BRIGHT, pictures=25, headers=True)
        elementary(tmp_path / f"{name}.264", [part, part])
    file = tmp_path / "site.toml"
    file.write_text(SITE, encoding="utf-8")
    with SiteWall(file, tmp_path) as wall:
        eyes = Eyes(wall)

        def width_px() -> int:
            """How wide the picture in the first tile is, halfway down."""
            row = eyes.canvas("a").pixels[180, :640]
            return int(np.count_nonzero(np.abs(row.astype(int) - BRIGHT) < 8))

        eventually(lambda: wall.tiles()[0]["stream"] == "sub" and width_px() > 620, 15, 0.1)
        for aspect, least, most in (('"4:3"', 460, 480), ('{ sub = "1:1" }', 340, 360)):
            file.write_text(f"{SITE}aspect = {aspect}\n", encoding="utf-8")
            wall.ask("reload")
            eventually(partial(is_between, width_px, least, most), 10, 0.1)
        assert wall.tiles()[0]["reconnects"] == 0
        assert wall.tiles()[0]["stream"] == "sub"
