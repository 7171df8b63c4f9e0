"""How far the quitting key is held."""

from collections.abc import Mapping

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import scale
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import Text


class Countdown(SceneOverlay[float]):
    """The key is how far, up to 1."""

    part = "countdown"

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, float]:
        """How far, while the key is held."""
        return {0: seen.held} if seen.held > 0 else {}

    def draw(self, key: float) -> tuple[Drawing, ...]:
        """A bar, and what it is about."""
        words = self.pen.words.say(Text.QUITTING if key >= 1 else Text.HOLD_TO_QUIT)
        return (quit_countdown(self.pen.face, words, key, self.canvas),)


def quit_countdown(face: Face, words: str, progress: float, canvas: Size) -> Drawing:
    """How far the quitting key was held, 0 to 1, in the middle of a canvas."""
    size = scale(canvas)
    px = max(14, round(46 * size))
    line = face.image(words, px, icons.WHITE, canvas.w - 4 * px)
    w = max(even(600 * size), line.width + 2 * px)
    bar = _bar(Size(w - 2 * px, max(6, even(14 * size))), progress)
    gap = px // 2
    picture = icons.pill(
        Size(w, even(line.height + gap + bar.height + 2 * px)), icons.NIGHT, 0.94, px // 2
    )
    y = (picture.height - line.height - gap - bar.height) // 2
    picture.alpha_composite(line, ((w - line.width) // 2, y))
    picture.alpha_composite(bar, (px, y + line.height + gap))
    x, top = (canvas.w - w) // 2, (canvas.h - picture.height) // 2
    return Drawing(Patch.from_image(picture), x, top)


def _bar(size: Size, progress: float) -> Image.Image:
    """A track of that size, filled from the left."""
    track = icons.pill(size, icons.SLATE_BLUE)
    filled = round(size.w * min(1.0, max(0.0, progress)))
    if filled >= size.h:
        track.alpha_composite(icons.pill(Size(filled, size.h), icons.RED))
    return track
