"""The clock of the messages between the wall's side and a node, and this machine's own one."""

import time
from collections.abc import Callable

from msgspec.structs import replace

from wallctl.node.messages import UTC, NodeReport, SceneOrder, ScreenSaid

LOOK_NS = 1_000_000_000
"""How long the distance of both clocks is taken for granted: they drift by less than 1 µs then."""
ODD_NS = 1_000_000_000
"""No scene or key belongs to a time so far from now: a clock was set meanwhile."""
LONG_NS = 60_000_000_000
"""No words stand for so long."""


class ForeignClockError(Exception):
    """A message names a clock that this machine does not have."""


class MessageClock:
    """Turns times of this process (``monotonic_ns``) into UTC and back."""

    def __init__(
        self,
        utc_ns: Callable[[], int] = time.time_ns,
        own_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._utc_ns = utc_ns
        self._own_ns = own_ns
        self._ahead_ns = utc_ns() - own_ns()
        self._looked_ns = own_ns()

    def look(self, now_ns: int) -> None:
        """Learn again how far the clocks are apart, once a second."""
        if now_ns - self._looked_ns >= LOOK_NS:
            self._looked_ns = now_ns
            self._ahead_ns = self._utc_ns() - self._own_ns()

    def to_utc(self, own_ns: int) -> int:
        """A time of this process in UTC."""
        return own_ns + self._ahead_ns

    def to_own(self, at_ns: int, clock: str, now_ns: int, within_ns: int = ODD_NS) -> int:
        """A time of a message as one of this process; now, if it is not ``within_ns`` of it.

        Raises ``ForeignClockError`` for a clock that is not UTC.
        """
        if clock != UTC:
            raise ForeignClockError(f"the message names the clock {clock!r}: known is {UTC!r}")
        own_ns = at_ns - self._ahead_ns
        return own_ns if abs(own_ns - now_ns) < within_ns else now_ns


def in_utc(order: SceneOrder, clock: MessageClock) -> SceneOrder:
    """An order whose times are those of this process, in the clock of messages."""
    commit = order.commit
    if commit is not None:
        commit = replace(commit, at_ns=clock.to_utc(commit.at_ns))
    words = tuple(replace(one, until_ns=clock.to_utc(one.until_ns)) for one in order.words)
    return replace(order, commit=commit, words=words)


def in_own(report: NodeReport, clock: MessageClock, now_ns: int) -> NodeReport:
    """A report with its times as those of this process."""

    def own(said: ScreenSaid) -> ScreenSaid:
        return replace(said, at_ns=clock.to_own(said.at_ns, report.clock, now_ns))

    return replace(
        report,
        presented=tuple(map(own, report.presented)),
        settled=tuple(map(own, report.settled)),
        hands=tuple(
            replace(one, at_ns=clock.to_own(one.at_ns, report.clock, now_ns))
            for one in report.hands
        ),
    )
