"""``step(state, change, site, claim) -> state``: with ``passed``, which lets time pass, the only
functions that change what the wall shows.

``step`` either returns the next state or raises CommandError and nothing has happened. It knows no
pixels and no cameras: whether a source is alive never changes where it stands, and no command: what
each does, and who may ask for it, ``command_table`` says.
"""

from collections.abc import Container

from msgspec.structs import replace

from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.state import alarm_queue
from wallctl.model.wall.state.authorize import authorize, check_moved
from wallctl.model.wall.state.command_table import CHANGES
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lease_rules import expired, shrunk
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.schedule import scheduled
from wallctl.model.wall.state.state import Past, WallState
from wallctl.model.wall.state.tours import timed, turned
from wallctl.model.wall.state.view_commands import end_identifying
from wallctl.model.wall.state.zoom import Zoomed

AT_THE_WALL = Claim()
"""The officer's change that holds until the next."""


def step(state: WallState, change: c.Change, site: Site, claim: Claim = AT_THE_WALL) -> WallState:
    """The state after somebody's change, the same value if that changes nothing; CommandError if it
    can't be done, or not by them."""
    row = CHANGES[type(change)]
    authorize(row, state, claim.holder)
    new = row.reduce(state, change, site, claim)
    if new.selected != state.selected or new.screens != state.screens:
        new = replace(new, selected=visible(new, site))
    new = shrunk(alarm_queue.settled(new, site, claim.now_ns))
    new = timed(new, claim.now_ns)
    check_moved(row, state, new, claim.holder)
    past = _noting(new.past, change) if row.can_be_undone else new.past
    new = replace(new, past=past, zoomed=_still_there(new))
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
    new = end_identifying(alarm_queue.over(expired(state, now_ns), now_ns), now_ns)
    new = scheduled(new, due, site)
    new = alarm_queue.settled(new, site, now_ns)
    new = shrunk(turned(new, site, now_ns, dead))
    return state if new is state else replace(new, revision=state.revision + 1)


def _still_there(state: WallState) -> tuple[Zoomed, ...]:
    """What is zoomed without what has left its place; a lease that lies over it ends some day."""
    return tuple(
        one
        for one in state.zoomed
        if one.source
        in (screens[one.screen].at(one.index) for screens in (state.base, state.screens))
    )
