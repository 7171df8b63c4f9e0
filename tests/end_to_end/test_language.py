"""A real wall speaks another language on all its screens at once, and after its next start too."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.live_wall import Eyes, RunningWall, SiteWall, eventually
from tests.support.still_site_files import TWO_SCREENS
from wallctl.config.po_file import catalogues
from wallctl.display.drawing.drawing_cache import artists
from wallctl.display.drawing.sprite import planes
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.base.language import Language
from wallctl.model.streams.health import TileState

pytestmark = pytest.mark.e2e

SCREEN = Size(640, 360)
SITE = f"""{TWO_SCREENS}
[[sources]]
name = "gate"
number = 1
main = "test:bars"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(SITE)
    return file


def slates(language: Language) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """What a blanked screen shows in a language."""
    canvas = np.zeros((SCREEN.h * 3 // 2, SCREEN.w), np.uint8)
    artist = artists(None, catalogues())[language]
    artist.blanked("", SCREEN).lay(planes(canvas), 0, 0, Rect(0, 0, SCREEN.w, SCREEN.h))
    return canvas


def is_spoken(eyes: Eyes, language: Language) -> bool:
    """Whether both blanked screens show their slate in a language."""
    wanted = slates(language)
    return all(np.array_equal(eyes.canvas(name).pixels, wanted) for name in eyes.canvases)


def tongue(wall: RunningWall) -> str:
    told: str = wall.ask("status")["language"]
    return told


def test_a_wall_changes_its_language(file: Path, tmp_path: Path) -> None:
    with SiteWall(file, tmp_path) as wall:
        eyes = Eyes(wall)
        wall.send("blank")
        eventually(lambda: is_spoken(eyes, Language.CHINESE), 10)
        assert tongue(wall) == "zh-CN"
        wall.send("language", "en")
        assert is_spoken(eyes, Language.ENGLISH)  # the receipt says that all screens show it
        assert tongue(wall) == "en"
        assert {tile["state"] for tile in wall.tiles()} == {TileState.MASKED.value}
        wall.end()
    with SiteWall(file, tmp_path) as wall:
        eyes = Eyes(wall)
        eventually(lambda: is_spoken(eyes, Language.ENGLISH), 10)
