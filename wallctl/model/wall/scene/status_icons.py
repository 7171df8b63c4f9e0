"""The small marks beside the clock, which show parts of the wall's state on every screen. Pure."""

import enum
from collections.abc import Callable

from wallctl.model.wall.state.alarm_queue import is_shown
from wallctl.model.wall.state.state import WallState


class Mark(enum.Enum):
    """Something that holds until somebody ends it, and that is easily forgotten."""

    LOCKED = "locked"
    """The wall is locked against those who are not at it."""
    TOUR = "tour"
    """A tour turns pages."""
    TOUR_PAUSED = "tour_paused"
    """A tour stands still."""
    ALARM = "alarm"
    """An alarm waits, for another or since the officer holds the screens; he put it aside; or it is
    over, and nobody has acknowledged it."""


_HOLDS: dict[Mark, Callable[[WallState], bool]] = {
    Mark.LOCKED: lambda state: state.locks.wall,
    Mark.TOUR: lambda state: any(tour.goes_on for tour in state.tours),
    Mark.TOUR_PAUSED: lambda state: any(not tour.goes_on for tour in state.tours),
    Mark.ALARM: lambda state: any(not is_shown(state, one) for one in state.alarms),
}


def marks(state: WallState) -> tuple[Mark, ...]:
    """Those that hold, in the order in which they stand."""
    return tuple(mark for mark, holds in _HOLDS.items() if holds(state))
