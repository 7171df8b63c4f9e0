"""How many streams of a camera are open at once, and for how long: cheap cameras die when they are
called often.

A camera with more streams than it bears connections is *narrow*: one stream serves all its tiles,
and the smallest stays open beside it where a second connection is allowed. A stream lingers after
it was last wanted, the longer the more often the camera was called of late. Calls after a failure
are not counted: ``wallctl.model.streams.retry`` spaces them.
"""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.base.geometry import Size
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.site.site import Source, Stream, StreamKey
from wallctl.model.streams.health import SECOND_NS

LINGER_NS = 10 * SECOND_NS
"""How long a stream that is not kept stays open after it was last wanted."""
LONGEST_LINGER_NS = 120 * SECOND_NS
FREE_CALLS = 2
"""So many calls of late are usual: the smallest stream, and a larger one."""
RECENT_NS = 300 * SECOND_NS
"""Calls before that are forgotten."""

Calls = tuple[int, ...]
"""When a camera was called of late, in nanoseconds."""


class Line(msgspec.Struct, frozen=True):
    """What a narrow camera's tiles are served by."""

    serving: str | None = None
    """The stream for all its tiles; ``None`` while none wants any."""
    before: str | None = None
    """The one before it, whose last picture stays until the new one has its first."""
    since_ns: int = 0
    """When it took over."""
    wanted_ns: int = 0
    """When a tile last wanted one as large as it."""


def is_narrow(source: Source) -> bool:
    """Whether not all streams of a camera may be open at once."""
    return source.connections < len(source.streams)


def bearable(source: Source, tiles: Iterable[Size], known: Mapping[StreamKey, Size]) -> Source:
    """The source with the streams that may be open at once for tiles of these sizes.

    ``known`` holds the picture sizes of streams that have been open. For a narrow camera, the
    largest stream that a tile wants serves all tiles: it is decoded in any case.
    """
    if not is_narrow(source):
        return source
    return replace(source, streams=served_by(source, largest_wanted(source, tiles, known)))


def largest_wanted(
    source: Source, tiles: Iterable[Size], known: Mapping[StreamKey, Size]
) -> str | None:
    """The largest stream that one of the tiles wants; ``None`` without any."""
    wanted = {choose_stream(source, tile, known) for tile in tiles}
    return next((stream.name for stream in source.streams if stream.name in wanted), None)


def served_by(source: Source, serving: str | None) -> tuple[Stream, ...]:
    """The streams of a narrow camera that may be open while one of them serves, largest first."""
    smallest = source.streams[-1]
    found = next((s for s in source.streams if s.name == serving), smallest)
    return (found,) if source.connections == 1 or found is smallest else (found, smallest)


def turned(
    line: Line, order: tuple[str, ...], wish: str | None, linger_ns: int, now_ns: int
) -> Line:
    """The line when its tiles wish for a stream, or for none.

    ``order`` are the streams that can be had, the largest first. A larger one takes over at once;
    a smaller one only when the larger was not wanted for ``linger_ns``: until then that serves.
    """
    if wish is not None and _rank(order, wish) <= _rank(order, line.serving):
        line = replace(line, wanted_ns=now_ns)
    elif line.serving in order and now_ns - line.wanted_ns <= linger_ns:
        return line
    if wish == line.serving:
        return line
    before = line.serving or next(reversed(order), None)
    return Line(wish, before if before != wish else None, since_ns=now_ns, wanted_ns=now_ns)


def _rank(order: tuple[str, ...], stream: str | None) -> int:
    return order.index(stream) if stream in order else len(order)


def called(calls: Calls, now_ns: int) -> Calls:
    """The calls of late, with one more."""
    return (*(at_ns for at_ns in calls if now_ns - at_ns < RECENT_NS), now_ns)


def linger_ns(calls: Calls, now_ns: int) -> int:
    """How long a stream stays open unwanted: twice as long with each call beyond the usual ones."""
    recent = sum(now_ns - at_ns < RECENT_NS for at_ns in calls)
    return min(LONGEST_LINGER_NS, LINGER_NS << max(0, recent - FREE_CALLS))
