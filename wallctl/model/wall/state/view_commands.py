"""Changes of what is no picture, and so has no way back: the selection, what is told over the
pictures, locks, what is hidden or seen closer, language, broadcasts, and the end. Pure; who may ask
for them ``authorize`` decides.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from wallctl.model.site.broadcast import is_on
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state.authorize import check_place
from wallctl.model.wall.state.blanking import blanked, lifted
from wallctl.model.wall.state.command_row import ONE
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lookup import find_name, find_screen, find_targets, find_tile
from wallctl.model.wall.state.readout import Readout
from wallctl.model.wall.state.selection import moved
from wallctl.model.wall.state.state import Identified, Locks, WallState
from wallctl.model.wall.state.zoom import MOST, Zoom, Zoomed, with_zoom, within

MOST_IDENTIFIED_S = 3600


def select(state: WallState, change: c.Select, site: Site, _claim: Claim) -> WallState:
    """The state with another tile selected."""
    return replace(state, selected=find_tile(state, change.tile, site))


def move(state: WallState, change: c.Move, site: Site, _claim: Claim) -> WallState:
    """The state with the selection moved."""
    return replace(state, selected=moved(state, change.to, site))


def show_help(state: WallState, change: c.Help, _site: Site, _claim: Claim) -> WallState:
    """The state with the sheet of keys shown, or not."""
    return replace(state, help_shown=not state.help_shown if change.shown is None else change.shown)


class Switch(Protocol):
    """A change that shows something, or not; ``None`` changes over."""

    @property
    def shown(self) -> bool | None:
        """Whether it is to be shown."""


def show(readout: Readout) -> Callable[[WallState, Switch, Site, Claim], WallState]:
    """What the command makes of the state that shows a readout, or not."""

    def reduce(state: WallState, change: Switch, _site: Site, _claim: Claim) -> WallState:
        others = state.readouts - {readout}
        is_shown = readout not in state.readouts if change.shown is None else change.shown
        return replace(state, readouts=others | {readout} if is_shown else others)

    return reduce


def set_language(state: WallState, change: c.SetLanguage, _site: Site, _claim: Claim) -> WallState:
    """The state of a wall that speaks a language."""
    return replace(state, language=change.to)


def set_broadcast(state: WallState, change: c.SetBroadcast, site: Site, _claim: Claim) -> WallState:
    """The state with a broadcast on or off."""
    name = find_name("broadcast", change.name, (b.name for b in site.broadcasts))
    broadcast = next(b for b in site.broadcasts if b.name == name)
    on = not is_on(broadcast, state.broadcasts) if change.on is None else change.on
    return replace(state, broadcasts={**state.broadcasts, broadcast.name: on})


def end(state: WallState, _change: c.Quit, _site: Site, _claim: Claim) -> WallState:
    """The state of a wall that ends."""
    return replace(state, ending=True)


def lock(state: WallState, change: c.Lock, site: Site, _claim: Claim) -> WallState:
    """The state with a tile locked, or the wall."""
    if change.tile is None:
        return replace(state, locks=replace(state.locks, wall=True))
    tiles = state.locks.tiles | {find_tile(state, change.tile, site)}
    return replace(state, locks=replace(state.locks, tiles=tiles))


def unlock(state: WallState, change: c.Unlock, site: Site, _claim: Claim) -> WallState:
    """The state with a tile unlocked, or all."""
    if change.tile is None:
        return replace(state, locks=Locks())
    tiles = state.locks.tiles - {find_tile(state, change.tile, site)}
    return replace(state, locks=replace(state.locks, tiles=tiles))


def identify(state: WallState, change: c.Identify, _site: Site, claim: Claim) -> WallState:
    """The state in which screens tell which they are, for some time."""
    if not 0 <= change.seconds <= MOST_IDENTIFIED_S:
        raise c.CommandError("bad_args", f"identify takes 0 to {MOST_IDENTIFIED_S} seconds")
    if not change.seconds:
        return replace(state, identified=None)
    screen = None if change.screen is None else find_screen(state, change.screen)
    until_ns = claim.now_ns + change.seconds * 1_000_000_000
    return replace(state, identified=Identified(screen, until_ns))


def end_identifying(state: WallState, now_ns: int) -> WallState:
    """The state in which no screen tells which it is for longer than was asked for. The same value
    if none does."""
    told = state.identified
    return replace(state, identified=None) if told and told.until_ns <= now_ns else state


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
    check_place(state, place, claim.holder)
    seen = within(Zoom(change.factor, change.x, change.y))
    new = Zoomed(place.screen, place.index, source, seen)
    return replace(state, zoomed=with_zoom(state.zoomed, new))


def blank(state: WallState, change: c.Blank, site: Site, claim: Claim) -> WallState:
    """The state with something hidden."""
    targets = find_targets(state, change, site)
    return replace(state, blanked=blanked(state.blanked, targets, claim.holder, change.reason))


def unblank(state: WallState, change: c.Unblank, site: Site, claim: Claim) -> WallState:
    """The state with something seen again; ``CommandError`` where a higher rank has hidden it."""
    return replace(
        state, blanked=lifted(state.blanked, find_targets(state, change, site), claim.holder)
    )


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
