"""The planes of planar 4:2:0 pictures as arrays, on libav's memory or on given bytes."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from wallctl.model.geometry import Size

Plane = NDArray[np.uint8]
"""Shape (h, w); rows may lie further apart than they are long."""


def planes_of(frame: VideoFrame) -> list[Plane]:
    """Y (h, w), U and V (half of both, rounded up) of a yuv420p frame, not copied."""
    h, w = frame.height, frame.width
    half = -(-h // 2), -(-w // 2)
    y, u, v = frame.planes
    return [_lines(y, h, w), _lines(u, *half), _lines(v, *half)]


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


def _lines(plane: VideoPlane, h: int, w: int) -> Plane:
    return np.ndarray((h, w), np.uint8, memoryview(plane), 0, (plane.line_size, 1))
