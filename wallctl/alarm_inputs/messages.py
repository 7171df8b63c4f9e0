"""What an input asks of the controller, over the channel between the two, and nobody else hears.

Each wish has a number and is repeated under it until it is answered, so a controller that is
started again meanwhile loses none, and none is done twice.
"""

import select
import threading
import time
from collections.abc import Callable

import msgspec

from wallctl.api.protocol import Failed
from wallctl.model.wall.commands.command import EndAlarm, RaiseAlarm
from wallctl.supervisor.channel import Channel

NO_WALL = "no_wall"
REPEAT_NS = 500_000_000
WAIT_NS = 5_000_000_000
"""A controller that was killed is back within a second or two; an alarm waits for it."""
_NOT_NOW = Failed(NO_WALL, "the wall takes no alarm now: try again")


class Wish(msgspec.Struct, frozen=True, tag=True):
    """An input wants this done. Numbers grow, also from one life of an input to the next."""

    number: int
    command: RaiseAlarm | EndAlarm
    by_table: bool = False
    """Whether the site names the alarm for a contact or a channel; else a caller chose it."""


class Answered(msgspec.Struct, frozen=True, tag=True):
    """The wish of this number is done, or why it is not."""

    number: int
    why_not: Failed | None = None


class Wishes:
    """Asks for one thing after the other. May be called from several threads."""

    def __init__(
        self, channel: Channel[Answered], now_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._channel = channel
        self._now_ns = now_ns
        self._number = 0
        self._lock = threading.Lock()
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)

    def ask(self, command: RaiseAlarm | EndAlarm, by_table: bool) -> Failed | None:
        """Have something done; why it was not. After ``WAIT_NS`` that is ``NO_WALL``."""
        until_ns = self._now_ns() + WAIT_NS
        if not self._lock.acquire(timeout=WAIT_NS / 1e9):
            return _NOT_NOW
        try:
            self._number = max(self._number + 1, self._now_ns())
            answer = self._answer(Wish(self._number, command, by_table), until_ns)
        finally:
            self._lock.release()
        return _NOT_NOW if answer is None else answer.why_not

    def _answer(self, wish: Wish, until_ns: int) -> Answered | None:
        """The answer to a wish; ``None`` if none comes in time."""
        while (now_ns := self._now_ns()) < until_ns:
            self._channel.send(wish)
            answer = self._heard(wish.number, min(until_ns, now_ns + REPEAT_NS))
            if answer is not None:
                return answer
        return None

    def _heard(self, number: int, until_ns: int) -> Answered | None:
        while (left_ns := until_ns - self._now_ns()) > 0:
            if not self._poll.poll(-(-left_ns // 1_000_000)):
                return None
            for answer in self._channel.drain():
                if answer.number == number:
                    return answer
        return None
