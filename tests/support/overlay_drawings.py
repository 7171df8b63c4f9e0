"""Overlays drawn by themselves, and laid where their table says."""

import typing

from wallctl.display.compositor.composer import Composer, Place
from wallctl.display.drawing.sprite import Drawing
from wallctl.display.drawing.text_context import TextContext
from wallctl.display.overlays.overlay_table import OVERLAYS, Layer
from wallctl.model.base.geometry import Size
from wallctl.model.operator.message_catalogue import format_wall_clock


def drawn(layer: Layer, key: typing.Any, pen: TextContext, canvas: Size) -> tuple[Drawing, ...]:
    """What a key asks for."""
    [overlay] = [row.overlay for row in OVERLAYS if row.layer is layer]
    drawings: tuple[Drawing, ...] = overlay(pen, canvas).draw(key)
    return drawings


def lay(composer: Composer, layer: Layer, key: typing.Any) -> None:
    """Lay it over the tiles, from the next pass on."""
    for i, drawing in enumerate(drawn(layer, key, composer.artist.pen, composer.canvas_size)):
        composer.overlay(Place(layer, 0, i), drawing)


def lay_clock(composer: Composer, unix_s: int) -> None:
    """Lay the clock of that time."""
    pen = composer.artist.pen
    lay(composer, Layer.CLOCK, format_wall_clock(pen.clock.at(unix_s), pen.words))
