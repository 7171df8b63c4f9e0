"""A piece of a picture at exact places between its pixels, turned and scaled in one step.

Slower than scaling whole pictures, and needed only where a line must go on from screen to screen.
"""

from collections.abc import Callable

import cv2
import numpy as np
from av.video.frame import VideoFrame

from wallctl.media.scale.planes import Plane, views
from wallctl.model.base.affine import Affine
from wallctl.model.base.geometry import Size

HALVED_FROM = 2.0
"""Least ratio at which a picture is halved before, so that no detail is skipped."""


class AffineSampler:
    """Takes pieces out of pictures of one size."""

    def __init__(
        self, source: Affine, tile: Size, stored: Callable[[VideoFrame], list[Plane]]
    ) -> None:
        """``source`` leads from the tile's pixels to the picture's; ``stored`` gives its planes,
        4:2:0 of 8 bits in limited range."""
        self._stored = stored
        self._target = tile
        self._halvings = 0
        while min(source.steps) / 2**self._halvings >= HALVED_FROM:
            self._halvings += 1
        self._luma = _between(source, 2**self._halvings, 1)
        self._chroma = _between(source, 2**self._halvings, 2)
        self._own = views(np.empty(tile.w * tile.h * 3 // 2, np.uint8), tile)

    def write(self, frame: VideoFrame, out: list[Plane]) -> None:
        """``out``: Y (h, w), U and V (h/2, w/2) of the tile."""
        maps = (self._luma, self._chroma, self._chroma)
        for plane, source, target in zip(self._stored(frame), maps, out, strict=True):
            self._write_plane(plane, source, target)

    def planes(self, frame: VideoFrame) -> list[Plane]:
        """The same in memory of its own, good until the next."""
        self.write(frame, self._own)
        return self._own

    def _write_plane(self, plane: Plane, source: Plane, target: Plane) -> None:
        for _ in range(self._halvings):
            w, h = max(1, plane.shape[1] // 2), max(1, plane.shape[0] // 2)
            part = plane[: 2 * h, : 2 * w]
            plane = np.asarray(cv2.resize(part, (w, h), interpolation=cv2.INTER_AREA), np.uint8)
        cv2.warpAffine(
            plane,
            source,
            (target.shape[1], target.shape[0]),
            dst=target,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )


def _between(source: Affine, halved: int, subsampled: int) -> Plane:
    """The map between the samples of two planes, as OpenCV counts: from the middle of the first.

    ``halved``: how many times smaller the picture was made; ``subsampled``: 2 for chroma, whose
    samples both pictures have half as many of.
    """
    middle = source.at((subsampled / 2, subsampled / 2))
    x0, y0 = (at / subsampled / halved - 0.5 for at in middle)
    steps = np.array([[source.xx, source.xy], [source.yx, source.yy]]) / halved
    return np.column_stack([steps, [x0, y0]])
