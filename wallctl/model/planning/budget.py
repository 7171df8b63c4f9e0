"""How large a stream each source may have, so that a machine can decode what is shown."""

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.base.geometry import Size
from wallctl.model.planning.connection_limits import bearable
from wallctl.model.planning.sufficient_stream import choose_stream
from wallctl.model.planning.tile_priority import least_first
from wallctl.model.site.site import Site, Source, StreamKey
from wallctl.model.wall.scene.scene import Scene

Price = Callable[[StreamKey, tuple[Size, ...]], float]
"""Processors for a stream that is scaled to tiles of these sizes."""
Sizes = Mapping[StreamKey, Size]
"""The picture size of streams, as far as it is known."""


class Shown(msgspec.Struct, frozen=True):
    """A source that a scene shows, and the sizes of its tiles."""

    source: Source
    tiles: tuple[Size, ...]


def largest_streams(
    site: Site, scene: Scene, sizes: Sizes, price: Price, budget: float
) -> dict[str, str]:
    """The largest stream that each shown source may have, by source.

    All begin with their smallest; what is left of the budget goes tile by tile, the most important
    first, to the largest stream up to the one wanted that still fits. The most important tile gets
    what it wants in any case.
    """
    tiles = _tiles(site, scene)
    shown = {source.name: _shown(source, tiles) for source, _tile in tiles}
    may = {name: one.source.streams[-1].name for name, one in shown.items()}
    costs = {name: cost(shown[name], least, sizes, price) for name, least in may.items()}
    left = budget - sum(costs.values())
    for rank, (source, tile) in enumerate(tiles):
        name = source.name
        for stream in _larger(source, choose_stream(source, tile, sizes), may[name]):
            needed = cost(shown[name], stream, sizes, price)
            more = needed - costs[name]
            if rank == 0 or more <= left:
                may[name], costs[name] = stream, needed
                left -= more
                break
    return may


def up_to(source: Source, largest: str) -> Source:
    """The source without the streams that are larger than one of them."""
    names = [stream.name for stream in source.streams]
    return replace(source, streams=source.streams[names.index(largest) :])


def cost(shown: Shown, largest: str, sizes: Sizes, price: Price) -> float:
    """Processors for a source whose tiles may have streams up to one of them."""
    source = bearable(up_to(shown.source, largest), shown.tiles, sizes)
    taps: dict[str, set[Size]] = {}
    for tile in shown.tiles:
        taps.setdefault(choose_stream(source, tile, sizes), set()).add(tile)
    return sum(price((source.name, name), tuple(sorted(of))) for name, of in taps.items())


def _larger(source: Source, wanted: str, than: str) -> list[str]:
    """The streams from the wanted one down that are larger than another."""
    names = [stream.name for stream in source.streams]
    return names[names.index(wanted) : names.index(than)]


def _shown(source: Source, tiles: list[tuple[Source, Size]]) -> Shown:
    return Shown(source, tuple(size for one, size in tiles if one is source))


def _tiles(site: Site, scene: Scene) -> list[tuple[Source, Size]]:
    """Source and size of every tile that shows one, the most important first."""
    tiles = {(s.screen, tile.number): tile for s in scene for tile in s.pictured}
    found = []
    for place in reversed(least_first(scene)):
        tile = tiles.get(place)
        source = site.source(tile.source) if tile is not None and tile.source else None
        if tile is not None and source is not None:
            found.append((source, tile.served))
    return found
