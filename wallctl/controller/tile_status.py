"""Tiles as status and report tell them: what each shows, and the figures of its presenter."""

import msgspec
from msgspec.structs import replace

from wallctl.display.messages import Figures, TileFigures
from wallctl.model.base.histogram import Percentiles
from wallctl.model.streams.health import TileState
from wallctl.model.streams.transport import Carrier
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile

STAND_IN = "stand_in"


class TileStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One tile as status and report tell it."""

    tile: int
    screen: str
    rect: tuple[int, int, int, int]
    """Where it lies on its screen, in pixels: x, y, width, height."""
    source: str
    stands_for: str
    """The lost source whose tile it is, if ``source`` is its backup; else empty."""
    state: str
    reason: str
    stream: str
    width_px: int
    height_px: int
    source_fps: float
    decoded: int
    presented: int
    fps: float
    """Presented pictures a second: in status of the last second, in the report since the first."""
    skipped: int
    effort: str
    """How much of the stream is decoded: less than ``full`` where the machine is too busy."""
    latency_ms: Percentiles
    reconnects: int
    decoder: str
    codec: str
    """As people write it, as H.265; empty where there is none."""
    transport: str
    """What carries the packets, ``tcp`` or ``udp``; empty where nothing is called."""
    fallback: bool
    """Whether that is not what the site file names, since over that nothing comes."""
    relayed: bool
    """Whether the packets go through a relay of the wall's."""
    unproven: bool
    """Whether the site lets anybody be the camera: ``tls = "insecure"``."""
    bits_s: int
    """What the stream carries: bits a second."""
    lost: int
    """Pictures that were broken, or that there was no time to decode."""
    keyframe_s: float
    """Time between keyframes, or for which none came; 0 while nothing is known."""
    why: str
    """Why this stream; ``stand_in`` while the one that is to be shown has no picture."""


def tiles(scene: Scene, figures: dict[str, Figures]) -> list[TileStatus]:
    """For the report: every tile with a source, with what its presenter has counted so far."""
    return [
        _status(screen, tile, _told(tile.number, source, figures.get(screen.screen)))
        for screen in scene
        for tile in screen.tiles
        if (source := tile.source) is not None
    ]


def tiles_now(scene: Scene, figures: dict[str, Figures]) -> list[TileStatus]:
    """For ``status``: every tile with a source, with what its presenter counted lately."""
    return tiles(scene, {name: _of_now(one) for name, one in figures.items()})


def _of_now(figures: Figures) -> Figures:
    """With the rates of the last second in the place of those since the first picture."""
    return replace(figures, tiles=tuple(replace(one, fps=one.fps_now) for one in figures.tiles))


def _told(number: int, source: str, figures: Figures | None) -> TileFigures:
    """What its presenter tells of a tile. One that it has not spoken of yet is connecting."""
    known = () if figures is None else figures.tiles
    counted = (one for one in known if (one.tile, one.source) == (number, source))
    return next(counted, TileFigures(number, source))


def _status(screen: ScreenScene, tile: Tile, told: TileFigures) -> TileStatus:
    is_masked = screen.blanked or tile.masked
    return TileStatus(
        tile=told.tile,
        screen=screen.screen,
        rect=(tile.rect.x, tile.rect.y, tile.rect.w, tile.rect.h),
        source=told.source,
        stands_for=tile.stands_for or "",
        state=(TileState.MASKED if is_masked else told.state).value,
        reason=told.reason.name.lower(),
        stream=told.stream,
        width_px=told.width_px,
        height_px=told.height_px,
        source_fps=told.source_fps,
        decoded=told.decoded,
        presented=told.presented,
        fps=told.fps,
        skipped=told.skipped,
        effort=told.effort.name.lower(),
        latency_ms=told.latency_ms,
        reconnects=told.reconnects,
        decoder=told.decoder.label,
        codec=told.coding.label,
        transport=told.carrier.transport,
        fallback=Carrier.FALLBACK in told.carrier,
        relayed=Carrier.RELAYED in told.carrier,
        unproven=Carrier.UNPROVEN in told.carrier,
        bits_s=told.bits_s,
        lost=told.lost,
        keyframe_s=told.keyframe_s,
        why=told.why.value if told.why else STAND_IN,
    )
