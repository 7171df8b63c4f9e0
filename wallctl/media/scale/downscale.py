"""Making 8-bit pictures smaller: halved while that is far too much, then sampled between pixels.

Halving is the mean of four pixels, so nothing finer than the result is left to shimmer; the last
step takes what remains. Close to swscale's AREA at half its time, and without its allocations
(benchmarks/experiments/scalers.py).
"""

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane

from wallctl.media.scale.planes import Plane, lines, views
from wallctl.model.base.geometry import Rect, Size

LARGE, SMALL = 1920 * 1080, 640 * 360
"""Pixels of a picture from which the result is like AREA's at any ratio, and at some."""
ALIKE = ((1.0, 1.9), (2.0, 3.4))
"""From and to which ratios it is of pictures between them."""
HALVE_FROM = (2.0, 2.3)
"""The ratios from which a plane is halved, and halved again. Below them the four pixels around each
sample are nearly all that there are; above them detail between would be lost, and shimmer."""
EXACT_ABOVE = 2.0
"""What is left after them is a sixteenth: there the exact mean over each pixel can be afforded.

Measured with all of these on sharp drawn scenes: 38 dB or more to AREA at every ratio from 1.5 to
14; on cameras' pictures 43 to 57 dB.
"""

cv2.setNumThreads(1)  # the other processors have other cameras


def suits(part: Rect, target: Size) -> bool:
    """Whether such a picture of 4:2:0 is made smaller here rather than by AREA."""
    ratios, pixels = (part.w / target.w, part.h / target.h), part.w * part.h
    if min(ratios) < 1 or pixels < SMALL:
        return False
    alike = all(any(low <= ratio <= high for low, high in ALIKE) for ratio in ratios)
    return alike or pixels >= LARGE


class Downscaler:
    """Shrinks a part of yuv420p frames to an even size, into given planes."""

    def __init__(self, part: Rect, target: Size) -> None:
        """``part`` begins at even pixels, and is no smaller than ``target``."""
        chroma = Rect(part.x // 2, part.y // 2, -(-part.w // 2), -(-part.h // 2))
        of_chroma = _Halving(chroma, Size(target.w // 2, target.h // 2))
        self._own = views(np.empty(target.w * target.h * 3 // 2, np.uint8), target)
        self._work = (_Halving(part, target), of_chroma, of_chroma)

    def write(self, frame: VideoFrame, out: list[Plane]) -> None:
        """``out``: Y (h, w), U and V (h/2, w/2) of the target."""
        for plane, halving, target in zip(frame.planes, self._work, out, strict=True):
            halving.write(plane, target)

    def planes(self, frame: VideoFrame) -> list[Plane]:
        """The same in memory of its own, good until the next."""
        self.write(frame, self._own)
        return self._own


class _Halving:
    """The steps of a plane from a part of it to another size, and the memory between them."""

    def __init__(self, part: Rect, target: Size) -> None:
        self._target = (target.w, target.h)
        self._halves: list[Plane] = []
        w, h = part.w, part.h
        for worth_from in HALVE_FROM:
            if min(w / target.w, h / target.h) < worth_from:
                break
            w, h = w // 2, h // 2
            self._halves.append(np.empty((h, w), np.uint8))
        self._part = part
        exact = len(self._halves) == len(HALVE_FROM) and w / target.w > EXACT_ABOVE
        self._last = cv2.INTER_AREA if exact else cv2.INTER_LINEAR

    def write(self, stored: VideoPlane, out: Plane) -> None:
        plane = lines(stored, self._part)
        for half in self._halves:
            h, w = half.shape
            cv2.resize(plane[: 2 * h, : 2 * w], (w, h), dst=half, interpolation=cv2.INTER_AREA)
            plane = half
        cv2.resize(plane, self._target, dst=out, interpolation=self._last)
