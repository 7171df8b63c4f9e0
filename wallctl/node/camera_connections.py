"""Which streams each camera may have open now, and what stands in while one takes another's place.

Only *narrow* cameras, those with more streams than connections, are held to something here
(``wallctl.model.planning.connection_limits`` decides what); of all others every stream may be open.
"""

from collections.abc import Callable, Collection, Container, Iterable, Mapping

from msgspec.structs import replace

from wallctl.model.base.geometry import Size
from wallctl.model.planning.connection_limits import (
    Calls,
    Line,
    called,
    is_narrow,
    largest_wanted,
    linger_ns,
    served_by,
    turned,
)
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.streams.health import SECOND_NS

SHOW_NS = SECOND_NS // 2
"""For so long may a stream that is to be closed for another still get a picture into its tiles."""


class CameraConnections:
    """The lines to narrow cameras, and when each camera was called of late."""

    def __init__(self, sources: Iterable[Source], is_open: Callable[[StreamKey], bool]) -> None:
        """``is_open`` tells whether a stream has a worker, were it one that is about to end."""
        self._sources = {source.name: source for source in sources}
        self._is_open = is_open
        self._lines = {name: Line() for name, one in self._sources.items() if is_narrow(one)}
        self._handing: set[str] = set()
        """The sources whose old stream is to leave a picture before it is closed."""
        self._calls: dict[str, Calls] = {}
        self.asked: StreamKey | None = None
        """A stream that is open for a moment though no tile wants it."""

    def adopt(self, sources: Iterable[Source]) -> None:
        """Go by other sources. Those with the streams and connections of before keep their lines;
        how often a camera was called is remembered of all."""
        before = {name: (one.streams, one.connections) for name, one in self._sources.items()}
        self._sources = {source.name: source for source in sources}
        kept = {
            name: line
            for name, line in self._lines.items()
            if (one := self._sources.get(name)) and before[name] == (one.streams, one.connections)
        }
        narrow = [name for name, one in self._sources.items() if is_narrow(one)]
        self._lines = {name: kept.get(name, Line()) for name in narrow}
        self._handing &= self._lines.keys()
        self._calls = {name: one for name, one in self._calls.items() if name in self._sources}

    @property
    def narrow(self) -> list[Source]:
        """The sources with more streams than connections."""
        return [self._sources[name] for name in self._lines]

    def serve(
        self,
        had: Source,
        tiles: Collection[Size],
        known: Mapping[StreamKey, Size],
        lost: Container[StreamKey],
        now_ns: int,
    ) -> Source:
        """The source with the streams for tiles of these sizes, of those that can be ``had``."""
        source, old = self._sources[had.name], self._lines.get(had.name)
        if old is None:
            return had
        given = tuple(s for s in had.streams if (had.name, s.name) not in lost) or had.streams
        wish = largest_wanted(replace(had, streams=given), tiles, known)
        names = (s.name for s in source.streams)
        order = tuple(n for n in names if n == wish or (had.name, n) not in lost)
        line = turned(old, order, wish, self.linger_ns(had.name, now_ns), now_ns)
        self._lines[had.name] = line
        if line.serving != old.serving and self._leaves_picture(source, line):
            self._handing.add(had.name)
        return replace(source, streams=served_by(source, line.serving))

    def _leaves_picture(self, source: Source, line: Line) -> bool:
        """Whether the stream before is open alone, so that tiles would be without any picture."""
        if line.before is None or line.serving is None or source.connections > 1:
            return False
        return self._is_open((source.name, line.before))

    def stand_in(self, source: str) -> str | None:
        """The closed stream whose last picture stays until another has its first."""
        line = self._lines.get(source)
        only = line is not None and self._sources[source].connections == 1
        return line.before if line is not None and only and line.serving is not None else None

    def may_ask(self, key: StreamKey) -> bool:
        """Whether a stream that no tile wants can be open for a moment beside the smallest: no
        larger one is wanted meanwhile."""
        source, line = self._sources[key[0]], self._lines.get(key[0])
        idle = line is None or line.serving in (None, source.streams[-1].name)
        return idle and source.connections > 1 and self.has_room(key)

    def permits(self, key: StreamKey) -> bool:
        """Whether a stream may be open now."""
        name, stream = key
        line = self._lines.get(name)
        if line is None or (key == self.asked and self.may_ask(key)):
            return True
        if name in self._handing:
            return stream == line.before
        return any(one.name == stream for one in served_by(self._sources[name], line.serving))

    def has_room(self, key: StreamKey) -> bool:
        """Whether a camera bears one more stream now; one that is about to end still counts."""
        source = self._sources[key[0]]
        others = ((source.name, one.name) for one in source.streams if one.name != key[1])
        return sum(map(self._is_open, others)) < source.connections

    def called(self, source: str, now_ns: int) -> None:
        """The wall opens a stream of a camera, of its own accord."""
        self._calls[source] = called(self._calls.get(source, ()), now_ns)

    def linger_ns(self, source: str, now_ns: int) -> int:
        """How long a stream of a camera stays open unwanted."""
        return linger_ns(self._calls.get(source, ()), now_ns)

    def refresh(
        self,
        has_rings: Callable[[StreamKey], bool],
        is_pictured: Callable[[StreamKey], bool],
        now_ns: int,
    ) -> None:
        """See how far streams have taken over: whether all tiles that a stream can fill have
        memory for its pictures, and whether they have a picture of it."""
        for name, line in self._lines.items():
            if line.before is None or line.serving is None:
                self._handing.discard(name)
                continue
            before = (name, line.before)
            left = not self._is_open(before) or is_pictured(before)
            waited = left or now_ns - line.since_ns > SHOW_NS
            if waited and has_rings((name, line.serving)):
                self._handing.discard(name)
            if is_pictured((name, line.serving)):
                self._lines[name] = replace(line, before=None)
