"""What a mask covers is nowhere to be seen: not on a canvas, not in a snapshot, not enlarged."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.live_wall import SiteWall, eventually
from wallctl.model.wall.commands.command import Snapshot

pytestmark = pytest.mark.e2e

SITE = """\
schema = 1
name = "masked"
[defaults]
clock = false
[[screens]]
name = "a"
width = 640
height = 360
[[sources]]
name = "gate"
number = 1
main = "secret.png"
masks = [{ x = 0.25, y = 0.25, w = 0.5, h = 0.5 }]
[[home]]
screen = "a"
layout = "2x2"
sources = [1]
"""
SECRET = (255, 0, 255)


def seen(png: bytes) -> NDArray[np.bool_]:
    """Where a picture is of the secret's colour, or near it."""
    with Image.open(io.BytesIO(png)) as image:
        red, green, blue = np.moveaxis(np.asarray(image.convert("RGB")).astype(int), 2, 0)
    return np.asarray((red > green + 40) & (blue > green + 40))


def test_nothing_below_a_mask_is_seen_anywhere(tmp_path: Path) -> None:
    picture = Image.new("RGB", (640, 360), (240, 240, 240))
    picture.paste(SECRET, (160, 90, 480, 270))
    picture.save(tmp_path / "secret.png")
    file = tmp_path / "site.toml"
    file.write_text(SITE, encoding="utf-8")
    with SiteWall(file, tmp_path) as wall, wall.client() as client:
        eventually(lambda: wall.all_live(1), 20)
        for command in ("select 1", "enlarge", "layout wall"):
            client.send(command)
            eventually(lambda: wall.all_live(1), 5)
            for clean in (False, True):
                assert not seen(client.snapshot(Snapshot(clean=clean))).any()


def test_without_a_mask_it_would_be_seen(tmp_path: Path) -> None:
    picture = Image.new("RGB", (640, 360), (240, 240, 240))
    picture.paste(SECRET, (160, 90, 480, 270))
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert seen(file.getvalue()).mean() == 0.25
