"""A real wall of panels that differ: one picture over all of them, as they present it."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.live_wall import SiteWall, eventually
from tests.support.panel_walls import MIXED, Circle, Ring, check_round
from wallctl.api.client import Client

pytestmark = pytest.mark.e2e

PLACE = (520, 90, 920)
RING = Ring((PLACE[0] + PLACE[2] / 2, PLACE[1] + PLACE[2] / 2), 0.45 * PLACE[2])
LAYOUT = f"""\
schema = 1
unit = "mm"
bezels = "behind"
[[tiles]]
x = {PLACE[0]}
y = {PLACE[1]}
w = {PLACE[2]}
h = {PLACE[2]}
[[tiles]]
x = 10
y = 10
w = 120
h = 90
"""
SCREEN = """
[[screens]]
name = "{0.name}"
x = {0.rect.x}
y = {0.rect.y}
width = {0.rect.w}
height = {0.rect.h}
x_mm = {0.on_wall_mm.x}
y_mm = {0.on_wall_mm.y}
width_mm = {0.on_wall_mm.w}
height_mm = {0.on_wall_mm.h}
"""


def written(folder: Path) -> Path:
    """A site of mixed panels whose one source is a picture of a disc."""
    Image.fromarray(Circle(900, 0.45).luma).convert("RGB").save(folder / "disc.png")
    (folder / "layouts").mkdir()
    (folder / "layouts" / "disc.toml").write_text(LAYOUT, encoding="utf-8")
    file = folder / "site.toml"
    file.write_text(
        'schema = 1\nname = "mixed"\n[defaults]\nclock = false\n'
        + "".join(SCREEN.format(one) for one in MIXED)
        + '[[sources]]\nname = "disc"\nnumber = 1\nmain = "disc.png"\n'
        + '[[home]]\nscreen = "a"\nlayout = "disc"\nsources = [1]\n',
        encoding="utf-8",
    )
    return file


def snapshot(client: Client) -> dict[str, NDArray[np.uint8]]:
    """The brightness of each screen."""
    with Image.open(io.BytesIO(client.snapshot())) as image:
        whole = np.asarray(image.convert("L"))
    rects = {one.name: one.rect for one in MIXED}
    return {name: whole[r.y : r.bottom, r.x : r.right] for name, r in rects.items()}


def test_a_disc_over_four_panels_is_round_where_they_present_it(tmp_path: Path) -> None:
    with SiteWall(written(tmp_path), tmp_path) as wall:
        eventually(lambda: wall.all_live(4), 20)
        with wall.client() as client:
            client.send("select 2")  # its frame would cross the disc's edge
            eventually(lambda: wall.selected() == "a/2", 5)
            check_round(MIXED, snapshot(client), RING)
