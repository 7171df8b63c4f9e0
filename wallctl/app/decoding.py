"""From what the scenes show to what each worker decodes: rings, demands, and who must run.

Every source keeps its smallest stream connected, shown or not, unless the site has it off then;
larger streams run only while something wants them.
"""

from collections.abc import Callable, Mapping

import msgspec

from wallctl.app.crew import WORKER, Crew
from wallctl.app.logins import Logins
from wallctl.app.setup import Setup, reserved_bytes
from wallctl.app.taps import Taps, TapTable
from wallctl.frames.arena import Arena
from wallctl.frames.ring import Ring, RingWord
from wallctl.frames.stream_block import WORDS, StreamFacts, Word, block_offset, read
from wallctl.model.effort import Effort
from wallctl.model.geometry import Size
from wallctl.model.health import Phase, Reason, TileState, is_lost, tile_state
from wallctl.model.plan import Format, Machine, modest_sources
from wallctl.model.policy import hidden_effort
from wallctl.model.scene import Scene, TapKey, wanted_taps
from wallctl.model.shed import Rung, effort_on
from wallctl.model.site import Policy, Source, Stream, StreamKey
from wallctl.pool.orders import Demand, Tap, WorkerSpec
from wallctl.process.machine import core_count

Chain = tuple[TapKey, ...]
"""The taps that can fill one tile, best first."""
Told = tuple[tuple[Tap, ...], Effort]
"""A demand without its serial."""
LINGER_NS = 10_000_000_000
"""How long a stream that is not kept stays open after it was last wanted: cheap cameras die when
they are called often."""
HUNG_NS = 5_000_000_000
"""A worker without a heartbeat for so long hangs."""


class _Modest(msgspec.Struct, frozen=True):
    """The sources that must do with their smallest stream, and for what that was found."""

    scene: Scene = ()
    known: dict[StreamKey, Size] = {}
    sources: frozenset[str] = frozenset()


class Decoding:
    """The demand side of the wall."""

    def __init__(
        self, setup: Setup, arena: Arena, crew: Crew, table: TapTable, keep: Callable[[], None]
    ) -> None:
        """``keep`` is called when rings have changed hands, before anyone is told of it."""
        self._keep = keep
        self._setup = setup
        self._crew = crew
        self._arena = arena
        self.taps = Taps(arena, reserved_bytes(setup), table)
        self._blocks = {key: arena.words(block_offset(i), WORDS) for key, i in setup.blocks.items()}
        self._streams: dict[StreamKey, tuple[Source, Stream]] = {
            (source.name, stream.name): (source, stream)
            for source in setup.site.sources
            for stream in source.streams
        }
        # One that is off calls only for a person who looks: it must not be the one that others
        # with the same login wait for.
        called = [s for s in setup.site.sources if s.hidden is not Policy.OFF]
        self._logins = Logins(called, self._blocks)
        self._wanted_ns: dict[StreamKey, int] = {}
        self._sent: dict[StreamKey, Told | None] = dict.fromkeys(self._streams)
        """What each stream's worker was told last; ``None`` where that is not known."""
        self._chains: set[Chain] = set()
        self._lost: set[StreamKey] = set()
        """Streams that their camera does not give (any more); another may fill their tiles."""
        self.near: frozenset[str] = frozenset()
        """The sources that one key could bring up."""
        options = setup.options
        self._machine = Machine(options.speeds, core_count(), windowed=not options.headless)
        self._modest = _Modest()
        self.rungs: Mapping[str, Rung] = {}
        """What sources give up, since the machine is too busy."""

    def facts(self, stream: StreamKey) -> StreamFacts:
        """What a stream says of itself."""
        return read(self._blocks[stream])

    def moving(self) -> list[StreamFacts]:
        """What those streams say of themselves that are decoded for somebody as they come."""
        told = ((key, sent) for key, sent in self._sent.items() if sent is not None)
        return [self.facts(key) for key, (taps, effort) in told if taps and effort.moves]

    def known_sizes(self) -> dict[StreamKey, Size]:
        """The picture size of every stream that has told it."""
        sizes = {key: read(words) for key, words in self._blocks.items()}
        return {k: Size(f.width_px, f.height_px) for k, f in sizes.items() if f.width_px}

    def chains(self, scene: Scene) -> dict[tuple[str, int], Chain]:
        """For each tile with a source, by screen and number, the taps that can fill it."""
        known = self.known_sizes()
        self._keep_to_budget(scene, known)
        found: dict[tuple[str, int], Chain] = {}
        for screen in scene:
            for tile in screen.tiles:
                source = self._setup.site.source(tile.source) if tile.source else None
                if source is not None and not screen.blanked:
                    open_to = self._open_to(source)
                    found[screen.screen, tile.number] = wanted_taps(
                        tile, open_to, known, self._lost
                    )
        return found

    def _keep_to_budget(self, scene: Scene, known: dict[StreamKey, Size]) -> None:
        """Find which sources must do with their smallest stream; it takes a moment, so only anew
        where something is."""
        if (scene, known) != (self._modest.scene, self._modest.known):
            formats = {key: Format(size) for key, size in known.items()}
            sources = modest_sources(self._setup.site, scene, formats, self._machine)
            self._modest = _Modest(scene, known, sources)

    def _open_to(self, source: Source) -> Source:
        """The source with the streams that may be opened.

        Only the smallest where the machine is too busy for more, if the camera gives it.
        With a login the smallest stream goes first: were the login wrong, a larger one would only
        be another wrong try, and cameras lock an account after a few.
        """
        smallest = source.streams[-1]
        key = (source.name, smallest.name)
        busy = self.rungs.get(source.name, Rung.NOTHING) >= Rung.STREAM
        modest = (busy or source.name in self._modest.sources) and key not in self._lost
        known = self.facts(key)
        failed = known.facts.phase is Phase.FAILED and self._crew.has(_worker(key))
        is_tried = known.decoded > 0 or failed
        if modest or known.facts.phase is Phase.REFUSED or not (is_tried or smallest.login is None):
            return msgspec.structs.replace(source, streams=source.streams[-1:])
        return source

    def died(self, name: str) -> None:
        """A worker is gone without a word: this is the word, until it runs again."""
        key = next((key for key in self._streams if _worker(key) == name), None)
        if key is not None and self._crew.has(name):
            self._blocks[key][Word.REASON] = Reason.WORKER_LOST

    def start(self, now_ns: int) -> None:
        """Have the smallest stream of every source connected that is to be."""
        running = {key for key in self._streams if _worker(key) in self._crew.members}
        self._wanted_ns |= dict.fromkeys(running, now_ns)
        self._logins.start(running, now_ns)
        self._logins.refresh(now_ns)
        for key in self._streams:
            if self._is_kept(key):
                self._run(key, now_ns)

    def demand(self, chains: set[Chain], now_ns: int) -> None:
        """Decode for these tiles and for no others."""
        self._chains = chains
        wanted = {tap for chain in chains for tap in chain}
        smaller = self.taps.close(wanted, now_ns)
        self.taps.sweep(self._taken)
        self.taps.open(sorted(wanted, key=self._last_to_open))
        self._keep()
        self._send(now_ns, smaller)

    def refresh(self, now_ns: int) -> None:
        """See to what changed by itself: streams that went live or lost, rings freed, hangs."""
        self._take_turns(now_ns)
        self._note_lost(now_ns)
        freed = self.taps.sweep(self._taken)
        if self.taps.open(tap for chain in self._chains for tap in chain) or freed:
            self._keep()
        self._send(now_ns)
        self._retire(now_ns)
        for key in list(self._streams):
            member = self._crew.members.get(_worker(key))
            if member is None:
                continue
            beat_ns = max(self.facts(key).heartbeat_ns, member.born_ns)
            if now_ns - beat_ns > HUNG_NS:
                member.born_ns = now_ns  # give the next life its time
                self._crew.kill(_worker(key))

    def _take_turns(self, now_ns: int) -> None:
        """Have those called whose login another stream has proved, and stop those refused."""
        begin, cease = self._logins.refresh(now_ns)
        for key in begin:
            self._run(key, now_ns)
        for key in cease:
            self._stop(key)

    def _note_lost(self, now_ns: int) -> None:
        """Sticks until the stream is live: what is tried again and again must not flap."""
        for key in self._streams:
            found = self.facts(key).facts
            if is_lost(found):
                self._lost.add(key)
            elif key in self._lost and tile_state(found, now_ns) is TileState.LIVE:
                self._lost.remove(key)

    def born(self, name: str, now_ns: int) -> None:
        """A worker runs (again): it knows nothing yet."""
        key = next((key for key in self._streams if _worker(key) == name), None)
        if key is not None:
            self._send(now_ns, frozenset({key}))

    def _send(self, now_ns: int, always: frozenset[StreamKey] = frozenset()) -> None:
        """Tell every worker whose demand is another now, and those of ``always`` in any case."""
        demanded = self._demanded(now_ns)
        for key in self._streams:
            taps = tuple(sorted(demanded.get(key, ()), key=lambda tap: tap.ring.offset))
            if taps:
                self._run(key, now_ns)
            demand = taps, self._effort(key, bool(taps))
            if key not in always and self._sent[key] == demand:
                continue
            told = self._crew.send(_worker(key), Demand(now_ns, *demand))
            self._sent[key] = demand if told else None

    def _effort(self, key: StreamKey, seen: bool) -> Effort:
        if seen:
            return effort_on(self.rungs.get(key[0], Rung.NOTHING))
        return (
            hidden_effort(self._streams[key][0], self.near) if self._is_kept(key) else Effort.NONE
        )

    def _is_kept(self, key: StreamKey) -> bool:
        """Whether a stream stays connected while nothing wants it."""
        source, stream = self._streams[key]
        return stream is source.streams[-1] and source.hidden is not Policy.OFF

    def _demanded(self, now_ns: int) -> dict[StreamKey, set[Tap]]:
        """The taps to be decoded: of each chain all up to the first that is live."""
        demanded: dict[StreamKey, set[Tap]] = {}
        for chain in self._chains:
            for tap in chain:
                ring = self.taps.rings.get(tap)
                if ring is None:
                    continue
                key = (tap.source, tap.stream)
                demanded.setdefault(key, set()).add(Tap(tap.tile, tap.fit, ring))
                self._wanted_ns[key] = now_ns
                if self._is_live(tap, now_ns):
                    break
        return demanded

    def _is_live(self, tap: TapKey, now_ns: int) -> bool:
        key, place = (tap.source, tap.stream), self.taps.rings[tap]
        if tile_state(self.facts(key).facts, now_ns) not in (TileState.LIVE, TileState.SHED):
            return False
        return Ring(self._arena, place).words[RingWord.NEWEST] > 0

    def _run(self, key: StreamKey, now_ns: int) -> None:
        if not self._logins.may_call(key):
            return
        self._wanted_ns[key] = now_ns
        if not self._crew.has(_worker(key)):
            self._blocks[key][Word.DEVICE] = 0  # its last worker was ended: nothing crashed
        source, stream = self._streams[key]
        spec = WorkerSpec(source.name, stream, self._setup.blocks[key], self._setup.site.hardware)
        self._crew.start(_worker(key), WORKER, msgspec.msgpack.encode(spec))

    def _retire(self, now_ns: int) -> None:
        """End streams that are not kept, and that nothing has wanted for a while."""
        for key, wanted_ns in list(self._wanted_ns.items()):
            if not self._is_kept(key) and now_ns - wanted_ns > LINGER_NS:
                self._stop(key)

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
        if _worker(key) not in self._crew.members:
            return None
        return self.facts(key).taken


def _worker(key: StreamKey) -> str:
    return f"{WORKER}:{key[0]}/{key[1]}"
