"""Which refusals are told, so that who asks in vain again and again is no flood of events. Pure.

Of each actor one is told at once; what more come within a second are counted, and told together
when it is over. Who is remembered is bounded; all further actors count as one.
"""

from collections.abc import Iterator

import msgspec

from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.commands.command import Command, CommandError
from wallctl.model.wall.events.event import Refused
from wallctl.model.wall.events.event_record import Denied, Who

PAUSE_NS = 1_000_000_000
MOST_ACTORS = 32
OTHERS = Actor("others", Role.REMOTE, Origin.CONTROL)
"""All actors beyond those."""


class _Quiet(msgspec.Struct):
    """An actor of whom nothing more is told just now."""

    until_ns: int
    times: int
    """Refusals that were not told."""
    newest: tuple[Denied, Refused]


class Refusals:
    """Who was refused what within the last second."""

    def __init__(self) -> None:
        self._quiet: dict[Actor, _Quiet] = {}

    def admit(self, actor: Actor, command: Command, error: CommandError, now_ns: int) -> bool:
        """Whether a refusal is told now; if not it is counted."""
        is_known = actor in self._quiet or len(self._quiet) < MOST_ACTORS
        who = actor if is_known else OTHERS
        newest = Denied(Who.of(who), command), Refused(error.code, error.message, 1)
        quiet = self._quiet.get(who)
        if quiet is None:
            self._quiet[who] = _Quiet(now_ns + PAUSE_NS, 0, newest)
            return True
        quiet.times += 1
        quiet.newest = newest
        return False

    def due(self, now_ns: int) -> Iterator[tuple[Denied, Refused]]:
        """What is to be told of those whose second is over: the newest for all of them."""
        for actor, quiet in list(self._quiet.items()):
            if quiet.until_ns > now_ns:
                continue
            if not quiet.times:
                del self._quiet[actor]
                continue
            denied, refused = quiet.newest
            yield denied, msgspec.structs.replace(refused, times=quiet.times)
            quiet.until_ns, quiet.times = now_ns + PAUSE_NS, 0
