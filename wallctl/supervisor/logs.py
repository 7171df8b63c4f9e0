"""What a wall writes to its log: one line for each record, for people and for programs.

What the levels mean:

* ``ERROR``: something that the wall is for can't be done until a person acts.
* ``WARNING``: something is wrong or lost, and the wall goes on. Look at it the same day.
* ``INFO``: what somebody wants to read next morning: start and end, sources lost and back, commands
  and by whom, alarms, reloads, restarts.

A line goes to stderr, with its time. A journal has times and levels of its own, so there it begins
with the level as systemd reads it (sd-daemon(3)).
"""

import datetime
import json
import logging
import os
import sys
import time
from collections.abc import Callable

from wallctl.model.base.unicode_rules import on_one_line

MOST_A_SECOND = 20
"""Lines of ``INFO`` that one process writes in a second. A program that floods the wall must not
fill a disk; what is left out is counted."""
_SYSLOG = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3}
LocalTime = Callable[[float], datetime.datetime]
_PLAIN = frozenset("-._/:@+")


def fact_line(what: str, **facts: object) -> str:
    """A line of facts: ``source lost source=gate reason=timed_out``. Empty facts are left out."""
    written = (f"{key}={_value(str(one))}" for key, one in facts.items() if one not in ("", None))
    return " ".join((what, *written))


def _value(text: str) -> str:
    """As it is if it is one word, else quoted as in JSON."""
    is_word = bool(text) and all(one.isalnum() or one in _PLAIN for one in text)
    return text if is_word else json.dumps(text, ensure_ascii=False)


class LogLines(logging.Formatter):
    """Records as lines of a log."""

    def __init__(self, local_time: LocalTime, *, journal: bool) -> None:
        super().__init__("%(message)s")
        self._local_time = local_time
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """The line; no text can forge another."""
        line = on_one_line(super().format(record))
        if self._journal:
            return f"<{_SYSLOG.get(record.levelno, 3)}>{line}"
        return f"{self._local_time(record.created):%Y-%m-%d %H:%M:%S%z} {record.levelname} {line}"


class FloodGate(logging.Filter):
    """Lets ``MOST_A_SECOND`` records of ``INFO`` through in a second, and says how many it left
    out."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock_s = clock_s
        self._second = 0
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if record.levelno > logging.INFO:
            return True
        second = int(self._clock_s())
        if second != self._second:
            left_out = self._count - MOST_A_SECOND
            self._second, self._count = second, 0
            if left_out > 0:
                record.msg = f"{record.msg} (and {left_out} more lines in a second before)"
        self._count += 1
        return self._count <= MOST_A_SECOND


def keep_log(local_time: LocalTime) -> None:
    """Have this process, and all that it forks, write a log to stderr; ``local_time`` turns
    a Unix time in seconds into the time of day."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLines(local_time, journal=is_journal(sys.stderr.fileno())))
    handler.addFilter(FloodGate())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("wallctl").setLevel(logging.INFO)


def is_journal(fd: int) -> bool:
    """Whether a descriptor leads to systemd's journal (systemd.exec(5), ``JOURNAL_STREAM``)."""
    try:
        there = os.fstat(fd)
    except OSError:
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"
