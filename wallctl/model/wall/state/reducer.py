"""``step(state, change, site, claim) -> state``: with ``passed``, which lets time pass, the only
functions that change what the wall shows.

``step`` either returns the next state or raises CommandError and nothing has happened. It knows no
pixels and no cameras: whether a source is alive never changes where it stands. Who may change what,
``claims`` decides.
"""

import typing
from collections.abc import Callable, Container
from typing import NamedTuple

from msgspec.structs import replace

from wallctl.model.site.layout import Layout, choose_square
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import PresetScreen, ScheduleEntry, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state import alarm_queue
from wallctl.model.wall.state.blanking import blanked, lifted
from wallctl.model.wall.state.lease import Claim, Holder
from wallctl.model.wall.state.lease_rules import (
    check_locked,
    check_order,
    claimed,
    expired,
    gone_back,
    released,
    shrunk,
    unmade,
)
from wallctl.model.wall.state.lookup import (
    find_name,
    find_screen,
    find_source,
    find_targets,
    find_tile,
    leading,
    visible,
)
from wallctl.model.wall.state.schedule import home_again, scheduled
from wallctl.model.wall.state.screen_state import (
    ScreenState,
    Selection,
    covered,
    nearest_source,
    opened,
    page_start,
    put,
    tile_count,
    trimmed,
    uncovered,
)
from wallctl.model.wall.state.state import Past, WallState, initial
from wallctl.model.wall.state.tours import steered, timed, turned
from wallctl.model.wall.state.view_settings import SETTINGS
from wallctl.model.wall.state.zoom import MOST, Zoom, Zoomed, with_zoom, within

AT_THE_WALL = Claim()
"""The officer's change that holds until the next."""


class Picture(NamedTuple):
    """What a change makes of some screens, and of the selection where that follows."""

    screens: dict[str, ScreenState]
    selected: Selection | None = None


def step(state: WallState, change: c.Change, site: Site, claim: Claim = AT_THE_WALL) -> WallState:
    """The state after somebody's change, the same value if that changes nothing; CommandError if it
    can't be done, or not by them."""
    check_order(state, change, claim.holder)
    match change:
        case c.Back():
            new = gone_back(state, claim)
        case c.Release(number):
            new = _release(state, number, claim)
        case _ if type(change) in _STEERED:
            new = _STEERED[type(change)](state, change, site, claim)
        case _ if type(change) in _PICTURES:
            new = _pictured(state, change, site, claim)
        case _:
            new = SETTINGS[type(change)](state, change, site)
    if new.selected != state.selected or new.screens != state.screens:
        new = replace(new, selected=visible(new, site))
    new = shrunk(alarm_queue.settled(new, site, claim.now_ns))
    new = timed(new, claim.now_ns)
    if not isinstance(change, c.RaiseAlarm):  # what is locked it never covers
        check_locked(state, new, claim.holder)
    new = replace(new, past=_noting(new.past, change), zoomed=_still_there(new))
    return state if new == state else replace(new, revision=state.revision + 1)


def _noting(past: tuple[Past, ...], change: c.Change) -> tuple[Past, ...]:
    """The way back, with what was asked for if this change has lengthened it."""
    if not past or past[-1].change is not None:
        return past
    return (*past[:-1], replace(past[-1], change=change))


def passed(
    state: WallState,
    now_ns: int,
    site: Site,
    dead: Container[str] = (),
    due: ScheduleEntry | None = None,
) -> WallState:
    """The state after time has passed: leases and alarms end, the schedule has its turn, tours
    turn. The same value if nothing does.

    ``dead`` are the sources that give no picture now, ``due`` is what the schedule holds.

    Like a lease that begins by itself this leaves the selection where it is, seen or not.
    """
    new = alarm_queue.over(expired(state, now_ns), now_ns)
    new = scheduled(new, due, site)
    new = alarm_queue.settled(new, site, now_ns)
    new = shrunk(turned(new, site, now_ns, dead))
    return state if new is state else replace(new, revision=state.revision + 1)


def _pictured(state: WallState, change: c.Change, site: Site, claim: Claim) -> WallState:
    """The state after somebody's change of the picture, and of the selection where it follows."""
    picture = _PICTURES[type(change)](state, change, site)
    new = claimed(state, picture.screens, claim)
    if isinstance(change, c.GoHome):
        new = home_again(new, state, site, claim)
    if isinstance(change, c.Restore):
        new = unmade(new, state, claim.holder)
    return replace(new, selected=picture.selected or state.selected)


def _release(state: WallState, number: int | None, claim: Claim) -> WallState:
    """The state without a lease; an alarm that was shown by it counts as acknowledged."""
    new = released(state, number, claim.holder)
    left = {lease.number for lease in new.leases}
    return alarm_queue.released(new, {one.number for one in state.leases} - left)


def _set_layout(state: WallState, change: c.SetLayout, site: Site) -> Picture:
    layout = site.layouts[find_name("layout", change.name, site.layouts)]
    name = (
        _leading(state, layout, change.screen, site)
        if layout.is_wide
        else find_screen(state, change.screen)
    )
    screen = state.grounds[name]
    held = state.selected.index if state.selected.screen == name else screen.first
    first = page_start(nearest_source(screen, held), layout.count)
    new = replace(screen, layout=layout.name, first=first, enlarged=None, framed={}, under=None)
    screens = {name: new, **uncovered(state.grounds, {name: new})}
    if layout.is_wide:
        screens |= covered({**state.grounds, **screens}, name, site)
    return Picture(screens)


def _leading(state: WallState, layout: Layout, screen: str | None, site: Site) -> str:
    """The screen whose list fills a wide layout: the named one, else the selected one if the
    layout reaches it."""
    reached = place_on_wall(layout, site.screens)
    name = find_screen(state, screen)
    if name in reached:
        return name
    if screen is None and reached:
        return next(iter(reached))
    where = f"screen {name}" if screen is not None else "any screen"
    raise c.CommandError(
        "not_reached", f"the layout {layout.name} does not reach {where}", tuple(reached)
    )


def _show_preset(state: WallState, change: c.ShowPreset, site: Site) -> Picture:
    meant = find_name("preset", change.name, (p.name for p in site.presets))
    preset = next(p for p in site.presets if p.name == meant)
    given = {one.screen: one for one in preset.screens}
    opening = {
        name: opened(one, state.grounds[name].order)
        for name, one in given.items()
        if one.under is None
    }
    under = {
        name: replace(state.grounds[name], under=one.under)
        for name, one in given.items()
        if one.under is not None
    }
    screens = {**opening, **under}
    return Picture(screens | uncovered(state.grounds, screens), _first_tile(state, opening))


def _show_group(state: WallState, change: c.ShowGroup, site: Site) -> Picture:
    name = find_screen(state, change.screen)
    meant = find_name("group", change.name, (g.name for g in site.groups))
    group = next(g for g in site.groups if g.name == meant)
    layout = choose_square(site.layouts, len(group.sources))
    spare = (None,) * (-len(group.sources) % layout.count)  # no others among them
    given = PresetScreen(name, layout.name, group.sources + spare)
    screens = {name: opened(given, state.grounds[name].order)}
    return Picture(screens | uncovered(state.grounds, screens), _first_tile(state, screens))


def _go_home(state: WallState, _change: c.GoHome, site: Site) -> Picture:
    screens = initial(site).screens
    return Picture(screens, _first_tile(state, screens))


def _first_tile(state: WallState, screens: dict[str, ScreenState]) -> Selection:
    """Tile 1 of the selected screen if it got a new list; else the selection as it is."""
    name = state.selected.screen
    return Selection(name, 0) if name in screens else state.selected


def _show(state: WallState, change: c.Show, site: Site) -> Picture:
    source = find_source(site, change.source)
    place = find_tile(state, change.tile, site)
    screen = state.grounds[place.screen]
    order = put(screen.order, place.index, source.name)
    return Picture({place.screen: replace(screen, order=order)}, place)


def _clear(state: WallState, change: c.Clear, site: Site) -> Picture:
    place = find_tile(state, change.tile, site)
    screen = state.grounds[place.screen]
    order = put(screen.order, place.index, None)
    return Picture({place.screen: replace(screen, order=order, enlarged=None)})


def _swap(state: WallState, change: c.Swap, site: Site) -> Picture:
    a, b = find_tile(state, change.a, site), find_tile(state, change.b, site)
    sources = state.grounds[a.screen].at(a.index), state.grounds[b.screen].at(b.index)
    screens = dict(state.grounds)
    for place, source in ((a, sources[1]), (b, sources[0])):
        screens[place.screen] = _holding(screens[place.screen], place.index, source)
    return Picture(screens)


def _holding(screen: ScreenState, index: int, source: str | None) -> ScreenState:
    """The screen with a source at an index; where it had it before, now stands what it met."""
    order = [*screen.order, *[None] * (index + 1 - len(screen.order))]
    met, order[index] = order[index], source
    for i, name in enumerate(order):
        if name == source and source is not None and i != index:
            order[i] = met
    return replace(screen, order=trimmed(tuple(order)))


def _enlarge(state: WallState, change: c.Enlarge, site: Site) -> Picture:
    place = find_tile(state, change.tile, site)
    if state.screens[place.screen].at(place.index) is None:
        raise c.CommandError("empty_tile", "that tile is empty, there is nothing to enlarge")
    screen = state.grounds[place.screen]
    return Picture({place.screen: replace(screen, enlarged=place.index)}, place)


def _restore(state: WallState, change: c.Restore, site: Site) -> Picture:
    name = leading(state, change.screen, site)
    if state.grounds[name].enlarged is None:
        raise c.CommandError("not_enlarged", f"no tile of screen {name} is enlarged")
    return Picture({name: replace(state.grounds[name], enlarged=None)})


def _page(state: WallState, change: c.Page, site: Site) -> Picture:
    name = leading(state, change.screen, site)
    by = 1 if change.to == "next" else -1
    screen = state.grounds[name]
    turn = _turn_enlarged if screen.enlarged is not None else _turn_page
    new, index = turn(screen, by, site)
    held = state.selected.index - screen.first if state.selected.screen == name else 0
    selected = Selection(name, index + (held if new.enlarged is None else 0))
    return Picture({name: new}, selected if state.selected.screen == name else None)


def _turn_page(screen: ScreenState, by: int, site: Site) -> tuple[ScreenState, int]:
    count = tile_count(screen, site)
    pages = max(1, -(-len(screen.order) // count))
    first = (screen.first // count + by) % pages * count
    return replace(screen, first=first), first


def _turn_enlarged(screen: ScreenState, by: int, site: Site) -> tuple[ScreenState, int]:
    """The next source of the list, large; the page behind it follows."""
    index = screen.enlarged or 0
    for _ in screen.order:
        index = (index + by) % len(screen.order)
        if screen.order[index] is not None:
            break
    first = page_start(index, site.layouts[screen.layout].count)
    return replace(screen, enlarged=index, first=first), index


def _zoomed(state: WallState, change: c.SetZoom, site: Site, claim: Claim) -> WallState:
    place = find_tile(state, change.tile, site)
    source = state.screens[place.screen].at(place.index)
    if source is None:
        raise c.CommandError("empty_tile", "that tile is empty, there is nothing to enlarge")
    if not (1 <= change.factor <= MOST and 0 <= change.x <= 1 and 0 <= change.y <= 1):
        raise c.CommandError(
            "bad_args", f"zoom takes a factor from 1 to {MOST:.0f}, and x and y from 0 to 1"
        )
    if claim.holder is Holder.REMOTE and place in state.locks.tiles:
        raise c.CommandError("locked", "the officer has locked that tile: ask there")
    zoom = within(Zoom(change.factor, change.x, change.y))
    new = Zoomed(place.screen, place.index, source, zoom)
    return replace(state, zoomed=with_zoom(state.zoomed, new))


def _still_there(state: WallState) -> tuple[Zoomed, ...]:
    """What is zoomed without what has left its place; a lease that lies over it ends some day."""
    return tuple(
        one
        for one in state.zoomed
        if one.source
        in (screens[one.screen].at(one.index) for screens in (state.base, state.screens))
    )


def _covered(state: WallState, change: c.Blank | c.Unblank, site: Site, claim: Claim) -> WallState:
    targets = find_targets(state, change, site)
    if isinstance(change, c.Blank):
        return replace(state, blanked=blanked(state.blanked, targets, claim.holder, change.reason))
    return replace(state, blanked=lifted(state.blanked, targets, claim.holder))


_STEERED: dict[type, Callable[[WallState, typing.Any, Site, Claim], WallState]] = {
    c.SteerTour: steered,
    c.RaiseAlarm: alarm_queue.raised,
    c.Acknowledge: alarm_queue.acknowledged,
    c.EndAlarm: alarm_queue.ended_by_its_cause,
    c.SetZoom: _zoomed,
    c.Blank: _covered,
    c.Unblank: _covered,
}
"""What goes by its own rules of who may: leases that begin and end so, and what is no picture."""
_PICTURES: dict[type, Callable[[WallState, typing.Any, Site], Picture]] = {
    c.SetLayout: _set_layout,
    c.ShowPreset: _show_preset,
    c.ShowGroup: _show_group,
    c.GoHome: _go_home,
    c.Show: _show,
    c.Clear: _clear,
    c.Swap: _swap,
    c.Enlarge: _enlarge,
    c.Restore: _restore,
    c.Page: _page,
}
