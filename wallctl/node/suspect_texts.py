"""The texts that presenters may have died of, above all those that were never shown before."""

from wallctl.display.drawing.redraw_retry import Pages, suspects
from wallctl.display.messages import Prepare


class SuspectTexts:
    """What is suspected on each screen."""

    def __init__(self) -> None:
        self._suspected: dict[str, frozenset[str]] = {}
        """The texts that the presenters of a screen that keep dying had in common."""
        self._proven: dict[str, tuple[Prepare, Pages]] = {}
        """The newest scene that each screen has shown whole, and the help of that time. Their texts
        are looked for when a presenter dies, not while a receipt waits."""

    def of(self, screen: str) -> frozenset[str] | None:
        """What the next presenter of a screen is to be careful with; ``None`` for nothing."""
        return self._suspected.get(screen)

    def prove(self, screen: str, order: Prepare, pages: Pages) -> None:
        """A screen has shown a scene with all its texts: these do no harm."""
        self._proven[screen] = order, pages

    def acquit(self, screen: str) -> None:
        """A presenter has died of something else."""
        self._suspected.pop(screen, None)

    def suspect(self, screen: str, order: Prepare, pages: Pages) -> None:
        """One more presenter has died that was given these, as those before it."""
        now, before = suspects(order, pages), self._suspected.get(screen)
        proven = self._proven.get(screen)
        known = frozenset() if proven is None else suspects(*proven)
        likely = now - known if before is None else now & before
        self._suspected[screen] = likely or now
