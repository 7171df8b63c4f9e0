"""The reducer, for tests that look at states: who asks is the officer unless a test says so."""

from collections.abc import Collection, Container

from msgspec.structs import replace

from wallctl.model.site.site import ScheduleEntry, Site
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.commands.command import Change
from wallctl.model.wall.events.event import LeaseEnd
from wallctl.model.wall.state import lease_rules, reducer
from wallctl.model.wall.state import state as states
from wallctl.model.wall.state.lease import Claim, Lease
from wallctl.model.wall.state.reducer import Outcome
from wallctl.model.wall.state.state import WallState

OFFICER = Actor("left", Role.OFFICER, Origin.KEYBOARD)
PROGRAM = Actor("1000:7", Role.REMOTE, Origin.CONTROL)


def by_role(role: Role) -> Actor:
    """Somebody of a role."""
    known = {one.role: one for one in (OFFICER, PROGRAM)}
    return known.get(role, Actor(role.label, role, Origin.WALL))


def claim(
    role: Role = Role.OFFICER, now_ns: int = 0, for_ns: int | None = None, unix_s: int = 0
) -> Claim:
    """Somebody of a role asks."""
    return Claim(by_role(role), now_ns, unix_s, for_ns)


AT_THE_WALL = claim()
"""The officer's change that holds until the next."""


def step(state: WallState, change: Change, site: Site, of: Claim = AT_THE_WALL) -> WallState:
    """The state after a change."""
    return reducer.step(state, change, site, of).state


def done(state: WallState, change: Change, site: Site, of: Claim = AT_THE_WALL) -> Outcome:
    """What comes of a change."""
    return reducer.step(state, change, site, of)


def passed(
    state: WallState,
    now_ns: int,
    site: Site,
    dead: Container[str] = (),
    due: ScheduleEntry | None = None,
) -> WallState:
    """The state after time has passed."""
    return reducer.pass_time(state, now_ns, site, dead, due).state


def ended(state: WallState, numbers: Collection[int]) -> WallState:
    """The state in which leases are over."""
    return _quiet(lease_rules.ended(state, numbers, LeaseEnd.ENDED))


def granted(state: WallState, lease: Lease) -> WallState:
    """The state with a lease."""
    return _quiet(lease_rules.granted(state, lease))


def fitted(state: WallState, site: Site) -> WallState:
    """The state made to fit another site."""
    return _quiet(states.fitted(state, site))


def _quiet(state: WallState) -> WallState:
    """A state as the reducer returns it: without what has led to it."""
    return replace(state, happened=())
