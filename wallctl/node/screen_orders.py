"""What each screen was ordered to show: its scene, and the rings that the tiles are filled from."""

from collections.abc import Mapping

from msgspec.structs import asdict, replace

from wallctl.display.messages import Feed, Prepare, TileOrder
from wallctl.model.planning.stream_choice import Choice
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.node.ring_allocation import RingAllocation
from wallctl.node.setup import NodeSetup

Choices = Mapping[tuple[str, int], Choice]
"""For each tile with a source, by screen and number, what can fill it."""


class ScreenOrders:
    """The newest order of each screen, and the newest one that was committed."""

    def __init__(self, setup: NodeSetup, taps: RingAllocation) -> None:
        self._setup = setup
        self._taps = taps
        self._newest: dict[str, Prepare] = {}
        self._committed: dict[str, Prepare] = {}

    @property
    def screens(self) -> frozenset[str]:
        """The screens that were ordered anything."""
        return frozenset(self._newest)

    def newest(self, screen: str) -> Prepare | None:
        """The newest order of a screen, shown or still to be."""
        return self._newest.get(screen)

    def committed(self, screen: str) -> Prepare | None:
        """The newest order of a screen that was committed."""
        return self._committed.get(screen)

    def find_differing(self, scene: Scene, choices: Choices) -> dict[str, Prepare]:
        """The orders of a scene that are others than the newest ones, apart from their number."""
        orders = (self._make(screen, choices) for screen in scene)
        return {order.screen: order for order in orders if order != self._newest.get(order.screen)}

    def note(self, orders: Mapping[str, Prepare]) -> None:
        """These are the newest now."""
        self._newest |= orders

    def number(self, screen: str, number: int) -> Prepare:
        """The newest order of a screen, as that of the scene with this number."""
        order = self._newest[screen] = replace(self._newest[screen], version=number)
        return order

    def commit(self, screen: str) -> None:
        """A screen is to show its newest order."""
        self._committed[screen] = self._newest[screen]

    def _make(self, screen: ScreenScene, choices: Choices) -> Prepare:
        """A screen's order, with the number of the one before it."""
        old = self._newest.get(screen.screen)
        tiles = () if screen.blanked else screen.tiles
        places = ((one, choices.get((screen.screen, one.number))) for one in tiles)
        return Prepare(
            **{
                **asdict(screen),
                "version": 0 if old is None else old.version,
                "tiles": tuple(self._tile(tile, choice) for tile, choice in places),
            }
        )

    def _tile(self, tile: Tile, choice: Choice | None) -> TileOrder:
        if choice is None:
            return TileOrder(**asdict(tile))
        feeds = tuple(
            Feed(tap.stream, ring, self._setup.blocks[tap.source, tap.stream])
            for tap in choice.taps
            if (ring := self._taps.rings.get(tap)) is not None
        )
        return TileOrder(**asdict(tile), feeds=feeds, why=choice.why)
