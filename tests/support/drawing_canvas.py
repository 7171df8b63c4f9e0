"""A grey picture to lay drawings on, and the comparison with the golden picture of it."""

import numpy as np
from hypothesis import strategies as st

from tests.support import golden_pictures
from tests.support.catalogues import ZH
from tests.support.fakes import Pixels
from wallctl.display.drawing.sprite import Bytes, Drawing, planes
from wallctl.model.base.geometry import Size
from wallctl.model.operator.message_catalogue import Catalogue

BIG, SMALL = Size(480, 270), Size(160, 90)
SCREEN = Size(960, 540)
NAME = "G318 国道卡口 Toll"
EVEN_SIZES = st.builds(Size, st.integers(1, 400).map(lambda n: 2 * n), st.integers(1, 240).map(
    lambda n: 2 * n
))  # fmt: skip


def gradient(size: Size) -> Bytes:
    """A grey picture from dark (left) to bright (right), a little bluish at its foot."""
    canvas = np.empty((size.h * 3 // 2, size.w), np.uint8)
    y, u, v = planes(canvas)
    y[...] = np.linspace(40, 220, size.w)
    u[...] = np.linspace(128, 140, size.h // 2)[:, None]
    v[...] = 128
    return canvas


def rgb(canvas: Bytes) -> Pixels:
    y, u, v = (plane.astype(float) for plane in planes(canvas))
    luma = (y - 16) * 255 / 219
    blue, red = ((c.repeat(2, 0).repeat(2, 1) - 128) * 255 / 224 for c in (u, v))
    mixed = np.dstack(
        [luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue]
    )
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def suffix(words: Catalogue) -> str:
    """Behind the name of a golden picture that is not in Chinese."""
    return "" if words is ZH else f"_{words.language.value}"


def drawn_on(size: Size, *drawings: Drawing) -> Bytes:
    canvas = gradient(size)
    for drawing in drawings:
        drawing.lay(planes(canvas))
    return canvas


def check(name: str, canvas: Bytes) -> None:
    """Compare with the golden picture of that name, or draw it again."""
    golden_pictures.check(f"drawing/{name}", rgb(canvas))
