"""What is taken from callers beyond the wall's own keys, and what is refused for now. Pure.

Changes, questions and alarms are counted apart: who moves the picture much keeps no question and
no alarm away. The inputs of alarms are counted apart from programs, which anybody can start more
of. An alarm whose caller has used its share up is taken from a reserve, by its priority.

What each command counts for, and which is taken in any case, the table of commands says: a blank
that hides something new is. It counts, so that who blanks much can't lift much.
"""

from wallctl.model.site.site import Site
from wallctl.model.wall.access.fair_shares import Budget, Shares
from wallctl.model.wall.access.rate_limit import Rate, Reserve
from wallctl.model.wall.commands.actor import Actor, Origin
from wallctl.model.wall.commands.command import Change, CommandError, Query
from wallctl.model.wall.state.command_row import NameKind, RateClass, names_in
from wallctl.model.wall.state.command_table import CHANGES, QUERIES
from wallctl.model.wall.state.state import WallState

OF_CHANGES = Budget(all_hz=100, each=Rate(50, 100), saved=400, newcomers=Rate(50, 200))
"""One caller may have 50 a second: more than anybody can look at, and a console that waits for its
receipts never reaches it."""
OF_QUESTIONS = Budget(all_hz=400, each=Rate(200, 400), saved=1600, newcomers=Rate(200, 800))
OF_INPUTS = Budget(all_hz=200, each=Rate(50, 100), saved=2000, newcomers=Rate(1000, 20_000))
"""Nobody can begin more inputs than the site has, so each begins with all that it may have."""
_NAMES = frozenset(f"unknown_{kind.value}" for kind in NameKind if kind is not NameKind.SCREEN)
UNKNOWN_COSTS = 10
"""What a name that nobody knows costs besides: all names are looked through for those near it."""


class Admission:
    """Counts what callers ask for."""

    def __init__(self) -> None:
        self._changes, self._questions = Shares(OF_CHANGES), Shares(OF_QUESTIONS)
        self._alarms, self._inputs = Shares(OF_CHANGES), Shares(OF_INPUTS)
        self._reserve = Reserve()

    def ask(self, caller: Actor, question: Query, now_ns: int) -> None:
        """Count a question. ``CommandError`` if it is one too many."""
        if not self._questions.may(caller, now_ns):
            raise _too_many("questions")
        self._questions.charge(caller, QUERIES[type(question)].cost, now_ns)

    def check(
        self, caller: Actor, change: Change, state: WallState, site: Site, now_ns: int
    ) -> None:
        """Count a change of this state. ``CommandError`` if it is one too many."""
        row, shares = CHANGES[type(change)], self._shares(caller, change)
        may = shares.may(caller, now_ns)
        if row.rate is RateClass.ALARMS:
            if not may and not self._reserve.take(_priority(change, site), now_ns):
                raise _too_many("alarms")
        elif not may and not row.is_spared(state, change, site):
            raise _too_many("changes")
        shares.charge(caller, row.cost(state, change), now_ns)

    def failed(self, caller: Actor, change: Change, why: CommandError, now_ns: int) -> None:
        """Count what it has cost to say why a change can't be made."""
        if why.code in _NAMES:
            self._shares(caller, change).charge(caller, UNKNOWN_COSTS, now_ns)

    def _shares(self, caller: Actor, change: Change) -> Shares:
        if caller.origin is Origin.INPUT:
            return self._inputs
        is_alarm = CHANGES[type(change)].rate is RateClass.ALARMS
        return self._alarms if is_alarm else self._changes


def _priority(change: Change, site: Site) -> int:
    """The priority of the alarm that a change calls by its name, letter by letter: to look for what
    else might be meant takes long. 0, and so nothing of the reserve, if there is none."""
    row = CHANGES[type(change)]
    alarms = (site.alarm(name) for kind, name in names_in(change, row) if kind is NameKind.ALARM)
    return max((one.priority for one in alarms if one is not None), default=0)


def _too_many(what: str) -> CommandError:
    return CommandError("too_many", f"you ask for too many {what} in a short time: ask slower")
