"""Programs that call the wall: their server, and the process that takes their calls."""

from wallctl.api.server import Server
from wallctl.controller.doorkeeper_process import DoorkeeperProcess, DoorStatus
from wallctl.node.child_kinds import DOORKEEPER
from wallctl.node.child_processes import ChildProcesses


class ControlServer:
    """``server`` takes what they ask, and answers."""

    def __init__(self, endpoint: str, crew: ChildProcesses, *, waits: bool) -> None:
        """``waits`` where a controller before this one may not have let go of the endpoint yet.
        Raises ``ControlError`` if it can't be had."""
        self._crew = crew
        self._door = DoorkeeperProcess(crew)
        self.server = Server(endpoint, self._door, waits=waits)

    def start(self) -> None:
        """Take calls."""
        self._door.start()
        if self._door.is_there:
            self.server.begin()

    def born(self) -> None:
        """The doorkeeper runs (again)."""
        self.server.begin()

    def tend(self, now_ns: int) -> None:
        """Make sockets that are gone again, and end a doorkeeper that hangs."""
        self.server.tend(now_ns)
        self._crew.end_silent(DOORKEEPER, now_ns)

    def status(self) -> DoorStatus:
        """How the doorkeeper fares."""
        why, begun = self.server.why_closed, self.server.begun
        return DoorStatus(why is None, "" if why is None else str(why), max(0, begun - 1))
