"""The quiet lines in a canvas's bottom left corner: what is wrong around the wall."""

from collections.abc import Mapping
from typing import NamedTuple

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import OPACITY, clock_height, margin_px
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.operator.notice import Notice


class Line(NamedTuple):
    """What a line says, and how many are below it."""

    about: Notice | Size
    """A size: the monitor shows that one, and it is not the canvas's."""
    below: int


class Notices(SceneOverlay[Line]):
    """A line for each notice, the first one lowest; over them what is wrong with the monitor."""

    part = "notice"

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Line]:
        """What is wrong now."""
        about: list[Notice | Size] = list(seen.furnished.notices)
        monitor = seen.monitor
        if monitor.state is MonitorState.WRONG_SIZE and monitor.mode is not None:
            about.append(monitor.mode)
        return {below: Line(one, below) for below, one in enumerate(about)}

    def draw(self, key: Line) -> tuple[Drawing, ...]:
        """A line."""
        return (notice(self.pen.face, self._words(key.about), self.canvas, key.below),)

    def _words(self, about: Notice | Size) -> str:
        if isinstance(about, Notice):
            return about.line(self.pen.words)
        shown, wanted = (f"{size.w}×{size.h}" for size in (about, self.canvas))
        return self.pen.words.say(Text.WRONG_MODE, mode=shown, wanted=wanted)


def notice(face: Face, words: str, canvas: Size, below: int = 0) -> Drawing:
    """A quiet line in a canvas's bottom left corner, as high as the clock in the other one.

    Over so many others as are ``below`` it.
    """
    h, margin = clock_height(canvas), margin_px(canvas)
    pad = even(h * 0.4)
    dot = icons.pill(Size(even(h * 0.3), even(h * 0.3)), icons.AMBER)
    room = canvas.w * 6 // 10 - margin - 3 * pad - dot.width
    line = face.image(words, round(h * 0.54), icons.WHITE, room)
    size = Size(even(3 * pad + dot.width + line.width + 1), h)
    picture = icons.pill(size, icons.NIGHT, OPACITY, h // 4)
    icons.centred_on(picture, dot, pad)
    icons.centred_on(picture, line, 2 * pad + dot.width)
    return Drawing(Patch.from_image(picture), margin, canvas.h - (h + margin) * (1 + below))
