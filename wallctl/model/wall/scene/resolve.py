"""``resolve(state, site) -> Scene``: from the state to rectangles."""

from collections.abc import Mapping

from msgspec.structs import replace

from wallctl.model.base.geometry import Rect, inset
from wallctl.model.site.framing import View
from wallctl.model.site.layout_placement import (
    Place,
    place_enlarged,
    place_on_screen,
    place_on_wall,
)
from wallctl.model.site.site import Screen, Site, Source
from wallctl.model.wall.scene.alarm_banner import (
    AlarmSign,
    Framed,
    over_help,
    picture_rect,
    signs,
    unacknowledged,
)
from wallctl.model.wall.scene.alarm_sheet import alarm_sheet
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.model.wall.scene.status_icons import marks
from wallctl.model.wall.state.blanking import hiding, screen_blanked
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.readouts import readouts_on
from wallctl.model.wall.state.screen_state import ScreenState, Selection, leader, shown
from wallctl.model.wall.state.state import WallState, spoken
from wallctl.model.wall.state.zoom import WHOLE, zoom_of

Standing = Mapping[str, str]
"""Which backup stands in for which lost source; see ``wallctl.model.streams.failover``."""
NOBODY: Standing = {}


def resolve(
    state: WallState, site: Site, standing: Standing = NOBODY, acknowledge_key: str = ""
) -> Scene:
    """The scene of each screen, in the site's order.

    Backups that are ``standing`` in are shown in the tiles of the sources that are lost. Signs of
    alarms name the ``acknowledge_key``, if there is one.
    """
    scene = (_screen(state, site, screen, standing) for screen in site.screens)
    if not state.alarms and state.alarm_list is None:
        return tuple(scene)
    return tuple(_with_alarms(one, state, site, acknowledge_key) for one in scene)


def _with_alarms(scene: ScreenScene, state: WallState, site: Site, key: str) -> ScreenScene:
    """The scene with what is told of alarms besides their signs."""
    lies_here = scene.screen == visible(state, site).screen and state.alarm_list is not None
    return replace(
        scene,
        alarms=tuple(replace(sign, key=key) for sign in scene.alarms),
        unacknowledged=unacknowledged(state, site, key),
        alarm_sheet=alarm_sheet(state, site, scene.size, key) if lies_here else None,
    )


def _screen(state: WallState, site: Site, screen: Screen, standing: Standing) -> ScreenScene:
    now = state.screens[leader(state.screens, screen.name, site)]
    tiles = _tiles(state, site, screen, standing)
    hidden = screen_blanked(state.blanked, screen.name)
    is_selected = screen.name == visible(state, site).screen
    help_shown = state.help_shown and is_selected
    sheet_shown = help_shown or (state.alarm_list is not None and is_selected)
    alarms = signs(state, site, screen, {tile.number: _framed(tile) for tile in tiles})
    tiles = _below_bars(tiles, alarms)
    return ScreenScene(
        screen=screen.name,
        size=screen.size,
        tiles=tiles,
        layout=now.layout,
        selected=_selected(state, site, screen, tiles),
        blanked=hidden is not None,
        reason=hidden.reason if hidden is not None else "",
        help_shown=help_shown,
        readouts=readouts_on(screen.name, state),
        clock=site.clock,
        marks=marks(state, site, screen.name),
        locked=_locked(state, site, screen),
        language=spoken(state, site),
        alarms=over_help(alarms, screen.size) if sheet_shown else alarms,
        number=site.screens.index(screen) + 1,
        of=len(site.screens),
    )


def _below_bars(tiles: tuple[Tile, ...], alarms: tuple[AlarmSign, ...]) -> tuple[Tile, ...]:
    """The tiles, those of alarms within frame and bar; not a piece of a picture over screens."""
    framed = {sign.rect for sign in alarms if sign.is_shown}
    return tuple(
        replace(tile, rect=picture_rect(tile.rect))
        if tile.rect in framed and not tile.joined
        else tile
        for tile in tiles
    )


def _selected(state: WallState, site: Site, screen: Screen, tiles: tuple[Tile, ...]) -> int | None:
    """The number of the selected tile, if a piece of it is among the tiles of a screen."""
    at, leading = visible(state, site), leader(state.screens, screen.name, site)
    now = state.screens[leading]
    first = now.enlarged if now.enlarged is not None else now.first
    number = at.index - first + 1
    is_here = at.screen == leading and any(tile.number == number for tile in tiles)
    return number if is_here else None


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
    at = now.enlarged if now.enlarged is not None else now.first

    def tile(place: Place) -> Tile:
        i = place.number - 1
        name, here = names[i], Selection(leading, at + i)
        source = _seen(site, standing, name) if name is not None else None
        bare = _bare(place)
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


def _bare(place: Place) -> Tile:
    """A tile without a source."""
    return Tile(
        number=place.number,
        rect=place.rect,
        z=place.z,
        is_labelled=place.is_labelled,
        joined=place.joined,
    )


def _filled(tile: Tile, place: Place, now: ScreenState, source: Source, site: Site) -> Tile:
    framing = now.framed.get(source.name, place.framing)
    return replace(
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
