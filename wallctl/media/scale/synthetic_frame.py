"""A picture that was drawn here as if a camera had sent it: cut, fitted and turned alike."""

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from wallctl.media.scale.scaler import Look, Scaler
from wallctl.model.base.geometry import Fit, Size
from wallctl.model.site.framing import View


class SyntheticFrame:
    """A picture that tiles can be filled with."""

    def __init__(self, rgb: NDArray[np.uint8]) -> None:
        """``rgb``: uint8 of shape (h, w, 3), both even."""
        self._frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        self._look = Look(Size(rgb.shape[1], rgb.shape[0]), "rgb24")

    def picture(self, tile: Size, fit: Fit, view: View) -> tuple[NDArray[np.uint8], Size]:
        """Its packed planes for a tile, and the size that they have."""
        out = np.empty(tile.w * tile.h * 3 // 2, np.uint8)
        size = Scaler(tile, fit, view).write(self._frame, self._look, out)
        return out[: size.w * size.h * 3 // 2], size
