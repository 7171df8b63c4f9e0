"""Flat colour on a tile's picture: bare ground, and privacy masks, before anybody can look.

A mask grows by the reach of scaling, so that no sample outside depends on what lies below it.
"""

import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from wallctl.media.scale.colour import codes
from wallctl.media.scale.planes import views
from wallctl.model.base.colours import GROUND, Colour
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.framing import Mask

MASKED: Colour = (44, 52, 62)
"""Calm, and lighter than the ground around pictures: what is covered is not missing."""
REACH = 2.0
"""Reach of scaling around a place, in samples of the smaller of both pictures."""
_FRACTION_BITS = 4

Cover = tuple[NDArray[np.bool_], Colour]
"""Which samples of chroma, and with each of them its 2 x 2 pixels, get a colour."""


class CoveredPicture:
    """Memory for a picture that is covered before it is handed on."""

    def __init__(self, size: Size, covers: Iterable[Cover]) -> None:
        self._packed = np.empty(size.w * size.h * 3 // 2, np.uint8)
        self.planes = views(self._packed, size)
        """To write the picture into."""
        self._strokes = [
            stroke
            for chroma, colour in covers
            for stroke in zip(
                self.planes,
                (chroma.repeat(2, 0).repeat(2, 1), chroma, chroma),
                codes(colour),
                strict=True,
            )
        ]

    def write(self, out: NDArray[np.uint8]) -> None:
        """Cover the picture, and copy it to the front of ``out``."""
        for plane, area, code in self._strokes:
            np.copyto(plane, code, where=area)
        out[: len(self._packed)] = self._packed


def cover_masks(size: Size, masks: Iterable[Mask], enlarged: float, mended: bool) -> Cover:
    """The cover of masks, in pixels of a picture that was made ``enlarged`` times larger.

    What a mask touches is covered, and what is near enough to see it: a line further where lines
    are ``mended`` after their neighbours.
    """
    reach = math.ceil((REACH + mended) * max(1.0, enlarged)) + 1
    w, h = size.w // 2, size.h // 2
    drawn = np.zeros((h + 2 * reach, w + 2 * reach), np.uint8)
    for mask in masks:
        corners = (np.array(mask) / 2 + reach - 0.5) * 2**_FRACTION_BITS
        cv2.fillPoly(drawn, [np.rint(corners).astype(np.int32)], 1, shift=_FRACTION_BITS)
    grown = cv2.dilate(drawn, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return np.asarray(grown[reach : reach + h, reach : reach + w] > 0), MASKED


def cover_ground(size: Size, picture: Rect) -> Cover:
    """The cover of all around an even rectangle of a picture."""
    area = np.ones((size.h // 2, size.w // 2), np.bool_)
    area[picture.y // 2 : picture.bottom // 2, picture.x // 2 : picture.right // 2] = False
    return area, GROUND
