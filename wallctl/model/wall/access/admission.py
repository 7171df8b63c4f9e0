"""What is taken from callers beyond the wall's own keys, and what is refused for now. Pure.

Changes, questions and alarms are counted apart: who moves the picture much keeps no question and
no alarm away. The inputs of alarms are counted apart from programs, which anybody can start more
of. An alarm whose caller has used its share up is taken from a reserve, by its priority.

A blank that hides something new is always taken; it counts, so that who blanks much can't lift
much.
"""

from wallctl.model.site.site import Site
from wallctl.model.wall.access.fair_shares import Budget, Shares
from wallctl.model.wall.access.rate_limit import LEAST, Rate, Reserve
from wallctl.model.wall.commands.caller import Caller, Way
from wallctl.model.wall.commands.command import (
    Blank,
    Change,
    CommandError,
    EndAlarm,
    Query,
    RaiseAlarm,
    Snapshot,
    Status,
    Unblank,
)
from wallctl.model.wall.state.lookup import find_targets
from wallctl.model.wall.state.state import WallState

CHANGES = Budget(all_hz=100, each=Rate(50, 100), saved=400, newcomers=Rate(50, 200))
"""One caller may have 50 a second: more than anybody can look at, and a console that waits for its
receipts never reaches it."""
QUESTIONS = Budget(all_hz=400, each=Rate(200, 400), saved=1600, newcomers=Rate(200, 800))
INPUTS = Budget(all_hz=200, each=Rate(50, 100), saved=2000, newcomers=Rate(1000, 20_000))
"""Nobody can begin more inputs than the site has, so each begins with all that it may have."""
COSTS: dict[type[Query], float] = {Status: 2, Snapshot: 10}
"""Of questions that cost more than one."""
_NAMES = frozenset(
    f"unknown_{kind}"
    for kind in ("alarm", "source", "layout", "preset", "group", "tour", "broadcast")
)
UNKNOWN_COSTS = 10
"""What a name that nobody knows costs besides: all names are looked through for those near it."""


class Admission:
    """Counts what callers ask for."""

    def __init__(self) -> None:
        self._changes, self._questions = Shares(CHANGES), Shares(QUESTIONS)
        self._alarms, self._inputs = Shares(CHANGES), Shares(INPUTS)
        self._reserve = Reserve()

    def ask(self, caller: Caller, question: Query, now_ns: int) -> None:
        """Count a question. ``CommandError`` if it is one too many."""
        if not self._questions.may(caller, now_ns):
            raise _too_many("questions")
        self._questions.charge(caller, COSTS.get(type(question), LEAST), now_ns)

    def check(
        self, caller: Caller, change: Change, state: WallState, site: Site, now_ns: int
    ) -> None:
        """Count a change of this state. ``CommandError`` if it is one too many."""
        shares = self._shares(caller, change)
        may = shares.may(caller, now_ns)
        if isinstance(change, RaiseAlarm | EndAlarm):
            if not may and not self._reserve.take(_priority(change.name, site), now_ns):
                raise _too_many("alarms")
        elif not may and not _is_always_taken(change, state, site):
            raise _too_many("changes")
        # Lifting counts by what it lifts: else all that it lifts could be hidden again for nothing.
        shares.charge(caller, len(state.screens) if change == Unblank() else LEAST, now_ns)

    def failed(self, caller: Caller, change: Change, why: CommandError, now_ns: int) -> None:
        """Count what it has cost to say why a change can't be made."""
        if why.code in _NAMES:
            self._shares(caller, change).charge(caller, UNKNOWN_COSTS, now_ns)

    def _shares(self, caller: Caller, change: Change) -> Shares:
        if caller.way is Way.INPUT:
            return self._inputs
        return self._alarms if isinstance(change, RaiseAlarm | EndAlarm) else self._changes


def _is_always_taken(change: Change, state: WallState, site: Site) -> bool:
    """Whether a change hides something, or does not even tell another reason why it is hidden.

    A source must be called by its name, letter by letter, or its number, as an alarm below.
    """
    if not isinstance(change, Blank):
        return False
    source = change.source
    if source and not any(source in (one.name, str(one.number)) for one in site.sources):
        return False
    try:
        targets = find_targets(state, change, site)
    except CommandError:
        return False
    known = {one.target: one.reason for one in state.blanked}
    told = [known.get(target) for target in targets]
    return None in told or not change.reason or set(told) == {change.reason}


def _priority(name: str, site: Site) -> int:
    """The priority of an alarm that is called by its name, letter by letter: to look for what else
    might be meant takes long. 0, and so nothing of the reserve, if there is none."""
    alarm = site.alarm(name)
    return 0 if alarm is None else alarm.priority


def _too_many(what: str) -> CommandError:
    return CommandError("too_many", f"you ask for too many {what} in a short time: ask slower")
