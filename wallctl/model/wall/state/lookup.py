"""From the names in a command to places in the state; what does not exist is a CommandError."""

from collections.abc import Iterable

from wallctl.model.base.suggestions import offered
from wallctl.model.base.unicode_rules import half_width, same_reading
from wallctl.model.site.site import Site, Source
from wallctl.model.wall.commands.command import Blank, CommandError, TileRef, Unblank
from wallctl.model.wall.state.blanking import Target
from wallctl.model.wall.state.screen_state import (
    ScreenState,
    Selection,
    leader,
    seen_tiles,
    tile_count,
)
from wallctl.model.wall.state.state import WallState

LONGEST_NUMBER = 9
KNOWN_LIMIT = 20
"""How many possible names an error lists when none is near."""


def unknown(kind: str, name: str, known: Iterable[str]) -> CommandError:
    """The error for a name that does not exist or is empty, with the likely names."""
    end, names = offered(name, known)
    fault = f"is called {name!r}" if name.strip() else "is named"
    return CommandError(f"unknown_{kind}", f"no {kind} {fault}{end}", names[:KNOWN_LIMIT])


def find_name(kind: str, named: str, known: Iterable[str]) -> str:
    """The known name that is meant: the same, or the only one that reads the same."""
    names = tuple(known)
    found = same_reading(named, names)
    if found is None:
        raise unknown(kind, named, names)
    return found


def find_source(site: Site, named: str) -> Source:
    """The source of a name, or of a number as people say it."""
    source = site.source(named)
    number = half_width(named)
    if source is None and number.isdecimal() and len(number) <= LONGEST_NUMBER:
        source = next((s for s in site.sources if s.number == int(number)), None)
    if source is None:
        name = find_name("source", named, (s.name for s in site.sources))
        source = next(s for s in site.sources if s.name == name)
    return source


def find_screen(state: WallState, named: str | None) -> str:
    """The screen of a name; without one, the selected screen."""
    if named is None:
        return state.selected.screen
    return find_name("screen", named, state.screens)


def leading(state: WallState, named: str | None, site: Site) -> str:
    """The screen whose layout and list a named screen shows: its own, or one that covers it."""
    return leader(state.screens, find_screen(state, named), site)


def find_tile(state: WallState, tile: TileRef | None, site: Site) -> Selection:
    """The place in a screen's list that a tile number stands for now; else the selected place."""
    if tile is None:
        return visible(state, site)
    name = leading(state, tile.screen, site)
    screen = state.screens[name]
    count = tile_count(screen, site)
    if not 1 <= tile.number <= count:
        raise CommandError(
            "unknown_tile",
            f"screen {name} shows tiles 1 to {count} now, there is no tile {tile.number}",
            tuple(str(i + 1) for i in range(min(count, KNOWN_LIMIT))),
        )
    return Selection(name, index_of(screen, tile.number))


def on_screen(tile: TileRef, screen: str | None) -> TileRef:
    """A tile whose screen may be named apart from it. ``CommandError`` where two are named."""
    if screen is not None and tile.screen not in (None, screen):
        raise CommandError("bad_args", f"a tile of {tile.screen} is not on {screen}: name one")
    return TileRef(tile.number, tile.screen or screen)


def find_targets(state: WallState, change: Blank | Unblank, site: Site) -> tuple[Target, ...]:
    """What is to be blanked, or shown again: all screens, if nothing is named.

    What is hidden can be shown again by its name also where the site lacks it now.
    """
    named = Target(change.screen, source=change.source)
    is_lifted = isinstance(change, Unblank) and change.tile is None
    if is_lifted and any(one.target == named for one in state.blanked):
        return (named,)
    if change.source is not None:
        if change.tile is not None or change.screen is not None:
            raise CommandError("bad_args", "a source is blanked on every screen: name it alone")
        return (Target(source=find_source(site, change.source).name),)
    if change.tile is not None:
        at = find_tile(state, on_screen(change.tile, change.screen), site)
        return (Target(at.screen, at.index),)
    names = state.screens if change.screen is None else (find_screen(state, change.screen),)
    return tuple(Target(name) for name in names)


def index_of(screen: ScreenState, number: int) -> int:
    """The index in a screen's list of the source in a tile."""
    return screen.enlarged if screen.enlarged is not None else screen.first + number - 1


def tile_of(state: WallState, at: Selection) -> TileRef:
    """The tile that shows a place of a screen's list now, as ``index_of`` counts."""
    screen = state.screens[at.screen]
    return TileRef(1 if screen.enlarged is not None else at.index - screen.first + 1, at.screen)


def visible(state: WallState, site: Site) -> Selection:
    """The selection, brought to a tile that is on its screen now."""
    selected = state.selected
    name = leader(state.screens, selected.screen, site)
    screen = state.screens[name]
    if screen.enlarged is not None:
        return Selection(name, screen.enlarged)
    index = selected.index if name == selected.screen else screen.first
    tiles = seen_tiles(state.screens, name, site)
    wanted = min(max(index - screen.first + 1, tiles[0]), tiles[-1])
    if wanted not in tiles:
        wanted = min(tiles, key=lambda one: abs(one - wanted))
    return Selection(name, screen.first + wanted - 1)
