"""The wall's own marks, left of the clock."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import OPACITY, clock_height, margin_px
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.clock import Clock
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.wall.scene.status_icons import Mark, WallMark

_MOST_SHARE = 0.16
"""Of the canvas's width, for what stands behind a mark."""


class Row(NamedTuple):
    """Which marks, and where they end."""

    marks: tuple[WallMark, ...]
    right_px: int


class Marks(SceneOverlay[Row]):
    """They end where the clock begins, or in its place."""

    part = "marks"

    def wants(self, seen: Seen, laid: Laid) -> Mapping[int, Row]:
        """The marks of the scene, if it has any."""
        if not seen.scene.marks:
            return {}
        clock = [drawing for drawings in laid(Clock) for drawing in drawings]
        right_px = beside_clock(clock[0], self.canvas) if clock else clock_right(self.canvas)
        return {0: Row(seen.scene.marks, right_px)}

    def draw(self, key: Row) -> tuple[Drawing, ...]:
        """Icons side by side, each with what stands behind it."""
        told = [(one.mark, self._text(one)) for one in key.marks]
        return (wall_marks(told, key.right_px, self.canvas),)

    def _text(self, one: WallMark) -> Image.Image | None:
        if not one.text:
            return None
        is_time = one.mark is Mark.SCHEDULE
        text = self.pen.words.say(Text.UNTIL, time=one.text) if is_time else one.text
        px = round(clock_height(self.canvas) * 0.6)
        return self.pen.face.image(text, px, icons.WHITE, round(self.canvas.w * _MOST_SHARE))

    def plain(self, key: Row) -> tuple[Drawing, ...]:
        """The icons."""
        told = [(one.mark, None) for one in key.marks]
        return (wall_marks(told, key.right_px, self.canvas),)


_MARKS: dict[Mark, tuple[icons.Icon, Colour]] = {
    Mark.LOCKED: (icons.padlock, icons.AMBER),
    Mark.SCHEDULE: (icons.clock, icons.SOFT),
    Mark.TOUR: (icons.play, icons.SOFT),
    Mark.TOUR_PAUSED: (icons.pause, icons.AMBER),
    Mark.ALARM: (icons.bell, icons.RED),
}


def clock_right(canvas: Size) -> int:
    """Where the clock ends, or what stands in its place: in pixels from the left."""
    return canvas.w - margin_px(canvas)


def wall_marks(
    marks: Sequence[tuple[Mark, Image.Image | None]], right_px: int, canvas: Size
) -> Drawing:
    """Icons side by side on the clock's line, that end at ``right_px``, each with what stands
    behind it."""
    h = clock_height(canvas)
    side, pad = even(h * 0.66), even(h * 0.34)
    images: list[Image.Image] = []
    for mark, text in marks:
        paint, colour = _MARKS[mark]
        images.append(icons.icon(paint, side, colour))
        if text is not None:
            images.append(text)
    w = sum(image.width + pad for image in images) + pad
    size = Size(w + w % 2, h)
    picture = icons.pill(size, icons.NIGHT, OPACITY, h // 4)
    x = pad
    for image in images:
        icons.centred_on(picture, image, x)
        x += image.width + pad
    x = right_px - size.w
    return Drawing(Patch.from_image(picture), x, canvas.h - h - margin_px(canvas))


def beside_clock(clock: Drawing, canvas: Size) -> int:
    """Where what stands left of the clock ends."""
    return clock.x - even(margin_px(canvas) * 0.4)
