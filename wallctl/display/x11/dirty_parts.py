"""Parts of a canvas turned into the pixels of an X window: what a pass changed, and little more."""

import functools
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.ring_reader import cropped
from wallctl.display.drawing.sprite import Planes, planes
from wallctl.media.scale.canvas_to_rgb import BgraConverter
from wallctl.model.base.geometry import Rect, Size

GAP_PX = 16
"""Parts beside each other with no more between them are one: each costs as much as some pixels."""
KEPT = 64
"""Sizes of parts whose converters are kept: of runs of tiles on a few layouts, and of overlays."""
_COLUMNS, _ROWS = 8, 4
"""Of whole multiples of these a converter needs no copy of its own."""


def joined(parts: Iterable[Rect]) -> list[Rect]:
    """The parts, those in a row and beside each other as one."""
    found: list[Rect] = []
    for part in sorted(parts, key=lambda part: (part.y, part.h, part.x)):
        last = found[-1] if found else part
        if (part.y, part.h) == (last.y, last.h) and part.x <= last.right + GAP_PX:
            right = max(part.right, last.right)
            found[-1:] = [Rect(last.x, last.y, right - last.x, last.h)]
        else:
            found.append(part)
    return found


class PartsConverter:
    """Converts parts of canvases of one size into the same parts of an image of that size."""

    def __init__(self, size: Size) -> None:
        self._packed = np.empty(size.w * size.h * 3 // 2, np.uint8)
        self._part = functools.lru_cache(KEPT)(functools.partial(_Part, self._packed))

    def convert(self, canvas: Planes, rect: Rect, image: NDArray[np.uint8]) -> None:
        """Write a part of a canvas, and a little beside it, to an image of shape (h, w, 4)."""
        rect = _widened(rect, canvas.rect)
        into = image[rect.y : rect.bottom, rect.x : rect.right]
        self._part(rect.w, rect.h).convert(cropped(canvas, rect), into)


class _Part:
    """What parts of one size are converted with: ``packed`` has room for a copy, since swscale
    takes nothing else. The room is the same for all, so that it stays in the processor's cache.
    """

    def __init__(self, packed: NDArray[np.uint8], width_px: int, height_px: int) -> None:
        rows = height_px * 3 // 2
        self._packed = packed[: rows * width_px].reshape(rows, width_px)
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
