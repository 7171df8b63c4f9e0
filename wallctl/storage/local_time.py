"""The time of day at a site: one clock for everything that people read.

The time zone is the site's own, else the machine's. The machine's is read each time, so that a
running wall follows ``timedatectl set-timezone``.
"""

import datetime
import functools
import os
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

MACHINE = Path("/etc/localtime")
"""Where a Linux machine keeps its time zone."""


class MachineZone:
    """The machine's time zone, as its file says now."""

    def __init__(self, file: Path = MACHINE, environ: Mapping[str, str] = os.environ) -> None:
        self._file = file
        self._environ = environ
        self._last: datetime.tzinfo = datetime.UTC

    def now(self) -> datetime.tzinfo | None:
        """The zone; ``None`` where the variable TZ names one, which the C library knows.

        A file that is being replaced counts as it was; one that never was there is UTC.
        """
        told = self._environ.get("TZ")
        if told is not None and not told.startswith((":/", "/")):
            return None
        file = self._file if told is None else Path(told.removeprefix(":"))
        try:
            found = file.stat()
            self._last = _read(file, found.st_dev, found.st_ino, found.st_mtime_ns)
        except (OSError, ValueError):
            pass  # the zone of before holds until there is another
        return self._last


@functools.lru_cache(maxsize=4)
def _read(file: Path, _device: int, _inode: int, _changed_ns: int) -> datetime.tzinfo:
    with file.open("rb") as content:
        return zoneinfo.ZoneInfo.from_file(content)


_machine = MachineZone()


def zone(timezone: str | None) -> datetime.tzinfo | None:
    """The time zone of a site; ``None`` where the C library knows it."""
    return _machine.now() if timezone is None else zoneinfo.ZoneInfo(timezone)


def local_time(unix_s: float, timezone: str | None) -> datetime.datetime:
    """What a clock on the wall of the site shows at a time; ``timezone`` as a site names it."""
    return datetime.datetime.fromtimestamp(unix_s, datetime.UTC).astimezone(zone(timezone))
