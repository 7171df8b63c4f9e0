"""How often the log says that alarms could not be raised: at once, then once a minute. Pure."""

import threading
from collections.abc import Callable

REPEAT_NS = 60_000_000_000
"""The pause between two lines, so that a device that is set up wrongly can't fill the disk."""


class Refusals:
    """Says a refusal, and counts those that follow within a minute. Any thread may call it."""

    def __init__(self, say: Callable[[str], object], now_ns: Callable[[], int]) -> None:
        self._say = say
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._said_ns: int | None = None
        self._more = 0

    def heard(self, what: str) -> None:
        """Count a refusal; say it if none was said for a minute."""
        with self._lock:
            now_ns = self._now_ns()
            if self._said_ns is not None and now_ns - self._said_ns < REPEAT_NS:
                self._more += 1
                return
            more, self._more, self._said_ns = self._more, 0, now_ns
        self._say(f"{what} (and {more} more in the minute before)" if more else what)
