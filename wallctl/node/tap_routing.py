"""The taps that tiles want, the rings that these have, and what is decoded into them."""

from collections.abc import Callable

from wallctl.decoder.messages import Tap
from wallctl.model.site.site import StreamKey
from wallctl.model.streams.health import AS_IT_SHOULD_BE, TileState, tile_state
from wallctl.model.wall.scene.scene import TapKey
from wallctl.node.ring_allocation import RingAllocation
from wallctl.node.stream_status_blocks import StatusBlocks
from wallctl.node.stream_workers import StreamWorkers
from wallctl.shm.stream_status import facts

Chain = tuple[TapKey, ...]
"""The taps that can fill one tile, best first."""

_SERVES = AS_IT_SHOULD_BE | {TileState.SHED}
"""The states of a stream that fills a tile, so that no other need be decoded for it."""


class TapRouting:
    """The chains of all tiles that some screen may show."""

    def __init__(self, rings: RingAllocation, workers: StreamWorkers, blocks: StatusBlocks) -> None:
        self._rings = rings
        self._workers = workers
        self._blocks = blocks.words
        self._chains: set[Chain] = set()
        self.serial = 0
        """Of the newest demand. No two of one moment are alike: a worker that has taken the first
        has not yet let go of what the second one closes. It grows over a restart."""

    def want(self, chains: set[Chain], now_ns: int) -> frozenset[StreamKey]:
        """Give the taps of these chains rings, and take those of all others away; returns the
        streams whose demand is smaller now."""
        # Scenes of a site before, which some screen still shows, may name streams that are gone.
        known = self._workers.streams
        self._chains = {tuple(t for t in c if (t.source, t.stream) in known) for c in chains}
        self.serial = max(self.serial + 1, now_ns)
        smaller = self._rings.close({tap for chain in chains for tap in chain}, self.serial)
        self._rings.sweep(self._workers.taken)
        to_open = {tap for chain in self._chains for tap in chain} - self._rings.rings.keys()
        self._rings.open(sorted(to_open, key=self._last_to_open))
        return smaller

    def refresh(self) -> bool:
        """Free the rings that workers have let go, and give them to taps that wait for one;
        whether any ring changed hands."""
        freed = self._rings.sweep(self._workers.taken)
        return self._rings.open(tap for chain in self._chains for tap in chain) or freed

    def demanded(
        self, permits: Callable[[StreamKey], bool], now_ns: int
    ) -> dict[StreamKey, set[Tap]]:
        """What is to be decoded of each stream that may be open: of each chain all up to the first
        that is live."""
        demanded: dict[StreamKey, set[Tap]] = {}
        for chain in self._chains:
            for tap in chain:
                ring = self._rings.rings.get(tap)
                key = (tap.source, tap.stream)
                if ring is None or not permits(key):
                    continue
                demanded.setdefault(key, set()).add(Tap(tap.tile, tap.fit, ring, tap.view))
                if self._is_live(tap, now_ns):
                    break
        return demanded

    def have_rings(self, key: StreamKey) -> bool:
        """Whether all tiles that a stream can fill have memory for its pictures."""
        return all(tap in self._rings.rings for tap in self._taps_of(key))

    def are_pictured(self, key: StreamKey, now_ns: int) -> bool:
        """Whether there are tiles that a stream can fill, and all have a picture of it."""
        taps = self._taps_of(key)
        return bool(taps) and self.have_rings(key) and all(self._is_live(t, now_ns) for t in taps)

    def _is_live(self, tap: TapKey, now_ns: int) -> bool:
        words = self._blocks[tap.source, tap.stream]
        return tile_state(facts(words), now_ns) in _SERVES and self._rings.has_picture(tap)

    def _taps_of(self, key: StreamKey) -> list[TapKey]:
        return [t for chain in self._chains for t in chain if (t.source, t.stream) == key]

    def _last_to_open(self, tap: TapKey) -> tuple[bool, int, str, str]:
        """Where memory is short, streams that are connected always come first, then large tiles."""
        source, stream = self._workers.streams[tap.source, tap.stream]
        bridging = stream is source.streams[-1]
        return (not bridging, -tap.tile.w * tap.tile.h, tap.source, tap.stream)
