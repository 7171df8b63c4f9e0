"""When what is left out of a screen is drawn again: once it may help."""

from collections.abc import Mapping, Sequence

from wallctl.display.drawing.failed_drawings import FailedDrawings
from wallctl.display.drawing.failure_retry_policy import Suspicion
from wallctl.display.messages import Prepare
from wallctl.model.base.language import Language
from wallctl.model.base.texts_in_value import texts_in
from wallctl.model.operator.help_content import HelpPage

Pages = Mapping[Language, HelpPage]


class RedrawRetry:
    """Keeps which texts are suspected."""

    def __init__(self, failed: FailedDrawings) -> None:
        self._failed = failed
        self._suspicion: Suspicion | None = None
        self._told = failed.told
        """What was left out when the suspicion was formed."""

    def suspect(self, texts: frozenset[str], now_ns: int) -> None:
        """The presenters before this one died with these texts."""
        self._suspicion = Suspicion(texts, now_ns)

    def note_drawn(self, scene: Prepare, pages: Pages, now_ns: int) -> None:
        """Something of a scene was just drawn; if it failed, the texts of this scene are suspected,
        not those of one that comes or goes a moment later. The first scene has version 1."""
        if not self._failed.is_anything or not scene.version:
            return
        if self._suspicion is None or self._told != self._failed.told:
            self._told = self._failed.told
            self._suspicion = Suspicion(suspects(scene, pages), now_ns)

    def is_over(self, scenes: Sequence[Prepare], pages: Pages, now_ns: int) -> bool:
        """Whether everything is to be drawn again now, as if nothing had failed.

        ``scenes`` are the one on the screen and the one that is to follow it.
        """
        if self._suspicion is None or not scenes[0].version:
            return False
        texts = frozenset[str]().union(*(suspects(scene, pages) for scene in scenes))
        if not self._suspicion.is_over(texts, now_ns):
            return False
        self._suspicion = None
        self._failed.forget()
        return True


def suspects(order: Prepare, pages: Pages) -> frozenset[str]:
    """The texts that a presenter may have failed at. Toasts and notices come and go by themselves,
    so they say nothing."""
    return frozenset((order.language.value, *texts_in((order, pages))))
