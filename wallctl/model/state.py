"""What the wall shows, as one frozen value, and the placement rules that a layout change follows.

Each screen keeps an ordered list of its sources. A layout with n tiles shows n of them in that
order; a larger layout brings the rest back in the same order; paging moves the window over the
list. ``None`` in the list is a tile left empty on purpose.
"""

import msgspec

from wallctl.model.site import PresetScreen, Site

BACK_DEPTH = 20
"""How many changes of the picture ``back`` can undo."""


class ScreenState(msgspec.Struct, frozen=True):
    """One screen: its layout, its list, and where the window over the list begins."""

    layout: str
    order: tuple[str | None, ...]
    first: int = 0
    """Index in ``order`` of the source in tile 1."""
    enlarged: int | None = None
    """Index in ``order`` of the tile that fills the screen, if one does."""

    def at(self, index: int) -> str | None:
        """The source at an index of the list; beyond its end there is none."""
        return self.order[index] if 0 <= index < len(self.order) else None


class Selection(msgspec.Struct, frozen=True):
    """The selected place: an index in a screen's list, so that it stays with its source."""

    screen: str
    index: int


class WallState(msgspec.Struct, frozen=True):
    """The whole wall. Only ``wallctl.model.step`` makes a new one."""

    screens: dict[str, ScreenState]
    selected: Selection
    past: tuple[dict[str, ScreenState], ...] = ()
    """Earlier pictures, newest last, for ``back``."""
    blanked: frozenset[str] = frozenset()
    """Screens that show nothing of any camera. ``back`` never lifts this."""
    help_shown: bool = False
    revision: int = 0
    """Counts changes."""
    ending: bool = False
    known: frozenset[str] = frozenset()
    """The sources that the site had: others are newcomers when it is started with this state."""


def initial(site: Site) -> WallState:
    """The state of a wall that was never touched: each screen at home."""
    screens = {home.screen: opened(home) for home in site.home}
    return WallState(screens, Selection(site.screens[0].name, 0), known=_names(site))


def _names(site: Site) -> frozenset[str]:
    return frozenset(source.name for source in site.sources)


def opened(given: PresetScreen, rest: tuple[str | None, ...] = ()) -> ScreenState:
    """A screen as a preset gives it; sources it had before follow after the preset's own."""
    named = set(given.tiles)
    behind = tuple(name for name in rest if name is not None and name not in named)
    return ScreenState(given.layout, trimmed(given.tiles + behind))


def trimmed(order: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """A list without the empty tiles at its end: there are always more of them."""
    while order and order[-1] is None:
        order = order[:-1]
    return order


def tile_count(screen: ScreenState, site: Site) -> int:
    """How many tiles the screen shows now."""
    return 1 if screen.enlarged is not None else site.layouts[screen.layout].count


def page_start(index: int, count: int) -> int:
    """Where the page of ``count`` tiles begins that holds an index of the list."""
    return index // count * count


def nearest_source(screen: ScreenState, index: int) -> int:
    """The index itself if a source stands there, else the nearest before it that has one, else
    the first behind it; 0 on an empty list."""
    filled = [i for i, name in enumerate(screen.order) if name is not None]
    before = [i for i in filled if i <= index]
    return before[-1] if before else next(iter(filled), 0)


def shown(screen: ScreenState, site: Site) -> tuple[str | None, ...]:
    """The source in each tile of a screen, in tile order."""
    if screen.enlarged is not None:
        return (screen.at(screen.enlarged),)
    count = site.layouts[screen.layout].count
    return tuple(screen.at(screen.first + i) for i in range(count))


def put(order: tuple[str | None, ...], index: int, source: str | None) -> tuple[str | None, ...]:
    """The list with ``source`` at ``index``.

    A source that was elsewhere in the list changes places with the one it meets; the one that a
    newcomer meets goes to the end of the list, so that paging still finds it. Clearing removes.
    """
    places = list(order) + [None] * (index + 1 - len(order))
    met = places[index]
    if met == source:
        return trimmed(tuple(places))
    if source is not None and source in places:
        places[places.index(source)] = met
    elif source is not None and met is not None:
        places.append(met)
    places[index] = source
    return trimmed(tuple(places))


def restored(kept: WallState, site: Site) -> WallState:
    """A kept state made to fit the site of today: what is unknown now falls back to home."""
    fresh = initial(site)
    screens = {
        name: _known(kept.screens[name], site) if _fits(kept, name, site) else home
        for name, home in fresh.screens.items()
    }
    screens = _with_newcomers(screens, site, kept.known)
    selected = kept.selected if kept.selected.screen in screens else fresh.selected
    return msgspec.structs.replace(
        fresh,
        screens=screens,
        selected=selected,
        blanked=kept.blanked & frozenset(screens),
        revision=kept.revision,
    )


def _fits(kept: WallState, name: str, site: Site) -> bool:
    return name in kept.screens and kept.screens[name].layout in site.layouts


def _known(screen: ScreenState, site: Site) -> ScreenState:
    """The screen without sources that the site no longer has."""
    names = _names(site)
    order = trimmed(tuple(name if name in names else None for name in screen.order))
    if order == screen.order:
        return screen
    count = site.layouts[screen.layout].count
    first = min(screen.first, page_start(max(0, len(order) - 1), count))
    large = screen.enlarged
    enlarged = large if large is not None and large < len(order) and order[large] else None
    return msgspec.structs.replace(screen, order=order, first=first, enlarged=enlarged)


def _with_newcomers(
    screens: dict[str, ScreenState], site: Site, known: frozenset[str]
) -> dict[str, ScreenState]:
    """New sources are found by paging on the last screen; what was taken off stays off."""
    listed = {name for screen in screens.values() for name in screen.order}
    new = tuple(one.name for one in site.sources if one.name not in listed | known)
    last = site.screens[-1].name
    order = screens[last].order + new
    return {**screens, last: msgspec.structs.replace(screens[last], order=order)}
