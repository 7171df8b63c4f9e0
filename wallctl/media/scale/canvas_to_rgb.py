"""A canvas turned into the pixels of an X window. Knows nothing of windows."""

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

BGRA_BYTES = 4

_ROWS, _COLUMNS = 4, 8
"""Other heights PyAV views short of two rows; at other widths swscale leaves out columns."""


class BgraConverter:
    """BT.709 limited range planar 4:2:0 to full range BGRA, for canvases of one size.

    Each chroma sample colours its 2 x 2 pixels alike: swscale's path without scaling does so, and
    it is several times faster than any other. One scaler is held, because making one costs more
    than a canvas; one thread, because the cores have other work.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._scaler = VideoReformatter()
        self._width_px, self._height_px = width_px, height_px
        whole = (-(-height_px // _ROWS) * _ROWS, -(-width_px // _COLUMNS) * _COLUMNS)
        self._padded: NDArray[np.uint8] | None = None
        if whole != (height_px, width_px):
            self._padded = np.zeros((whole[0] * 3 // 2, whole[1]), np.uint8)

    def convert(self, canvas: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
        """Write a contiguous canvas of shape (h * 3 / 2, w) ``into`` an array of (h, w, 4)."""
        picture = self._scaler.reformat(
            av.VideoFrame.from_numpy_buffer(self._whole(canvas), "yuv420p"),  # views, not copies
            format="bgra",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            interpolation=Interpolation.BILINEAR,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            threads=1,
        ).planes[0]
        rows = np.frombuffer(memoryview(picture), np.uint8).reshape(-1, picture.line_size)
        seen = rows[: self._height_px, : self._width_px * BGRA_BYTES]
        np.copyto(into, seen.reshape(into.shape))

    def _whole(self, canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The canvas, at a size that the libraries convert to its edges."""
        if self._padded is None:
            return canvas
        for plane, wider in zip(_planes(canvas), _planes(self._padded), strict=True):
            wider[: plane.shape[0], : plane.shape[1]] = plane
        return self._padded


def rgb(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A canvas of shape (h * 3 / 2, w) as red, green and blue, (h, w, 3)."""
    h, w = canvas.shape[0] * 2 // 3, canvas.shape[1]
    bgra = np.empty((h, w, BGRA_BYTES), np.uint8)
    BgraConverter(w, h).convert(canvas, bgra)
    return np.ascontiguousarray(bgra[:, :, 2::-1])


def _planes(canvas: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """Views of the three planes, of shapes (h, w) and twice (h / 2, w / 2)."""
    height, width = canvas.shape[0] * 2 // 3, canvas.shape[1]
    chroma = canvas[height:].reshape(2, height // 2, width // 2)
    return canvas[:height], chroma[0], chroma[1]
