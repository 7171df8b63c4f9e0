"""The shape of a picture where its stream says nothing: its width over its height, as it is seen.

Recorders squeeze pictures: 960 x 1080 and 352 x 288 are often 16:9, with nothing in the stream that
says so. A site can name the shape; else a smaller stream has that of the source's main one.
"""

import msgspec

from wallctl.model.base.geometry import Size

MIN_SHAPE, MAX_SHAPE = 1 / 8, 8.0
"""The shapes that a site can name."""
SAME_SHAPE_TOLERANCE = 0.03
"""Shapes that differ by less are one, rounded to other pixels."""
MAX_SQUEEZE = 3.0
"""The factor by which recorders squeeze pictures, at most."""
_HALF_HD = Size(960, 1080)
"""1080N: nothing but recorders makes it, and they mean 1920 x 1080."""
_SQUARE = 1.0
_USUAL = 16 / 9
ROUNDING = 1e-3
"""How much rounding changes a shape on its way."""


class KnownShape(msgspec.Struct, frozen=True):
    """What is known of a picture's shape besides its own stream, for the picture as that stream
    turns it. ``None``: nothing is known."""

    named: float | None = None
    """By the site."""
    of_main: float | None = None
    """What the source's main stream has."""


UNKNOWN = KnownShape()


def pixel_aspect(picture: Size, said: float, beside: KnownShape = UNKNOWN) -> float:
    """Width of a pixel over its height.

    ``picture`` and ``said``, what the stream says, are as the picture stands. ``said`` counts for
    little if it is 1 (square): encoders that know nothing say that, too.
    """
    own = said * picture.w / picture.h
    if beside.named is not None:
        return said * beside.named / own
    if said != _SQUARE:
        return said
    if beside.of_main is not None:
        return said * beside.of_main / own if _is_squeezed(own, beside.of_main) else said
    return 2.0 if picture == _HALF_HD else said


def shape_of(picture: Size, said: float) -> float:
    """The shape of a main stream's picture, which stands as its stream says."""
    return pixel_aspect(picture, said) * picture.w / picture.h


def may_be_squeezed(picture: Size, shape: float) -> bool:
    """Whether it is worth opening the main stream: the picture's own stream says nothing, and the
    picture is not as wide as those of nearly all cameras."""
    unsaid = abs(shape * picture.h / picture.w - _SQUARE) < ROUNDING
    return unsaid and abs(shape / _USUAL - 1) > SAME_SHAPE_TOLERANCE


def _is_squeezed(own: float, of_main: float) -> bool:
    """Whether a picture can be that of the main stream, squeezed: no other part of the scene, and
    not the same standing on its side."""
    by = max(own / of_main, of_main / own)
    on_its_side = max(own * of_main, 1 / (own * of_main)) < 1 + SAME_SHAPE_TOLERANCE
    return SAME_SHAPE_TOLERANCE < by - 1 < MAX_SQUEEZE - 1 and not on_its_side
