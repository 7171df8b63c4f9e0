"""The clock over the tiles: drawn each second, where the marks beside it end.

It decides nothing about what it shows; the zone is the site's.
"""

from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.overlays import beside_clock, clock_right
from wallctl.display.drawing.site_clock import SiteClock


class ClockBoard:
    """Keeps the clock of a screen."""

    def __init__(self, composer: Composer, clock: SiteClock) -> None:
        self._composer = composer
        self._clock = clock
        self._drawn = (0, False)
        """The second that is on the screen, and whether a clock is wanted."""
        self.right_px = clock_right(composer.canvas_size)
        """Where what stands beside the clock ends."""

    def move(self, timezone: str | None) -> None:
        """The site says another time zone; it is seen from the next second on."""
        self._clock.timezone = timezone

    def forget(self) -> None:
        """The clock is drawn again by the next pass, as in another language."""
        self._drawn = (0, False)

    def follow(self, unix_s: int, shown: bool) -> bool:
        """Draw the clock once a second; whether the time zone is another than a second ago."""
        if (unix_s, shown) == self._drawn:
            return False
        self._drawn = (unix_s, shown)
        has_moved = self._clock.has_moved()
        size = self._composer.canvas_size
        drawing = self._composer.artist.clock(unix_s, size) if shown else None
        self._composer.overlay("8 clock", drawing)
        self.right_px = beside_clock(drawing, size) if drawing else clock_right(size)
        return has_moved
