"""Golden pictures: somebody looked at each and found it good; what is drawn now is compared.

They lie in ``tests/data/golden`` and are drawn with Noto Sans CJK. After a change that is meant,
``make golden`` draws them again; look at each before it is committed.
"""

import os

import numpy as np
import pytest
from PIL import Image

from tests.support.fakes import Pixels
from tests.support.folders import DATA
from wallctl.display.text.fonts import find_font
from wallctl.display.text.installed_fonts import FontFile
from wallctl.display.text.text_line import Face

GOLDEN = DATA / "golden"
UPDATE = os.environ.get("WALLCTL_UPDATE_GOLDEN") == "1"
MEAN_LIMIT, BLOCK_LIMIT, BLOCK_PX = 2.0, 20.0, 16
"""A minor change of FreeType moves edges by a shade; a missing word or icon fills a block."""


def golden_font() -> FontFile:
    """What they are drawn with; where it is not installed, the test is skipped."""
    font = find_font()
    if font is None or "NotoSansCJK" not in font.path:
        pytest.skip("the golden pictures are drawn with Noto Sans CJK, which is not installed")
    return font


@pytest.fixture(scope="module")
def face() -> Face:
    return Face(golden_font())


def differences(drawn: Pixels, golden: Pixels) -> tuple[float, float]:
    """Mean absolute difference of the whole, and of the block that differs most."""
    distance = np.abs(drawn.astype(float) - golden.astype(float)).mean(2)
    h, w = (length // BLOCK_PX * BLOCK_PX for length in distance.shape)
    blocks = distance[:h, :w].reshape(h // BLOCK_PX, BLOCK_PX, w // BLOCK_PX, BLOCK_PX)
    return float(distance.mean()), float(blocks.mean((1, 3)).max())


def check(name: str, drawn: Pixels) -> None:
    """Compare RGB pixels with the golden picture FOLDER/NAME, or draw it again."""
    path = GOLDEN / f"{name}.png"
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn).save(path, optimize=True)
        return
    with Image.open(path) as image:
        golden = np.asarray(image.convert("RGB"))
    assert drawn.shape == golden.shape
    mean, block = differences(drawn, golden)
    assert mean <= MEAN_LIMIT, f"{name}: mean difference {mean:.2f}"
    assert block <= BLOCK_LIMIT, f"{name}: a block differs by {block:.1f}"
