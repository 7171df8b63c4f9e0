"""How long a caller waits for its answer after wrong logins. Pure.

A caller that guesses gets few guesses; one that knows the login gets its answer at once.
"""

import threading
from collections.abc import Callable

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
MOST_WAITING = 4
"""How many callers of one address may wait; further ones are refused unheard."""
FORGOTTEN_NS = 60_000_000_000
"""After this time without a wrong login an address begins at zero again."""
MOST_ADDRESSES = 256


class WrongLogins:
    """Counts wrong logins by address. Any thread may call it."""

    def __init__(self, now_ns: Callable[[], int], sleep: Callable[[float], object]) -> None:
        self._now_ns = now_ns
        self._sleep = sleep
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, int]] = {}
        """How many in a row, and when the last came."""
        self._waiting: dict[str, int] = {}

    def is_crowded(self, address: str) -> bool:
        """Whether so many callers of an address wait that no login of another one is looked at."""
        return self._waiting.get(address, 0) >= MOST_WAITING

    def wait(self, address: str) -> None:
        """Have a caller that gave a wrong login wait for its answer."""
        with self._lock:
            pause_s = self._counted(address)
            self._waiting[address] = self._waiting.get(address, 0) + 1
        try:
            self._sleep(pause_s)
        finally:
            with self._lock:
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]

    def _counted(self, address: str) -> float:
        now_ns = self._now_ns()
        count, last_ns = self._wrong.pop(address, (0, now_ns))
        count = 1 if now_ns - last_ns > FORGOTTEN_NS else count + 1
        while len(self._wrong) >= MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        self._wrong[address] = (count, now_ns)
        return min(FIRST_PAUSE_S * 2.0 ** min(count - 1, 16), LONGEST_PAUSE_S)
