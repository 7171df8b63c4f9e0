"""A mouse at the wall: events as presenters forward them, and the tile under a pixel. Pure."""

import enum

import msgspec

from wallctl.model.base.geometry import Rect
from wallctl.model.site.site import Site
from wallctl.model.wall.scene.scene import Scene, Tile


class Button(enum.Enum):
    """A button, or a turn of the wheel by one notch."""

    LEFT = "left"
    MIDDLE = "middle"
    WHEEL_UP = "wheel up"
    WHEEL_DOWN = "wheel down"


class PointerEvent(msgspec.Struct, frozen=True, tag=True):
    """The pointer on one screen: a button goes down or up, or it moves while one is down.

    A pointer that was grabbed goes on where its screen ends: x and y may lie outside of it.
    """

    screen: str
    x_px: int
    y_px: int
    at_ns: int
    button: Button | None = None
    """``None``: it moved."""
    pressed: bool = False


class Spot(msgspec.Struct, frozen=True):
    """A place that was pointed at, in pixels of its screen."""

    screen: str
    x_px: int
    y_px: int


def find_spot(event: PointerEvent, site: Site) -> Spot | None:
    """Find the place under the pointer: beyond its own screen it is on the screen beside that."""
    own = site.screen(event.screen)
    if own is None:
        return None
    x, y = own.rect.x + event.x_px, own.rect.y + event.y_px
    for screen in (own, *site.screens):
        if _holds(screen.rect, x, y):
            return Spot(screen.name, x - screen.rect.x, y - screen.rect.y)
    return None


def find_tile(scene: Scene, spot: Spot) -> Tile | None:
    """Find the tile under a place; where tiles overlap, the upper one."""
    screen = next((one for one in scene if one.screen == spot.screen), None)
    if screen is None or screen.blanked:
        return None
    there = (one for one in screen.tiles if _holds(one.rect, spot.x_px, spot.y_px))
    ranked = enumerate(there)  # of equals the last is seen
    upper = max(ranked, key=lambda found: (found[1].z, found[0]), default=None)
    return upper[1] if upper is not None else None


def _holds(rect: Rect, x: int, y: int) -> bool:
    return rect.x <= x < rect.right and rect.y <= y < rect.bottom
