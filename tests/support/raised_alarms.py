"""A wall of two screens with alarms: what is asked of it, and how its alarms fare."""

from tests.support.reducing import claim, passed, step
from tests.support.sites import alarmed
from wallctl.model.site.alarm import Alarm
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.alarm_queue import (
    AlarmState,
    alarm_state,
)
from wallctl.model.wall.state.state import WallState, initial

SECOND = 1_000_000_000
BEGUN = 1_700_000_000
"""The time of day when a test begins."""
SITE = alarmed()
HOME = initial(SITE)


def by(
    holder: Role, state: WallState, change: c.Change, at_s: float = 0, for_s: int | None = None
) -> WallState:
    for_ns = None if for_s is None else for_s * SECOND
    unix_s = BEGUN + round(at_s)
    return step(state, change, SITE, claim(holder, round(at_s * SECOND), for_ns, unix_s))


def officer(state: WallState, change: c.Change, at_s: float = 0) -> WallState:
    return by(Role.OFFICER, state, change, at_s)


def remote(state: WallState, change: c.Change, at_s: float = 0) -> WallState:
    return by(Role.REMOTE, state, change, at_s)


def raised(*alarms: Alarm, state: WallState = HOME, at_s: float = 0) -> WallState:
    for alarm in alarms:
        state = remote(state, c.RaiseAlarm(alarm.name), at_s)
    return state


def at(state: WallState, seconds: float) -> WallState:
    return passed(state, round(seconds * SECOND), SITE)


def fares(state: WallState) -> dict[str, str]:
    """Where each alarm is shown, or why it is not."""
    told = {one.alarm.name: (one, alarm_state(state, one)) for one in state.alarms}
    return {
        name: str(one.place) if now is AlarmState.SHOWN else now.value
        for name, (one, now) in told.items()
    }


def refusal(holder: Role, state: WallState, change: c.Change) -> str | None:
    try:
        by(holder, state, change)
    except c.CommandError as error:
        return error.code
    return None
