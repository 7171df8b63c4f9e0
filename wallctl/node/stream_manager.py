"""From what the scenes show to what each worker decodes: rings, demands, and who must run.

Every source keeps its smallest stream connected, shown or not, unless the site has it off then, or
its camera bears no second connection; larger streams run only while something wants them.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.decoder.messages import Demand, Tap, WorkerSpec
from wallctl.model.base.geometry import Size
from wallctl.model.planning.prewarm_policy import hidden_effort
from wallctl.model.planning.shedding_ladder import Rung, effort_on
from wallctl.model.planning.stream_choice import Choice, Limits, allow, choose
from wallctl.model.site.aspect import KnownShape
from wallctl.model.site.site import Policy, Site, Source, StreamKey
from wallctl.model.site.site_diff import find_replaced_streams, index_streams
from wallctl.model.streams.decode_level import Effort
from wallctl.model.streams.health import (
    AS_IT_SHOULD_BE,
    LAST_WORDS,
    Phase,
    Reason,
    TileState,
    tile_state,
)
from wallctl.model.wall.scene.scene import Scene, TapKey, Tile
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.child_kinds import WORKER
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.decode_budget import DecodeBudget
from wallctl.node.messages import Attention
from wallctl.node.ring_allocation import RingAllocation, TapTable
from wallctl.node.setup import NodeSetup, reserved_bytes
from wallctl.node.shared_logins import SharedLogins
from wallctl.node.stream_shapes import StreamShapes
from wallctl.node.stream_status_blocks import StatusBlocks
from wallctl.node.unavailable_streams import UnavailableStreams
from wallctl.shm.arena import Arena
from wallctl.shm.ring import HEADER_WORDS, RingWord
from wallctl.shm.stream_status import StreamFacts, Word, allotted, facts, read

Chain = tuple[TapKey, ...]
"""The taps that can fill one tile, best first."""
Told = tuple[tuple[Tap, ...], Effort, KnownShape]
"""A demand without its serial."""

_SERVES = AS_IT_SHOULD_BE | {TileState.SHED}
"""The states of a stream that fills a tile, so that no other need be decoded for it."""


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
        self._crew = crew
        self._arena = arena
        self.taps = RingAllocation(arena, reserved_bytes(setup), table)
        self._all_blocks = StatusBlocks(arena, setup.blocks)
        self._blocks, self.known_sizes = self._all_blocks.words, self._all_blocks.sizes
        self._streams = index_streams(setup.site)
        self._is_new = False
        """Whether another site was given, and not all that it keeps connected is so yet."""
        self._logins = SharedLogins(setup.site.sources, self._blocks)
        self._connections = CameraConnections(setup.site.sources, self._is_open)
        self._wanted_ns: dict[StreamKey, int] = {}
        self._serial = 0
        """Of the newest demand. No two of one moment are alike: a worker that has taken the first
        has not yet let go of what the second one closes. It grows over a restart."""
        self._sent: dict[StreamKey, Told | None] = dict.fromkeys(self._streams)
        """What each stream's worker was told last; ``None`` where that is not known."""
        self._chains: set[Chain] = set()
        self._lost = UnavailableStreams()
        self._shapes = StreamShapes(setup, self._blocks, self._connections, self._lost)
        self._attention = Attention()
        self._allowance = DecodeBudget(setup)
        self._rungs: Mapping[str, Rung] = {}
        """What sources give up, since the machine is too busy."""

    def attend(self, attention: Attention) -> None:
        """Keep other sources near, and decode none of those that nobody may see."""
        self._attention = attention

    def shed(self, rungs: Mapping[str, Rung]) -> None:
        """Have sources give up this much."""
        self._rungs = rungs

    def facts(self, stream: StreamKey) -> StreamFacts:
        """What a stream says of itself."""
        return read(self._blocks[stream])

    def moving(self) -> dict[StreamKey, StreamFacts]:
        """What those streams say of themselves that are decoded for somebody as they come."""
        told = ((key, sent) for key, sent in self._sent.items() if sent is not None)
        return {key: self.facts(key) for key, (taps, effort, _) in told if taps and effort.moves}

    def states(self, source: Source, now_ns: int) -> list[TileState]:
        """What the streams of a source are that are called."""
        keys = [(source.name, stream.name) for stream in source.streams]
        called = (self._blocks[key] for key in keys if self._crew.has(_worker(key)))
        return [tile_state(facts(words), now_ns) for words in called]

    def choices(self, scene: Scene, now_ns: int) -> dict[tuple[str, int], Choice]:
        """For each tile with a source, by screen and number, what can fill it, and why."""
        known, site = self.known_sizes(), self._setup.site
        tiles = {(screen.screen, tile.number): tile for screen in scene for tile in screen.pictured}
        self._allowance.fit(scene, known)
        unproven = self._unproven({tile.source or "" for tile in tiles.values()})
        limits = Limits(known, unproven, self._allowance.largest, self._rungs, self._lost)
        served = self._serving(tiles.values(), limits, now_ns)
        return {
            place: self._choose(tile, source, served[source.name], limits)
            for place, tile in tiles.items()
            # A scene of a site before may name sources that are gone.
            if (source := site.source(tile.source or "")) is not None
        }

    def _choose(self, tile: Tile, source: Source, served: Source, limits: Limits) -> Choice:
        choice = choose(tile, source, served, limits)
        stand_in = self._connections.stand_in(source.name)
        if stand_in is None:
            return choice
        return replace(choice, taps=(*choice.taps, tile.tap((source.name, stand_in))))

    def _serving(self, tiles: Iterable[Tile], limits: Limits, now_ns: int) -> dict[str, Source]:
        """The sources of the tiles, with the streams that may be open for them now. Narrow ones
        are told, too, that no tile shows them."""
        sizes: dict[str, list[Size]] = {one.name: [] for one in self._connections.narrow}
        for tile in tiles:
            sizes.setdefault(tile.source or "", []).append(tile.served)
        sources = {name: self._setup.site.source(name) for name in sizes}
        return {
            name: self._connections.serve(
                allow(source, limits), sizes[name], limits.known, limits.lost, now_ns
            )
            for name, source in sources.items()
            if source is not None
        }

    def _unproven(self, names: set[str]) -> frozenset[str]:
        """Those of the sources whose login is not known to be right, and of the narrow cameras."""
        names = names | {source.name for source in self._connections.narrow}
        sources = map(self._setup.site.source, names)
        return frozenset(one.name for one in sources if one and not self._is_proven(one))

    def _is_proven(self, source: Source) -> bool:
        key, credential = (source.name, source.streams[-1].name), source.streams[-1].credential
        known = self.facts(key)
        if known.facts.phase is Phase.REFUSED:
            return False
        return credential is None or self._is_tried(key, known)

    def _is_tried(self, key: StreamKey, known: StreamFacts) -> bool:
        """Whether it is known what a camera says to its login."""
        failed = known.facts.phase is Phase.FAILED and self._crew.has(_worker(key))
        alone = self._streams[key][0].connections == 1  # it would be closed for the larger one
        return known.decoded > 0 or key in self._lost or (failed and not alone)

    def died(self, name: str) -> None:
        """A worker is gone without a word: this is the word, until it runs again."""
        key = next((key for key in self._streams if _worker(key) == name), None)
        if key is None or self._blocks[key][Word.REASON] in LAST_WORDS:
            return
        if self._crew.has(name):
            self._blocks[key][Word.REASON] = Reason.WORKER_LOST

    def start(self, now_ns: int) -> None:
        """Have the smallest stream of every source connected that is to be."""
        running = {key for key in self._streams if _worker(key) in self._crew.members}
        self._wanted_ns |= dict.fromkeys(running, now_ns)
        self._logins.start(running, now_ns)
        self._logins.refresh(now_ns)
        self._connect(now_ns)

    def adopt(self, site: Site, now_ns: int) -> bool:
        """Have the setup and this part go on with another site; ``False`` if there are not blocks
        enough for it now. Streams that are gone are closed; those that are opened otherwise begin
        anew once their old worker is gone; all others are left alone. Nothing is opened before the
        next ``refresh``, so that all can be kept first."""
        setup, new = self._setup, index_streams(site)
        blocks = allotted(setup.blocks, new, self._held())
        if blocks is None:
            return False
        anew = find_replaced_streams(setup.site, site)
        for key in anew | (self._streams.keys() - new.keys()):
            self._stop(key)
            self._lost.forget(key)
        self._all_blocks.adopt(blocks, new.keys(), anew | (new.keys() - self._streams.keys()))
        setup.site, setup.blocks, self._streams = site, blocks, new
        self._sent = {key: self._sent.get(key) for key in new}
        running = {key for key in new if self._crew.has(_worker(key))}
        self._logins.adopt(site.sources, running, anew, now_ns)
        self._connections.adopt(site.sources)
        self._is_new = True
        self._clean()
        return True

    def _held(self) -> set[StreamKey]:
        """The streams in whose block somebody may still write, or look."""
        seen = self.taps.streams()
        return {key for key in self._setup.blocks if key in seen or self._has_worker(key)}

    def _has_worker(self, key: StreamKey) -> bool:
        """Whether a stream has a worker, were it one that is about to end."""
        return _worker(key) in self._crew.members

    def _clean(self) -> None:
        for key in self._all_blocks.clean(self._has_worker):
            self.taps.empty(key)

    def _begin_anew(self, now_ns: int) -> None:
        """Open what another site keeps connected, once nothing is left of before; the doubtful."""
        if self._is_new:
            self._clean()
        if self._is_new or self._attention.doubtful:
            self._connect(now_ns)
            self._is_new = bool(self._all_blocks.unclean)

    def _connect(self, now_ns: int) -> None:
        """Run what is kept connected."""
        narrow = {source.name for source in self._connections.narrow}
        for key in self._streams:  # but of narrow ones a tile may want another
            if key[0] not in narrow and self._is_kept(key) and not self._crew.has(_worker(key)):
                self._run(key, now_ns)

    def demand(self, chains: set[Chain], now_ns: int) -> None:
        """Decode for these tiles and for no others."""
        # Scenes of a site before, which some screen still shows, may name streams that are gone.
        known = self._streams
        self._chains = {tuple(t for t in c if (t.source, t.stream) in known) for c in chains}
        wanted = {tap for chain in chains for tap in chain}
        self._serial = max(self._serial + 1, now_ns)
        smaller = self.taps.close(wanted, self._serial)
        self.taps.sweep(self._taken)
        to_open = {tap for chain in self._chains for tap in chain}
        self.taps.open(sorted(to_open, key=self._last_to_open))
        self._keep()
        self._send(now_ns, smaller)

    def refresh(self, now_ns: int) -> None:
        """See to what changed by itself: streams that went live or lost, rings freed, hangs."""
        self._begin_anew(now_ns)
        self._take_turns(now_ns)
        for key in self._streams:
            is_called = self._crew.has(_worker(key))
            self._lost.note(key, facts(self._blocks[key]), is_called, now_ns)
        self._connections.refresh(
            self._has_rings, lambda key: self._is_pictured(key, now_ns), now_ns
        )
        freed = self.taps.sweep(self._taken)
        if self.taps.open(tap for chain in self._chains for tap in chain) or freed:
            self._keep()
        self._send(now_ns)
        self._ask_shapes(now_ns)
        self._retire(now_ns)
        self._return(now_ns)
        for key in self._streams:
            self._crew.end_hung(_worker(key), self._blocks[key][Word.HEARTBEAT_NS], now_ns)

    def _ask_shapes(self, now_ns: int) -> None:
        """Have a main stream open that a smaller one may have its shape from."""
        if not (self._rungs or self._all_blocks.unclean):
            main = self._shapes.to_ask(now_ns)
            if main is not None:
                self._run(main, now_ns)

    def _take_turns(self, now_ns: int) -> None:
        """Have those called whose login another stream has proved, and stop those refused."""
        if self._all_blocks.unclean:
            return  # what they say of their logins is not true any more
        begin, cease = self._logins.refresh(now_ns)
        for key in begin:
            self._run(key, now_ns)
        for key in cease:
            self._stop(key)

    def born(self, name: str, now_ns: int) -> None:
        """A worker runs (again): it knows nothing yet."""
        key = next((key for key in self._streams if _worker(key) == name), None)
        if key is not None:
            self._send(now_ns, frozenset({key}))

    def _send(self, now_ns: int, always: frozenset[StreamKey] = frozenset()) -> None:
        """Tell every worker whose demand is another now, and those of ``always`` in any case."""
        self._make_room()
        demanded = self._demanded(now_ns)
        for key in self._streams:
            taps = tuple(sorted(demanded.get(key, ()), key=lambda tap: tap.ring.offset))
            if taps:
                self._run(key, now_ns)
            shape = self._shapes.beside(self._streams[key][0], key[1])
            demand = taps, self._effort(key, bool(taps)), shape
            if key not in always and self._sent[key] == demand:
                continue
            told = self._crew.send(_worker(key), Demand(self._serial, *demand))
            self._sent[key] = demand if told else None

    def _effort(self, key: StreamKey, seen: bool) -> Effort:
        if seen:
            return effort_on(self._rungs.get(key[0], Rung.NOTHING))
        if key[0] in self._attention.blanked:
            return Effort.NONE
        if not self._is_kept(key):
            return Effort.NONE
        matters = self._attention
        return hidden_effort(self._streams[key][0], matters.near, matters.doubtful)

    def _is_kept(self, key: StreamKey) -> bool:
        """Whether a stream stays connected while nothing wants it."""
        source, stream = self._streams[key]
        off = source.hidden is Policy.OFF and source.name not in self._attention.doubtful
        return stream is source.streams[-1] and not off and self._connections.permits(key)

    def _demanded(self, now_ns: int) -> dict[StreamKey, set[Tap]]:
        """The taps to be decoded: of each chain all up to the first that is live."""
        demanded: dict[StreamKey, set[Tap]] = {}
        for chain in self._chains:
            for tap in chain:
                ring = self.taps.rings.get(tap)
                key = (tap.source, tap.stream)
                if ring is None or not self._connections.permits(key):
                    continue
                demanded.setdefault(key, set()).add(Tap(tap.tile, tap.fit, ring, tap.view))
                self._wanted_ns[key] = now_ns
                if self._is_live(tap, now_ns):
                    break
        return demanded

    def _is_live(self, tap: TapKey, now_ns: int) -> bool:
        key, place = (tap.source, tap.stream), self.taps.rings[tap]
        if tile_state(facts(self._blocks[key]), now_ns) not in _SERVES:
            return False
        return self._arena.words(place.offset, HEADER_WORDS)[RingWord.NEWEST] > 0

    def _taps_of(self, key: StreamKey) -> list[TapKey]:
        return [t for chain in self._chains for t in chain if (t.source, t.stream) == key]

    def _has_rings(self, key: StreamKey) -> bool:
        """Whether all tiles that a stream can fill have memory for its pictures."""
        return all(tap in self.taps.rings for tap in self._taps_of(key))

    def _is_pictured(self, key: StreamKey, now_ns: int) -> bool:
        """Whether there are tiles that a stream can fill, and all have a picture of it."""
        taps = self._taps_of(key)
        return bool(taps) and self._has_rings(key) and all(self._is_live(t, now_ns) for t in taps)

    def _run(self, key: StreamKey, now_ns: int) -> None:
        may = self._connections.permits(key) and self._connections.has_room(key)
        if not self._logins.may_call(key) or not may or key in self._all_blocks.unclean:
            return
        self._wanted_ns[key] = now_ns
        if not self._crew.has(_worker(key)):
            self._connections.called(key[0], now_ns)
            self._blocks[key][Word.DEVICE] = 0  # its last worker was ended: nothing crashed
        source, stream = self._streams[key]
        spec = WorkerSpec(source.name, stream, self._setup.blocks[key], self._setup.site.hardware)
        self._crew.start(_worker(key), WORKER, msgspec.msgpack.encode(spec))

    def _retire(self, now_ns: int) -> None:
        """End streams that are not kept, and that nothing has wanted for a while."""
        for key, wanted_ns in list(self._wanted_ns.items()):
            linger_ns = self._connections.linger_ns(key[0], now_ns)
            if not self._is_kept(key) and now_ns - wanted_ns > linger_ns:
                self._stop(key)

    def _make_room(self) -> None:
        """Close what narrow cameras must not have open any more."""
        for source in self._connections.narrow:
            for key in ((source.name, stream.name) for stream in source.streams):
                if self._crew.has(_worker(key)) and not self._connections.permits(key):
                    self._stop(key)

    def _return(self, now_ns: int) -> None:
        """Open the streams again that are kept, and had to make room."""
        for source in self._connections.narrow:
            key = (source.name, source.streams[-1].name)
            if self._is_kept(key):
                self._run(key, now_ns)

    def _is_open(self, key: StreamKey) -> bool:
        """Whether a stream has a worker, or one that is about to end."""
        return self._crew.has(_worker(key)) or self._has_worker(key)

    def _stop(self, key: StreamKey) -> None:
        self._crew.retire(_worker(key))
        self._wanted_ns.pop(key, None)
        self._sent[key] = None

    def _last_to_open(self, tap: TapKey) -> tuple[bool, int, str, str]:
        """Where memory is short, streams that are connected always come first, then large tiles."""
        source, stream = self._streams[tap.source, tap.stream]
        bridging = stream is source.streams[-1]
        return (not bridging, -tap.tile.w * tap.tile.h, tap.source, tap.stream)

    def _taken(self, key: StreamKey) -> int | None:
        """The serial of the demand that a stream's worker follows; ``None`` without a worker."""
        if not self._has_worker(key):
            return None
        return self._blocks[key][Word.TAKEN]


def _worker(key: StreamKey) -> str:
    return f"{WORKER}:{key[0]}/{key[1]}"
