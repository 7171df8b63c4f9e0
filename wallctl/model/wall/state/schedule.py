"""The schedule 计划: which entry holds at a time, and what its begin and its end do. Pure.

A time is what the clock at the site says, nothing else: whatever became of that clock a second ago
(an hour left out or doubled, a clock set right), the entry of now is the one that it says.
"""

import datetime
from collections.abc import Iterable

from msgspec.structs import replace

from wallctl.model.site.site import Preset, ScheduleEntry, Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import Change, ShowPreset, SteerTour, TourTo
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state.lease import Claim, Lease, highest, numbered
from wallctl.model.wall.state.lease_rules import ended, granted, laid, noted
from wallctl.model.wall.state.screen_state import opened
from wallctl.model.wall.state.state import Scheduled, WallState, tell
from wallctl.model.wall.state.tours import begun_by_schedule, is_hidden, shown_again


def due(entries: Iterable[ScheduleEntry], when: datetime.datetime) -> ScheduleEntry | None:
    """The first entry that holds at a time, which is given in the time zone of the site."""
    minute = when.hour * 60 + when.minute
    return next((one for one in entries if _holds(one, when.weekday(), minute)), None)


def _holds(entry: ScheduleEntry, day: int, minute: int) -> bool:
    if entry.from_min < entry.to_min:
        return day in entry.days and entry.from_min <= minute < entry.to_min
    since_evening = day in entry.days and minute >= entry.from_min
    until_morning = (day - 1) % 7 in entry.days and minute < entry.to_min
    return since_evening or until_morning


def scheduled(state: WallState, entry: ScheduleEntry | None, site: Site) -> WallState:
    """The state in which an entry of the schedule is shown, or none. The same value if it is so.

    What has been begun is not begun again, though people may have ended it meanwhile.
    """
    was = state.scheduled
    if was is not None and was.entry == entry:
        return _as_in_site(state, was, site)
    if was is not None:
        ends = e.ScheduleEnded(was.entry.preset, was.entry.tour)
        state = tell(ended(state, {was.lease}, e.LeaseEnd.ENDED), ends, scheduled=None)
    if entry is None:
        return state
    new = _begun(state, entry, site)
    lease = new.begun if new.begun > state.begun else 0
    told = e.ScheduleBegun(entry.preset, entry.tour, lease)
    return tell(new, told, scheduled=Scheduled(entry, lease))


def begins(entry: ScheduleEntry | e.ScheduleBegun) -> Change:
    """The command that does what the begin of an entry does."""
    if entry.preset is not None:
        return ShowPreset(entry.preset)
    return SteerTour(TourTo.ON, entry.tour)


def home_again(state: WallState, before: WallState, site: Site, claim: Claim) -> WallState:
    """The state after somebody has gone home. If people had taken screens from the schedule, it has
    them again, over the home picture: that is how the wall is at this time of day. If not, home
    takes its place, as any change does; tours that people began wait below home in any case.
    """
    own = _lease_of(before, site)
    taken = own is not None and numbered(before.leases, own.number) != own
    scheduled = [one for one in before.tours if one.holder is Role.SCHEDULE]
    hidden = taken or any(is_hidden(before, one) for one in scheduled)
    if claim.for_ns is not None or not hidden:
        return state
    if own is not None:
        state = laid(state, own, claim.role)
    for running in scheduled:
        state = shown_again(state, running, site, claim)
    returned = tuple(name for name in _screens(state) if name not in _screens(before))
    state = tell(state, e.ScheduleReturned(returned)) if returned else state
    return noted(state, before, claim.role)


def _screens(state: WallState) -> list[str]:
    """The screens that show the schedule's picture."""
    over = ((screen, highest(state.leases, screen)) for screen in state.base)
    return [screen for screen, one in over if one and one.holder is Role.SCHEDULE]


def _begun(state: WallState, entry: ScheduleEntry, site: Site) -> WallState:
    preset, tour = site.preset(entry.preset or ""), site.tour(entry.tour or "")
    if preset is not None:
        return granted(state, _lease(preset, state.begun + 1))
    return state if tour is None else begun_by_schedule(state, tour)


def _as_in_site(state: WallState, was: Scheduled, site: Site) -> WallState:
    """The state with the preset of the schedule as its file gives it now."""
    fresh, old = _lease_of(state, site), numbered(state.leases, was.lease)
    if fresh is None or old is None or replace(fresh, yielded=old.yielded) == old:
        return state
    told = e.LeaseChanged(*fresh.about)
    return granted(tell(state, told), fresh)


def _lease_of(state: WallState, site: Site) -> Lease | None:
    """The lease of a preset that is scheduled, with all its screens, unless somebody ended it."""
    was = state.scheduled
    if was is None or not was.lease:
        return None
    preset = site.preset(was.entry.preset or "")
    return _lease(preset, was.lease) if preset is not None else None


def _lease(preset: Preset, number: int) -> Lease:
    screens = {one.screen: opened(one) for one in preset.screens}
    return Lease(number, Role.SCHEDULE, screens, name=preset.name)
