"""What an overlay is: something that lies over the tiles of a screen.

It is made once for each language. It keeps nothing of what is shown: it says what it wants to be
seen, as keys that hold all that its drawings depend on. A board draws what has another key than
before, and takes away what no key asks for. So nothing has to be forgotten by hand when the
language, the time zone or the site changes.
"""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from wallctl.display.drawing.sprite import Drawing
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.messages import Furnish, Prepare, Say, TileFigures, TileOrder
from wallctl.model.base.geometry import Size
from wallctl.model.operator.monitor_state import Monitor

K = TypeVar("K")
Drawings = tuple[Drawing, ...]


class Seen(msgspec.Struct, frozen=True):
    """What the overlays of a scene go by."""

    scene: Prepare
    furnished: Furnish
    said: Say | None = None
    """The words that are shown now."""
    held: float = 0.0
    """How far the quitting key is held, 0 to 1."""
    monitor: Monitor = Monitor()
    unix_s: int = 0


class Overlay(ABC, Generic[K]):
    """Draws what a key asks for."""

    part: ClassVar[str]
    """What people read of it where it can't be drawn."""
    kept: ClassVar[int] = 0
    """So many of its drawings are kept, and drawn before their scene is shown."""

    def __init__(self, pen: TextContext, canvas: Size) -> None:
        self.pen = pen
        self.canvas = canvas
        self.drawn: Callable[[K], Drawings] = functools.lru_cache(self.kept)(self.draw)
        """As ``draw``, with what is kept."""

    @abstractmethod
    def draw(self, key: K) -> Drawings:
        """All that a key asks for, the lowest first, in pixels of the canvas."""

    def plain(self, key: K) -> Drawings:
        """The same without any text, for where that can't be written."""
        del key
        return ()


class SceneOverlay(Overlay[K]):
    """One that a scene, an order or the time asks for. It is on the screen with the next pass."""

    @abstractmethod
    def wants(self, seen: Seen, laid: "Laid") -> Mapping[int, K]:
        """A key for each of its pieces; a piece keeps its number while it stays the same thing."""


class SlowOverlay(SceneOverlay[K]):
    """One whose drawing takes longer than a tick: it is begun before anybody asks for it."""

    @abstractmethod
    def later(self, seen: Seen) -> K:
        """What may be asked for."""

    @abstractmethod
    def draw_on(self, key: K) -> bool:
        """Draw a little of it; whether anything of it was still to be drawn."""


class TileOverlay(Overlay[K]):
    """One that tells how a tile fares. Each second it is asked again, between two passes."""

    readout: ClassVar[str]
    """It is shown while the scene has this one: the verb of the command that asks for it."""

    @abstractmethod
    def wants(self, tile: TileOrder, figures: TileFigures) -> K | None:
        """A key for one tile, ``None`` where there is nothing to tell."""


Laid = Callable[[type[SceneOverlay[Any]]], Collection[Drawings]]
"""What is laid of an overlay that stands before this one in the table, piece by piece."""
