"""What lies over the tiles of a screen: the overlays of the table, on a composer's canvas.

It decides nothing about what is to be shown, and knows no overlay by name.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from msgspec.structs import replace

from wallctl.display.compositor.composer import NOTHING, Composer
from wallctl.display.drawing.site_time import SiteTime
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.messages import Countdown, Furnish, Prepare, Say
from wallctl.display.overlays.overlay import (
    Drawings,
    SceneOverlay,
    Seen,
    SlowOverlay,
    TileOverlay,
)
from wallctl.display.overlays.overlay_table import OVERLAYS, Layer
from wallctl.display.overlays.placed_overlays import Pieces
from wallctl.display.overlays.tile_overlays import TileOverlays
from wallctl.model.base.geometry import Size
from wallctl.model.base.language import Language
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.monitor_state import Monitor

_SAMPLE = "0123456789"


class _Overlays(NamedTuple):
    """Those of the table, in one language."""

    of_scenes: dict[Layer, SceneOverlay[Any]]
    of_tiles: dict[Layer, TileOverlay[Any]]
    slow: list[SlowOverlay[Any]]


def overlays(pen: TextContext, canvas: Size) -> _Overlays:
    """All overlays, as a pen draws them."""
    made = {row.layer: row.overlay(pen, canvas) for row in OVERLAYS}
    return _Overlays(
        {layer: one for layer, one in made.items() if isinstance(one, SceneOverlay)},
        {layer: one for layer, one in made.items() if isinstance(one, TileOverlay)},
        [one for one in made.values() if isinstance(one, SlowOverlay)],
    )


class OverlayBoard:
    """Which overlays lie on a composer's canvas."""

    def __init__(self, composer: Composer, site_clock: SiteTime, furnished: Furnish) -> None:
        self._composer = composer
        self._site_clock = site_clock
        self._seen = Seen(composer.order, furnished)
        self._pieces = Pieces(composer)
        self._of_tiles = TileOverlays(composer, self._pieces)
        self._made: dict[Language, _Overlays] = {}
        self._undrawn: list[tuple[SceneOverlay[Any], Any]] = []
        """What of the coming scene is drawn before that is shown."""

    @property
    def furnished(self) -> Furnish:
        """What lies over all scenes."""
        return self._seen.furnished

    def _in(self, language: Language) -> _Overlays:
        made = self._made.get(language)
        if made is None:
            pen = self._composer.artist_of(language).pen
            made = self._made[language] = overlays(pen, self._composer.canvas_size)
        return made

    @property
    def _now(self) -> _Overlays:
        """In the language that is on the screen."""
        return self._in(self._seen.scene.language)

    def warm_up(self) -> None:
        """Draw a clock and a few words: the first use of a font takes longer than a tick."""
        language = self._seen.scene.language
        words = self._composer.artist.pen.words.say(Text.SWITCHING, name=_SAMPLE)
        scene = replace(NOTHING, clock=True, language=language)
        sample = Seen(scene, self.furnished, Say(words, language, 0))
        for overlay in self._now.of_scenes.values():
            for key in overlay.wants(sample, self._laid).values():
                self._pieces.draw(overlay, key)

    def prepare(self, coming: Prepare) -> None:
        """A scene is to follow: what takes a while is drawn before it does."""
        seen = replace(self._seen, scene=coming)
        self._undrawn = [
            (overlay, key)
            for overlay in self._in(coming.language).of_scenes.values()
            if overlay.kept
            for key in overlay.wants(seen, self._laid).values()
        ]

    def draw_ahead(self) -> bool:
        """Draw one piece of the coming scene; whether there was one."""
        if not self._undrawn:
            return False
        self._pieces.draw(*self._undrawn.pop())
        return True

    def draw_slow_ahead(self) -> bool:
        """Draw a little of what may be asked for; whether anything of it was still to be drawn."""
        return any(self._drew(overlay) for overlay in self._now.slow)

    def _drew(self, overlay: SlowOverlay[Any]) -> bool:
        key = overlay.later(self._seen)
        return self._composer.artist.failed.drawn(
            f"draw {overlay.part}", (key,), lambda: overlay.draw_on(key), lambda: False
        )

    def draw_tiles_on(self, now_ns: int) -> bool:
        """Bring what is told of one tile up to date; whether there was one to look at."""
        return self._of_tiles.draw_on(self._now.of_tiles, now_ns)

    def lay(self, order: Furnish | Say | Countdown) -> None:
        """Obey an order that concerns what lies over the scenes."""
        match order:
            case Furnish():
                self._site_clock.timezone = order.timezone
                self._look(replace(self._seen, furnished=order))
            case Say():
                self._look(replace(self._seen, said=order))
            case Countdown():
                self._look(replace(self._seen, held=order.progress))

    def monitor(self, monitor: Monitor) -> None:
        """Mark how the screen's monitor is now."""
        self._look(replace(self._seen, monitor=monitor))

    def follow(self, now_ns: int, unix_s: int) -> None:
        """Lay what the scene on the canvas and the time ask for."""
        scene, seen = self._composer.order, self._seen
        said = seen.said
        if said is not None and now_ns > said.until_ns:
            said = None
        if scene is seen.scene and unix_s == seen.unix_s and said is seen.said:
            return
        if scene.language is not seen.scene.language:
            self._clear()
            if said is not None and said.language is not scene.language:
                said = None
        if unix_s != seen.unix_s and self._site_clock.has_moved():
            self._composer.reword()
        self._look(replace(seen, scene=scene, said=said, unix_s=unix_s))

    def forget(self) -> None:
        """Draw everything again."""
        self._clear()
        self._look(self._seen)

    def _clear(self) -> None:
        self._pieces.clear()
        self._of_tiles.forget()

    def _look(self, seen: Seen) -> None:
        """Lay what is wanted now, and take away what is not."""
        self._seen = seen
        for layer, overlay in self._now.of_scenes.items():
            wanted = overlay.wants(seen, self._laid)
            for number in self._pieces.numbers(layer) - wanted.keys():
                self._pieces.take_away(layer, number)
            for number, key in wanted.items():
                self._pieces.lay(layer, number, overlay, key)

    def _laid(self, overlay: type[SceneOverlay[Any]]) -> Collection[Drawings]:
        return self._pieces.drawings(_LAYER_OF[overlay])


_LAYER_OF: dict[type[Any], Layer] = {row.overlay: row.layer for row in OVERLAYS}
