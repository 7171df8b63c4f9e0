"""Why a tile is given the stream that it has: for people who wonder. It decides nothing."""

import enum
from collections.abc import Container, Mapping

import msgspec

from wallctl.model.base.geometry import Size
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.wall.scene.scene import choose_stream


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
    """What keeps sources from a larger stream."""

    largest: Mapping[str, str]
    """By source, the name of the largest stream that the machine can decode."""
    rungs: Mapping[str, Rung]
    """By source, what is given up under overload."""
    lost: Container[StreamKey]
    """The streams that their cameras do not give."""


def why(
    source: Source, given: str, tile: Size, known: Mapping[StreamKey, Size], limits: Limits
) -> Why:
    """Why a tile of that size is given that stream; ``known`` are the streams' picture sizes."""
    names = [stream.name for stream in source.streams]
    right = choose_stream(source, tile, known)
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
