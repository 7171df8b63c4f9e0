"""Which stream serves a tile, and why: one decision, from all that limits it."""

import enum
from collections.abc import Container, Mapping

import msgspec

from wallctl.model.base.geometry import Size
from wallctl.model.planning.budget import up_to
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.wall.scene.scene import TapKey, Tile


class Why(enum.Enum):
    """Why this stream and no other."""

    ONLY = "only"
    """The source has no other."""
    SUFFICES = "suffices"
    """A smaller one that the tile can't tell from a larger."""
    LARGEST = "largest"
    """The tile is large enough for it."""
    BUDGET = "budget"
    """A larger one is more than the machine can decode beside all others."""
    BUSY = "busy"
    """A larger one was given up, since the processors are too busy just now."""
    LOST = "lost"
    """The one that would be right is not given by its camera."""
    CAMERA = "camera"
    """The camera bears no further connection, or was not asked for a larger stream yet."""


class Limits(msgspec.Struct, frozen=True):
    """All that keeps sources from a stream."""

    known: Mapping[StreamKey, Size] = {}
    """The picture sizes of streams, as far as they have told them."""
    unproven: frozenset[str] = frozenset()
    """Sources whose login nobody knows to be right, and those that refuse it. A larger stream would
    only be another wrong try, and cameras lock an account after a few."""
    largest: Mapping[str, str] = {}
    """By source, the name of the largest stream that the machine can decode."""
    rungs: Mapping[str, Rung] = {}
    """By source, what is given up under overload."""
    lost: Container[StreamKey] = frozenset()
    """The streams that their cameras do not give."""


class Choice(msgspec.Struct, frozen=True):
    """What serves a tile, and why."""

    taps: tuple[TapKey, ...]
    """Those that can fill the tile, best first."""
    why: Why


def allow(source: Source, limits: Limits) -> Source:
    """The source with the streams that may be opened; the smallest always may.

    If the camera does not give its smallest stream, what it gives is not limited.
    """
    smallest = source.streams[-1].name
    if source.name in limits.unproven:
        return up_to(source, smallest)
    if (source.name, smallest) in limits.lost:
        return source
    is_busy = limits.rungs.get(source.name, Rung.NOTHING) >= Rung.STREAM
    return up_to(source, smallest if is_busy else limits.largest.get(source.name, smallest))


def choose(tile: Tile, source: Source, served: Source, limits: Limits) -> Choice:
    """Choose what serves a tile: ``served`` is the source with the streams that may be open now."""
    taps = wanted_taps(tile, served, limits.known, limits.lost)
    return Choice(taps, _why(source, taps[0].stream, tile.served, limits))


def wanted_taps(
    tile: Tile,
    source: Source,
    known: Mapping[StreamKey, Size],
    lost: Container[StreamKey] = (),
) -> tuple[TapKey, ...]:
    """The taps that can fill a tile, best first: the chosen stream, then the smaller ones.

    ``known`` holds the picture sizes of streams that have been open. The smaller stream fills the
    tile until the better one has its first picture, and when that one fails. A larger
    stream fills it only if all of these are ``lost``.
    """
    names = [stream.name for stream in source.streams]
    chosen = names.index(choose_stream(source, tile.served, known))
    chain = names[chosen:]
    if all((source.name, name) in lost for name in chain):
        chain += reversed(names[:chosen])
    return tuple(tile.tap((source.name, name)) for name in chain)


def _why(source: Source, given: str, tile: Size, limits: Limits) -> Why:
    names = [stream.name for stream in source.streams]
    right = choose_stream(source, tile, limits.known)
    if len(names) == 1:
        return Why.ONLY
    if given == right:
        return Why.LARGEST if given == names[0] else Why.SUFFICES
    if names.index(given) < names.index(right) or (source.name, right) in limits.lost:
        return Why.LOST
    if limits.rungs.get(source.name, Rung.NOTHING) >= Rung.STREAM:
        return Why.BUSY
    if names.index(limits.largest.get(source.name, names[-1])) > names.index(right):
        return Why.BUDGET
    return Why.CAMERA
