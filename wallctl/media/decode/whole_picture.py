"""Is a picture whole that was decoded without a keyframe before it?

Streams with rolling intra refresh never send a keyframe: each picture refreshes a part. What has
not come yet is flat grey, since libav fills pictures that are missing with it. Others only tell
what changes until their next keyframe, and stay grey until then.
"""

import numpy as np
from av.video.frame import VideoFrame

GREY = 128
"""The samples that libav fills a missing picture with, of 8 bits."""
BLOCK_PX = 16
GREY_SHARE = 0.02
"""A picture with more of its blocks wholly of this grey is not whole."""

_PLANAR = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
)
"""The formats whose first plane holds a byte of luma for each pixel."""


def is_whole(frame: VideoFrame) -> bool:
    """Whether nearly every part of the picture came."""
    if frame.format.name not in _PLANAR:
        return True
    plane = frame.planes[0]
    rows, columns = frame.height // BLOCK_PX, frame.width // BLOCK_PX
    if not rows or not columns:
        return True
    luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    luma = luma[: rows * BLOCK_PX, : columns * BLOCK_PX]
    blocks = (luma == GREY).reshape(rows, BLOCK_PX, columns, BLOCK_PX)
    return bool(blocks.all(axis=(1, 3)).mean() <= GREY_SHARE)
