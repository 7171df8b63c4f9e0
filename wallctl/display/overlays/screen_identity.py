"""Which screen this is, large: for whoever hangs and cables them."""

from collections.abc import Mapping
from typing import NamedTuple

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.display.text.glyph_run import BASELINE
from wallctl.display.text.text_line import Face
from wallctl.model.base.bidi import SEPARATOR
from wallctl.model.base.geometry import Size, even

_NUMBER, _NAME, _WHERE = 360, 120, 64
"""Heights of the writing on a canvas of ``_ROOM``, in pixels to the em."""
_ROOM = Size(1000, 1080)
_LEAST_PX = 11
_MOST_SHARE = 0.8
"""Of the canvas's width, for a long name."""


class Told(NamedTuple):
    """What stands there."""

    name: str
    number: int
    of: int
    output: str
    """Where it hangs now; empty if that is not known."""


class ScreenIdentity(SceneOverlay[Told]):
    """A plate in the middle, and a line along the canvas's edge: a panel that cuts something off
    lacks a part of it."""

    part = "identity"
    readout = "identify"

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Told]:
        """What the scene tells of its screen, and the monitor of its output; nothing over the
        picture of an alarm."""
        scene = seen.scene
        if self.readout not in scene.readouts or any(alarm.is_shown for alarm in scene.alarms):
            return {}
        return {0: Told(scene.screen, scene.number, scene.of, seen.monitor.output)}

    def draw(self, key: Told) -> tuple[Drawing, ...]:
        """The line, and over it the plate."""
        return (*_edge(self.canvas), _plate(self.pen.face, key, self.canvas))

    def plain(self, key: Told) -> tuple[Drawing, ...]:
        """The line alone."""
        del key
        return _edge(self.canvas)


def _scale(canvas: Size) -> float:
    return min(canvas.w / _ROOM.w, canvas.h / _ROOM.h)


def _edge(canvas: Size) -> tuple[Drawing, ...]:
    thick = max(2, even(6 * _scale(canvas)))
    across = Patch.flat(Size(canvas.w, thick), icons.BLUE)
    down = Patch.flat(Size(thick, canvas.h - 2 * thick), icons.BLUE)
    return (
        Drawing(across, 0, 0),
        Drawing(across, 0, canvas.h - thick),
        Drawing(down, 0, thick),
        Drawing(down, canvas.w - thick, thick),
    )


def _plate(face: Face, told: Told, canvas: Size) -> Drawing:
    room, size = round(canvas.w * _MOST_SHARE), f"{canvas.w}×{canvas.h}"
    where = SEPARATOR.join(filter(None, (told.output, size)))
    name_px, where_px = (max(_LEAST_PX, round(px * _scale(canvas))) for px in (_NAME, _WHERE))
    lines = (
        _number(face, told, round(_NUMBER * _scale(canvas))),
        face.image(told.name, name_px, icons.WHITE, room),
        face.image(where, where_px, icons.SOFT, room),
    )
    pad = even(name_px // 2)
    plate = icons.pill(
        Size(
            even(max(line.width for line in lines) + 3 * pad),
            even(sum(line.height for line in lines) + pad),
        ),
        icons.NIGHT,
        0.94,
        pad,
    )
    y = 0
    for line in lines:
        plate.alpha_composite(line, ((plate.width - line.width) // 2, y))
        y += line.height
    x, top = (canvas.w - plate.width) // 2, (canvas.h - plate.height) // 2
    return Drawing(Patch.from_image(plate), x, top)


def _number(face: Face, told: Told, px: int) -> Image.Image:
    """Its number, and smaller, of how many."""
    small_px = px // 3
    number = face.image(str(told.number), px, icons.WHITE)
    of = face.image(f"/{told.of}", small_px, icons.SOFT)
    both = Image.new("RGBA", (number.width + small_px // 4 + of.width, number.height))
    both.alpha_composite(number)
    on_line = (number.height - of.height) / 2 + BASELINE * (px - small_px)
    both.alpha_composite(of, (number.width + small_px // 4, round(on_line)))
    return both
