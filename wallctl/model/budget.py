"""Which sources must do with their smallest stream, so that a machine can decode what is shown."""

from collections.abc import Callable, Mapping

from wallctl.model.geometry import Size
from wallctl.model.importance import least_first
from wallctl.model.scene import Scene, choose_stream
from wallctl.model.site import Site, StreamKey

Price = Callable[[StreamKey, Size], float]
"""Processors for a stream in a tile of a size."""


def beyond_budget(
    site: Site, scene: Scene, sizes: Mapping[StreamKey, Size], price: Price, budget: float
) -> frozenset[str]:
    """The sources whose tiles want a larger stream than can be afforded.

    All tiles get their source's smallest stream; what is left of the budget goes to the most
    important tiles that want a larger one. The most important tile gets what it wants in any case.
    """
    wishes = _wishes(site, scene, sizes)
    if all(wanted == least for _tile, wanted, least in wishes):
        return frozenset()
    left = budget - sum(price(least, tile) for tile, _wanted, least in wishes)
    granted, refused = set[str](), set[str]()
    for rank, (tile, wanted, least) in enumerate(wishes):
        if wanted == least:
            continue
        more = 0.0 if wanted[0] in granted else price(wanted, tile) - price(least, tile)
        if rank == 0 or more <= left:
            left -= more
            granted.add(wanted[0])
        else:
            refused.add(wanted[0])
    return frozenset(refused - granted)


def _wishes(
    site: Site, scene: Scene, sizes: Mapping[StreamKey, Size]
) -> list[tuple[Size, StreamKey, StreamKey]]:
    """Size, wanted and smallest stream of every tile, the most important first."""
    tiles = {(s.screen, tile.number): tile for s in scene if not s.blanked for tile in s.tiles}
    wishes = []
    for place in reversed(least_first(scene)):
        tile = tiles.get(place)
        source = site.source(tile.source) if tile is not None and tile.source else None
        if tile is None or source is None:
            continue
        wanted = choose_stream(source, tile.rect.size, sizes)
        smallest = source.streams[-1].name
        wishes.append((tile.rect.size, (source.name, wanted), (source.name, smallest)))
    return wishes
