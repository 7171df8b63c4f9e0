"""What a node tells of itself: what has happened, and what is other than it was told last."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from wallctl.display.capture.broadcast import Aired
from wallctl.model.planning.shedding_ladder import Load
from wallctl.model.streams.health import TileState
from wallctl.node.message_clock import MessageClock
from wallctl.node.messages import Dying, NodeReport, ScreenSaid


class NodeFacts(msgspec.Struct):
    """How a node fares."""

    load: Load | None = None
    states: dict[str, tuple[TileState, ...]] = {}
    """By source, those of its streams."""
    broadcasts: dict[str, Aired] | None = None
    dying: tuple[Dying, ...] | None = None

    def since(self, before: "NodeFacts") -> NodeReport:
        """A report of what is other than before."""
        return NodeReport(
            load=self.load if self.load != before.load else None,
            states={
                name: states
                for name, states in self.states.items()
                if before.states.get(name) != states
            },
            broadcasts=self.broadcasts if self.broadcasts != before.broadcasts else None,
            dying=self.dying if self.dying != before.dying else None,
        )


class FactReports:
    """Speaks to the wall's side, and knows what that has been told."""

    def __init__(self, send: Callable[[NodeReport], object], clock: MessageClock) -> None:
        """``send`` takes reports in the clock of messages."""
        self._send = send
        self._clock = clock
        self._told = NodeFacts()
        self.watched: frozenset[str] = frozenset()
        """The sources whose states the wall's side wants to know."""

    def begin(self) -> None:
        """Another wall's side listens: it has been told nothing."""
        self._told = NodeFacts()

    def watch(self, sources: frozenset[str]) -> None:
        """Tell of these sources, and of each again if they are others than before."""
        if sources != self.watched:
            self.watched = sources
            self._told.states.clear()

    def tell_facts(self, facts: NodeFacts, differing: frozenset[str] | None) -> None:
        """Report what is other than it was told last, and the screens whose scene would be another
        now."""
        report = facts.since(self._told)
        self._told = facts
        if differing is not None:
            report = replace(report, differing=differing)
        if report != NodeReport():
            self.tell(report)

    def tell(self, report: NodeReport) -> None:
        """Report something, its times in the clock of messages."""
        self._send(
            replace(
                report,
                presented=tuple(map(self._in_utc, report.presented)),
                settled=tuple(map(self._in_utc, report.settled)),
                hands=tuple(
                    replace(one, at_ns=self._clock.to_utc(one.at_ns)) for one in report.hands
                ),
            )
        )

    def _in_utc(self, said: ScreenSaid) -> ScreenSaid:
        return replace(said, at_ns=self._clock.to_utc(said.at_ns))
