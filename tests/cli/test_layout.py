"""``wallctl layout``: what it says of a site, and the pictures that it draws."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.command_line import wallctl

SITE = """\
schema = 1
name = "test"
keys = ["1x1", "4x4", "corner"]

[defaults]
viewing_m = 3

[[screens]]
name = "left"
width = 1280
height = 720
x_mm = 0
y_mm = 0
width_mm = 1018
height_mm = 572.6

[[screens]]
name = "right"
x = 1280
width = 640
height = 480
x_mm = 1030
y_mm = 190
width_mm = 410
height_mm = 307.5

[[sources]]
name = "gate"
number = 1
main = "rtsp://192.0.2.1/main"

[[sources]]
name = "yard"
number = 2
main = "rtsp://192.0.2.2/main"
sub = "rtsp://192.0.2.2/sub"
"""
CORNER = """\
schema = 1
unit = "mm"

[[tiles]]
x = 900
y = 200
w = 500
h = 280

[[tiles]]
x = 0
y = 0
w = 300
h = 200

[[tiles]]
x = 200
y = 100
w = 300
h = 200
"""
PRESET = """\
schema = 1

[[screens]]
screen = "left"
layout = "4x4"
tiles = [1, 2]

[[screens]]
screen = "right"
layout = "1x1"
tiles = [{ source = 1, crop = [0, 0, 0.1, 0.1] }]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site, and nothing of this user's: no calibration, no display."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("site.toml", SITE), ("layouts/corner.toml", CORNER), ("presets/night.toml", PRESET),
    ):  # fmt: skip
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def test_lint_says_where_each_remark_is_to_be_mended() -> None:
    result = wallctl("layout", "lint", "site.toml")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "site.toml:3: warning: keys[2]: found labels 7.2 mm high on left, expected at least 8.7 mm,"
        " to be read at 3 m: fewer tiles",
        "site.toml:3: warning: keys[2]: found labels 5.8 mm high on right, expected at least 8.7"
        " mm, to be read at 3 m: fewer tiles",
        "layouts/corner.toml:4: warning: tiles[1]: found a tile across the bezels of left, right,"
        ' which hides a strip, expected a tile on one screen, or bezels = "behind" or "jump" if it'
        " is meant",
        "layouts/corner.toml:16: warning: tiles[3]: found a tile that lies over tiles[2] with the"
        " same z, expected another z, or tiles side by side",
        "presets/night.toml:3: warning: screens[1]: found labels 7.2 mm high on left, expected at"
        " least 8.7 mm, to be read at 3 m: fewer tiles",
        "presets/night.toml:11: warning: screens[2].tiles[1]: found gate main, taken to be"
        " 1920x1080, enlarged 3.3 times, expected at most 2 times: a larger stream or a smaller"
        " tile",
        "site.toml: 6 to look at",
    ]


def test_lint_of_what_is_meant_and_large_enough() -> None:
    Path("layouts/corner.toml").write_text('bezels = "behind"\n' + CORNER.replace(
        "x = 200\ny = 100", "z = 1\nx = 200\ny = 100"
    ))  # fmt: skip
    Path("site.toml").write_text(SITE.replace("viewing_m = 3", "viewing_m = 1.5"))
    result = wallctl("layout", "lint", "--enlarged", "4", ".")
    assert (result.exit_code, result.stdout) == (0, "site.toml: nothing to look at\n")


def test_lint_begins_with_what_is_wrong() -> None:
    Path("presets/night.toml").write_text(PRESET.replace("[1, 2]", '["gaet"]'))
    result = wallctl("layout", "lint", "site.toml")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first.startswith('presets/night.toml:6: screens[1].tiles[1]: found "gaet", expected')
    assert last == "site.toml: 1 to look at"


@pytest.mark.parametrize("name", ["corner", "4x4", "night", "home"])
def test_render_draws_a_layout_a_preset_or_home(name: str) -> None:
    result = wallctl("layout", "render", "site.toml", name, "wall.png")
    assert (result.exit_code, result.output) == (0, "")
    with Image.open("wall.png") as picture:
        assert picture.width > picture.height
        assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 50


def test_what_cannot_be_drawn_is_told_in_one_sentence() -> None:
    unknown = wallctl("layout", "render", "site.toml", "cornr", "wall.png")
    assert unknown.exit_code == 1
    assert "no layout or preset is called 'cornr'; did you mean corner?" in unknown.stderr
    nowhere = wallctl("layout", "render", "site.toml", "home", "no/wall.png")
    assert nowhere.stderr == "Error: no/wall.png can't be written: No such file or directory\n"


def test_diff_tells_what_moved() -> None:
    result = wallctl("layout", "diff", "2x2", "1+5")
    lines = result.stdout.splitlines()
    assert lines[0] == "tile 1: 956x536 at 2,2 -> 1276x716 at 2,2"
    assert lines[-2:] == ["tile 6: new, 636x356 at 1282,722", "0 of 6 tiles are the same"]


def test_diff_of_a_file_and_its_changed_copy_on_the_sites_wall() -> None:
    Path("new.toml").write_text(CORNER.replace("w = 500", "w = 100"))
    words = ("layout", "diff", "corner", "new.toml", "--site", "site.toml", "--picture", "diff.png")
    result = wallctl(*words)
    assert result.stdout.splitlines() == [
        "tile left/1: 148x352 at 1132,252 -> 126x352 at 1132,252",
        "tile right/1: gone, 578x436 at 0,16",
        "2 of 4 tiles are the same",
    ]
    with Image.open("diff.png") as picture:
        assert picture.width > picture.height


def test_diff_of_what_is_not_there() -> None:
    assert "no layout is called '2x22'" in wallctl("layout", "diff", "2x22", "1x1").stderr
    missing = wallctl("layout", "diff", "gone.toml", "1x1")
    assert missing.exit_code == 1
    assert "gone.toml: found no such file" in missing.stderr
