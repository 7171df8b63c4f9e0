"""What the node has said of itself, as its reports have told it until now."""

from wallctl.display.capture.broadcast import Aired
from wallctl.display.messages import Figures
from wallctl.model.planning.shedding_ladder import Load
from wallctl.model.streams.health import TileState, is_dead
from wallctl.node.messages import Costs, Dying, NodeReport


class NodeFacts:
    """The newest of each; ``hear`` alone changes it."""

    def __init__(self) -> None:
        self.figures: dict[str, Figures] = {}
        """By screen."""
        self.states: dict[str, tuple[TileState, ...]] = {}
        """Of the streams of watched sources that are called, by source."""
        self.load = Load(0.0, 0.0, 0.0)
        self.broadcasts: dict[str, Aired] = {}
        self.player = ""
        """The program that plays sounds; empty if there is none."""
        self.dying: tuple[Dying, ...] = ()
        self.costs = Costs()

    def hear(self, report: NodeReport) -> None:
        """Take over what a report tells."""
        self.figures.update(report.figures)
        self.states.update(report.states)
        self.load = self.load if report.load is None else report.load
        self.broadcasts = self.broadcasts if report.broadcasts is None else report.broadcasts
        self.player = self.player if report.sound is None else report.sound
        self.dying = self.dying if report.dying is None else report.dying
        self.costs = self.costs if report.costs is None else report.costs

    def dead(self) -> frozenset[str]:
        """The watched sources that give no picture."""
        return frozenset(name for name, states in self.states.items() if is_dead(list(states)))
