"""Test pictures made here, so that a wall can be tried and tested without any camera.

Each moves, and each counts its pictures in plain digits: a frozen tile can't pass for a live one.
"""

from collections.abc import Callable

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from wallctl.media.decode.decoder import Picture
from wallctl.media.scale.scaler import Look
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.base.geometry import Size
from wallctl.model.site.site import TEST_PICTURES
from wallctl.model.streams.health import SECOND_NS, Reason

SIZE = Size(1280, 720)
INTERVAL_NS = SECOND_NS // 25
_LOOK = Look(SIZE, "yuv420p")
_BLACK, _GREY, _WHITE = (16, 128, 128), (126, 128, 128), (235, 128, 128)
_BARS = (  # 75 % bars, BT.709 limited
    (180, 128, 128),
    (168, 44, 136),
    (145, 147, 44),
    (133, 63, 52),
    (63, 193, 204),
    (51, 109, 212),
    (28, 212, 120),
    (16, 128, 128),
)
_DIGITS = (  # 3 x 5 dots, row by row from the top
    "111101101101111", "010110010010111", "111001111100111", "111001111001111",
    "101101111001001", "111100111001111", "111100111101111", "111001001001001",
    "111101111101111", "111101111001111",
)  # fmt: skip
_DOT_PX = 16
_SPEED_PX = 8

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]


class Pattern:
    """One test picture after another. SourceError for a name that is none of ``TEST_PICTURES``."""

    def __init__(self, name: str) -> None:
        if name not in _PAINTERS:
            raise SourceError(Reason.UNSUPPORTED)
        self._ground = np.empty((SIZE.h * 3 // 2, SIZE.w), np.uint8)
        self._scrolls = name == "motion"
        _PAINTERS[name](self._ground)

    def picture(self, number: int, now_ns: int) -> Picture:
        """Picture ``number`` of the pattern, a new one each time."""
        pixels = self._ground.copy()
        if self._scrolls:
            pixels[: SIZE.h] = np.roll(self._ground[: SIZE.h], number * _SPEED_PX, axis=1)
        x = number * _SPEED_PX % (SIZE.w - 64)
        _fill(pixels, (x, SIZE.h - 96, 64, 64), _WHITE)
        _write_number(pixels, number)
        frame = VideoFrame.from_ndarray(pixels, format="yuv420p")
        return Picture(frame, _LOOK, True, False, number * INTERVAL_NS, now_ns)


def _bars(pixels: Pixels) -> None:
    width = SIZE.w // len(_BARS)
    for i, colour in enumerate(_BARS):
        _fill(pixels, (i * width, 0, width, SIZE.h), colour)


def _grid(pixels: Pixels) -> None:
    _fill(pixels, (0, 0, SIZE.w, SIZE.h), _BLACK)
    for x in range(0, SIZE.w, 80):
        _fill(pixels, (x, 0, 2, SIZE.h), _GREY)
    for y in range(0, SIZE.h, 80):
        _fill(pixels, (0, y, SIZE.w, 2), _GREY)


def _motion(pixels: Pixels) -> None:
    _fill(pixels, (0, 0, SIZE.w, SIZE.h), _BLACK)
    ramp = np.add.outer(np.arange(SIZE.h), np.arange(SIZE.w)) % 160
    pixels[: SIZE.h] = (40 + ramp).astype(np.uint8)


_PAINTERS: dict[str, Callable[[Pixels], None]] = dict(
    zip(TEST_PICTURES, (_bars, _grid, _motion), strict=True)
)


def _fill(pixels: Pixels, rect: tuple[int, int, int, int], colour: Colour) -> None:
    """Paint an even rectangle (x, y, w, h) of a planar 4:2:0 picture of ``SIZE``."""
    x, y, w, h = rect
    pixels[y : y + h, x : x + w] = colour[0]
    chroma = pixels[SIZE.h :].reshape(2, SIZE.h // 2, SIZE.w // 2)
    for plane, value in zip(chroma, colour[1:], strict=True):
        plane[y // 2 : (y + h) // 2, x // 2 : (x + w) // 2] = value


def _write_number(pixels: Pixels, number: int) -> None:
    text = f"{number:06d}"
    _fill(pixels, (32, 32, (4 * len(text) + 1) * _DOT_PX, 7 * _DOT_PX), _BLACK)
    for place, digit in enumerate(text):
        for dot, lit in enumerate(_DIGITS[int(digit)]):
            if lit == "1":
                column, row = 1 + 4 * place + dot % 3, 1 + dot // 3
                at = (32 + column * _DOT_PX, 32 + row * _DOT_PX, _DOT_PX, _DOT_PX)
                _fill(pixels, at, _WHITE)
