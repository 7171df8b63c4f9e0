"""What can fill each tile of a scene, from all that this machine knows of its streams."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from wallctl.model.base.geometry import Size
from wallctl.model.planning.shedding_ladder import Rung
from wallctl.model.planning.stream_choice import Choice, Limits, allow, choose
from wallctl.model.site.site import Source, StreamKey
from wallctl.model.streams.health import Phase
from wallctl.model.wall.scene.scene import Scene, Tile
from wallctl.node.camera_connections import CameraConnections
from wallctl.node.decode_budget import DecodeBudget
from wallctl.node.setup import NodeSetup
from wallctl.node.stream_status_blocks import StatusBlocks
from wallctl.node.stream_workers import StreamWorkers
from wallctl.node.unavailable_streams import UnavailableStreams
from wallctl.shm.stream_status import Word, member, number


class TileChoices:
    """``wallctl.model.planning.stream_choice`` decides; the limits are found here."""

    def __init__(
        self,
        setup: NodeSetup,
        blocks: StatusBlocks,
        workers: StreamWorkers,
        connections: CameraConnections,
        lost: UnavailableStreams,
    ) -> None:
        self._setup = setup
        self._blocks = blocks
        self._workers = workers
        self._connections = connections
        self._lost = lost
        self._budget = DecodeBudget(setup)

    def choose(
        self, scene: Scene, rungs: Mapping[str, Rung], now_ns: int
    ) -> dict[tuple[str, int], Choice]:
        """For each tile with a source, by screen and number, what can fill it, and why; ``rungs``
        are what sources give up."""
        known, site = self._blocks.sizes(), self._setup.site
        tiles = {(screen.screen, tile.number): tile for screen in scene for tile in screen.pictured}
        self._budget.fit(scene, known)
        unproven = self._unproven({tile.source or "" for tile in tiles.values()})
        limits = Limits(known, unproven, self._budget.largest, rungs, self._lost)
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
        phase = member(self._blocks.words[key], Word.PHASE, Phase)
        if phase is Phase.REFUSED:
            return False
        return credential is None or self._is_tried(source, key, phase)

    def _is_tried(self, source: Source, key: StreamKey, phase: Phase) -> bool:
        """Whether it is known what a camera says to its login."""
        failed = phase is Phase.FAILED and self._workers.is_called(key)
        alone = source.connections == 1  # it would be closed for the larger one
        is_decoded = number(self._blocks.words[key], Word.DECODED) > 0
        return is_decoded or key in self._lost or (failed and not alone)
