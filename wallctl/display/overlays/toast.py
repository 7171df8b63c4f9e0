"""A few words over the foot of the canvas, for a moment."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import corner_height, toast_height
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.alarms import Alarms, AlarmsOverHelp
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.text_line import Face, line_height
from wallctl.model.base.geometry import Rect, Size, even

TOAST_LINES = 3


class Words(NamedTuple):
    """What is said, and where it must not lie."""

    said: str
    above: tuple[Rect, ...] = ()


class Toast(SceneOverlay[Words]):
    """The words that were said last. It covers nothing that an alarm tells."""

    part = "toast"

    def wants(self, seen: Seen, laid: Laid) -> Mapping[int, Words]:
        """The words, and where an alarm is read."""
        if seen.said is None:
            return {}
        read = (alarm[-1].rect for one in (Alarms, AlarmsOverHelp) for alarm in laid(one))
        return {0: Words(seen.said.words, tuple(read))}

    def draw(self, key: Words) -> tuple[Drawing, ...]:
        """The words on one pill."""
        return (moved_above(toast(self.pen.face, key.said, self.canvas), key.above),)


def toast(face: Face, words: str, canvas: Size) -> Drawing:
    """A few words at the bottom centre of a canvas, on more lines where it is narrow: a question
    must be read whole, with the keys that answer it."""
    h = toast_height(canvas)
    pad, px = round(h * 0.5), round(h * 0.42)
    texts = face.wrapped(words, px, round(canvas.w * 0.8) - 2 * pad, TOAST_LINES)
    lines = [face.image(text, px, icons.WHITE) for text in texts]
    size = Size(
        even(max(line.width for line in lines) + 2 * pad + 1),
        h + (len(lines) - 1) * line_height(px),
    )
    picture = icons.pill(size, icons.NIGHT, 0.94, h // 2)
    y = (size.h - len(lines) * line_height(px)) // 2
    for i, line in enumerate(lines):
        at = (pad if len(lines) == 1 else (size.w - line.width) // 2, y + i * line.height)
        picture.alpha_composite(line, (at[0], max(0, at[1])))
    return _bottom_centre(picture, canvas)


def _bottom_centre(picture: Image.Image, canvas: Size) -> Drawing:
    x = (canvas.w - picture.width) // 2
    y = canvas.h - picture.height - corner_height(canvas)
    return Drawing(Patch.from_image(picture), x, y)


def moved_above(drawing: Drawing, others: Iterable[Rect]) -> Drawing:
    """The drawing, as far up as it must be to cover none of these; at most at the canvas's top."""
    for rect in sorted(others, key=lambda one: one.y, reverse=True):
        if rect.intersects(drawing.rect):
            drawing = Drawing(drawing.patch, drawing.x, max(0, rect.y - drawing.rect.h))
    return drawing
