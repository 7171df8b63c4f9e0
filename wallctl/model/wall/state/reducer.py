"""The only functions that change what the wall shows: each returns the next state, and what has
happened on the way to it.

``step`` does what somebody asks for, ``pass_time`` what time brings, ``refit`` what another site
brings. They know no pixels and no cameras: whether a source is alive never changes where it stands;
and no command: what each does, and who may ask for it, ``command_table`` says.
"""

from collections.abc import Container

import msgspec
from msgspec.structs import replace

from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.events import event as e
from wallctl.model.wall.events.non_picture_event import Selected, ZoomEnded
from wallctl.model.wall.state import alarm_queue
from wallctl.model.wall.state.authorize import authorize, check_moved
from wallctl.model.wall.state.command_table import CHANGES
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.lease_rules import expired, shrunk
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.readouts import end_due
from wallctl.model.wall.state.schedule import scheduled
from wallctl.model.wall.state.state import Past, WallState, fitted, tell
from wallctl.model.wall.state.tours import timed, turned
from wallctl.model.wall.state.zoom import Zoomed

_SOMEBODY_AT_THE_WALL = Claim(Actor("preview", Role.OFFICER, Origin.WALL), now_ns=0, unix_s=0)


class Outcome(msgspec.Struct, frozen=True):
    """What comes of something. ``events`` are empty just where ``state`` is the same value."""

    state: WallState
    events: tuple[e.Event, ...]


def step(state: WallState, change: c.Change, site: Site, claim: Claim) -> Outcome:
    """What comes of somebody's change; CommandError if it can't be done, or not by them, and
    nothing has happened."""
    row = CHANGES[type(change)]
    authorize(row, state, claim.role)
    new = _selected(state, row.reduce(state, change, site, claim), site)
    new = shrunk(alarm_queue.settled(new, site, claim.now_ns))
    new = _still_zoomed(timed(new, claim.now_ns))
    check_moved(row, state, new, claim.role)
    past = _noting(new.past, change) if row.can_be_undone else new.past
    return _outcome(state, new, past)


def foreseen(state: WallState, change: c.Change, site: Site) -> WallState:
    """The state that a change by somebody at the wall would make, to look at: nothing happens.
    CommandError if it can't be done."""
    return step(state, change, site, _SOMEBODY_AT_THE_WALL).state


def pass_time(
    state: WallState,
    now_ns: int,
    site: Site,
    dead: Container[str] = (),
    due: ScheduleEntry | None = None,
) -> Outcome:
    """What comes of time that has passed: leases and alarms end, the schedule has its turn, tours
    turn.

    ``dead`` are the sources that give no picture now, ``due`` is what the schedule holds.

    Like a lease that begins by itself this leaves the selection where it is, seen or not.
    """
    new = end_due(alarm_queue.over(expired(state, now_ns), now_ns), now_ns)
    new = scheduled(new, due, site)
    new = alarm_queue.settled(new, site, now_ns)
    new = shrunk(turned(new, site, now_ns, dead))
    return Outcome(state, ()) if new is state else _outcome(state, new, new.past)


def refit(state: WallState, site: Site) -> Outcome:
    """What comes of another site."""
    new = replace(fitted(state, site), revision=state.revision + 1)  # it is another in any case
    return _outcome(state, new, new.past)


def _outcome(state: WallState, new: WallState, past: tuple[Past, ...]) -> Outcome:
    """The new state with its way back and without what has happened, and that; the same state if
    nothing is other.

    What the screens show follows from base and leases, which many change: so it is compared here.
    """
    events, before = new.happened, state.screens
    changed = tuple(name for name, now in new.screens.items() if now != before.get(name))
    if changed:
        events = (*events, e.ScreensChanged(changed))
    new = replace(new, past=past, happened=())
    if new == state:
        return Outcome(state, ())
    return Outcome(replace(new, revision=state.revision + 1), events)


def _noting(past: tuple[Past, ...], change: c.Change) -> tuple[Past, ...]:
    """The way back, with what was asked for if this change has lengthened it."""
    if not past or past[-1].change is not None:
        return past
    return (*past[:-1], replace(past[-1], change=change))


def _selected(before: WallState, state: WallState, site: Site) -> WallState:
    """The state in which the selection is on its screen, if it or the screens are other now."""
    is_there = state.selected == before.selected
    if is_there and (_is_untouched(before, state) or state.screens == before.screens):
        return state
    at = visible(state, site)
    if at == before.selected:
        return state if at == state.selected else replace(state, selected=at)
    return tell(state, Selected(at.screen, at.index + 1), selected=at)


def _is_untouched(before: WallState, state: WallState) -> bool:
    """Whether nobody has changed the picture: the same values still stand there."""
    return state.base is before.base and state.leases is before.leases


def _still_zoomed(state: WallState) -> WallState:
    """The state in which nothing is zoomed that has left its place; a lease that lies over it ends
    some day."""
    if not state.zoomed:
        return state
    left = tuple(one for one in state.zoomed if _is_there(one, state))
    gone = (one for one in state.zoomed if one not in left)
    told = (ZoomEnded(one.screen, one.index + 1, one.source) for one in gone)
    return state if left == state.zoomed else tell(state, *told, zoomed=left)


def _is_there(one: Zoomed, state: WallState) -> bool:
    shown = (screens[one.screen].at(one.index) for screens in (state.base, state.screens))
    return one.source in shown
