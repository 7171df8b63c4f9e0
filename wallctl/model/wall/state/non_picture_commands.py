"""Changes of what is no picture, and so has no way back.

These are the selection, the help sheet, locks, what is hidden or seen closer, language, broadcasts,
and the end. Pure; who may ask for them ``authorize`` decides.
"""

from msgspec.structs import replace

from wallctl.model.site.broadcast import is_on
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.events import non_picture_event as e
from wallctl.model.wall.events.event import Event, WallEnding
from wallctl.model.wall.state.alarm_list import without_list
from wallctl.model.wall.state.authorize import check_place
from wallctl.model.wall.state.blanking import blanked, lifted
from wallctl.model.wall.state.command_row import ONE
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lookup import find_name, find_targets, find_tile
from wallctl.model.wall.state.selection import moved
from wallctl.model.wall.state.state import Locks, WallState, tell
from wallctl.model.wall.state.zoom import MOST, Zoom, Zoomed, with_zoom, within


def select(state: WallState, change: c.Select, site: Site, _claim: Claim) -> WallState:
    """The state with another tile selected."""
    return replace(state, selected=find_tile(state, change.tile, site))


def move(state: WallState, change: c.Move, site: Site, _claim: Claim) -> WallState:
    """The state with the selection moved."""
    return replace(state, selected=moved(state, change.to, site))


def show_help(state: WallState, change: c.Help, _site: Site, _claim: Claim) -> WallState:
    """The state with the sheet of keys shown, or not."""
    shown = not state.help_shown if change.shown is None else change.shown
    if shown == state.help_shown:
        return state
    return tell(without_list(state), e.HelpShown(shown), help_shown=shown)


def set_language(state: WallState, change: c.SetLanguage, _site: Site, _claim: Claim) -> WallState:
    """The state of a wall that speaks a language."""
    if change.to is state.language:
        return state
    return tell(state, e.LanguageChanged(change.to), language=change.to)


def set_broadcast(state: WallState, change: c.SetBroadcast, site: Site, _claim: Claim) -> WallState:
    """The state with a broadcast on or off."""
    name = find_name("broadcast", change.name, (b.name for b in site.broadcasts))
    broadcast = next(b for b in site.broadcasts if b.name == name)
    on = not is_on(broadcast, state.broadcasts) if change.on is None else change.on
    if state.broadcasts.get(name) is on:
        return state
    return tell(
        state, e.BroadcastSwitched(name, on), broadcasts={**state.broadcasts, broadcast.name: on}
    )


def end(state: WallState, _change: c.Quit, _site: Site, _claim: Claim) -> WallState:
    """The state of a wall that ends."""
    return state if state.ending else tell(state, WallEnding(), ending=True)


def lock(state: WallState, change: c.Lock, site: Site, _claim: Claim) -> WallState:
    """The state with a tile locked, or the wall."""
    if change.tile is None:
        return _with_locks(state, replace(state.locks, wall=True), e.Locked(None, None))
    at = find_tile(state, change.tile, site)
    locks = replace(state.locks, tiles=state.locks.tiles | {at})
    return _with_locks(state, locks, e.Locked(at.screen, at.index + 1))


def unlock(state: WallState, change: c.Unlock, site: Site, _claim: Claim) -> WallState:
    """The state with a tile unlocked, or all."""
    if change.tile is None:
        return _with_locks(state, Locks(), e.Unlocked(None, None))
    at = find_tile(state, change.tile, site)
    locks = replace(state.locks, tiles=state.locks.tiles - {at})
    return _with_locks(state, locks, e.Unlocked(at.screen, at.index + 1))


def _with_locks(state: WallState, locks: Locks, told: Event) -> WallState:
    return state if locks == state.locks else tell(state, told, locks=locks)


def zoom(state: WallState, change: c.SetZoom, site: Site, claim: Claim) -> WallState:
    """The state with a part of a tile's picture enlarged."""
    place = find_tile(state, change.tile, site)
    source = state.screens[place.screen].at(place.index)
    if source is None:
        raise c.CommandError("empty_tile", "that tile is empty, there is nothing to enlarge")
    if not (1 <= change.factor <= MOST and 0 <= change.x <= 1 and 0 <= change.y <= 1):
        raise c.CommandError(
            "bad_args", f"zoom takes a factor from 1 to {MOST:.0f}, and x and y from 0 to 1"
        )
    check_place(state, place, claim.role)
    seen = within(Zoom(change.factor, change.x, change.y))
    zoomed = with_zoom(state.zoomed, Zoomed(place.screen, place.index, source, seen))
    if zoomed == state.zoomed:
        return state
    told = e.Zoomed(place.screen, place.index + 1, source, seen.factor, seen.x, seen.y)
    return tell(state, told, zoomed=zoomed)


def blank(state: WallState, change: c.Blank, site: Site, claim: Claim) -> WallState:
    """The state with something hidden."""
    targets = find_targets(state, change, site)
    now = blanked(state.blanked, targets, claim.role, change.reason)
    told = (
        e.Blanked(one.target.kind, one.target.name, one.by.label, one.reason)
        for one in now
        if one not in state.blanked
    )
    return state if now == state.blanked else tell(state, *told, blanked=now)


def unblank(state: WallState, change: c.Unblank, site: Site, claim: Claim) -> WallState:
    """The state with something seen again; ``CommandError`` where a higher rank has hidden it."""
    now = lifted(state.blanked, find_targets(state, change, site), claim.role)
    gone = (one.target for one in state.blanked if one not in now)
    told = (e.Unblanked(target.kind, target.name) for target in gone)
    return state if now == state.blanked else tell(state, *told, blanked=now)


def hides_more(state: WallState, change: c.Blank, site: Site) -> bool:
    """Whether a change hides something, or does not even tell another reason why it is hidden.

    A source must be called by its name, letter by letter, or its number: to look for what else
    might be meant takes long.
    """
    source = change.source
    if source and not any(source in (one.name, str(one.number)) for one in site.sources):
        return False
    try:
        targets = find_targets(state, change, site)
    except c.CommandError:
        return False
    known = {one.target: one.reason for one in state.blanked}
    told = [known.get(target) for target in targets]
    return None in told or not change.reason or set(told) == {change.reason}


def count_lifted(state: WallState, change: c.Unblank) -> float:
    """How much lifting counts for, by what it lifts: else all that it lifts could be hidden again
    for nothing."""
    return len(state.screens) if change == c.Unblank() else ONE
