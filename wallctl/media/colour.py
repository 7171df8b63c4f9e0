"""Colour matrices: which one a picture was made with, and how its planes become BT.709.

Range (full or limited) is swscale's work and costs it nothing. The matrix is done here: swscale
goes through RGB for it, which triples the cost of scaling a small picture.
"""

import enum

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from wallctl.model.geometry import Size

Plane = NDArray[np.uint8]


class Matrix(enum.Enum):
    """A YUV matrix, as its weights of red and blue in luma."""

    BT709 = (0.2126, 0.0722)
    BT601 = (0.299, 0.114)
    FCC = (0.30, 0.11)
    SMPTE240M = (0.212, 0.087)
    BT2020 = (0.2627, 0.0593)


HD_FROM_HEIGHT_PX = 720
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
    """Whether luma spans 0-255. The old ``yuvj`` formats say so by their name."""
    return frame.color_range == _FULL_RANGE or format_name.startswith("yuvj")


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
    """Converts 4:2:0 planes of one size, in 16-bit fixed point, into given planes.

    Luma changes by a sum of the two chromas alone, and chroma by little: no code needs more than
    16 bits, and nothing is allocated per picture.
    """

    def __init__(self, matrix: Matrix, size: Size) -> None:
        (_, a, b), (_, c, d), (_, e, f) = np.rint(to_bt709(matrix) * 256).astype(int).tolist()
        self._luma = (a, b)
        self._cb = (c - 256, d)
        self._cr = (e, f - 256)
        h, w = size.h // 2, size.w // 2
        self._cb_in, self._cr_in, self._sum, self._term = np.empty((4, h, w), np.int16)
        self._pairs = np.empty((2, h, 2, w), np.uint16)
        self._limits = np.empty((h, 2 * size.w), np.uint8)

    def write(self, planes: list[Plane], out: list[Plane]) -> None:
        """``planes`` and ``out``: Y (h, w), U and V (h/2, w/2)."""
        y, u, v = planes
        np.subtract(u, 128, out=self._cb_in, dtype=np.int16)
        np.subtract(v, 128, out=self._cr_in, dtype=np.int16)
        self._write_luma(y, out[0])
        self._write_chroma(self._cb, self._cb_in, out[1])
        self._write_chroma(self._cr, self._cr_in, out[2])

    def _write_luma(self, y: Plane, out: Plane) -> None:
        """Add with saturation, in bytes: what rises is cut to fit first, then what falls.

        Two rows of luma share one of chroma: they are worked on as one long row.
        """
        change, sign = self._weigh(self._luma), self._term
        np.right_shift(change, 15, out=sign)
        np.bitwise_and(change, np.invert(sign, out=sign), out=sign)
        rise = self._fourfold(sign, self._pairs[0])
        fall = self._fourfold(np.subtract(sign, change, out=change), self._pairs[1])
        np.copyto(out, y)
        rows = out.reshape(rise.shape)
        np.minimum(rows, np.subtract(255, rise, out=self._limits), out=rows)
        rows += rise
        np.maximum(rows, fall, out=rows)
        rows -= fall

    def _fourfold(self, change: NDArray[np.int16], pairs: NDArray[np.uint16]) -> Plane:
        """Values below 128, each twice in both rows: as both bytes of a 16-bit number."""
        np.multiply(change.view(np.uint16), 0x0101, out=pairs[:, 0])
        pairs[:, 1] = pairs[:, 0]
        return pairs.view(np.uint8).reshape(self._limits.shape)

    def _write_chroma(self, weights: tuple[int, int], own: NDArray[np.int16], out: Plane) -> None:
        change = self._weigh(weights)
        change += own
        change += 128
        np.clip(change, 0, 255, out=change)
        np.copyto(out, change, casting="unsafe")

    def _weigh(self, weights: tuple[int, int]) -> NDArray[np.int16]:
        total = self._sum
        np.multiply(self._cb_in, weights[0], out=total)
        np.multiply(self._cr_in, weights[1], out=self._term)
        total += self._term
        total += 128
        total >>= 8
        return total
