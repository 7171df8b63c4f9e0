"""The sheet of keys over a whole screen."""

import functools
from collections.abc import Mapping

from wallctl.display.drawing.help_sheet import HelpSheet
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.overlays.overlay import Laid, Seen, SlowOverlay
from wallctl.model.base.geometry import Size
from wallctl.model.operator.help_content import HelpPage


class Help(SlowOverlay[HelpPage]):
    """The key is what stands on it."""

    part = "help"

    def __init__(self, pen: TextContext, canvas: Size) -> None:
        super().__init__(pen, canvas)
        self.sheet = functools.lru_cache(2)(functools.partial(HelpSheet, pen.face, pen.words))

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, HelpPage]:
        """The site's keys, while the scene shows them."""
        return {0: self.later(seen)} if seen.scene.help_shown else {}

    def later(self, seen: Seen) -> HelpPage:
        """The site's keys."""
        return seen.furnished.help.get(self.pen.words.language, HelpPage())

    def draw(self, key: HelpPage) -> tuple[Drawing, ...]:
        """The whole sheet."""
        return (self.sheet(key, self.canvas).drawing(),)

    def draw_on(self, key: HelpPage) -> bool:
        """A step of it."""
        return self.sheet(key, self.canvas).draw_on()
