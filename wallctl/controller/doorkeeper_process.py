"""The doorkeeper's process, as the server and those who ask how it fares see it."""

import time
from collections.abc import Iterator, Sequence

import msgspec

from wallctl.api.doorkeeper_messages import Ask, FromDoorkeeper, Greet, ToDoorkeeper, Watching
from wallctl.node.child_kinds import DOORKEEPER
from wallctl.node.child_processes import ChildProcesses
from wallctl.supervisor.poll import waited

FINISHED_WITHIN_MS = 300
"""How long the last replies may take to leave."""


class DoorStatus(msgspec.Struct, frozen=True):
    """How it fares, as status tells it."""

    listening: bool
    why: str
    """Why nobody can call."""
    restarts: int


class DoorkeeperProcess:
    """The line to the process that takes callers."""

    def __init__(self, crew: ChildProcesses) -> None:
        self._crew = crew

    def start(self) -> None:
        """Have it run."""
        self._crew.start(DOORKEEPER, DOORKEEPER, b"")

    @property
    def is_there(self) -> bool:
        """Whether it can be spoken to."""
        return DOORKEEPER in self._crew.members

    def send(self, message: ToDoorkeeper, fds: Sequence[int] = ()) -> bool:
        """Send without waiting; ``False`` if it is not there or does not read."""
        return self._crew.send(DOORKEEPER, message, fds)

    def hear(self) -> Iterator[FromDoorkeeper]:
        """What it has said, one after the other; never waits."""
        for message, _ in self._crew.hear(DOORKEEPER, time.monotonic_ns()):
            if isinstance(message, Ask | Greet | Watching):
                yield message

    def finish(self) -> None:
        """Wait until it has ended, for a moment at most."""
        until_ns = time.monotonic_ns() + FINISHED_WITHIN_MS * 1_000_000
        while self.is_there and (left_ms := (until_ns - time.monotonic_ns()) // 1_000_000) > 0:
            waited([self._crew.members[DOORKEEPER].channel.fileno()], left_ms)
            for _ in self.hear():
                pass
