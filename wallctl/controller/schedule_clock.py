"""The schedule's clock: which entry holds now, asked for once a second.

It asks the clock again each time and remembers no time of day. So a clock that was set, and an hour
that is left out or doubled, are right within a second.
"""

import datetime
from collections.abc import Callable

from wallctl.model.site.site import ScheduleEntry
from wallctl.model.wall.state.schedule import due
from wallctl.node.setup import Setup
from wallctl.storage.local_time import local_time

LOOK_NS = 1_000_000_000


def utc_now() -> datetime.datetime:
    """The machine's clock."""
    return datetime.datetime.now(datetime.UTC)


class ScheduleClock:
    """``clock`` gives aware times of any time zone."""

    def __init__(self, setup: Setup, clock: Callable[[], datetime.datetime] = utc_now) -> None:
        self._setup = setup
        self._clock = clock
        self._look_ns: int | None = None
        self._entry: ScheduleEntry | None = None

    def due(self, now_ns: int) -> ScheduleEntry | None:
        """The entry that holds; ``now_ns`` only says whether a second has passed."""
        if self._look_ns is None or now_ns - self._look_ns >= LOOK_NS:
            self._look_ns = now_ns
            site = self._setup.site
            now = local_time(self._clock().timestamp(), site.timezone)
            self._entry = due(site.schedule, now)
        return self._entry
