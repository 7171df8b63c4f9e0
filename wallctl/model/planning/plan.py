"""Will it fit? A scene's load on a machine, tile by tile, and what would be given up first.

``wallctl.model.wall.scene.scene`` chooses the streams, as for a wall. What a stream delivers is
given or assumed; no camera is asked.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from wallctl.model.base.geometry import Size
from wallctl.model.planning.budget import largest_streams, up_to
from wallctl.model.planning.connection_limits import bearable
from wallctl.model.planning.cost_model import (
    Codec,
    Speeds,
    Work,
    budget_cores,
    composed,
    cores,
    decoded,
    looked_after,
    painted,
    put_in_window,
    received,
    scaled,
    stream_cores,
    stream_work,
    total,
)
from wallctl.model.planning.sufficient_stream import ASSUMED, choose_stream
from wallctl.model.planning.tile_priority import TileAt, least_first
from wallctl.model.site.framing import StoredPicture, fit_picture
from wallctl.model.site.site import Site, Source, StreamKey
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile


class Format(msgspec.Struct, frozen=True):
    """What a stream delivers."""

    size: Size
    rate_hz: float = 25.0
    codec: Codec = Codec.H264
    assumed: bool = False
    """Nobody has asked the camera."""


LARGE = Size(1920, 1080)
"""Taken for granted of a main stream."""
Known = Mapping[StreamKey, Format]


class Machine(msgspec.Struct, frozen=True):
    """Where a wall is to run."""

    speeds: Speeds
    cores: float
    """How many processors' time the wall may use; a control group's quota may be a part of one."""
    windowed: bool = True
    """Whether it shows windows, or is headless."""


class Load(msgspec.Struct, frozen=True):
    """The work of each process of a wall."""

    streams: dict[StreamKey, Work]
    """Of every connected stream's worker."""
    screens: dict[str, Work]
    """Of every screen's presenter."""
    control: Work
    """Of root and controller."""

    @property
    def work(self) -> Work:
        """All of it."""
        return total([*self.streams.values(), *self.screens.values(), self.control])


class ShownTile(msgspec.Struct, frozen=True):
    """A tile with the stream that fills it, and the size that its pictures are scaled to."""

    at: TileAt
    stream: StreamKey
    format: Format
    tap: Size


class TileCost(msgspec.Struct, frozen=True):
    """Processors for one tile. Tiles that share a stream or a tap share its cost."""

    tile: ShownTile
    decode_cores: float
    """Receiving included."""
    scale_cores: float
    compose_cores: float

    @property
    def cores(self) -> float:
        """All of it."""
        return self.decode_cores + self.scale_cores + self.compose_cores


class Plan(msgspec.Struct, frozen=True):
    """What a scene costs on a machine."""

    tiles: tuple[TileCost, ...]
    rest_cores: float
    """Hidden streams, empty passes, windows and the controller."""
    cores: float
    budget_cores: float
    shed: tuple[TileAt, ...]
    """The tiles to give up until the rest fits, the least important first."""

    @property
    def fits(self) -> bool:
        """Whether nothing need be given up."""
        return self.cores <= self.budget_cores


def plan(site: Site, scene: Scene, known: Known, machine: Machine) -> Plan:
    """What a scene costs. ``known`` holds what streams deliver, as far as that is known."""
    site = affordable(site, scene, known, machine)
    shown = shown_tiles(site, scene, known)
    costs = _tile_costs(shown, machine.speeds)
    whole = cores(load(site, scene, shown, known, machine.windowed).work, machine.speeds)
    return Plan(
        tiles=costs,
        rest_cores=max(0.0, whole - sum(one.cores for one in costs)),
        cores=whole,
        budget_cores=budget_cores(machine.cores),
        shed=_shed(site, scene, known, machine),
    )


def affordable(site: Site, scene: Scene, known: Known, machine: Machine) -> Site:
    """The site with those streams of each source that the machine can give the scene's tiles, and
    that the camera can give at once."""
    largest = largest_affordable(site, scene, known, machine)
    tiles: dict[str, list[Size]] = {}
    for screen in scene:
        for tile in screen.pictured:
            tiles.setdefault(tile.source or "", []).append(tile.served)
    sizes = sizes_of(known)

    def given(source: Source) -> Source:
        capped = up_to(source, largest[source.name]) if source.name in largest else source
        return bearable(capped, tiles.get(source.name, ()), sizes)

    return replace(site, sources=tuple(map(given, site.sources)))


def largest_affordable(site: Site, scene: Scene, known: Known, machine: Machine) -> dict[str, str]:
    """The largest stream that each source may have while the scene is shown."""

    def price(stream: StreamKey, tiles: tuple[Size, ...]) -> float:
        given = format_of(stream, known)
        return stream_cores(machine.speeds, given.size, given.rate_hz, given.codec, tiles)

    return largest_streams(site, scene, sizes_of(known), price, budget_cores(machine.cores))


def sizes_of(known: Known) -> dict[StreamKey, Size]:
    """The picture size of every stream that is known."""
    return {key: format_.size for key, format_ in known.items()}


def shown_tiles(site: Site, scene: Scene, known: Known) -> tuple[ShownTile, ...]:
    """Every tile that shows a source, with the stream that a wall would choose for it."""
    return tuple(
        _shown(site, screen, tile, tile.source, known)
        for screen in scene
        for tile in screen.pictured
        if tile.source is not None
    )


def _shown(site: Site, screen: ScreenScene, tile: Tile, name: str, known: Known) -> ShownTile:
    source = site.source(name)
    assert source is not None, "a scene names sources of its site"
    stream = (name, choose_stream(source, tile.served, sizes_of(known)))
    given = format_of(stream, known)
    tap = tile.rect.size
    if tile.view.span is None:
        tap = fit_picture(StoredPicture(given.size), tap, tile.fit, tile.view).size
    return ShownTile((screen.screen, tile.number), stream, given, tap)


def format_of(stream: StreamKey, known: Known) -> Format:
    """What a stream delivers, assumed where it is not known."""
    return known.get(stream) or Format(ASSUMED.get(stream[1], LARGE), assumed=True)


def load(
    site: Site, scene: Scene, shown: Sequence[ShownTile], known: Known, windowed: bool
) -> Load:
    """The work of each process while a wall shows these tiles of a scene, and the others calm.

    The smallest stream of every source stays connected, shown or not, if its camera bears that.
    """
    hidden = ((source.name, source.streams[-1].name) for source in site.sources)
    streams = {key: received(format_of(key, known).rate_hz) for key in hidden}
    streams |= {key: _stream_work(tiles) for key, tiles in _by_stream(shown).items()}
    screens = {
        screen.screen: _screen_work([one for one in shown if one.at[0] == screen.screen], windowed)
        for screen in scene
    }
    return Load(streams, screens, looked_after(len(streams)))


def _by_stream(shown: Iterable[ShownTile]) -> dict[StreamKey, list[ShownTile]]:
    tiles: dict[StreamKey, list[ShownTile]] = {}
    for one in shown:
        tiles.setdefault(one.stream, []).append(one)
    return tiles


def _stream_work(tiles: list[ShownTile]) -> Work:
    given, taps = tiles[0].format, {one.tap for one in tiles}
    return stream_work(given.size, given.rate_hz, given.codec, tuple(sorted(taps)))


def _screen_work(tiles: list[ShownTile], windowed: bool) -> Work:
    works = [composed(), *(painted(one.tap, one.format.rate_hz) for one in tiles)]
    if windowed:
        works += (put_in_window(one.tap, one.format.rate_hz) for one in tiles)
    return total(works)


def _tile_costs(shown: Sequence[ShownTile], speeds: Speeds) -> tuple[TileCost, ...]:
    streams = Counter(one.stream for one in shown)
    taps = Counter((one.stream, one.tap) for one in shown)
    costs = []
    for one in shown:
        given, rate_hz = one.format, one.format.rate_hz
        decode = total([received(rate_hz), decoded(given.size, rate_hz, given.codec)])
        scale = scaled(given.size, rate_hz, one.tap)
        costs.append(
            TileCost(
                one,
                cores(decode, speeds) / streams[one.stream],
                cores(scale, speeds) / taps[one.stream, one.tap],
                cores(painted(one.tap, rate_hz), speeds),
            )
        )
    return tuple(costs)


def _shed(site: Site, scene: Scene, known: Known, machine: Machine) -> tuple[TileAt, ...]:
    """The fewest tiles, by their importance, without which the others fit; at the worst all.

    Each that goes makes the rest cheaper, so the number is found by halving.
    """
    order = least_first(scene)
    shown = shown_tiles(site, scene, known)

    def fits_without(count: int) -> bool:
        gone = set(order[:count])
        left = [one for one in shown if one.at not in gone]
        work = load(site, scene, left, known, machine.windowed).work
        return cores(work, machine.speeds) <= budget_cores(machine.cores)

    return tuple(order[: bisect_left(range(len(order)), True, key=fits_without)])
