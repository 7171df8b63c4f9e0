"""A drawn picture that is ready to lay on a canvas, and the planes of a canvas.

A canvas is planar 4:2:0, BT.709 limited range. All the arithmetic of colour is done once, when a
patch is made; laying it is a copy, or one integer multiply, add and shift per sample. Where it
falls on a canvas can be found out once, for whoever lays it again and again. What the picture
shows, and when it is laid, is not known here.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from wallctl.model.base.colours import Colour
from wallctl.model.base.geometry import Rect, Size

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint16]
Floats = npt.NDArray[np.floating]
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_BT709 = np.array(
    [
        [219 * _KR, 219 * _KG, 219 * _KB],
        [-112 * _KR / (1 - _KB), -112 * _KG / (1 - _KB), 112.0],
        [112.0, -112 * _KG / (1 - _KR), -112 * _KB / (1 - _KR)],
    ],
    dtype=np.float32,
)
_OFFSET = np.array([16, 128, 128], dtype=np.float32)
_FULL = 256
"""The weight of an opaque sample: a power of two, so that dividing by it is a shift."""


class Planes(NamedTuple):
    """Views of one 4:2:0 picture: Y (h x w), U and V (h/2 x w/2), uint8."""

    y: Bytes
    u: Bytes
    v: Bytes

    @property
    def rect(self) -> Rect:
        """All of the picture."""
        return Rect(0, 0, self.y.shape[1], self.y.shape[0])


def planes(canvas: Bytes) -> Planes:
    """The planes of a packed I420 canvas of shape (h*3//2, w), C-contiguous; no copy is made."""
    h, w = canvas.shape[0] * 2 // 3, canvas.shape[1]
    samples = canvas.reshape(-1)
    quarter = h * w // 4
    y, u, v = np.split(samples, (h * w, h * w + quarter))
    return Planes(y.reshape(h, w), u.reshape(h // 2, w // 2), v.reshape(h // 2, w // 2))


def overlap(a: Rect, b: Rect) -> Rect | None:
    """The rectangle that two share, if they share a pixel."""
    if not a.intersects(b):
        return None
    x, y = max(a.x, b.x), max(a.y, b.y)
    return Rect(x, y, min(a.right, b.right) - x, min(a.bottom, b.bottom) - y)


class Stroke(NamedTuple):
    """A plane of a patch, or a part of it, ready to lay where it goes.

    ``below`` is a view of the canvas; all are of one shape.
    """

    below: Bytes
    ink: Bytes | Words
    rest: Words | None
    scratch: Words | None

    def lay(self) -> None:
        """Blend onto the canvas."""
        if self.rest is None or self.scratch is None:
            self.below[...] = self.ink
            return
        np.multiply(self.below, self.rest, out=self.scratch)
        np.add(self.scratch, self.ink, out=self.scratch)
        np.right_shift(self.scratch, 8, out=self.below, casting="unsafe")


class Layer(msgspec.Struct, frozen=True, eq=False):
    """One plane of a patch.

    Opaque: ``ink`` is the plane itself. Else ``ink`` is colour x weight + half, ``rest`` is
    256 - weight, and a sample below becomes ``(below * rest + ink) >> 8``: exact where the weight
    is 0 or 256. ``scratch`` only spares an allocation per call; its content means nothing.
    """

    ink: Bytes | Words
    rest: Words | None = None
    scratch: Words | None = None

    def onto(self, plane: Bytes, x: int, y: int, shown: Rect) -> Stroke:
        """Ready for ``plane`` with the top left at x, y, in ``shown`` only (plane pixels)."""
        below = plane[shown.y : shown.bottom, shown.x : shown.right]
        part = np.s_[shown.y - y : shown.bottom - y, shown.x - x : shown.right - x]
        if self.rest is None or self.scratch is None:
            return Stroke(below, self.ink[part], None, None)
        return Stroke(below, self.ink[part], self.rest[part], self.scratch[part])


def _layer(colour: Floats, alpha: Floats) -> Layer:
    """A plane from its samples (0-255) and their alpha (0-1)."""
    weight = np.rint(alpha * _FULL)
    if weight.min() == _FULL:
        return Layer(np.rint(colour).astype(np.uint8))
    ink = (np.rint(colour * weight) + _FULL // 2).astype(np.uint16)
    return Layer(ink, (_FULL - weight).astype(np.uint16), np.empty(ink.shape, np.uint16))


def _quarter(samples: Floats) -> Floats:
    """The mean of each 2 x 2 block."""
    rows = samples[0::2] + samples[1::2]
    mean: Floats = (rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)
    return mean


def _weighted(samples: Floats, alpha: Floats) -> Floats:
    """The mean of each 2 x 2 block, each sample by its alpha; 0 where all are transparent."""
    weight = _quarter(alpha)
    return _quarter(samples * alpha) / np.where(weight > 0, weight, np.float32(1))


def _even(image: Image.Image) -> Image.Image:
    """The image as RGBA, grown by a transparent column or row where a length is odd."""
    rgba = image.convert("RGBA")
    size = (image.width + image.width % 2, image.height + image.height % 2)
    if size == rgba.size:
        return rgba
    grown = Image.new("RGBA", size)
    grown.paste(rgba)
    return grown


class Patch(msgspec.Struct, frozen=True, eq=False):
    """A drawn picture of even size: Y, U and V, opaque or with its blending terms."""

    size: Size
    layers: tuple[Layer, Layer, Layer]

    @property
    def opaque(self) -> bool:
        """Whether nothing below it shows through."""
        return self.layers[0].rest is None

    @property
    def ground(self) -> Planes:
        """An opaque patch's own planes, for more to be laid on it."""
        return Planes(*(layer.ink.view(np.uint8) for layer in self.layers))

    @classmethod
    def from_image(cls, image: Image.Image) -> "Patch":
        """Convert an image; chroma is the mean of 2 x 2 pixels, each by its alpha."""
        red, green, blue, alpha = (
            np.asarray(band, dtype=np.float32) * np.float32(1 / 255)
            for band in _even(image).split()
        )
        y, u, v = (
            row[0] * red + row[1] * green + row[2] * blue + offset
            for row, offset in zip(_BT709, _OFFSET, strict=True)
        )
        quarter = _quarter(alpha)
        chroma = [_layer(_weighted(samples, alpha), quarter) for samples in (u, v)]
        size = Size(alpha.shape[1], alpha.shape[0])
        return cls(size, (_layer(y, alpha), chroma[0], chroma[1]))

    @classmethod
    def flat(cls, size: Size, colour: Colour) -> "Patch":
        """An opaque patch of one colour; ``size`` is even."""
        samples = np.rint(np.array(colour, np.float32) / 255 @ _BT709.T + _OFFSET)
        shapes = ((size.h, size.w), *((size.h // 2, size.w // 2),) * 2)
        y, u, v = (
            Layer(np.full(shape, sample, np.uint8))
            for shape, sample in zip(shapes, samples, strict=True)
        )
        return cls(size, (y, u, v))

    @classmethod
    def striped(cls, size: Size, colours: tuple[Colour, Colour], width_px: int) -> "Patch":
        """An opaque patch of diagonal stripes in two colours; ``width_px`` is along a row."""
        one, other = (np.array(c, np.float32) / 255 @ _BT709.T + _OFFSET for c in colours)

        def layer(plane: int, step: int) -> Layer:
            w, h = size.w // step, size.h // step
            along = np.arange(w + h - 1) * step + step / 2
            share = np.clip(np.abs(along % (2 * width_px) - width_px) - width_px / 2 + 0.5, 0, 1)
            line = np.rint(one[plane] + (other[plane] - one[plane]) * share).astype(np.uint8)
            return Layer(np.lib.stride_tricks.sliding_window_view(line, w).copy())

        return cls(size, (layer(0, 1), layer(1, 2), layer(2, 2)))

    @classmethod
    def composed(cls, size: Size, colour: Colour, drawings: Iterable["Drawing"]) -> "Patch":
        """An opaque patch: drawings laid in order on a ground of one colour."""
        patch = cls.flat(size, colour)
        for drawing in drawings:
            drawing.lay(patch.ground)
        return patch

    @classmethod
    def beside(cls, patches: Sequence["Patch"]) -> "Patch":
        """One translucent patch from translucent patches of one height, left to right."""
        y, u, v = (_joined([patch.layers[i] for patch in patches]) for i in range(3))
        return cls(Size(sum(patch.size.w for patch in patches), patches[0].size.h), (y, u, v))

    def lay(self, canvas: Planes, x: int, y: int, within: Rect | None = None) -> None:
        """Blend onto a canvas, top left at x, y (made even), clipped to it and to ``within``."""
        for stroke in self.onto(canvas, x, y, within):
            stroke.lay()

    def onto(
        self, canvas: Planes, x: int, y: int, within: Rect | None = None
    ) -> tuple[Stroke, ...]:
        """What ``lay`` does with the same words, ready to be done; nothing where nothing shows."""
        x, y = x & ~1, y & ~1
        shown = overlap(Rect(x, y, self.size.w, self.size.h), canvas.rect)
        if shown is not None and within is not None:
            shown = overlap(shown, within)
        if shown is None:
            return ()
        half = Rect(shown.x // 2, shown.y // 2, shown.w // 2, shown.h // 2)
        return (
            self.layers[0].onto(canvas.y, x, y, shown),
            self.layers[1].onto(canvas.u, x // 2, y // 2, half),
            self.layers[2].onto(canvas.v, x // 2, y // 2, half),
        )


def _joined(layers: Sequence[Layer]) -> Layer:
    ink = np.concatenate([layer.ink for layer in layers], axis=1)
    rest = np.concatenate([layer.rest for layer in layers if layer.rest is not None], axis=1)
    return Layer(ink, rest, np.empty(ink.shape, np.uint16))


class Drawing(msgspec.Struct, frozen=True, eq=False):
    """A patch and where it goes: x, y from the top left of its tile or canvas, in pixels."""

    patch: Patch
    x: int
    y: int

    @property
    def rect(self) -> Rect:
        """What it covers."""
        return Rect(self.x & ~1, self.y & ~1, self.patch.size.w, self.patch.size.h)

    def lay(self, canvas: Planes, tile: Rect | None = None) -> None:
        """Blend onto a canvas; relative to a tile, and never beyond it, where one is given."""
        for stroke in self.onto(canvas, tile):
            stroke.lay()

    def onto(
        self, canvas: Planes, tile: Rect | None = None, within: Rect | None = None
    ) -> tuple[Stroke, ...]:
        """What ``lay`` does with the same words, ready to be done, and only ``within`` a part of
        the tile where one is given."""
        if tile is None:
            return self.patch.onto(canvas, self.x, self.y, within)
        return self.patch.onto(canvas, tile.x + self.x, tile.y + self.y, within or tile)
