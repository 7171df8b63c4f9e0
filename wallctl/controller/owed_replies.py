"""The replies that are owed for changes which are on their way to the screens."""

from collections.abc import Callable, Iterable

import msgspec

from wallctl.api.doorkeeper_messages import Ticket
from wallctl.api.protocol import SUPERSEDED, Reply
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.command import Change, CommandError
from wallctl.model.wall.state.lease import Claim
from wallctl.model.wall.state.reducer import step
from wallctl.model.wall.state.state import WallState

MOST_CARRIED = 16
"""How many replies wait for one picture; older ones are answered without it."""


class OwedReply(msgspec.Struct, frozen=True):
    """Who waits for which change to be seen."""

    ticket: Ticket
    command: Change
    claim: Claim
    revision: int


class OwedReplies:
    """Who waits, by the version of the scene that they wait for."""

    def __init__(self, reply: Callable[[Ticket, Reply], object]) -> None:
        self._reply = reply
        self._by_version: dict[int, tuple[OwedReply, ...]] = {}

    def owe(self, version: int, *waiting: OwedReply) -> None:
        """A version is on its way that these wait for."""
        if waiting:
            self._by_version[version] = waiting

    def carried(self, version: int, state: WallState, site: Site) -> tuple[OwedReply, ...]:
        """A newer change has overtaken a version: those whose change still stands. The others are
        answered."""
        waiting = self._by_version.pop(version, ())
        newest = waiting[-MOST_CARRIED:]
        standing = tuple(one for one in newest if _stands(one, state, site))
        for one in waiting:
            if one not in standing:
                self._reply(one.ticket, SUPERSEDED)
        return standing

    def shown(self, version: int) -> tuple[OwedReply, ...]:
        """Those whose change is seen now."""
        return self._by_version.pop(version, ())

    def give_up(self) -> Iterable[Ticket]:
        """All who wait, for the last time."""
        tickets = [one.ticket for waiting in self._by_version.values() for one in waiting]
        self._by_version.clear()
        return tickets


def _stands(one: OwedReply, state: WallState, site: Site) -> bool:
    """Whether a change is whole in a later state: to ask for it again would change nothing."""
    try:
        return step(state, one.command, site, one.claim).state is state
    except CommandError:
        return False
