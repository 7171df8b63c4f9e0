"""The list of alarms: those that nobody has acknowledged, and those that somebody has. Pure."""

from wallctl.model.site.alarm import RaisedAlarm
from wallctl.model.site.site import Site
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.events.non_picture_event import AlarmMarked, AlarmsListed, HelpShown
from wallctl.model.wall.state.alarm_queue import in_order, is_shown
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.state import AcknowledgedAlarm, WallState, tell

MOST_LISTED = 50


def listed(state: WallState) -> tuple[RaisedAlarm | AcknowledgedAlarm, ...]:
    """The alarms of the list: at first those that nobody has acknowledged, as they are told; then
    the others, the latest first."""
    entries: list[RaisedAlarm | AcknowledgedAlarm] = [*in_order(state)]
    entries += reversed(state.acknowledged)
    return tuple(entries[:MOST_LISTED])


def raised_of(one: RaisedAlarm | AcknowledgedAlarm) -> RaisedAlarm:
    """The alarm of an entry."""
    return one.alarm if isinstance(one, AcknowledgedAlarm) else one


def alarm_listed(state: WallState, number: int | None) -> RaisedAlarm:
    """The alarm of a number; without one the alarm that is shown first, else the one that somebody
    has acknowledged last, else the one that is told first. ``CommandError`` if there is none."""
    entries = [raised_of(one) for one in listed(state)]
    if number is not None:
        found = next((one for one in entries if one.number == number), None)
        if found is None:
            known = tuple(str(one.number) for one in entries)
            raise c.CommandError("no_alarm", f"there is no alarm {number} in the list", known)
        return found
    if not entries:
        raise c.CommandError("no_alarm", "there was no alarm")
    shown = (one for one in entries if is_shown(state, one))
    latest = (one.alarm for one in reversed(state.acknowledged))
    return next(shown, None) or next(latest, entries[0])


def marked(state: WallState) -> int:
    """The place in the list of the alarm that is marked, from 0."""
    numbers = [raised_of(one).number for one in listed(state)]
    return numbers.index(state.alarm_list) if state.alarm_list in numbers else 0


def alarm_beside(state: WallState, by: int) -> int | None:
    """The number of the alarm so many places below the one that is marked, as far as there are
    any; ``None`` in an empty list."""
    entries = listed(state)
    at = max(0, min(len(entries) - 1, marked(state) + by))
    return raised_of(entries[at]).number if entries else None


def show_list(state: WallState, change: c.ListAlarms, _site: Site, _claim: Claim) -> WallState:
    """The state with the list of alarms shown in the place of the help, or not."""
    is_shown_now = state.alarm_list is not None
    shown = not is_shown_now if change.shown is None else change.shown
    if shown == is_shown_now:
        return state
    if not shown:
        return without_list(state)
    told = (HelpShown(False),) if state.help_shown else ()
    return tell(state, *told, AlarmsListed(True), alarm_list=0, help_shown=False)


def mark(state: WallState, change: c.MarkAlarm, site: Site, claim: Claim) -> WallState:
    """The state with an alarm of the list marked. ``CommandError`` if the list lacks it."""
    number = alarm_listed(state, change.alarm).number
    if number == state.alarm_list:
        return state
    return tell(
        show_list(state, c.ListAlarms(True), site, claim), AlarmMarked(number), alarm_list=number
    )


def without_list(state: WallState) -> WallState:
    """The state without the list."""
    return state if state.alarm_list is None else tell(state, AlarmsListed(False), alarm_list=None)
