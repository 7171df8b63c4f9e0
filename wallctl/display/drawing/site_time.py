"""The clock of the site for what is drawn: the time zone may change while the wall runs."""

import datetime

from wallctl.storage.local_time import local_time, zone

SECOND_NS = 1_000_000_000


class SiteTime:
    """Shared by all who draw on a screen; ``timezone`` is set when the site says another one."""

    def __init__(self, timezone: str | None = None) -> None:
        self.timezone = timezone
        self._zone = zone(timezone)

    def has_moved(self) -> bool:
        """Whether the time zone is another than at the last question."""
        before, self._zone = self._zone, zone(self.timezone)
        return self._zone is not before

    def at(self, unix_s: float) -> datetime.datetime:
        """What a clock at the site shows."""
        return local_time(unix_s, self.timezone)

    def time_of_day(self, unix_ns: int) -> str:
        """The same as people at the wall read it: 14:05:09."""
        return f"{self.at(unix_ns // SECOND_NS):%H:%M:%S}"
