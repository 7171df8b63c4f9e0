"""Digital zoom: how much of what a tile shows is taken, and from where. Pure.

Places are fractions of what the tile shows without it, 0 to 1 from its top left. A tile that leaves
bars is taken for full: a hand does not notice.
"""

import msgspec

from wallctl.model.base.geometry import Area
from wallctl.model.site.framing import Turn

MOST = 8.0
"""Beyond that a picture is a few large squares."""
NOTCH = 1.25
"""So much closer comes a picture with one notch of the wheel."""
DIGITS = 4
"""Of a place: finer than a pixel of any camera."""


class Zoom(msgspec.Struct, frozen=True):
    """So many times larger in both directions, around a place that is in the middle then."""

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def part(self, turn: Turn) -> Area:
        """What is taken of a picture that is shown so turned, in fractions of it as it was."""
        x, y = turn.back().point((self.x, self.y))
        side = 1 / self.factor
        return Area(x - side / 2, y - side / 2, side, side)


WHOLE = Zoom()
"""Nothing is cut off."""


def within(zoom: Zoom) -> Zoom:
    """The nearest that shows nothing from beyond the picture."""
    factor = min(max(1.0, zoom.factor), MOST)
    half = 0.5 / factor
    x, y = (round(min(max(half, at), 1 - half), DIGITS) for at in (zoom.x, zoom.y))
    return Zoom(round(factor, DIGITS), x, y)


def zoomed(zoom: Zoom, by: float, at: tuple[float, float]) -> Zoom:
    """Larger by a factor, or smaller if that is below 1; what is at a place of the tile stays."""
    factor = within(Zoom(zoom.factor * by)).factor
    stays = 1 / zoom.factor - 1 / factor
    return within(Zoom(factor, zoom.x + (at[0] - 0.5) * stays, zoom.y + (at[1] - 0.5) * stays))


def panned(zoom: Zoom, by: tuple[float, float]) -> Zoom:
    """What is seen follows a hand that moved so far over the tile."""
    return within(Zoom(zoom.factor, zoom.x - by[0] / zoom.factor, zoom.y - by[1] / zoom.factor))


class Zoomed(msgspec.Struct, frozen=True):
    """A source that is zoomed in a place of a screen's list. It is not when it is elsewhere."""

    screen: str
    index: int
    source: str
    zoom: Zoom


def zoom_of(all_zoomed: tuple[Zoomed, ...], screen: str, index: int, source: str | None) -> Zoom:
    """How a source is zoomed in a place; ``WHOLE`` if it is not."""
    here = (screen, index, source)
    found = (one.zoom for one in all_zoomed if (one.screen, one.index, one.source) == here)
    return next(found, WHOLE)


def with_zoom(all_zoomed: tuple[Zoomed, ...], new: Zoomed) -> tuple[Zoomed, ...]:
    """With a place zoomed so, and not as before."""
    others = tuple(one for one in all_zoomed if (one.screen, one.index) != (new.screen, new.index))
    return others if new.zoom == WHOLE else (*others, new)
