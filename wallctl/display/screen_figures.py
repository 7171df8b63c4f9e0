"""The figures of a screen: what its presenter counts, and when the controller hears of it."""

from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing.failed_drawings import FailedDrawings
from wallctl.display.messages import Figures
from wallctl.display.ticks import Ticks
from wallctl.model.operator.monitor_state import Monitor
from wallctl.model.streams.health import TileState

FIGURES_EVERY_NS = 1_000_000_000
NEWS_EVERY_NS = 100_000_000
"""Figures come earlier when a tile's state or what is left out has changed, but no more often
than this."""


class ScreenFigures:
    """Knows what was told last, and so when there is news."""

    def __init__(
        self, composer: Composer, ticks: Ticks, failed: FailedDrawings, monitor: Monitor
    ) -> None:
        self.monitor = monitor
        self._composer = composer
        self._ticks = ticks
        self._failed = failed
        self._told: tuple[list[TileState], tuple[str, ...]] = [], ()
        """The states of the tiles, and what was left out, when the last figures were sent."""
        self._told_ns = 0

    def note_monitor(self, monitor: Monitor) -> None:
        """The screen's monitor came, went or changed: that is told at once."""
        self.monitor = monitor
        self._told_ns = 0

    def are_due(self, now_ns: int, committed: bool) -> bool:
        """Whether to send them now; they count as told then. After a ``committed`` scene at
        once."""
        told = [tile.state for tile in self._composer.tiles], self._failed.told
        waited_ns = now_ns - self._told_ns
        news = told != self._told and waited_ns >= NEWS_EVERY_NS
        if not (committed or news or waited_ns >= FIGURES_EVERY_NS):
            return False
        self._told, self._told_ns = told, now_ns
        return True

    def counted(self, now_ns: int, last: bool = False) -> Figures:
        """The counters up to now."""
        ticks, tiles = self._ticks, self._composer.tiles
        figures = (tile.figures(now_ns) for tile in tiles)
        return Figures(
            tick_hz=ticks.hz,
            ticks=ticks.had,
            missed_ticks=ticks.missed,
            changed_ticks=ticks.changed,
            torn=sum(tile.torn for tile in tiles),
            version=self._composer.version,
            tiles=tuple(one for one in figures if one is not None),
            monitor=self.monitor,
            left_out=self._failed.told,
            is_plain=self._failed.draws_plain,
            last=last,
        )
