"""Which stream of a source suffices for a tile: the smallest that looks like a larger one there.

What the machine and the camera bear is not asked here: ``stream_choice`` decides with all of it.
"""

from collections.abc import Mapping

from wallctl.model.base.geometry import Size
from wallctl.model.site.site import Source, StreamKey

UPSCALE_LIMIT = 1.5
"""A stream may be enlarged by this much before a larger one is wanted (design: Spending)."""
ASSUMED = {"sub": Size(640, 360), "third": Size(352, 288)}
"""The size of a stream until the stream itself says it; ``main`` is large enough for anything."""


def choose_stream(source: Source, tile: Size, known: Mapping[StreamKey, Size]) -> str:
    """The smallest stream that needs at most 1.5x enlargement; the largest if none does."""
    for stream in reversed(source.streams):
        size = known.get((source.name, stream.name), ASSUMED.get(stream.name))
        if size is None or _enough(size, tile):
            return stream.name
    return source.streams[0].name


def _enough(picture: Size, tile: Size) -> bool:
    """Whether a contained picture fills the tile without too much enlargement."""
    scale = min(tile.w / picture.w, tile.h / picture.h)
    return scale <= UPSCALE_LIMIT
