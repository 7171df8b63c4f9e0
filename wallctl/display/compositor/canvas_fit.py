"""A canvas on an output of another size, or of a panel that hangs turned: all of it, as large as
it goes, on black."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.ring_reader import cropped
from wallctl.display.drawing.sprite import Planes, planes
from wallctl.media.scale.canvas_rescale import rescale
from wallctl.media.scale.planes import turned
from wallctl.model.base.geometry import Fit, Rect, Size, centred, place
from wallctl.model.site.framing import UPRIGHT, Turn

_BLACK, _GREY = 16, 128
"""Luma and chroma of black in limited range."""


class Fitted:
    """Pixels of the output's size that a canvas is turned and scaled into."""

    def __init__(self, canvas: Size, output: Size, turn: Turn = UPRIGHT) -> None:
        """``turn`` is what the canvas needs to stand upright on its panel."""
        self.pixels = np.full((output.h * 3 // 2, output.w), _GREY, np.uint8)
        self.pixels[: output.h] = _BLACK
        self._canvas, self._turn = canvas, turn
        stands = turn.size(canvas)
        shape = stands.w / stands.h
        self.target = centred(
            place(stands, shape, output, Fit.CONTAIN).size, Rect(0, 0, output.w, output.h)
        )
        """Where the canvas goes."""
        self._out = cropped(planes(self.pixels), self.target)
        self._is_exact = self.target.size == stands

    def on_canvas(self, x_px: int, y_px: int) -> tuple[int, int]:
        """The place on the canvas that is shown at a place of the output; beyond it outside."""
        to = self.target
        shown = (x_px - to.x + 0.5) / to.w, (y_px - to.y + 0.5) / to.h
        x, y = self._turn.back().point(shown)
        return math.floor(x * self._canvas.w), math.floor(y * self._canvas.h)

    def write(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> list[Rect]:
        """Bring what changed of a canvas into ``pixels``; which parts of them that are."""
        whole = planes(canvas)
        if self._is_exact:
            return [self._copy(whole, rect) for rect in changed]
        rescale([np.ascontiguousarray(turned(plane, self._turn)) for plane in whole], self._out)
        return [self.target]

    def _copy(self, canvas: Planes, rect: Rect) -> Rect:
        there = self._turn.rect(rect, self._canvas)
        for plane, out in zip(cropped(canvas, rect), cropped(self._out, there), strict=True):
            out[...] = turned(plane, self._turn)
        return Rect(self.target.x + there.x, self.target.y + there.y, there.w, there.h)
