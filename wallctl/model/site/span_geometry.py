"""A piece of a picture that reaches over several screens: where each of its pixels comes from.

Screens differ in pixels per millimetre, and a picture's pixels are often larger than theirs. So
that a line goes on from one to the next, nothing here is rounded but the picture's edge.
"""

import msgspec

from wallctl.model.base.affine import Affine, Point
from wallctl.model.base.geometry import Area, Fit, Rect, Size
from wallctl.model.site.framing import WHOLE, Span, StoredPicture, View


class SpannedPicture(msgspec.Struct, frozen=True):
    """Where a tile's picture comes from."""

    source: Affine
    """From the tile's pixels to those of the stored picture."""
    picture: Rect
    """Where in the tile the picture lies, in even pixels; the rest is empty."""

    @property
    def enlarged(self) -> float:
        """How much the picture is enlarged, at most; less than 1 if it shrinks."""
        return 1 / min(self.source.steps)

    def pixel(self, at: Point, stored: Size) -> Point:
        """Where a place of the stored picture, in fractions, lies in the tile, in pixels."""
        return self.source.back().at((at[0] * stored.w, at[1] * stored.h))


def span_picture(
    stored: StoredPicture, tile: Size, fit: Fit, view: View, span: Span
) -> SpannedPicture:
    """Put a piece of the part of a picture that a view takes into a tile."""
    stands = stored.upright.then(view.upright)
    taken, lies = _place(_shape(stored, view), span.shape, fit)

    def source(pixel: Point) -> Point:
        """Back through all that was done to a picture, from a pixel of the tile."""
        on_place = span.part.at((pixel[0] / tile.w, pixel[1] / tile.h))
        cut = view.turn.back().point(taken.at(lies.within(on_place)))
        x, y = stands.back().point(view.crop.at(cut))
        return x * stored.size.w, y * stored.size.h

    seen = span.part.share(lies).overlap(WHOLE) or Area(0, 0, 0, 0)
    return SpannedPicture(
        Affine.through(source((0, 0)), source((1, 0)), source((0, 1))), seen.even_pixels(tile)
    )


def _shape(stored: StoredPicture, view: View) -> float:
    """Width over height, as displayed, of what a view takes of a picture."""
    stands = stored.upright.then(view.upright)
    shape = stored.size.w * stored.aspect / stored.size.h
    shape = (1 / shape if stands.swaps else shape) * view.crop.w / view.crop.h
    return 1 / shape if view.turn.swaps else shape


def _place(picture: float, place: float, fit: Fit) -> tuple[Area, Area]:
    """What is taken of a picture of one shape, and where it lies in a place of another."""
    wide = min(1.0, picture / place), min(1.0, place / picture)
    if fit is Fit.CONTAIN:
        return WHOLE, _middle(*wide)
    return (_middle(*reversed(wide)) if fit is Fit.COVER else WHOLE), WHOLE


def _middle(w: float, h: float) -> Area:
    return Area((1 - w) / 2, (1 - h) / 2, w, h)
