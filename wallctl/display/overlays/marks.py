"""The quiet marks of a screen: a padlock on each locked tile, and the wall's beside the clock."""

from wallctl.display.compositor.composer import Composer
from wallctl.display.drawing import overlays
from wallctl.display.drawing.sprite import Drawing
from wallctl.model.base.geometry import Rect
from wallctl.model.wall.scene.status_icons import Mark

_OF_WALL = "8 marks"
_Wanted = tuple[tuple[Mark, ...], int, tuple[tuple[int, Rect], ...]]


class MarkBoard:
    """Which marks lie on a composer's canvas."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._shown: _Wanted = ((), 0, ())

    def follow(self, right_px: int) -> None:
        """Lay what the scene asks for; those of the wall end at ``right_px``."""
        order = self._composer.order
        tiles = tuple((t.number, t.rect) for t in order.tiles if t.number in order.locked)
        wanted = (order.marks, right_px if order.marks else 0, tiles)
        if wanted == self._shown:
            return
        old, self._shown = self._shown, wanted
        if wanted[:2] != old[:2]:
            self._lay(_OF_WALL, self._of_wall(order.marks, right_px))
        now = dict(tiles)
        for number, rect in (*old[2], *tiles):
            if now.get(number) != rect:
                self._lay(_of_tile(number), None)
            elif (number, rect) not in old[2]:
                self._lay(_of_tile(number), overlays.tile_lock(rect))

    def _of_wall(self, marks: tuple[Mark, ...], right_px: int) -> Drawing | None:
        size = self._composer.canvas_size
        return overlays.wall_marks(marks, right_px, size) if marks else None

    def _lay(self, name: str, drawing: Drawing | None) -> None:
        self._composer.overlay(name, drawing)


def _of_tile(number: int) -> str:
    return f"1 lock {number}"
