"""A screen's canvas in shared memory: composed in place by its presenter, read by anyone.

Planar 4:2:0, BT.709 limited range, one array of shape (h * 3 / 2, w). ``SEQ`` is odd while a pass
composes; a reader copies and checks, like a ring's, and tries again.
"""

import enum
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from wallctl.model.base.geometry import Size
from wallctl.shm.arena import Arena, picture_bytes
from wallctl.shm.shared_words import Words, following

HEADER_BYTES = 128


class CanvasWord(enum.IntEnum):
    """Words of a canvas header."""

    SEQ = 0
    PASS = 1
    """Number of the pass that composed it."""
    VERSION = 2
    """Version of the scene it shows."""
    COMPOSED_NS = 3


class CanvasPlace(msgspec.Struct, frozen=True):
    """Where a canvas lies."""

    offset: int
    size: Size


class CanvasCopy(msgspec.Struct, frozen=True):
    """One whole composed picture of a screen."""

    pixels: NDArray[np.uint8]
    number: int
    version: int
    composed_ns: int


def canvas_bytes(size: Size) -> int:
    """Bytes that a canvas takes in the arena."""
    return HEADER_BYTES + picture_bytes(size)


class Canvas:
    """A mapped canvas."""

    def __init__(self, arena: Arena, place: CanvasPlace) -> None:
        self.size = place.size
        self.words: Words = arena.words(place.offset, HEADER_BYTES // 8)
        flat = arena.pixels(place.offset + HEADER_BYTES, picture_bytes(place.size))
        self.pixels = flat.reshape(place.size.h * 3 // 2, place.size.w)
        luma, half = place.size.w * place.size.h, (place.size.h // 2, place.size.w // 2)
        self._planes = (
            flat[:luma].reshape(place.size.h, place.size.w),
            flat[luma : luma * 5 // 4].reshape(half),
            flat[luma * 5 // 4 :].reshape(half),
        )

    def begin(self) -> None:
        """Mark the picture as unfinished, before the writer changes pixels."""
        self.words[CanvasWord.SEQ] |= 1

    def end(self, number: int, version: int, now_ns: int) -> None:
        """Mark the picture as whole again."""
        self.words[CanvasWord.PASS] = number
        self.words[CanvasWord.VERSION] = version
        self.words[CanvasWord.COMPOSED_NS] = now_ns
        self.words[CanvasWord.SEQ] = following(self.words[CanvasWord.SEQ])

    def copy_to(self, planes: Sequence[NDArray[np.uint8]]) -> bool:
        """Copy a whole picture into planes Y, U and V of its size; ``False`` if the presenter was
        composing: then they hold anything, and it is to be tried again."""
        seq = self.words[CanvasWord.SEQ]
        if seq & 1:
            return False
        for plane, source in zip(planes, self._planes, strict=True):
            plane[...] = source
        return self.words[CanvasWord.SEQ] == seq

    def copy(self) -> CanvasCopy | None:
        """A whole picture, or ``None`` if the presenter was composing: try again."""
        seq = self.words[CanvasWord.SEQ]
        if seq & 1:
            return None
        words = self.words
        copy = CanvasCopy(
            self.pixels.copy(),
            words[CanvasWord.PASS],
            words[CanvasWord.VERSION],
            words[CanvasWord.COMPOSED_NS],
        )
        return copy if words[CanvasWord.SEQ] == seq else None
