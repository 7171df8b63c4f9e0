"""What lies of overlays on a composer's canvas: pieces, each with the key it was drawn for."""

from collections.abc import Collection
from typing import NamedTuple, TypeVar

from wallctl.display.compositor.composer import Composer, Place
from wallctl.display.overlays.overlay import Drawings, Overlay
from wallctl.display.overlays.overlay_table import Layer

K = TypeVar("K")


class _Piece(NamedTuple):
    key: object
    drawings: Drawings


class Pieces:
    """Draws what has another key than before. What can't be drawn is plain, and noted."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._laid: dict[Layer, dict[int, _Piece]] = {layer: {} for layer in Layer}

    def numbers(self, layer: Layer) -> Collection[int]:
        """The pieces that lie there."""
        return self._laid[layer].keys()

    def drawings(self, layer: Layer) -> Collection[Drawings]:
        """What lies there, piece by piece."""
        return [piece.drawings for piece in self._laid[layer].values()]

    def draw(self, overlay: Overlay[K], key: K) -> Drawings:
        """What a key asks for, as far as it can be drawn."""
        failed = self._composer.artist.failed
        return failed.drawn(
            overlay.part, (key,), lambda: overlay.drawn(key), lambda: overlay.plain(key)
        )

    def lay(self, layer: Layer, number: int, overlay: Overlay[K], key: K) -> None:
        """Have a piece on the canvas, from the next pass on."""
        old = self._laid[layer].get(number)
        if old is None or old.key != key:
            drawings = self.draw(overlay, key)
            self._replace(layer, number, old, drawings)
            self._laid[layer][number] = _Piece(key, drawings)

    def take_away(self, layer: Layer, number: int) -> None:
        """Have it away, if it is there."""
        self._replace(layer, number, self._laid[layer].pop(number, None), ())

    def clear(self) -> None:
        """Take all of them away, so that they are drawn again."""
        for layer, pieces in self._laid.items():
            for number in list(pieces):
                self.take_away(layer, number)

    def _replace(self, layer: Layer, number: int, old: _Piece | None, new: Drawings) -> None:
        for i in range(max(len(new), len(old.drawings) if old else 0)):
            drawing = new[i] if i < len(new) else None
            self._composer.overlay(Place(layer, number, i), drawing)
