"""Colour matrices: which one a picture was made with, and how its planes become BT.709.

Range (full or limited) is swscale's work and costs it nothing. The matrix is done here: swscale
goes through RGB for it, which triples the cost of scaling a small picture.
"""

import enum

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from wallctl.media.scale.planes import Plane
from wallctl.model.base.geometry import Size


class Matrix(enum.Enum):
    """A YUV matrix, as its weights of red and blue in luma."""

    BT709 = (0.2126, 0.0722)
    BT601 = (0.299, 0.114)
    FCC = (0.30, 0.11)
    SMPTE240M = (0.212, 0.087)
    BT2020 = (0.2627, 0.0593)


MID = 128
"""The code of no colour."""
HD_FROM_HEIGHT_PX = 720
UNSAID_RANGE, UNSAID_MATRIX = 0, 2
"""What libav calls the range and the matrix of pictures that say nothing of them."""
_FULL_RANGE = 2
_TAGS = {
    # AVColorSpace; the numbers are those of ITU-T H.273, MatrixCoefficients.
    1: Matrix.BT709,
    4: Matrix.FCC,
    5: Matrix.BT601,
    6: Matrix.BT601,
    7: Matrix.SMPTE240M,
    9: Matrix.BT2020,
    10: Matrix.BT2020,
}


def matrix_of(frame: VideoFrame, height_px: int) -> Matrix:
    """The matrix that a frame is tagged with.

    Most cameras tag nothing. Then HD is BT.709 and anything smaller BT.601, as BT.709-6 (HDTV) and
    BT.601-7 (SDTV) divide the world, and as players guess.
    """
    guess = Matrix.BT709 if height_px >= HD_FROM_HEIGHT_PX else Matrix.BT601
    return _TAGS.get(frame.colorspace, guess)


def is_full_range(frame: VideoFrame, format_name: str) -> bool:
    """Whether luma spans 0-255. The old ``yuvj`` formats say so by their name; A grey
    picture that says nothing comes from a still image's file: cameras' codecs say it."""
    tagged = frame.color_range
    if format_name.startswith("gray"):
        return tagged in (UNSAID_RANGE, _FULL_RANGE)
    return tagged == _FULL_RANGE or format_name.startswith("yuvj")


def codes(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """The codes Y, Cb, Cr of a colour (0-255 each) in BT.709 of limited range."""
    y, cb, cr = _from_rgb(Matrix.BT709) @ np.array(rgb) / 255 * (219, 224, 224) + (16, MID, MID)
    return round(y), round(cb), round(cr)


def to_bt709(matrix: Matrix) -> NDArray[np.float64]:
    """The 3 x 3 matrix from limited-range codes (Y, Cb - 128, Cr - 128) to BT.709's."""
    codes = np.diag([219.0, 224.0, 224.0])
    there = _from_rgb(Matrix.BT709) @ np.linalg.inv(_from_rgb(matrix))
    return np.asarray(codes @ there @ np.linalg.inv(codes))


def _from_rgb(matrix: Matrix) -> NDArray[np.float64]:
    red, blue = matrix.value
    luma = np.array([red, 1 - red - blue, blue])
    cb = (np.array([0, 0, 1]) - luma) / (2 * (1 - blue))
    cr = (np.array([1, 0, 0]) - luma) / (2 * (1 - red))
    return np.stack([luma, cb, cr])


class ToBt709:
    """Converts 4:2:0 planes of one size into given planes.

    Luma changes by a sum of the two chromas alone, and each plane by so little that all fits into
    bytes around 128. Nothing is allocated per picture.
    """

    def __init__(self, matrix: Matrix, size: Size) -> None:
        luma, *self._chroma = (_weights(row) for row in to_bt709(matrix)[:, 1:])
        self._luma = luma
        h, w = size.h // 2, size.w // 2
        self._change = np.empty((h, w), np.uint8)
        self._pairs = np.empty((h, 2, w), np.uint16)
        self._fourfold = self._pairs.view(np.uint8).reshape(size.h, size.w)
        """The change, each twice in both rows: as both bytes of a 16-bit number."""

    def write(self, planes: list[Plane], out: list[Plane]) -> None:
        """``planes`` and ``out``: Y (h, w), U and V (h/2, w/2)."""
        y, u, v = planes
        _weigh(u, v, self._luma, self._change)
        np.multiply(self._change, np.uint16(0x0101), out=self._pairs[:, 0])
        self._pairs[:, 1] = self._pairs[:, 0]
        cv2.addWeighted(y, 1, self._fourfold, 1, -MID, dst=out[0])
        for weights, target in zip(self._chroma, out[1:], strict=True):
            _weigh(u, v, weights, target)


def _weights(row: NDArray[np.float64]) -> tuple[float, float, float]:
    """Of two chroma codes, and what to add so that no colour gives 128."""
    of_u, of_v = row.tolist()
    return of_u, of_v, MID * (1 - of_u - of_v)


def _weigh(u: Plane, v: Plane, weights: tuple[float, float, float], out: Plane) -> None:
    cv2.addWeighted(u, weights[0], v, weights[1], weights[2], dst=out)
