"""One tile on a canvas: which picture it shows now, and the honest look around it.

A tile is repainted only when something about it changed: a newer picture, another state, or
something that lay over it. It decides nothing about the scene.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from wallctl.display.compositor.counters import TileCounters
from wallctl.display.compositor.ring_reader import FeedView, cropped
from wallctl.display.drawing.drawing_cache import Artist, Given
from wallctl.display.drawing.sprite import Drawing, Planes, Stroke
from wallctl.display.messages import TileFigures, TileOrder
from wallctl.model.base.geometry import Rect, Size, centred
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import SHOWS_PICTURE, Reason, TileState, reason_told
from wallctl.shm.arena import Arena
from wallctl.shm.ring import Flag, Header

OBSERVED_NS = 100_000_000
"""How long a look at a live tile's state is good for (design: Time leaves 200 ms to mark it)."""
COMING = frozenset({TileState.CONNECTING, TileState.WAITING_KEY, TileState.CATCHING_UP})


class _Place(msgspec.Struct, frozen=True, eq=False):
    """Where pictures of one size go in a tile."""

    target: Rect
    bars: list[Stroke]
    """Ground for what they leave of the tile."""
    label: tuple[Stroke, ...]
    label_on_picture: tuple[Stroke, ...]


class _Told(NamedTuple):
    """What slates and marks tell of a tile beside its state."""

    reason: Reason = Reason.NONE
    waited_s: int = 0
    """For how long a keyframe is waited for."""
    since_unix_ns: int = 0
    """When its state began; it moves when the machine's clock is set."""
    given: Given | None = None
    """What the tile gets, where it is less than all."""


class TileView:
    """A tile as the presenter keeps it."""

    def __init__(self, arena: Arena, order: TileOrder) -> None:
        self.order = order
        self.selected = False
        self.informed = False
        """Whether an info panel lies over it, which tells what to do."""
        self.dirty = True
        """Must be painted again, even if no newer picture came."""
        self.counters = TileCounters()
        self._feeds = [FeedView(arena, feed) for feed in order.feeds]
        self._feed: FeedView | None = self._feeds[0] if self._feeds else None
        self.state = _at_first(order)
        self._told = _Told()
        self._observed_ns: int | None = None
        self._place: _Place | None = None
        """Where the last picture went."""
        self._mark: Drawing | None = None
        """What was laid over the last picture, since it was not wholly live."""

    @property
    def _has_label(self) -> bool:
        return self.order.source is not None and self.order.is_labelled

    @property
    def torn(self) -> int:
        """Copies that were torn and done again."""
        return sum(feed.torn for feed in self._feeds)

    def observe(self, now_ns: int) -> None:
        """Look which feed serves the tile now, and in which state that leaves it.

        One that is live is looked at a few times a second: it shows every new picture meanwhile,
        and nobody sees sooner than this that none comes.
        """
        if not self._feeds or self._is_known(now_ns):
            return
        self._observed_ns = now_ns
        states = [feed.state(now_ns) for feed in self._feeds]
        i = best(states)
        feed, state = self._feeds[i], states[i]
        told = self._tells(feed, state, now_ns)
        if feed is not self._feed or state is not self.state or told != self._told:
            self._feed, self.state, self._told, self.dirty = feed, state, told, True

    def _is_known(self, now_ns: int) -> bool:
        """Whether the last look is good enough still."""
        if self.dirty or self.state is not TileState.LIVE or self._observed_ns is None:
            return False
        return 0 <= now_ns - self._observed_ns < OBSERVED_NS

    def _tells(self, feed: FeedView, state: TileState, now_ns: int) -> _Told:
        waited_s = feed.keys_apart_s() if state is TileState.WAITING_KEY else 0
        effort, given = feed.effort(), None
        if effort is not Effort.FULL:
            rate_hz = round(self.counters.rate(now_ns)) if effort.moves else 0
            given = Given(feed.stream, effort, rate_hz)
        return _Told(feed.reason(), waited_s, feed.told_unix_ns(state), given)

    def is_coming(self) -> bool:
        """Whether a picture can be expected soon that is not there yet."""
        return self.state in COMING

    def paint(self, canvas: Planes, artist: Artist) -> Rect | None:
        """Bring the tile up to date on the canvas; which part of it was painted, if any."""
        if self.state in SHOWS_PICTURE and self._feed is not None:
            return self._paint_picture(self._feed, canvas, artist)
        if not self.dirty:
            return None
        slate = artist.slate(self.order, self.state, self._feed, informed=self.informed)
        slate.lay(canvas, self.order.rect.x, self.order.rect.y)
        if self._has_label:
            artist.label(self.order).lay(canvas, self.order.rect)
        self._paint_frame(canvas, artist)
        return self.order.rect

    def _paint_picture(self, feed: FeedView, canvas: Planes, artist: Artist) -> Rect | None:
        """The picture alone where nothing around it has changed: the bars that it leaves of its
        tile, and what of the label lies on them, are laid with the whole tile only."""
        glimpse = feed.glimpse(self.dirty)
        if glimpse is None:
            return None
        mark = self._mark_on(glimpse.header, feed, artist, canvas)
        place = self._placed(glimpse.header.size, canvas, artist)
        framed = self.selected or self.state is TileState.STALE
        whole = self.dirty or framed or (mark, place) != (self._mark, self._place)
        self._mark, self._place = mark, place
        for stroke in place.bars if whole else ():
            stroke.lay()
        copied = feed.copy(glimpse, canvas, place.target)
        if copied is None:
            rect = self.order.rect
            artist.ground(rect.size).lay(canvas, rect.x, rect.y)  # rather nothing than what is torn
            self.dirty = True
            return rect
        self._paint_marks(canvas, artist, place, whole)
        self.counters.painted(feed.stream, copied.header)
        return self.order.rect if whole else place.target

    def _mark_on(
        self, header: Header, feed: FeedView, artist: Artist, canvas: Planes
    ) -> Drawing | None:
        state = self.state
        if header.flags & Flag.CATCHING_UP and state is TileState.LIVE:
            state = TileState.CATCHING_UP
        is_still = bool(header.flags & Flag.STILL)
        return artist.mark(self.order, state, feed, self._told.given, canvas, is_still=is_still)

    def _placed(self, picture: Size, canvas: Planes, artist: Artist) -> "_Place":
        """Where a picture of that size goes; found once, since the size seldom changes."""
        if self._place is not None and self._place.target.size == picture:
            return self._place
        rect = self.order.rect
        target = centred(picture, rect)
        label = artist.label(self.order) if self._has_label else None
        return _Place(
            target=target,
            bars=_bars(canvas, rect, target, artist),
            label=label.onto(canvas, rect) if label else (),
            label_on_picture=label.onto(canvas, rect, target) if label else (),
        )

    def _paint_marks(self, canvas: Planes, artist: Artist, place: "_Place", whole: bool) -> None:
        rect = self.order.rect
        if self.state is TileState.STALE:
            artist.veil(cropped(canvas, rect))
        for stroke in place.label if whole else place.label_on_picture:
            stroke.lay()
        if self._mark is not None:
            for stroke in self._mark.onto(canvas, rect, rect if whole else place.target):
                stroke.lay()
        self._paint_frame(canvas, artist)

    def _paint_frame(self, canvas: Planes, artist: Artist) -> None:
        if self.selected:
            for drawing in artist.frame(self.order.rect.size, self.order.joined):
                drawing.lay(canvas, self.order.rect)
        self.dirty = False

    def draw_ahead(self, artist: Artist, now_ns: int) -> None:
        """Let the artist draw, before the scene is shown, what the tile will need."""
        self.observe(now_ns)
        if self._has_label:
            artist.label(self.order)
        if self.state not in SHOWS_PICTURE:
            artist.slate(self.order, self.state, self._feed)

    def reword(self) -> None:
        """The wall speaks another language from the next pass on."""
        self._place = None  # it holds a label
        self.dirty = True

    def take_over(self, old: "TileView") -> None:
        """Go on counting where the view of the same source in the same tile stopped."""
        self.counters = old.counters
        rates = {feed.stream: feed.bit_rate for feed in old._feeds}
        for feed in self._feeds:
            feed.bit_rate = rates.get(feed.stream, feed.bit_rate)

    def figures(self, now_ns: int) -> TileFigures | None:
        """What became of the tile so far; ``None`` for an empty one."""
        if self._feed is None or self.order.source is None:
            return None
        stream = self._feed.report()
        decoded, presented = self.counters.decoded, self.counters.presented
        return TileFigures(
            tile=self.order.number,
            source=self.order.source,
            state=self.state,
            reason=reason_told(stream.facts.reason, self.state),
            stream=self._feed.stream,
            width_px=stream.width_px,
            height_px=stream.height_px,
            source_fps=round(1e9 / max(1, stream.pace_ns or stream.facts.interval_ns), 2),
            decoded=decoded,
            presented=presented,
            fps=round(self.counters.fps(now_ns), 2),
            fps_now=round(self.counters.rate(now_ns), 1),
            skipped=max(0, decoded - presented),
            effort=self._feed.effort(),
            latency_ms=self.counters.latency.percentiles(),
            reconnects=stream.reconnects,
            decoder=stream.decoded_by,
            coding=stream.coding,
            carrier=stream.carrier,
            bits_s=self._feed.bit_rate.bits_s(stream.received_bytes, now_ns),
            lost=stream.lost,
            keyframe_s=round(stream.key_interval_ns / 1e9, 1),
            why=self.order.why if self._feed is self._feeds[0] else None,
        )


def _at_first(order: TileOrder) -> TileState:
    """What a tile is until something is known of its stream."""
    if order.source is None:
        return TileState.EMPTY
    return TileState.MASKED if order.masked else TileState.CONNECTING


_ORDER = (
    TileState.LIVE,
    TileState.STILL,
    TileState.CATCHING_UP,
    TileState.SHED,
    TileState.STALE,
    TileState.WAITING_KEY,
    TileState.CONNECTING,
    TileState.OFFLINE,
    TileState.REFUSED,
)
"""Which of two feeds serves a tile: the better state; among equals the one named first."""


def _bars(canvas: Planes, tile: Rect, picture: Rect, artist: Artist) -> list[Stroke]:
    """Ground for what a picture leaves of its tile: above, below, left and right of it."""
    bars = (
        Rect(tile.x, tile.y, tile.w, picture.y - tile.y),
        Rect(tile.x, picture.bottom, tile.w, tile.bottom - picture.bottom),
        Rect(tile.x, picture.y, picture.x - tile.x, picture.h),
        Rect(picture.right, picture.y, tile.right - picture.right, picture.h),
    )
    ground = artist.ground(tile.size)
    return [stroke for bar in bars for stroke in ground.onto(canvas, tile.x, tile.y, bar)]


def best(states: Sequence[TileState]) -> int:
    """The index of the feed that serves a tile, by the states that its feeds would leave it in."""
    return min(range(len(states)), key=lambda i: _ORDER.index(states[i]))
