"""What a node tells of itself is told once, and in the clock of messages."""

import pytest

from wallctl.model.planning.shedding_ladder import Load
from wallctl.model.streams.health import TileState
from wallctl.node.fact_reports import FactReports, NodeFacts
from wallctl.node.message_clock import MessageClock
from wallctl.node.messages import NodeReport, ScreenSaid

AHEAD_NS = 1000
LOAD = Load(0.5, 0.5, 0.0)


class Told(list[NodeReport]):
    """What the wall's side has been told, and who tells it."""

    def __init__(self) -> None:
        super().__init__()
        self.reports = FactReports(self.append, MessageClock(lambda: AHEAD_NS, lambda: 0))

    def fares(self, differing: frozenset[str] | None = None, **states: TileState) -> None:
        facts = NodeFacts(LOAD, {name: (state,) for name, state in states.items()})
        self.reports.tell_facts(facts, differing)


@pytest.fixture
def told() -> Told:
    return Told()


def test_only_what_is_other_than_before_is_told(told: Told) -> None:
    told.fares(a=TileState.LIVE, b=TileState.LIVE)
    told.fares(a=TileState.LIVE, b=TileState.LIVE)
    told.fares(a=TileState.LIVE, b=TileState.OFFLINE)
    first, then = told
    assert (first.load, set(first.states)) == (LOAD, {"a", "b"})
    assert (then.load, then.states) == (None, {"b": (TileState.OFFLINE,)})


def test_another_wall_s_side_is_told_all(told: Told) -> None:
    told.fares(a=TileState.LIVE)
    told.reports.begin()
    told.fares(a=TileState.LIVE)
    assert told[0] == told[1]


def test_of_other_sources_the_states_are_told_anew(told: Told) -> None:
    told.reports.watch(frozenset({"a"}))
    told.fares(a=TileState.LIVE)
    told.reports.watch(frozenset({"a"}))
    told.fares(a=TileState.LIVE)
    told.reports.watch(frozenset({"a", "b"}))
    told.fares(a=TileState.LIVE, b=TileState.LIVE)
    assert [set(one.states) for one in told] == [{"a"}, {"a", "b"}]


def test_screens_that_would_be_told_otherwise_are_a_report(told: Told) -> None:
    told.fares()
    told.fares(differing=frozenset())
    told.fares(differing=frozenset({"left"}))
    assert [one.differing for one in told[1:]] == [frozenset(), frozenset({"left"})]


def test_times_are_told_in_the_clock_of_messages(told: Told) -> None:
    told.reports.tell(NodeReport(presented=(ScreenSaid("left", 1, 5, ()),)))
    assert [one.at_ns for one in told[0].presented] == [5 + AHEAD_NS]
