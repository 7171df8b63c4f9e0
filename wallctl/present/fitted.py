"""A canvas on an output of another size: all of it, as large as it goes, on black."""

import numpy as np
from numpy.typing import NDArray

from wallctl.media.rescale import rescale
from wallctl.model.geometry import Fit, Rect, Size, centred, place
from wallctl.present.feed import cropped
from wallctl.present.patch import planes

_BLACK, _GREY = 16, 128
"""Luma and chroma of black in limited range."""


class Fitted:
    """Pixels of the output's size that a canvas is scaled into."""

    def __init__(self, canvas: Size, output: Size) -> None:
        self.pixels = np.full((output.h * 3 // 2, output.w), _GREY, np.uint8)
        self.pixels[: output.h] = _BLACK
        shape = canvas.w / canvas.h
        self.target = centred(
            place(canvas, shape, output, Fit.CONTAIN).size, Rect(0, 0, output.w, output.h)
        )
        """Where the canvas goes."""
        part = cropped(planes(self.pixels), self.target)
        self._out = (part.y, part.u, part.v)

    def write(self, canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Bring a whole canvas into ``pixels``, which it returns."""
        whole = planes(canvas)
        rescale((whole.y, whole.u, whole.v), self._out)
        return self.pixels
