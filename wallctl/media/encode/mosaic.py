"""Pictures of other sizes, each scaled into its place of one large picture.

Made for canvases: planar 4:2:0, BT.709, limited range. It knows nothing of where they come from.
"""

from collections.abc import Callable

import numpy as np
from av.video.frame import VideoFrame

from wallctl.media.scale.planes import Plane, copy, planes_of, views
from wallctl.media.scale.scaler import Look, Scaler
from wallctl.model.base.geometry import Fit, Rect, Size

YUV420P = "yuv420p"
BLACK, NO_COLOUR = 16, 128


class Inset:
    """One of the pictures: a frame of its own to copy it into, and the scaler to its place."""

    def __init__(self, picture: Size, place: Rect) -> None:
        self._look = Look(picture, YUV420P)
        self._frame = VideoFrame(picture.w, picture.h, YUV420P)
        self._planes = planes_of(self._frame)
        self._scaler = Scaler(place.size, Fit.STRETCH)
        self._packed = np.empty(place.w * place.h * 3 // 2, np.uint8)
        self._scaled = views(self._packed, place.size)
        self._place = place

    def lay(self, fill: Callable[[list[Plane]], bool], into: list[Plane]) -> bool:
        """Have the picture copied by ``fill`` and lay it into its place of the large one.

        Nothing is laid where ``fill`` says that it could not. Raises what libav raises.
        """
        if not fill(self._planes):
            return False
        self._scaler.write(self._frame, self._look, self._packed)
        copy(self._scaled, _part(into, self._place))
        return True


def black(frame: VideoFrame) -> list[Plane]:
    """The planes of a yuv420p frame, made black."""
    planes = planes_of(frame)
    for plane, level in zip(planes, (BLACK, NO_COLOUR, NO_COLOUR), strict=True):
        plane[...] = level
    return planes


def _part(planes: list[Plane], part: Rect) -> list[Plane]:
    """An even part of planes."""
    x, y, right, bottom = part.x // 2, part.y // 2, part.right // 2, part.bottom // 2
    luma, *chroma = planes
    return [
        luma[part.y : part.bottom, part.x : part.right],
        *(plane[y:bottom, x:right] for plane in chroma),
    ]
