"""What could not be drawn: a part that fails is left out, and the screen goes on without it.

A library may fail at a text, whatever was done for it. A picture without its label is worth more
than no picture, and a screen without words still hears its keys.
"""

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from wallctl.model.base.texts_in_value import texts_in
from wallctl.model.base.unicode_rules import on_one_line

MOST_TOLD = 8
"""So many parts are said; who has read these knows enough."""
MOST_LOGGED = 100
_TEXTS_TOLD = 6
"""So many texts of a part; a sheet of keys has hundreds."""
_TOLD_CHARS = 200
_REASON_CHARS = 100

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class FailedDrawings:
    """Which parts of a screen are left out. ``draws_plain``: none that holds a text is tried."""

    def __init__(self, *, draws_plain: bool = False) -> None:
        self.draws_plain = draws_plain
        self._told: dict[str, None] = {}
        self._logged: set[str] = set()

    @property
    def told(self) -> tuple[str, ...]:
        """What failed, in one sentence each: which part, what it was given, and why."""
        return tuple(self._told)

    @property
    def is_anything(self) -> bool:
        """Whether anything is not drawn as it should be."""
        return self.draws_plain or bool(self._told)

    def note(self, part: str, given: tuple[object, ...], error: Exception) -> None:
        """A part failed; it is logged once."""
        told = _sentence(part, given, error)
        if len(self._told) < MOST_TOLD:
            self._told[told] = None
        if told not in self._logged and len(self._logged) < MOST_LOGGED:
            self._logged.add(told)
            log.warning("%s: it is left out", told)

    def drawn(
        self, part: str, given: tuple[object, ...], draw: Callable[[], R], plain: Callable[[], R]
    ) -> R:
        """What ``draw`` makes of what it was given, ``plain`` where that can't be drawn."""
        if not self.draws_plain:
            try:
                return draw()
            except Exception as error:  # noqa: BLE001 - libraries raise what they like, and the screen goes on
                self.note(part, given, error)
        return plain()

    def forget(self) -> None:
        """Try everything again."""
        self.draws_plain = False
        self._told.clear()


class Drawer(Protocol):
    """Whose drawings may be left out."""

    failed: FailedDrawings


D = TypeVar("D", bound=Drawer)


def or_plain(
    plain: Callable[..., R],
) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """A drawing that never fails: ``plain`` draws with the same arguments, without any text, where
    the drawing itself can't."""

    def guarded(draw: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
        part = draw.__name__.replace("_", " ")

        @functools.wraps(draw)
        def drawn(drawer: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not drawer.failed.draws_plain:
                try:  # as ``LeftOut.drawn``, without its calls: this is done for each new picture
                    return draw(drawer, *args, **kwargs)
                except Exception as error:  # noqa: BLE001 - libraries raise what they like, and the screen goes on
                    drawer.failed.note(part, args, error)
            return plain(*args, **kwargs)

        return drawn

    return guarded


def _sentence(part: str, given: tuple[object, ...], error: Exception) -> str:
    texts = [*dict.fromkeys(repr(text) for text in texts_in(given) if text)]
    more = f" and {len(texts) - _TEXTS_TOLD} more" if len(texts) > _TEXTS_TOLD else ""
    of = f" of {', '.join(texts[:_TEXTS_TOLD])}{more}" if texts else ""
    why = on_one_line(f"{type(error).__name__}: {error}")[:_REASON_CHARS]
    return f"{(part + of)[:_TOLD_CHARS]} can't be drawn ({why})"
