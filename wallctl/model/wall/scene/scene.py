"""From the state to pixels: ``resolve(state, site) -> Scene``, and what must be decoded for it.

A scene is the wall's picture without the pictures: which source stands in which rectangle, how
large, and what lies over it. It knows neither streams in memory nor how anything is drawn.
"""

from collections.abc import Container, Mapping

import msgspec
from msgspec.structs import replace

from wallctl.model.base.geometry import Fit, Rect, Side, Size, inset
from wallctl.model.base.language import Language
from wallctl.model.site.framing import PLAIN, View
from wallctl.model.site.layout_placement import (
    Place,
    place_enlarged,
    place_on_screen,
    place_on_wall,
)
from wallctl.model.site.site import Screen, Site, Source, StreamKey
from wallctl.model.wall.scene.alarm_banner import AlarmSign, Framed, over_help, signs
from wallctl.model.wall.scene.status_icons import Mark, marks
from wallctl.model.wall.state.blanking import hiding, screen_blanked
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.readout import Readout
from wallctl.model.wall.state.screen_state import ScreenState, Selection, leader, shown
from wallctl.model.wall.state.state import WallState, spoken
from wallctl.model.wall.state.zoom import WHOLE, Zoom, zoom_of

UPSCALE_LIMIT = 1.5
"""A stream may be enlarged by this much before a larger one is wanted (design: Spending)."""
ASSUMED = {"sub": Size(640, 360), "third": Size(352, 288)}
"""The size of a stream until the stream itself says it; ``main`` is large enough for anything."""


Standing = Mapping[str, str]
"""Which backup stands in for which lost source; see ``wallctl.model.streams.failover``."""
NOBODY: Standing = {}


class Tile(msgspec.Struct, frozen=True):
    """One tile of a scene. ``number`` counts from 1 on its screen."""

    number: int
    rect: Rect
    source: str | None = None
    spoken: int = 0
    """The source's own number."""
    fit: Fit = Fit.CONTAIN
    selected: bool = False
    view: View = PLAIN
    z: int = 0
    """Of tiles that overlap the one with the largest is seen; of equals the last."""
    is_labelled: bool = True
    joined: frozenset[Side] = frozenset()
    """Where it goes on beyond its screen."""
    stands_for: str | None = None
    """The lost source whose tile it is, where a backup stands in."""
    masked: bool = False
    """Its source is hidden on purpose."""
    reason: str = ""
    """Why, if somebody has said so."""
    zoom: Zoom = WHOLE

    @property
    def served(self) -> Size:
        """The size that a stream's picture must have to fill it, pixel for pixel."""
        return self.view.sent(self.rect.size)

    def tap(self, stream: StreamKey) -> "TapKey":
        """What a stream must be decoded to, to fill it."""
        return TapKey(*stream, self.rect.size, self.fit, self.view)


class Identity(msgspec.Struct, frozen=True):
    """Which screen it is."""

    name: str
    number: int
    """In the site's order, from 1."""
    of: int
    """How many there are."""


class ScreenScene(msgspec.Struct, frozen=True):
    """What one screen shows."""

    screen: str
    size: Size
    tiles: tuple[Tile, ...]
    layout: str
    blanked: bool = False
    reason: str = ""
    """Why it is blanked, if somebody has said so."""
    help_shown: bool = False
    readouts: frozenset[Readout] = frozenset()
    """What is told over the pictures."""
    clock: bool = False
    marks: tuple[Mark, ...] = ()
    locked: tuple[int, ...] = ()
    """Numbers of the tiles that are locked, as far as they are seen."""
    language: Language = Language.CHINESE
    alarms: tuple[AlarmSign, ...] = ()
    identity: Identity | None = None
    """It is told, large."""

    @property
    def pictured(self) -> tuple[Tile, ...]:
        """The tiles that pictures are decoded for."""
        if self.blanked:
            return ()
        return tuple(one for one in self.tiles if one.source is not None and not one.masked)


Scene = tuple[ScreenScene, ...]


def resolve(
    state: WallState, site: Site, standing: Standing = NOBODY, acknowledge_key: str = ""
) -> Scene:
    """The scene of each screen, in the site's order.

    Backups that are ``standing`` in are shown in the tiles of the sources that are lost. Signs of
    alarms name the ``acknowledge_key``, if there is one.
    """
    scene = (_screen(state, site, screen, standing) for screen in site.screens)
    return tuple(_with_key(one, acknowledge_key) if one.alarms else one for one in scene)


def _with_key(scene: ScreenScene, key: str) -> ScreenScene:
    return replace(scene, alarms=tuple(replace(sign, key=key) for sign in scene.alarms))


def _screen(state: WallState, site: Site, screen: Screen, standing: Standing) -> ScreenScene:
    now = state.screens[leader(state.screens, screen.name, site)]
    tiles = _tiles(state, site, screen, standing)
    hidden = screen_blanked(state.blanked, screen.name)
    help_shown = state.help_shown and screen.name == visible(state, site).screen
    alarms = signs(state, site, screen, {tile.number: _framed(tile) for tile in tiles})
    return ScreenScene(
        screen=screen.name,
        size=screen.size,
        tiles=tiles,
        layout=now.layout,
        blanked=hidden is not None,
        reason=hidden.reason if hidden is not None else "",
        help_shown=help_shown,
        readouts=state.readouts,
        clock=site.clock,
        marks=marks(state),
        locked=_locked(state, site, screen),
        language=spoken(state, site),
        alarms=over_help(alarms, screen.size) if help_shown else alarms,
        identity=_identity(state, site, screen),
    )


def _identity(state: WallState, site: Site, screen: Screen) -> Identity | None:
    told = state.identified
    if told is None or told.screen not in (None, screen.name):
        return None
    return Identity(screen.name, site.screens.index(screen) + 1, len(site.screens))


def _framed(tile: Tile) -> Framed:
    return Framed(tile.rect, tile.source, tile.spoken, tile.stands_for)


def _locked(state: WallState, site: Site, screen: Screen) -> tuple[int, ...]:
    leading = leader(state.screens, screen.name, site)
    now = state.screens[leading]
    first = now.enlarged if now.enlarged is not None else now.first
    places = (first + i for i in range(len(shown(now, site))))
    return tuple(
        number
        for number, index in enumerate(places, start=1)
        if Selection(leading, index) in state.locks.tiles
    )


def _tiles(state: WallState, site: Site, screen: Screen, standing: Standing) -> tuple[Tile, ...]:
    leading = leader(state.screens, screen.name, site)
    now = state.screens[leading]
    names = shown(now, site)
    selected = visible(state, site)
    at = now.enlarged if now.enlarged is not None else now.first

    def tile(place: Place) -> Tile:
        i = place.number - 1
        name, here = names[i], Selection(leading, at + i)
        source = _seen(site, standing, name) if name is not None else None
        bare = _bare(place, selected == here)
        if source is None:
            return bare
        lost = name if source.name != name else None
        filled = replace(_filled(bare, place, now, source, site), stands_for=lost)
        return _as_seen(filled, state, here, name)

    return tuple(map(tile, _places(now, site, screen)))


def _places(now: ScreenState, site: Site, screen: Screen) -> tuple[Place, ...]:
    layout = site.layouts[now.layout]
    if layout.is_wide:
        laid = place_on_wall if now.enlarged is None else place_enlarged
        return laid(layout, site.screens).get(screen.name, ())
    if now.enlarged is None:
        return place_on_screen(layout, screen)
    return (Place(1, inset(Rect(0, 0, screen.size.w, screen.size.h), 0)),)


def _bare(place: Place, selected: bool) -> Tile:
    """A tile without a source."""
    return Tile(
        number=place.number,
        rect=place.rect,
        selected=selected,
        z=place.z,
        is_labelled=place.is_labelled,
        joined=place.joined,
    )


def _filled(tile: Tile, place: Place, now: ScreenState, source: Source, site: Site) -> Tile:
    framing = now.framed.get(source.name, place.framing)
    return msgspec.structs.replace(
        tile,
        source=source.name,
        spoken=source.number,
        fit=framing.fit or source.fit or site.fit,
        view=View(source.upright, source.masks, framing.crop, framing.turn, place.span),
    )


def _seen(site: Site, standing: Standing, name: str) -> Source | None:
    """The source of that name, or its backup that stands in for it."""
    return site.source(standing.get(name, name)) or site.source(name)


def _as_seen(tile: Tile, state: WallState, at: Selection, name: str | None) -> Tile:
    """A tile as somebody has asked for its place, and for the source there, to be seen: not at all,
    or closer. A backup is hidden with the source that it stands in for."""
    hidden = hiding(state.blanked, at.screen, at.index, name) or hiding(
        state.blanked, at.screen, at.index, tile.source
    )
    if hidden is not None:
        return replace(tile, masked=True, reason=hidden.reason)
    zoom = zoom_of(state.zoomed, at.screen, at.index, name)
    if zoom == WHOLE:
        return tile
    crop = tile.view.crop.part(zoom.part(tile.view.turn))
    return replace(tile, zoom=zoom, view=replace(tile.view, crop=crop))


class TapKey(msgspec.Struct, frozen=True):
    """One thing to be decoded and scaled: a view of a stream of a source, into a tile size."""

    source: str
    stream: str
    tile: Size
    fit: Fit
    view: View = PLAIN


def wanted_taps(
    tile: Tile,
    source: Source,
    known: Mapping[StreamKey, Size],
    lost: Container[StreamKey] = (),
) -> tuple[TapKey, ...]:
    """The taps that can fill a tile, best first: the chosen stream, then the smaller ones.

    ``known`` holds the picture sizes of streams that have been open. The smaller stream fills the
    tile until the better one has its first picture, and when that one fails. A larger one stands
    in only if all of these are ``lost``.
    """
    names = [stream.name for stream in source.streams]
    chosen = names.index(choose_stream(source, tile.served, known))
    chain = names[chosen:]
    if all((source.name, name) in lost for name in chain):
        chain += reversed(names[:chosen])
    return tuple(tile.tap((source.name, name)) for name in chain)


def choose_stream(source: Source, tile: Size, known: Mapping[StreamKey, Size]) -> str:
    """The smallest stream that needs at most 1.5x enlargement; the largest if none does."""
    for stream in reversed(source.streams):
        size = known.get((source.name, stream.name), ASSUMED.get(stream.name))
        if size is None or _enough(size, tile):
            return stream.name
    return source.streams[0].name


def _enough(picture: Size, tile: Size) -> bool:
    """Whether a contained picture fills the tile without too much enlargement."""
    scale = min(tile.w / picture.w, tile.h / picture.h)
    return scale <= UPSCALE_LIMIT
