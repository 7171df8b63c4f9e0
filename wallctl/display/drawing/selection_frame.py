"""The frame of the selected tile. Pure."""

from collections.abc import Collection

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.tile_graphics import label_inset
from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Side, Size, even

FRAME: Colour = (64, 176, 255)
_FRAME_EDGE_SHARE = 0.3
"""Of the frame, a dark line on its inner side, so that it shows on a bright picture too."""


def frame(tile: Size, joined: Collection[Side] = ()) -> tuple[Drawing, ...]:
    """The selection frame inside a tile's edges, except those where it goes on beyond its screen.

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
