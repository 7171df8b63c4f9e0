"""The worker of each stream: who has one, and what it was told last."""

import msgspec

from wallctl.decoder.messages import Demand, Tap, WorkerSpec
from wallctl.model.site.aspect import KnownShape
from wallctl.model.site.site import Source, Stream, StreamKey
from wallctl.model.site.site_diff import index_streams
from wallctl.model.streams.decode_effort import Effort
from wallctl.model.streams.health import LAST_WORDS, Reason
from wallctl.node.child_kinds import WORKER
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.setup import NodeSetup
from wallctl.node.stream_status_blocks import StatusBlocks
from wallctl.shm.stream_status import Word

Told = tuple[tuple[Tap, ...], Effort, KnownShape]
"""A demand without its serial."""


class StreamWorkers:
    """The streams of the site, and the workers that some of them have."""

    def __init__(self, setup: NodeSetup, crew: ChildProcesses, blocks: StatusBlocks) -> None:
        self._setup = setup
        self._crew = crew
        self._blocks = blocks.words
        self.streams = index_streams(setup.site)
        self._sent: dict[StreamKey, Told | None] = dict.fromkeys(self.streams)
        """What each was told last; ``None`` where that is not known."""
        self.wanted_ns: dict[StreamKey, int] = {}
        """When streams that may be open were last wanted."""

    def adopt(self, streams: dict[StreamKey, tuple[Source, Stream]]) -> None:
        """Go by other streams; those that are gone, or begin again, were stopped before."""
        self.streams = streams
        self._sent = {key: self._sent.get(key) for key in streams}

    def is_called(self, key: StreamKey) -> bool:
        """Whether a stream is to have a worker."""
        return self._crew.has(_worker(key))

    def is_there(self, key: StreamKey) -> bool:
        """Whether a stream has a worker, were it one that is about to end."""
        return _worker(key) in self._crew.members

    def is_open(self, key: StreamKey) -> bool:
        """Whether a stream has a worker, will have one, or has one that is about to end."""
        return self.is_called(key) or self.is_there(key)

    def of(self, name: str) -> StreamKey | None:
        """The stream of a worker."""
        return next((key for key in self.streams if _worker(key) == name), None)

    def start(self, key: StreamKey) -> None:
        """Have a worker for a stream, unless it has one."""
        if self.is_called(key):
            return
        self._blocks[key][Word.DEVICE] = 0  # its last worker was ended: nothing crashed
        source, stream = self.streams[key]
        spec = WorkerSpec(source.name, stream, self._setup.blocks[key], self._setup.site.hardware)
        self._crew.start(_worker(key), WORKER, msgspec.msgpack.encode(spec))

    def stop(self, key: StreamKey) -> None:
        """End the worker of a stream."""
        self._crew.retire(_worker(key))
        self.wanted_ns.pop(key, None)
        self._sent[key] = None

    def tell(self, key: StreamKey, serial: int, demand: Told, *, always: bool = False) -> None:
        """Tell the worker of a stream its demand if that has changed, or ``always``."""
        if always or self._sent[key] != demand:
            told = self._crew.send(_worker(key), Demand(serial, *demand))
            self._sent[key] = demand if told else None

    def moving(self) -> list[StreamKey]:
        """The streams that are decoded for somebody as they come."""
        told = ((key, sent) for key, sent in self._sent.items() if sent is not None)
        return [key for key, (taps, effort, _) in told if taps and effort.moves]

    def taken(self, key: StreamKey) -> int | None:
        """The serial of the demand that a stream's worker follows; ``None`` without a worker."""
        return self._blocks[key][Word.TAKEN] if self.is_there(key) else None

    def died(self, name: str) -> None:
        """A worker is gone without a word: this is the word, until it runs again."""
        key = self.of(name)
        if key is None or self._blocks[key][Word.REASON] in LAST_WORDS:
            return
        if self._crew.has(name):
            self._blocks[key][Word.REASON] = Reason.WORKER_LOST

    def end_hung(self, now_ns: int) -> None:
        """End the workers whose hearts do not beat any more."""
        for key in self.streams:
            self._crew.end_silent(_worker(key), now_ns, self._blocks[key][Word.HEARTBEAT_NS])


def _worker(key: StreamKey) -> str:
    return f"{WORKER}:{key[0]}/{key[1]}"
