"""Canvases become the right BGRA pixels."""

import numpy as np
import pytest
from numpy.typing import NDArray

from wallctl.media.scale.canvas_to_rgb import BgraConverter

WIDTH, HEIGHT = 64, 36


def flat(luma: int, blue: int, red: int) -> NDArray[np.uint8]:
    """A canvas of one colour."""
    canvas = np.empty((HEIGHT * 3 // 2, WIDTH), np.uint8)
    canvas[:HEIGHT] = luma
    chroma = canvas[HEIGHT:].reshape(2, -1)
    chroma[0], chroma[1] = blue, red
    return canvas


def converted(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = canvas.shape[0] * 2 // 3, canvas.shape[1]
    out = np.zeros((height, width, 4), np.uint8)
    BgraConverter(width, height).convert(canvas, out)
    return out


@pytest.mark.parametrize(
    ("yuv", "bgra"),
    [
        ((16, 128, 128), (0, 0, 0, 255)),
        ((235, 128, 128), (255, 255, 255, 255)),
        ((63, 102, 240), (0, 0, 255, 255)),  # BT.709; BT.601 would give another red
        ((173, 42, 26), (0, 255, 0, 255)),
        ((32, 240, 118), (255, 0, 0, 255)),
    ],
)
def test_limited_range_bt709_becomes_full_range(
    yuv: tuple[int, int, int], bgra: tuple[int, int, int, int]
) -> None:
    assert np.abs(converted(flat(*yuv)).astype(int) - bgra).max() <= 3


def test_each_chroma_sample_colours_its_own_four_pixels() -> None:
    canvas = flat(63, 128, 128)
    canvas[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)[1, 4, 7] = 240
    red = converted(canvas)[:, :, 2].astype(int)
    tinted = np.zeros((HEIGHT, WIDTH), bool)
    tinted[8:10, 14:16] = True
    assert red[tinted].min() > red[~tinted].max() + 150
    assert np.ptp(red[~tinted]) == 0


@pytest.mark.parametrize("width", range(2, 20, 2))
@pytest.mark.parametrize("height", [2, 4, 6, 8])
def test_every_even_size_comes_out_whole(width: int, height: int) -> None:
    canvas = np.full((height * 3 // 2, width), 128, np.uint8)
    luma = np.linspace(16, 235, width * height).reshape(height, width)
    canvas[:height] = luma
    grey = (canvas[:height, :, None] - 16.0) * 255 / 219
    bgra = converted(canvas)
    assert np.abs(bgra[:, :, :3] - grey).max() <= 3
    assert (bgra[:, :, 3] == 255).all()


def test_a_converter_takes_one_canvas_after_another() -> None:
    converter = BgraConverter(WIDTH, HEIGHT)
    out = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    for luma, grey in ((235, 255), (16, 0)):
        converter.convert(flat(luma, 128, 128), out)
        assert np.abs(out[:, :, :3].astype(int) - grey).max() <= 3
