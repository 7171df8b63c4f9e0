"""The small marks beside the clock, which show parts of the wall's state on every screen. Pure."""

import enum
from collections.abc import Iterator

import msgspec

from wallctl.model.site.site import Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.alarm_queue import is_shown
from wallctl.model.wall.state.lease import highest
from wallctl.model.wall.state.state import RunningTour, WallState, spoken


class Mark(enum.Enum):
    """Something that holds until somebody ends it, and that is easily forgotten."""

    LOCKED = "locked"
    """The wall is locked against those who are not at it."""
    SCHEDULE = "schedule"
    """The screen shows what the schedule wants."""
    TOUR = "tour"
    """A tour turns pages."""
    TOUR_PAUSED = "tour_paused"
    """A tour stands still."""
    ALARM = "alarm"
    """An alarm waits, for another or since the officer holds the screens; he put it aside; or it is
    over, and nobody has acknowledged it."""


class WallMark(msgspec.Struct, frozen=True):
    """A mark, and what stands behind it."""

    mark: Mark
    text: str = ""
    """How many alarms, the name and page of a tour, or when the schedule's picture ends."""


def marks(state: WallState, site: Site, screen: str) -> tuple[WallMark, ...]:
    """Those that a screen shows, in the order in which they stand."""
    return tuple(_marks(state, site, screen))


def _marks(state: WallState, site: Site, screen: str) -> Iterator[WallMark]:
    if state.locks.wall:
        yield WallMark(Mark.LOCKED)
    seen = highest(state.leases, screen)
    if state.scheduled is not None and seen is not None and seen.holder is Role.SCHEDULE:
        yield WallMark(Mark.SCHEDULE, time_of_day(state.scheduled.entry.to_min))
    for mark, goes_on in ((Mark.TOUR, True), (Mark.TOUR_PAUSED, False)):
        here = (one for one in state.tours if screen in one.screens and one.goes_on is goes_on)
        tour = next(here, None)
        if tour is not None:
            yield WallMark(mark, _tour(tour, state, site))
    waiting = sum(not is_shown(state, one) for one in state.alarms)
    if waiting:
        yield WallMark(Mark.ALARM, str(waiting))


def _tour(running: RunningTour, state: WallState, site: Site) -> str:
    tour = site.tour(running.name)
    if tour is None:
        return running.name
    return f"{tour.title(spoken(state, site))} {running.page + 1}/{len(tour.pages)}"


def time_of_day(minutes: int) -> str:
    """Minutes since midnight as people read them: ``06:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
