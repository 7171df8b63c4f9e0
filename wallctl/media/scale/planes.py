"""The planes of planar 4:2:0 pictures as arrays, on libav's memory or on given bytes."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.framing import Turn

Plane = NDArray[np.uint8]
"""Shape (h, w); rows may lie further apart than they are long."""


def planes_of(frame: VideoFrame) -> list[Plane]:
    """Y (h, w), U and V (half of both, rounded up) of a yuv420p frame, not copied."""
    h, w = frame.height, frame.width
    half = Rect(0, 0, -(-w // 2), -(-h // 2))
    y, u, v = frame.planes
    return [lines(y, Rect(0, 0, w, h)), lines(u, half), lines(v, half)]


def views(packed: NDArray[np.uint8], size: Size) -> list[Plane]:
    """The planes of a picture of even size at the front of packed bytes."""
    luma, chroma = size.w * size.h, size.w * size.h // 4
    half = (size.h // 2, size.w // 2)
    return [
        packed[:luma].reshape(size.h, size.w),
        packed[luma : luma + chroma].reshape(half),
        packed[luma + chroma : luma + 2 * chroma].reshape(half),
    ]


def copy(planes: list[Plane], out: list[Plane]) -> None:
    """Copy planes into others of the same shapes."""
    for plane, target in zip(planes, out, strict=True):
        target[...] = plane


def turned(plane: Plane, turn: Turn) -> Plane:
    """A plane as it stands when it is turned, not copied."""
    return np.rot90(plane[:, ::-1] if turn.mirrored else plane, -turn.quarters)


def lines(plane: VideoPlane, part: Rect) -> Plane:
    """A part of a plane of bytes as an array (h, w), not copied."""
    row = plane.line_size
    at = part.y * row + part.x
    return np.ndarray((part.h, part.w), np.uint8, memoryview(plane), at, (row, 1))
