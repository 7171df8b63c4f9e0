"""Planes of a picture scaled to another size: for a canvas whose monitor has another mode."""

from collections.abc import Sequence

import cv2

from wallctl.media.scale.planes import Plane


def rescale(planes: Sequence[Plane], out: Sequence[Plane]) -> None:
    """Scale planes into others: the mean over each pixel where they get smaller, else smoothly.

    ``out`` may be parts of larger planes.
    """
    for plane, target in zip(planes, out, strict=True):
        h, w = target.shape
        smaller = h < plane.shape[0]
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        target[...] = cv2.resize(plane, (w, h), interpolation=how)
