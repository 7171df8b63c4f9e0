"""Parts of a canvas turned into the pixels of an X window: what a pass changed, and no more."""

import functools

import numpy as np
from numpy.typing import NDArray

from wallctl.media.convert import BgraConverter
from wallctl.model.geometry import Rect
from wallctl.present.feed import cropped
from wallctl.present.patch import Planes, planes

KEPT = 64
"""Sizes of parts whose converters are kept: of the tiles of a few layouts, and of overlays."""
_COLUMNS, _ROWS = 8, 4
"""Of whole multiples of these a converter needs no copy of its own."""


class PartsConverter:
    """Converts parts of a canvas into the same parts of an image as large as the canvas."""

    def __init__(self) -> None:
        self._part = functools.lru_cache(KEPT)(_Part)

    def convert(self, canvas: Planes, rect: Rect, image: NDArray[np.uint8]) -> None:
        """Write a part of a canvas, and a little beside it, to an image of shape (h, w, 4)."""
        rect = _widened(rect, canvas.rect)
        into = image[rect.y : rect.bottom, rect.x : rect.right]
        self._part(rect.w, rect.h).convert(cropped(canvas, rect), into)


class _Part:
    """What parts of one size are converted with: a packed copy, since swscale takes no other.

    The copy stays in the processor's cache; converting it costs what the pixels do.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._packed = np.empty((height_px * 3 // 2, width_px), np.uint8)
        self._planes = planes(self._packed)
        self._converter = BgraConverter(width_px, height_px)

    def convert(self, part: Planes, into: NDArray[np.uint8]) -> None:
        """Write planes of its size to pixels of shape (h, w, 4)."""
        for plane, packed in zip(part, self._planes, strict=True):
            packed[...] = plane
        self._converter.convert(self._packed, into)


def _widened(rect: Rect, within: Rect) -> Rect:
    """The next larger part that begins and ends at whole multiples, or where the canvas ends."""
    x, y = rect.x - rect.x % _COLUMNS, rect.y - rect.y % _ROWS
    right = min(within.right, -(-rect.right // _COLUMNS) * _COLUMNS)
    bottom = min(within.bottom, -(-rect.bottom // _ROWS) * _ROWS)
    return Rect(x, y, right - x, bottom - y)
