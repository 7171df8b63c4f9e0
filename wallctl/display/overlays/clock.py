"""The clock in a canvas's bottom right corner."""

from collections.abc import Mapping

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.screen_foot import OPACITY, clock_height, margin_px
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.text_line import Face
from wallctl.model.base.geometry import Size, even
from wallctl.model.operator.message_catalogue import format_wall_clock


class Clock(SceneOverlay[str]):
    """Date, weekday and time to the second; the key is what it shows."""

    part = "clock"

    def __init__(self, pen: TextContext, canvas: Size) -> None:
        super().__init__(pen, canvas)
        self._face: ClockFace | None = None

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, str]:
        """The time of day, while the scene has a clock."""
        if not seen.scene.clock:
            return {}
        return {0: format_wall_clock(self.pen.clock.at(seen.unix_s), self.pen.words)}

    def draw(self, key: str) -> tuple[Drawing, ...]:
        """The clock."""
        if self._face is None:
            self._face = ClockFace(self.pen.face, self.canvas)
        return (self._face.drawn(key),)


class ClockFace:
    """Tells the time in a canvas's bottom right corner, where no label is.

    Each character is drawn once, when it is first needed. All digits are equally wide, so nothing
    jumps.
    """

    def __init__(self, face: Face, canvas: Size) -> None:
        self._face = face
        self._canvas = canvas
        self._h = clock_height(canvas)
        self._px = round(self._h * 0.62)
        self._digit_w = even(max(face.width(digit, self._px) for digit in "0123456789") + 1)
        self._cells: dict[str, Patch] = {}
        ends = icons.pill(Size(2 * self._end_w, self._h), icons.NIGHT, OPACITY, self._h // 4)
        self._ends = tuple(
            Patch.from_image(ends.crop((x, 0, x + self._end_w, self._h))) for x in (0, self._end_w)
        )

    @property
    def _end_w(self) -> int:
        return even(self._h * 0.4)

    def drawn(self, text: str) -> Drawing:
        """The clock showing ``text``, such as ``2026-11-22 Sun 14:05:09``."""
        for character in set(text) - self._cells.keys():
            self._cells[character] = self._cell(character)
        start, end = self._ends
        patch = Patch.beside([start, *(self._cells[c] for c in text), end])
        margin = margin_px(self._canvas)
        x, y = self._canvas.w - patch.size.w - margin, self._canvas.h - patch.size.h - margin
        return Drawing(patch, x, y)

    def _cell(self, character: str) -> Patch:
        own_w = max(2, even(self._width_of(character) + 1))
        w = self._digit_w if character.isdigit() else own_w
        cell = Image.new("RGBA", (w, self._h), (*icons.NIGHT, round(255 * OPACITY)))
        if not character.isspace():
            icons.centred_on(cell, self._face.image(character, self._px, icons.WHITE))
        return Patch.from_image(cell)

    def _width_of(self, character: str) -> int:
        """Pixels that a character takes within a text; a space alone is no text."""
        if not character.isspace():
            return self._face.width(character, self._px)
        between = self._face.width(f"0{character}0", self._px)
        return between - self._face.width("00", self._px)
