"""Making 8-bit pictures smaller: halved while that is far too much, then sampled between pixels.

Halving is the mean of four pixels, so nothing finer than the result is left to shimmer; the last
step takes what remains. Close to swscale's AREA at half its time, and without its allocations
(benchmarks/experiments/scalers.py).
"""

import cv2
import numpy as np
from av.video.frame import VideoFrame

from wallctl.media.planes import Plane, planes_of, views
from wallctl.model.geometry import Rect, Size

WORTH_FROM = 1280 * 720
"""Pixels of a picture from which the time it saves is worth the difference to AREA: at 640 x 360
that is a fiftieth of a millisecond, at 1920 x 1080 half of one."""
HALVE_FROM = 2.3
"""The ratio from which a plane is halved first. Below it the four pixels around each sample are
nearly all that there are; above it detail between them would be lost, and shimmer."""
MOST_HALVES = 2
EXACT_ABOVE = 2.0
"""What is left after them is a sixteenth: there the exact mean over each pixel can be afforded.

Measured with these three on sharp drawn scenes: 38 dB or more to AREA at every ratio from 1.5 to
14; on a camera's pictures 50 dB.
"""

cv2.setNumThreads(1)  # the other processors have other cameras


class Shrink:
    """Shrinks a part of yuv420p frames to an even size, into given planes."""

    def __init__(self, part: Rect, target: Size) -> None:
        """``part`` begins at even pixels, and is no smaller than ``target``."""
        chroma = Rect(part.x // 2, part.y // 2, -(-part.w // 2), -(-part.h // 2))
        luma_halves = _Halves(part.size, target)
        chroma_halves = _Halves(chroma.size, Size(target.w // 2, target.h // 2))
        self._own = views(np.empty(target.w * target.h * 3 // 2, np.uint8), target)
        self._work = ((part, luma_halves), (chroma, chroma_halves), (chroma, chroma_halves))

    def write(self, frame: VideoFrame, out: list[Plane]) -> None:
        """``out``: Y (h, w), U and V (h/2, w/2) of the target."""
        for plane, (part, halves), target in zip(planes_of(frame), self._work, out, strict=True):
            halves.write(plane[part.y : part.bottom, part.x : part.right], target)

    def planes(self, frame: VideoFrame) -> list[Plane]:
        """The same in memory of its own, good until the next."""
        self.write(frame, self._own)
        return self._own


class _Halves:
    """The steps of a plane from one size to another, and the memory between them."""

    def __init__(self, source: Size, target: Size) -> None:
        self._target = (target.w, target.h)
        self._steps: list[tuple[Plane, tuple[int, int]]] = []
        w, h = source.w, source.h
        while len(self._steps) < MOST_HALVES and min(w / target.w, h / target.h) >= HALVE_FROM:
            w, h = w // 2, h // 2
            self._steps.append((np.empty((h, w), np.uint8), (w, h)))
        exact = len(self._steps) == MOST_HALVES and w / target.w > EXACT_ABOVE
        self._last = cv2.INTER_AREA if exact else cv2.INTER_LINEAR

    def write(self, plane: Plane, out: Plane) -> None:
        for half, (w, h) in self._steps:
            even = plane[: 2 * h, : 2 * w]
            cv2.resize(even, (w, h), dst=half, interpolation=cv2.INTER_AREA)
            plane = half
        cv2.resize(plane, self._target, dst=out, interpolation=self._last)
