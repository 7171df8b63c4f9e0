"""Placement: each screen's list of sources, and which of them a layout shows.

A layout with n tiles shows n of the list in its order; a larger layout brings the rest back in the
same order; paging moves the window over the list. ``None`` in the list is a tile left empty on
purpose.
"""

from collections.abc import Mapping, Sequence

import msgspec

from wallctl.model.site.framing import Framing
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import PresetScreen, Site


class ScreenState(msgspec.Struct, frozen=True):
    """One screen: its layout, its list, and where the window over the list begins."""

    layout: str
    order: tuple[str | None, ...]
    first: int = 0
    """Index in ``order`` of the source in tile 1."""
    enlarged: int | None = None
    """Index in ``order`` of the tile that fills the screen, if one does."""
    framed: dict[str, Framing] = {}
    """How a preset has sources shown, until the screen gets another layout."""
    under: str | None = None
    """The screen whose wide layout covers this one, with its list, as long as it has one."""

    def at(self, index: int) -> str | None:
        """The source at an index of the list; beyond its end there is none."""
        return self.order[index] if 0 <= index < len(self.order) else None


class Selection(msgspec.Struct, frozen=True):
    """The selected place: an index in a screen's list, so that it stays with its source."""

    screen: str
    index: int


def opened(given: PresetScreen, rest: tuple[str | None, ...] = ()) -> ScreenState:
    """A screen as a preset gives it; sources it had before follow after the preset's own."""
    named = set(given.tiles)
    behind = tuple(name for name in rest if name is not None and name not in named)
    order = trimmed(given.tiles + behind)
    return ScreenState(given.layout, order, framed=given.framed, under=given.under)


Screens = Mapping[str, ScreenState]


def leader(screens: Screens, name: str, site: Site) -> str:
    """The screen whose layout and list a screen shows: its own, or one that covers it."""
    over = screens[name].under
    if over is None or over not in screens or screens[over].under is not None:
        return name
    layout = site.layouts[screens[over].layout]
    return over if layout.is_wide and name in place_on_wall(layout, site.screens) else name


def uncovered(screens: Screens, changed: Screens) -> dict[str, ScreenState]:
    """Those screens, freed, that lay under others which have been changed."""
    return {
        name: msgspec.structs.replace(one, under=None)
        for name, one in screens.items()
        if one.under in changed and name not in changed
    }


def covered(screens: Screens, over: str, site: Site) -> dict[str, ScreenState]:
    """The other screens that a screen's wide layout reaches, under it."""
    reached = place_on_wall(site.layouts[screens[over].layout], site.screens)
    return {
        name: msgspec.structs.replace(screens[name], under=over)
        for name in reached
        if name != over and name in screens
    }


def trimmed(order: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """A list without the empty tiles at its end: there are always more of them."""
    while order and order[-1] is None:
        order = order[:-1]
    return order


def tile_count(screen: ScreenState, site: Site) -> int:
    """How many tiles the screen shows now."""
    return 1 if screen.enlarged is not None else site.layouts[screen.layout].count


def seen_tiles(screens: Screens, name: str, site: Site) -> Sequence[int]:
    """The numbers of the tiles that a leading screen's layout has on some screen now, in order: of
    a wide one a tile may lie behind a bezel, or where another layout is shown."""
    screen = screens[name]
    layout = site.layouts[screen.layout]
    if screen.enlarged is not None or not layout.is_wide:
        return range(1, tile_count(screen, site) + 1)
    laid = place_on_wall(layout, site.screens)
    under = (one for one in laid if one in screens and leader(screens, one, site) == name)
    return sorted({place.number for one in under for place in laid[one]})


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


def filled_up(
    screen: ScreenState, page: range, before: range, by_number: Sequence[str]
) -> tuple[str | None, ...]:
    """The list of a screen that shows the places of ``page`` now and showed those of ``before``,
    without empty tiles behind the last source that was seen: there stand the next sources by
    number, as far as there are any. People take an empty tile for a dead camera.

    A tile that was left empty among others stays so. What stands further back in the list comes
    forward; what stands before the page stays there, where paging finds it.
    """
    places = [*screen.order, *[None] * (page.stop - len(screen.order))]
    last = max((i for i in before if screen.at(i) is not None), default=page.start - 1)
    empty = [i for i in page if i > last and places[i] is None]
    taken = set(places[: page.stop])
    last_seen = screen.at(last)
    after = by_number.index(last_seen) + 1 if last_seen in by_number else 0
    following = [*by_number[after:], *by_number[:after]]
    for i, source in zip(empty, (one for one in following if one not in taken), strict=False):
        if source in places:
            places[places.index(source)] = None
        places[i] = source
    return trimmed(tuple(places))


def put_at(screen: ScreenState, index: int, source: str) -> ScreenState:
    """The screen with a source at an index of its list, whatever else is there."""
    order = [*screen.order, *[None] * (index + 1 - len(screen.order))]
    order[index] = source
    return msgspec.structs.replace(screen, order=tuple(order))
