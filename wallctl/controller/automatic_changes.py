"""Changes that nobody asks for: time's, the schedule's, and backups for lost sources."""

from wallctl.controller.backup_sources import BackupSources
from wallctl.controller.node_facts import NodeFacts
from wallctl.controller.requests import Requests
from wallctl.controller.schedule_clock import ScheduleClock
from wallctl.model.streams.failover import Standby
from wallctl.node.setup import Setup


class UnaskedChanges:
    """``backups`` knows who stands in for whom."""

    def __init__(
        self, setup: Setup, requests: Requests, facts: NodeFacts, standby: Standby
    ) -> None:
        self._requests = requests
        self._facts = facts
        self._schedule = ScheduleClock(setup)
        self.backups = BackupSources(setup, standby)

    def go_on(self) -> None:
        """Have those stand in who stood in under the controller before."""
        self._requests.stand_in(self.backups.standby.standing)

    def pass_time(self, now_ns: int) -> None:
        """End what ends by itself, turn tours, begin what the schedule says."""
        due = self._schedule.due(now_ns)
        self._requests.pass_time(now_ns, self._facts.dead(), due)

    def stand_in(self, now_ns: int) -> None:
        """Show backups of sources that are lost, and the sources again once they are back."""
        self.backups.look(self._facts.states, now_ns)
        self._requests.stand_in(self.backups.standby.standing)
        self._requests.refresh(now_ns)
