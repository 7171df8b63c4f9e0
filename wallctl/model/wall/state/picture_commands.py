"""What each change of the picture makes of the screens, and the way back. Pure.

Who may ask for it, ``authorize`` and ``lease_rules`` decide.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from wallctl.model.site.layout import Layout, choose_square
from wallctl.model.site.layout_placement import place_on_wall
from wallctl.model.site.site import PresetScreen, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state import alarm_queue
from wallctl.model.wall.state.alarm_list import alarm_listed, without_list
from wallctl.model.wall.state.command_row import Reduce
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lease_rules import claimed, gone_back, released, unmade
from wallctl.model.wall.state.lookup import (
    find_name,
    find_screen,
    find_source,
    find_tile,
    leading,
)
from wallctl.model.wall.state.schedule import home_again
from wallctl.model.wall.state.screen_state import (
    ScreenState,
    Selection,
    covered,
    filled_up,
    nearest_source,
    opened,
    page_start,
    put,
    tile_count,
    trimmed,
    uncovered,
)
from wallctl.model.wall.state.state import WallState, initial


class Picture(NamedTuple):
    """What a change makes of some screens, and of the selection where that follows."""

    screens: dict[str, ScreenState]
    told: e.Event
    """What has happened, if that changes any of them."""
    selected: Selection | None = None


C = TypeVar("C", bound=c.Change)


def pictured(picture: Callable[[WallState, C, Site], Picture]) -> Reduce[C]:
    """What a change makes of the state that is known by its picture."""

    def reduce(state: WallState, change: C, site: Site, claim: Claim) -> WallState:
        return _claimed(state, picture(state, change, site), claim)

    return reduce


def _claimed(state: WallState, picture: Picture, claim: Claim) -> WallState:
    """The state with somebody's picture, and with the selection where it follows."""
    new = claimed(state, picture.screens, claim, picture.told)
    selected = picture.selected or state.selected
    return new if selected == new.selected else replace(new, selected=selected)


def go_back(state: WallState, _change: c.Back, _site: Site, claim: Claim) -> WallState:
    """The state before the latest change that a person made."""
    return gone_back(state, claim)


def release(state: WallState, change: c.Release, _site: Site, claim: Claim) -> WallState:
    """The state without a lease; an alarm that was shown by it is over."""
    new = released(state, change.lease, claim.role)
    left = {lease.number for lease in new.leases}
    return alarm_queue.released(new, {one.number for one in state.leases} - left)


def set_layout(state: WallState, change: c.SetLayout, site: Site) -> Picture:
    """A layout on one screen, or a wide one on all that it reaches."""
    layout = site.layouts[find_name("layout", change.name, site.layouts)]
    name = (
        _leading(state, layout, change.screen, site)
        if layout.is_wide
        else find_screen(state, change.screen)
    )
    screen = state.grounds[name]
    held = state.selected.index if state.selected.screen == name else screen.first
    first = page_start(nearest_source(screen, held), layout.count)
    page = range(first, first + layout.count)
    before = range(screen.first, screen.first + site.layouts[screen.layout].count)
    names = [one.name for one in sorted(site.sources, key=lambda one: one.number)]
    order = filled_up(screen, page, before, names)
    new = ScreenState(layout.name, order, first)
    screens = {name: new, **uncovered(state.grounds, {name: new})}
    if layout.is_wide:
        screens |= covered({**state.grounds, **screens}, name, site)
    return Picture(screens, e.LayoutShown(name, layout.name))


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


def show_preset(state: WallState, change: c.ShowPreset, site: Site) -> Picture:
    """The screens of a preset."""
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
    told = e.PresetShown(meant, tuple(screens))
    return Picture(screens | uncovered(state.grounds, screens), told, _first_tile(state, opening))


def show_group(state: WallState, change: c.ShowGroup, site: Site) -> Picture:
    """The sources of a group, in the smallest square that holds them."""
    name = find_screen(state, change.screen)
    meant = find_name("group", change.name, (g.name for g in site.groups))
    group = next(g for g in site.groups if g.name == meant)
    layout = choose_square(site.layouts, len(group.sources))
    spare = (None,) * (-len(group.sources) % layout.count)  # no others among them
    given = PresetScreen(name, layout.name, group.sources + spare)
    screens = {name: opened(given, state.grounds[name].order)}
    told = e.GroupShown(name, meant, layout.name)
    return Picture(screens | uncovered(state.grounds, screens), told, _first_tile(state, screens))


def go_home(state: WallState, _change: c.GoHome, site: Site, claim: Claim) -> WallState:
    """The state with the site's home on every screen."""
    screens = initial(site).screens
    home = Picture(screens, e.HomeShown(), _first_tile(state, screens))
    return home_again(_claimed(state, home, claim), state, site, claim)


def _first_tile(state: WallState, screens: dict[str, ScreenState]) -> Selection:
    """Tile 1 of the selected screen if it got a new list; else the selection as it is."""
    name = state.selected.screen
    return Selection(name, 0) if name in screens else state.selected


def show(state: WallState, change: c.Show, site: Site) -> Picture:
    """A source in a tile."""
    source = find_source(site, change.source)
    place = find_tile(state, change.tile, site)
    screen = state.grounds[place.screen]
    order = put(screen.order, place.index, source.name)
    told = e.SourceShown(place.screen, place.index + 1, source.name)
    return Picture({place.screen: replace(screen, order=order)}, told, place)


def clear(state: WallState, change: c.Clear, site: Site) -> Picture:
    """A tile left empty."""
    place = find_tile(state, change.tile, site)
    screen = state.grounds[place.screen]
    order = put(screen.order, place.index, None)
    told = e.TileCleared(place.screen, place.index + 1)
    return Picture({place.screen: replace(screen, order=order, enlarged=None)}, told)


def swap(state: WallState, change: c.Swap, site: Site) -> Picture:
    """Two tiles that have changed places."""
    a, b = find_tile(state, change.a, site), find_tile(state, change.b, site)
    sources = state.grounds[a.screen].at(a.index), state.grounds[b.screen].at(b.index)
    screens = dict(state.grounds)
    for place, source in ((a, sources[1]), (b, sources[0])):
        screens[place.screen] = _holding(screens[place.screen], place.index, source)
    return Picture(screens, e.TilesSwapped((a.screen, b.screen), (a.index + 1, b.index + 1)))


def _holding(screen: ScreenState, index: int, source: str | None) -> ScreenState:
    """The screen with a source at an index; where it had it before, now stands what it met."""
    order = [*screen.order, *[None] * (index + 1 - len(screen.order))]
    met, order[index] = order[index], source
    for i, name in enumerate(order):
        if name == source and source is not None and i != index:
            order[i] = met
    return replace(screen, order=trimmed(tuple(order)))


def keep_alarm(state: WallState, change: c.KeepAlarm, site: Site, claim: Claim) -> WallState:
    """The state with an alarm's camera where the alarm was shown, as anybody's picture; the alarm
    is acknowledged."""
    one = alarm_listed(state, change.alarm)
    if any(raised.number == one.number for raised in state.alarms):
        state = alarm_queue.acknowledge(state, [one.number], claim)
    source, place = find_source(site, one.alarm.source).name, one.place or one.alarm.at[0]
    screen = state.grounds.get(place.screen)
    if screen is None:
        raise c.CommandError("unknown_screen", f"the site has no screen {place.screen} now")
    index = screen.first + (place.tile or 1) - 1
    if place.tile is None:
        now = alarm_queue.large(screen, source, site)
        index = now.enlarged or 0
    else:
        now = replace(screen, order=put(screen.order, index, source), enlarged=None)
    told = e.SourceShown(place.screen, index + 1, source)
    picture = Picture({place.screen: now}, told, Selection(place.screen, index))
    return without_list(_claimed(state, picture, claim))


def enlarge(state: WallState, change: c.Enlarge, site: Site) -> Picture:
    """A tile that fills its screen."""
    place = find_tile(state, change.tile, site)
    source = state.screens[place.screen].at(place.index)
    if source is None:
        raise c.CommandError("empty_tile", "that tile is empty, there is nothing to enlarge")
    screen = state.grounds[place.screen]
    told = e.Enlarged(place.screen, place.index + 1, source)
    return Picture({place.screen: replace(screen, enlarged=place.index)}, told, place)


def restore(state: WallState, change: c.Restore, site: Site, claim: Claim) -> WallState:
    """The state without an enlarged tile on a screen; if that undoes ``enlarge``, ``back`` knows
    neither."""
    name = leading(state, change.screen, site)
    if state.grounds[name].enlarged is None:
        raise c.CommandError("not_enlarged", f"no tile of screen {name} is enlarged")
    picture = Picture({name: replace(state.grounds[name], enlarged=None)}, e.Restored(name))
    return unmade(_claimed(state, picture, claim), state, claim.role)


def page(state: WallState, change: c.Page, site: Site) -> Picture:
    """Another page of a screen's list."""
    name = leading(state, change.screen, site)
    by = 1 if change.to == "next" else -1
    screen = state.grounds[name]
    turn = _turn_enlarged if screen.enlarged is not None else _turn_page
    new, index = turn(screen, by, site)
    held = state.selected.index - screen.first if state.selected.screen == name else 0
    selected = Selection(name, index + (held if new.enlarged is None else 0))
    told = e.PageTurned(name, new.first + 1)
    return Picture({name: new}, told, selected if state.selected.screen == name else None)


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
