"""From what the scenes show to what each worker decodes: rings, demands, and who must run.

Every source keeps its smallest stream connected, shown or not, unless the site has it off then, or
its camera bears no second connection; larger streams run only while something wants them.
"""

from collections.abc import Callable, Mapping

from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.planning.stream_choice import Choice
from wallctl.model.site.site import Site, Source, StreamKey
from wallctl.model.site.site_diff import find_replaced_streams, index_streams
from wallctl.model.streams.health import TileState, tile_state
from wallctl.model.wall.scene.scene import Scene
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.messages import Attention
from wallctl.node.ring_allocation import RingAllocation, TapTable
from wallctl.node.setup import NodeSetup, reserved_bytes
from wallctl.node.shared_logins import SharedLogins
from wallctl.node.stream_aspects import StreamAspects
from wallctl.node.stream_effort import StreamEffort
from wallctl.node.stream_status_blocks import StatusBlocks
from wallctl.node.stream_workers import StreamWorkers
from wallctl.node.tap_routing import Chain, TapRouting
from wallctl.node.tile_choices import TileChoices
from wallctl.node.unavailable_streams import UnavailableStreams
from wallctl.shm.arena import Arena
from wallctl.shm.stream_status import StreamFacts, allotted, facts, read


class StreamManager:
    """The demand side of the wall."""

    def __init__(
        self,
        setup: NodeSetup,
        arena: Arena,
        crew: ChildProcesses,
        table: TapTable,
        keep: Callable[[], None],
    ) -> None:
        """``keep`` is called when rings have changed hands, before anyone is told of it."""
        self._keep = keep
        self._setup = setup
        self.taps = RingAllocation(arena, reserved_bytes(setup), table)
        self._blocks = blocks = StatusBlocks(arena, setup.blocks)
        self._workers = workers = StreamWorkers(setup, crew, blocks)
        self._is_new = False
        """Whether another site was given, and not all that it keeps connected is so yet."""
        self._logins = SharedLogins(setup.site.sources, blocks.words)
        self._connections = connections = CameraConnections(setup.site.sources, workers.is_open)
        self._routing = TapRouting(self.taps, workers, blocks)
        self._lost = lost = UnavailableStreams()
        self._choices = TileChoices(setup, blocks, workers, connections, lost)
        self._aspects = StreamAspects(setup, blocks.words, connections, lost)
        self._effort = StreamEffort(connections)

    def attend(self, attention: Attention) -> None:
        """Keep other sources near, and decode none of those that nobody may see."""
        self._effort.attention = attention

    def shed(self, rungs: Mapping[str, Rung]) -> None:
        """Have sources give up this much."""
        self._effort.rungs = rungs

    def moving(self) -> dict[StreamKey, StreamFacts]:
        """What those streams say of themselves that are decoded for somebody as they come."""
        return {key: read(self._blocks.words[key]) for key in self._workers.moving()}

    def states(self, source: Source, now_ns: int) -> list[TileState]:
        """What the streams of a source are that are called."""
        keys = [(source.name, stream.name) for stream in source.streams]
        called = (self._blocks.words[key] for key in keys if self._workers.is_called(key))
        return [tile_state(facts(words), now_ns) for words in called]

    def choices(self, scene: Scene, now_ns: int) -> dict[tuple[str, int], Choice]:
        """For each tile with a source, by screen and number, what can fill it, and why."""
        return self._choices.choose(scene, self._effort.rungs, now_ns)

    def start(self, now_ns: int) -> None:
        """Have the smallest stream of every source connected that is to be."""
        running = set(filter(self._workers.is_there, self._workers.streams))
        self._workers.wanted_ns |= dict.fromkeys(running, now_ns)
        self._logins.start(running, now_ns)
        self._logins.refresh(now_ns)
        self._connect(now_ns)

    def born(self, name: str, now_ns: int) -> None:
        """A worker runs (again): it knows nothing yet."""
        key = self._workers.of(name)
        if key is not None:
            self._send(now_ns, frozenset({key}))

    def died(self, name: str) -> None:
        """A worker is gone."""
        self._workers.died(name)

    def adopt(self, site: Site, now_ns: int) -> bool:
        """Have the setup and this part go on with another site; ``False`` if there are not blocks
        enough for it now.

        Streams that are gone are closed. Those that are opened in another way begin again once
        their old worker is gone. All others are left alone. Nothing is opened before the next
        ``refresh``, so that all can be kept first.
        """
        setup, old, new = self._setup, self._workers.streams.keys(), index_streams(site)
        blocks = allotted(setup.blocks, new, self._held())
        if blocks is None:
            return False
        replaced = find_replaced_streams(setup.site, site)
        for key in replaced | (old - new.keys()):
            self._workers.stop(key)
            self._lost.forget(key)
        self._blocks.adopt(blocks, new.keys(), replaced | (new.keys() - old))
        setup.site, setup.blocks = site, blocks
        self._workers.adopt(new)
        self._logins.adopt(
            site.sources, set(filter(self._workers.is_called, new)), replaced, now_ns
        )
        self._connections.adopt(site.sources)
        self._is_new = True
        self._clean()
        return True

    def _held(self) -> set[StreamKey]:
        """The streams in whose block somebody may still write, or look."""
        seen = self.taps.streams()
        return {key for key in self._setup.blocks if key in seen or self._workers.is_there(key)}

    def _clean(self) -> None:
        for key in self._blocks.clean(self._workers.is_there):
            self.taps.empty(key)

    def demand(self, chains: set[Chain], now_ns: int) -> None:
        """Decode for these tiles and for no others."""
        smaller = self._routing.want(chains, now_ns)
        self._keep()
        self._send(now_ns, smaller)

    def refresh(self, now_ns: int) -> None:
        """See to what changed by itself: streams that went live or lost, rings freed, hangs."""
        self._connect_new(now_ns)
        self._take_turns(now_ns)
        for key in self._workers.streams:
            found = facts(self._blocks.words[key])
            self._lost.note(key, found, self._workers.is_called(key), now_ns)
        routing = self._routing
        self._connections.refresh(
            routing.have_rings, lambda key: routing.are_pictured(key, now_ns), now_ns
        )
        if routing.refresh():
            self._keep()
        self._send(now_ns)
        self._ask_aspects(now_ns)
        self._retire(now_ns)
        self._return(now_ns)
        self._workers.end_hung(now_ns)

    def _connect_new(self, now_ns: int) -> None:
        """Open what a new site keeps connected, once nothing is left of the old one, and streams
        that are in doubt."""
        if self._is_new:
            self._clean()
        if self._is_new or self._effort.attention.doubtful:
            self._connect(now_ns)
            self._is_new = bool(self._blocks.unclean)

    def _connect(self, now_ns: int) -> None:
        """Run what is kept connected."""
        narrow = {source.name for source in self._connections.narrow}
        for key in self._workers.streams:  # but of narrow ones a tile may want another
            if key[0] not in narrow and self._is_kept(key) and not self._workers.is_called(key):
                self._run(key, now_ns)

    def _take_turns(self, now_ns: int) -> None:
        """Have those called whose login another stream has proved, and stop those refused."""
        if self._blocks.unclean:
            return  # what they say of their logins is not true any more
        begin, cease = self._logins.refresh(now_ns)
        for key in begin:
            self._run(key, now_ns)
        for key in cease:
            self._workers.stop(key)

    def _ask_aspects(self, now_ns: int) -> None:
        """Have a main stream open that a smaller one may have its shape from."""
        if not (self._effort.rungs or self._blocks.unclean):
            main = self._aspects.to_ask(now_ns)
            if main is not None:
                self._run(main, now_ns)

    def _send(self, now_ns: int, always: frozenset[StreamKey] = frozenset()) -> None:
        """Tell every worker whose demand is another now, and those of ``always`` in any case."""
        self._make_room()
        demanded = self._routing.demanded(self._connections.permits, now_ns)
        for key, (source, stream) in self._workers.streams.items():
            taps = tuple(sorted(demanded.get(key, ()), key=lambda tap: tap.ring.offset))
            if taps:
                self._workers.wanted_ns[key] = now_ns
                self._run(key, now_ns)
            effort = self._effort.of(source, stream, seen=bool(taps))
            demand = taps, effort, self._aspects.beside(source, stream.name)
            self._workers.tell(key, self._routing.serial, demand, always=key in always)

    def _is_kept(self, key: StreamKey) -> bool:
        return self._effort.keeps(*self._workers.streams[key])

    def _run(self, key: StreamKey, now_ns: int) -> None:
        """Have a stream open, as far as its login and its camera allow."""
        may = self._connections.permits(key) and self._connections.has_room(key)
        if not self._logins.may_call(key) or not may or key in self._blocks.unclean:
            return
        self._workers.wanted_ns[key] = now_ns
        if not self._workers.is_called(key):
            self._connections.called(key[0], now_ns)
            self._workers.start(key)

    def _retire(self, now_ns: int) -> None:
        """End streams that are not kept, and that nothing has wanted for a while."""
        for key, wanted_ns in list(self._workers.wanted_ns.items()):
            linger_ns = self._connections.linger_ns(key[0], now_ns)
            if not self._is_kept(key) and now_ns - wanted_ns > linger_ns:
                self._workers.stop(key)

    def _make_room(self) -> None:
        """Close what narrow cameras must not have open any more."""
        for source in self._connections.narrow:
            for key in ((source.name, stream.name) for stream in source.streams):
                if self._workers.is_called(key) and not self._connections.permits(key):
                    self._workers.stop(key)

    def _return(self, now_ns: int) -> None:
        """Open the streams again that are kept, and had to make room."""
        for source in self._connections.narrow:
            key = (source.name, source.streams[-1].name)
            if self._is_kept(key):
                self._run(key, now_ns)
