"""How parts of a screen look without any text: signs and colours alone, for where writing fails.

Nothing here opens a font. Each function takes what the drawing takes whose place it takes.
"""

import functools

from PIL import Image

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.tile_graphics import (
    BADGES,
    PILL_OPACITY,
    bare_badge,
    bare_slate,
    label_height,
    label_inset,
)
from wallctl.display.messages import TileOrder
from wallctl.model.base.geometry import Size, even
from wallctl.model.streams.health import TileState

_slate = functools.lru_cache(16)(bare_slate)
_badge = functools.lru_cache(64)(bare_badge)


def label(order: TileOrder) -> Drawing:
    """The sign that something belongs here, in the place of a tile's label."""
    return _sign(order.rect.size)


def slate(order: TileOrder, state: TileState, *_: object, **__: object) -> Patch:
    """The icon and the colour of a state."""
    return _slate(state, order.rect.size)


def blanked(_: str, size: Size) -> Patch:
    """A blanked screen, without its reason."""
    return _slate(TileState.MASKED, size)


def mark(order: TileOrder, state: TileState, *_: object, **__: object) -> Drawing | None:
    """The icon of a picture that is not live."""
    return _badge(state, order.rect.size) if state in BADGES else None


def captioned(picture: Image.Image, *_: object) -> Image.Image:
    """A snapshot without the strip below."""
    return picture


@functools.lru_cache(64)
def _sign(tile: Size) -> Drawing:
    h, inset = label_height(tile), label_inset(tile)
    picture = icons.pill(Size(h, h), icons.NIGHT, PILL_OPACITY, h // 4)
    icons.centred_on(picture, icons.icon(icons.warning, even(h * 0.7), icons.AMBER))
    return Drawing(Patch.from_image(picture), inset, inset)
