"""A broadcast: a screen, or the whole wall, sent out as one stream for people elsewhere. Pure.

This module says how large it is, and where each screen stands in its picture. It does not know how
it is encoded and sent.
"""

import enum
from collections.abc import Mapping, Sequence

import msgspec

from wallctl.model.base.geometry import Fit, Rect, Size, centred, even, place
from wallctl.model.site.site import Broadcast, Screen, Site

DEFAULT_RATE_HZ = 12.5
"""Pictures a second if the site does not say: half of what most cameras send."""
BITS_PER_PIXEL = 0.25
"""At most, if the site does not say."""
MIN_KBPS = 500


class BroadcastState(enum.Enum):
    """What a broadcast does."""

    OFF = "off"
    CONNECTING = "connecting"
    LIVE = "live"
    FAILED = "failed"
    """The last attempt failed; it is tried again."""
    REFUSED = "refused"
    """The login is wrong; it is tried again rarely."""


class BroadcastPart(msgspec.Struct, frozen=True):
    """One screen of a broadcast, and where it stands in the picture."""

    screen: str
    rect: Rect


def is_on(broadcast: Broadcast, switched: Mapping[str, bool]) -> bool:
    """Whether it should run: as somebody switched it last, else as the site says."""
    return switched.get(broadcast.name, broadcast.on)


def list_screens(broadcast: Broadcast, site: Site) -> tuple[Screen, ...]:
    """The screens that it shows."""
    return tuple(one for one in site.screens if broadcast.screen in (None, one.name))


def bounds(rects: Sequence[Rect]) -> Rect:
    """The smallest rectangle that holds them all."""
    x, y = min(r.x for r in rects), min(r.y for r in rects)
    return Rect(x, y, max(r.right for r in rects) - x, max(r.bottom for r in rects) - y)


def choose_size(whole: Size, width_px: int | None, height_px: int | None) -> Size:
    """The size of a picture of the wall: as given, or in the wall's shape, or half of the wall."""
    if width_px is not None and height_px is not None:
        return Size(width_px, height_px)
    if width_px is not None:
        return Size(width_px, max(2, even(width_px * whole.h / whole.w)))
    if height_px is not None:
        return Size(max(2, even(height_px * whole.w / whole.h)), height_px)
    return Size(max(2, even(whole.w / 2)), max(2, even(whole.h / 2)))


def choose_kbps(size: Size, rate_hz: float) -> int:
    """The most kilobits a second that such a stream takes, if the site does not say."""
    return max(MIN_KBPS, round(size.w * size.h * rate_hz * BITS_PER_PIXEL / 1000))


def place_screens(screens: Sequence[Screen], size: Size) -> tuple[BroadcastPart, ...]:
    """Place each screen in a picture of that size: the wall in its shape, in the middle.

    The rectangles are even, inside the picture, and apart from each other as the screens are. A
    screen that would be smaller than two pixels is left out.
    """
    wall = bounds([one.rect for one in screens])
    whole = centred(
        place(wall.size, wall.w / wall.h, size, Fit.CONTAIN).size, Rect(0, 0, size.w, size.h)
    )
    placed = (BroadcastPart(one.name, _scale(one.rect, wall, whole)) for one in screens)
    return tuple(part for part in placed if part.rect.w > 0 and part.rect.h > 0)


def _scale(rect: Rect, wall: Rect, whole: Rect) -> Rect:
    """A rectangle of the wall, in the picture of the wall; its edges are the neighbours' too."""
    x, right = (whole.x + even((at - wall.x) * whole.w / wall.w) for at in (rect.x, rect.right))
    y, bottom = (whole.y + even((at - wall.y) * whole.h / wall.h) for at in (rect.y, rect.bottom))
    return Rect(x, y, right - x, bottom - y)
