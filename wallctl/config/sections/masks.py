"""Masks of a source: rectangles and polygons checked, and made into corners."""

from wallctl.config.schema.site_schema import RawMask
from wallctl.config.sections.framing import END
from wallctl.model.base.affine import Point
from wallctl.model.site.framing import Mask, sides_cross
from wallctl.storage.file_findings import Key, Report

SIDES = ("x", "y", "w", "h")


def check_mask(mask: RawMask, key: Key, report: Report) -> None:
    """Whether it is one part of the picture, and which is beyond doubt."""
    if not report.sound(*key):
        return
    given = [side for side in SIDES if getattr(mask, side) is not None]
    if mask.corners is None and len(given) < len(SIDES):
        wanting = " and ".join(side for side in SIDES if side not in given)
        report.error(key, f"a rectangle without {wanting}", "x, y, w and h, or corners")
    elif mask.corners is not None and given:
        report.error(key, f"corners and {given[0]}", "a rectangle or corners, not both")
    else:
        _check_shape(mask_of(mask), key, report)


def _check_shape(corners: Mask, key: Key, report: Report) -> None:
    if _area(corners) == 0:
        report.error(key, "a mask without an area", "w and h above 0, or corners around a part")
    elif sides_cross(corners):
        report.error(key, "sides that cross", "corners in order, once around")
    elif any(place > END for corner in corners for place in corner):
        report.error(key, "a rectangle that ends beyond the picture", "x + w and y + h at most 1")


def _area(corners: Mask) -> float:
    """Twice the area that a polygon encloses."""
    following = (*corners[1:], corners[0])
    pairs = zip(corners, following, strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs))


def mask_of(raw: RawMask) -> Mask:
    """The model value of a mask that was found sound."""
    if raw.corners is not None:
        return tuple(_point(corner) for corner in raw.corners)
    x, y, w, h = ((getattr(raw, side) or 0.0) for side in SIDES)
    return ((x, y), (x + w, y), (x + w, y + h), (x, y + h))


def _point(corner: tuple[float, ...]) -> Point:
    x, y = corner
    return x, y
