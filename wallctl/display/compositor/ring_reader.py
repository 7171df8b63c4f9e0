"""The reading end of a tap: the newest picture for a tile, and what its stream says of itself."""

import numpy as np
from numpy.typing import NDArray

from wallctl.display.compositor.counters import BitRate
from wallctl.display.drawing.sprite import Planes
from wallctl.display.messages import Feed
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import (
    SECOND_NS,
    SHOWS_PICTURE,
    Facts,
    Phase,
    Reason,
    TileState,
    left_behind,
    stale_after_ns,
    tile_state,
)
from wallctl.shm.arena import RING_SLOTS, Arena
from wallctl.shm.ring import Glimpse, Ring, RingWord, SlotWord, latest
from wallctl.shm.shared_words import sane
from wallctl.shm.stream_status import (
    WORDS,
    StreamFacts,
    Word,
    block_offset,
    facts,
    member,
    number,
    read,
)

Plane = NDArray[np.uint8]
KEY_STEP_NS = 10 * SECOND_NS
"""Keyframes this far apart are worth a word: tiles wait for them."""
TRIES = 4
"""A copy is torn only if the writer went round the whole ring meanwhile."""


_TELL_SINCE = frozenset({TileState.STALE, TileState.OFFLINE, TileState.REFUSED})


class FeedView:
    """One open tap. ``seen`` is the publication that the canvas shows."""

    def __init__(self, arena: Arena, feed: Feed) -> None:
        self.stream = feed.stream
        self.ring = Ring(arena, feed.ring)
        self._block = arena.words(block_offset(feed.block), WORDS)
        self.seen = 0
        self.torn = 0
        self.bit_rate = BitRate()
        self._targets: tuple[Rect, Planes] | None = None

    def is_fed(self, known: Facts) -> bool:
        """Whether this tap has a picture about as new as its stream's newest.

        A stream that is kept but not decoded for this tap would otherwise show an old picture.
        """
        decoded_ns = self._newest_ns()
        if decoded_ns is None:
            return False
        if known.phase is Phase.STILL or known.picture_ns is None or not known.moves:
            return True
        return known.picture_ns - decoded_ns < stale_after_ns(known.interval_ns)

    def _newest_ns(self) -> int | None:
        """When this tap's newest picture was decoded; ``None`` before its first."""
        words = self.ring.words
        newest = words[RingWord.NEWEST]
        if newest == 0 or words[RingWord.GENERATION] != self.ring.place.generation:
            return None
        return sane(self.ring.slots[newest % RING_SLOTS][SlotWord.DECODED_NS])

    def report(self) -> StreamFacts:
        """All that the stream says of itself."""
        return read(self._block)

    def reason(self) -> Reason:
        """Why the stream failed, if it did."""
        return member(self._block, Word.REASON, Reason)

    def keys_apart_s(self) -> int:
        """How far apart keyframes come at least, in steps; 0 where that is usual."""
        interval_ns = number(self._block, Word.KEY_INTERVAL_NS)
        return interval_ns // KEY_STEP_NS * KEY_STEP_NS // SECOND_NS

    def told_unix_ns(self, state: TileState) -> int:
        """Since when a tile of this state says that it is so; 0 for one that says nothing."""
        if state not in _TELL_SINCE:
            return 0
        picture_ns = number(self._block, Word.PICTURE_UNIX_NS)
        return picture_ns or number(self._block, Word.SINCE_UNIX_NS)

    def effort(self) -> Effort:
        """How much of the stream is decoded for whoever sees it."""
        return member(self._block, Word.EFFORT, Effort)

    def state(self, now_ns: int) -> TileState:
        """The state of a tile that this feed fills."""
        known = facts(self._block)
        state = tile_state(known, now_ns)
        if state in SHOWS_PICTURE and not self.is_fed(known):
            return left_behind(known.interval_ns, self._newest_ns(), now_ns)
        return state

    def glimpse(self, again: bool) -> Glimpse | None:
        """The newest picture, if it is another than the one shown or is wanted ``again``."""
        return latest(self.ring, 0 if again else self.seen)

    def copy(self, glimpse: Glimpse, canvas: Planes, target: Rect) -> Glimpse | None:
        """Copy a picture onto the canvas, whole, and return the one that was copied."""
        for _ in range(TRIES):
            _copy_planes(glimpse.pixels, target.size, self._views(canvas, target))
            if glimpse.intact():
                self.seen = glimpse.number
                return glimpse
            self.torn += 1
            newer = latest(self.ring)
            if newer is None or newer.header.size != target.size:
                return None
            glimpse = newer
        return None

    def _views(self, canvas: Planes, target: Rect) -> Planes:
        """Views of the canvas where the picture goes; kept, since the place seldom changes."""
        if self._targets is None or self._targets[0] != target:
            self._targets = (target, cropped(canvas, target))
        return self._targets[1]


def cropped(canvas: Planes, rect: Rect) -> Planes:
    """Views of an even part of a canvas."""
    x, y, w, h = rect.x // 2, rect.y // 2, rect.w // 2, rect.h // 2
    return Planes(
        canvas.y[rect.y : rect.bottom, rect.x : rect.right],
        canvas.u[y : y + h, x : x + w],
        canvas.v[y : y + h, x : x + w],
    )


def _copy_planes(pixels: Plane, size: Size, to: Planes) -> None:
    """Packed planar picture bytes of an even size to three views of that size."""
    luma, chroma = size.w * size.h, size.w * size.h // 4
    half = (size.h // 2, size.w // 2)
    to.y[...] = pixels[:luma].reshape(size.h, size.w)
    to.u[...] = pixels[luma : luma + chroma].reshape(half)
    to.v[...] = pixels[luma + chroma : luma + 2 * chroma].reshape(half)
