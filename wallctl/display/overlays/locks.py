"""A padlock on each tile that is locked against changes from afar."""

from collections.abc import Mapping

from wallctl.display.drawing import icons
from wallctl.display.drawing.sprite import Drawing, Patch
from wallctl.display.drawing.tile_graphics import PILL_OPACITY, label_height, label_inset
from wallctl.display.overlays.overlay import Laid, SceneOverlay, Seen
from wallctl.model.base.geometry import Rect, Size, even


class Locks(SceneOverlay[Rect]):
    """The key is where the tile is."""

    part = "lock"

    def wants(self, seen: Seen, _: Laid) -> Mapping[int, Rect]:
        """The locked tiles of the scene."""
        locked = seen.scene.locked
        return {t.number: t.rect for t in seen.scene.tiles if t.number in locked} if locked else {}

    def draw(self, key: Rect) -> tuple[Drawing, ...]:
        """A padlock."""
        return (tile_lock(key),)

    def plain(self, key: Rect) -> tuple[Drawing, ...]:
        """The same: it holds no text."""
        return self.draw(key)


def tile_lock(tile: Rect) -> Drawing:
    """A padlock in the top right corner of a tile of a canvas, as high as the tile's label."""
    h, inset = label_height(tile.size), label_inset(tile.size)
    picture = icons.pill(Size(even(h * 1.2), h), icons.NIGHT, PILL_OPACITY, h // 4)
    icons.centred_on(picture, icons.icon(icons.padlock, even(h * 0.72), icons.AMBER))
    x = tile.right - picture.width - inset
    return Drawing(Patch.from_image(picture), x, tile.y + inset)
