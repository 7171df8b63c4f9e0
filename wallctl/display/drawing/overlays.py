"""What lies over the tiles of a screen: selection frame, clock, toast and quit countdown.

Pure: values in, drawings out. When each is shown, and for how long, is not known here.
"""

from collections.abc import Collection, Iterable, Sequence

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.tile_graphics import PILL_OPACITY, label_height, label_inset
from wallctl.display.text.text_line import Face, line_height
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Side, Size, even
from wallctl.model.wall.scene.status_icons import Mark

FRAME: Colour = (64, 176, 255)
_FRAME_EDGE_SHARE = 0.3
"""Of the frame, a dark line on its inner side, so that it shows on a bright picture too."""
OPACITY = 0.88
TOAST_LINES = 3
_CORNER_SHARE = 0.3
"""Of a canvas's width: what the clock and the marks beside it take of its foot, at the most."""


def scale(canvas: Size) -> float:
    """How large overlays are on a canvas, as a share of their size on 1920 x 1080."""
    return min(canvas.w / 1920, canvas.h / 1080)


def _clock_height(canvas: Size) -> int:
    return max(20, even(32 * scale(canvas)))


def _margin(canvas: Size) -> int:
    """Between the clock and what is beside it: the canvas's edges, and a toast above it."""
    return even(20 * scale(canvas))


def corner_height(canvas: Size) -> int:
    """How much of a canvas's foot the clock and its margins take."""
    return _clock_height(canvas) + 2 * _margin(canvas)


def frame(tile: Size, joined: Collection[Side] = ()) -> tuple[Drawing, ...]:
    """The selection frame inside a tile's edges, but for those where it goes on beyond its screen.

    As thick as the label's inset has room for. Tiny tiles have none.
    """
    thick = max(4, even(label_inset(tile) * 0.75))
    if min(tile.w, tile.h) <= 2 * thick:
        return ()
    edge = max(2, even(thick * _FRAME_EDGE_SHARE))
    light = thick - edge
    begin, end = (0 if side in joined else light for side in (Side.LEFT, Side.RIGHT))
    above, below = (0 if side in joined else thick for side in (Side.TOP, Side.BOTTOM))
    across, down = Size(tile.w, thick), Size(thick, tile.h - above - below)
    dark = Patch.flat(Size(tile.w - begin - end, edge), icons.NIGHT)
    side = Patch.flat(Size(edge, down.h), icons.NIGHT)
    top = Patch.composed(across, FRAME, [Drawing(dark, begin, light)])
    bottom = Patch.composed(across, FRAME, [Drawing(dark, begin, 0)])
    left = Patch.composed(down, FRAME, [Drawing(side, light, 0)])
    right = Patch.composed(down, FRAME, [Drawing(side, 0, 0)])
    sides = {
        Side.TOP: Drawing(top, 0, 0),
        Side.BOTTOM: Drawing(bottom, 0, tile.h - thick),
        Side.LEFT: Drawing(left, 0, above),
        Side.RIGHT: Drawing(right, tile.w - thick, above),
    }
    return tuple(drawing for at, drawing in sides.items() if at not in joined)


class ClockFace:
    """Tells the time in a canvas's bottom right corner, where no label is.

    Each character is drawn once, when it is first needed. All digits are equally wide, so nothing
    jumps.
    """

    def __init__(self, face: Face, canvas: Size) -> None:
        self._face = face
        self._canvas = canvas
        self._h = _clock_height(canvas)
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
        margin = _margin(self._canvas)
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


def notice(face: Face, words: str, canvas: Size, below: int = 0) -> Drawing:
    """A quiet line in a canvas's bottom left corner, as high as the clock in the other one.

    Over so many others as are ``below`` it.
    """
    h, margin = _clock_height(canvas), _margin(canvas)
    pad = even(h * 0.4)
    dot = icons.pill(Size(even(h * 0.3), even(h * 0.3)), icons.AMBER)
    room = canvas.w * 6 // 10 - margin - 3 * pad - dot.width
    line = face.image(words, round(h * 0.54), icons.WHITE, room)
    size = Size(even(3 * pad + dot.width + line.width + 1), h)
    picture = icons.pill(size, icons.NIGHT, OPACITY, h // 4)
    icons.centred_on(picture, dot, pad)
    icons.centred_on(picture, line, 2 * pad + dot.width)
    return Drawing(Patch.from_image(picture), margin, canvas.h - (h + margin) * (1 + below))


_MARKS: dict[Mark, tuple[icons.Icon, Colour]] = {
    Mark.LOCKED: (icons.padlock, icons.AMBER),
    Mark.TOUR: (icons.play, icons.SOFT),
    Mark.TOUR_PAUSED: (icons.pause, icons.AMBER),
    Mark.ALARM: (icons.bell, icons.RED),
}


def clock_right(canvas: Size) -> int:
    """Where the clock ends, or what stands in its place: in pixels from the left."""
    return canvas.w - _margin(canvas)


def wall_marks(marks: Sequence[Mark], right_px: int, canvas: Size) -> Drawing:
    """Icons side by side on the clock's line, that end at ``right_px``."""
    h = _clock_height(canvas)
    side, pad = even(h * 0.66), even(h * 0.34)
    size = Size(even(len(marks) * (side + pad) + pad), h)
    picture = icons.pill(size, icons.NIGHT, OPACITY, h // 4)
    for i, mark in enumerate(marks):
        paint, colour = _MARKS[mark]
        icons.centred_on(picture, icons.icon(paint, side, colour), pad + i * (side + pad))
    x = right_px - size.w
    return Drawing(Patch.from_image(picture), x, canvas.h - h - _margin(canvas))


def beside_clock(clock: Drawing, canvas: Size) -> int:
    """Where what stands left of the clock ends."""
    return clock.x - even(_margin(canvas) * 0.4)


def tile_lock(tile: Rect) -> Drawing:
    """A padlock in the top right corner of a tile of a canvas, as high as the tile's label."""
    h, inset = label_height(tile.size), label_inset(tile.size)
    picture = icons.pill(Size(even(h * 1.2), h), icons.NIGHT, PILL_OPACITY, h // 4)
    icons.centred_on(picture, icons.icon(icons.padlock, even(h * 0.72), icons.AMBER))
    x = tile.right - picture.width - inset
    return Drawing(Patch.from_image(picture), x, tile.y + inset)


def clear_of_clock(tile: Rect, canvas: Size) -> int:
    """How far above the foot of its tile something in the lower right corner of that has to stand,
    in pixels, so that neither the clock nor what is beside it covers it."""
    return 0 if tile.right <= canvas.w * (1 - _CORNER_SHARE) else clear_of_foot(tile, canvas)


def clear_of_foot(tile: Rect, canvas: Size) -> int:
    """The same of something in the middle, which a notice in the canvas's other corner must not
    cover either."""
    return max(0, tile.bottom - canvas.h + _clock_height(canvas) + _margin(canvas))


def _toast_height(canvas: Size) -> int:
    return max(28, even(76 * scale(canvas)))


def toast(face: Face, words: str, canvas: Size) -> Drawing:
    """A few words at the bottom centre of a canvas, on more lines where it is narrow: a question
    must be read whole, with the keys that answer it."""
    h = _toast_height(canvas)
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


def above_toast(canvas: Size, h: int) -> int:
    """Where something so high begins that stands above a toast, and so above all notices."""
    return canvas.h - corner_height(canvas) - _toast_height(canvas) - _margin(canvas) // 2 - h


def moved_above(drawing: Drawing, others: Iterable[Rect]) -> Drawing:
    """The drawing, as far up as it must be to cover none of these; at most at the canvas's top."""
    for rect in sorted(others, key=lambda one: one.y, reverse=True):
        if rect.intersects(drawing.rect):
            drawing = Drawing(drawing.patch, drawing.x, max(0, rect.y - drawing.rect.h))
    return drawing


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
