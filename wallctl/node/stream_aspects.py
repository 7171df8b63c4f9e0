"""What shape each stream's pictures have: by the site's word, or that of the source's main stream.

An open main stream says its shape, and its block keeps it. If a smaller stream may be squeezed and
the main one was never open, the main one is opened once.
"""

from collections.abc import Container, Mapping

from wallctl.model.site.aspect import KnownShape, may_be_squeezed
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.streams.health import SECOND_NS, Phase
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.setup import NodeSetup
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import Word, member, shape, size

ASK_NS = 15 * SECOND_NS
"""How long a main stream may take to its first picture; only one is asked at a time."""
AGAIN_NS = 900 * SECOND_NS
"""When a main stream that gave no picture is asked again."""


class StreamAspects:
    """The shapes that are known of a wall's streams."""

    def __init__(
        self,
        setup: NodeSetup,
        blocks: Mapping[StreamKey, Words],
        connections: CameraConnections,
        lost: Container[StreamKey],
    ) -> None:
        self._setup = setup
        self._blocks = blocks
        self._connections = connections
        self._lost = lost
        self._asked_ns: dict[StreamKey, int] = {}
        self._asking: StreamKey | None = None

    def beside(self, source: Source, stream: str) -> KnownShape:
        """What is known of a stream's shape beside itself."""
        main = source.streams[0].name
        if stream == main:
            return KnownShape(_named(source, stream))
        says = shape(self._blocks[source.name, main])
        return KnownShape(_named(source, stream), _named(source, main) or says)

    def to_ask(self, now_ns: int) -> StreamKey | None:
        """The main stream that is to be open now, to say its shape; ``None`` for none."""
        if self._asking is not None and self._is_being_asked(self._asking, now_ns):
            return self._asking
        unknown = map(self._unknown, self._setup.site.sources)
        due = (key for key in unknown if key is not None and self._is_due(key, now_ns))
        self._asking = next(filter(self._may_open, due), None)
        if self._asking is not None:
            self._asked_ns[self._asking] = now_ns
        self._connections.asked = self._asking
        return self._asking

    def _is_being_asked(self, key: StreamKey, now_ns: int) -> bool:
        unsaid = key in self._blocks and shape(self._blocks[key]) is None
        return unsaid and now_ns - self._asked_ns[key] < ASK_NS

    def _is_due(self, key: StreamKey, now_ns: int) -> bool:
        asked_ns = self._asked_ns.get(key)
        return asked_ns is None or now_ns - asked_ns >= AGAIN_NS

    def _may_open(self, main: StreamKey) -> bool:
        """Whether a main stream can be opened beside the others of its source."""
        return self._connections.may_ask(main) and main not in self._lost

    def _unknown(self, source: Source) -> StreamKey | None:
        """The main stream of a source, if a picture depends on what it would say."""
        main, smallest = source.streams[0].name, source.streams[-1].name
        key = (source.name, main)
        if main == smallest or main in source.shapes or smallest in source.shapes:
            return None
        words = self._blocks[source.name, smallest]
        says = shape(words)
        if says is None or shape(self._blocks[key]) is not None:
            return None
        is_live = member(words, Word.PHASE, Phase) is Phase.LIVE
        return key if is_live and may_be_squeezed(size(words), says) else None


def _named(source: Source, stream: str) -> float | None:
    """The site's word, for the picture as it stands before the site sets it upright."""
    told = source.shapes.get(stream)
    if told is None:
        return None
    return 1 / told if source.upright.swaps else told
