"""The controller process: one loop, no locks, nothing that blocks.

It hears root and the child processes, and gives each of the two sides what is its own. In one
machine both sides run in it; a side that runs in another process has a stand-in here. What must
outlive it, root holds, so that the next controller goes on as if nothing had happened.
"""

import itertools
import time
from collections.abc import Callable
from typing import Protocol

from wallctl.node.child_kinds import DOORKEEPER, FromChild, is_of_node
from wallctl.node.child_processes import ChildProcesses
from wallctl.supervisor.poll import waited

REFRESH_NS = 100_000_000
"""The loop looks after itself so often."""
HEARD_PER_TURN = 64
"""Messages of one child in one turn, so that none keeps all others waiting."""
ASLEEP_NS = 1_000_000_000
"""The loop stood still for so long: the whole wall was stopped, or the machine is overloaded."""


class Node(Protocol):
    """The machine's side, or what stands for it; see ``NodeSide``."""

    def start(self, now_ns: int) -> None:
        """Begin."""

    def greet(self) -> None:
        """Tell the other side all that it can't know."""

    def born(self, name: str, now_ns: int) -> None:
        """A child of this side runs (again)."""

    def died(self, name: str) -> None:
        """A child of this side is gone."""

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """A child of this side has said something."""

    def look_after(self, now_ns: int) -> None:
        """See to what changes by itself, ten times a second."""


class Wall(Protocol):
    """The wall's side, or what stands for it; see ``WallSide``."""

    def start(self, now_ns: int, /) -> None:
        """Begin."""

    def born(self, name: str) -> None:
        """A child of this side runs (again)."""

    def died(self, name: str, now_ns: int) -> None:
        """A child of this side is gone."""

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """A child of this side has said something."""

    def turn(self, now_ns: int) -> None:
        """Do what is to be done in each turn of the loop."""

    def look_after(self, now_ns: int) -> None:
        """See to what changes by itself, ten times a second."""

    def due_ns(self, now_ns: int, /) -> int | None:
        """When something is to be done although nobody says anything."""

    def excuse(self, now_ns: int) -> None:
        """Hold no silence so far against anybody: this process was itself asleep."""

    def hung_up(self, now_ns: int) -> None:
        """A hang-up came."""

    def end_soon(self) -> None:
        """Somebody wants the wall to end."""

    def is_finished(self, now_ns: int, /) -> bool:
        """Whether the wall may end."""

    def close(self) -> int:
        """Write and answer what is left; returns the code to end with."""


class Controller:
    """``run`` returns when the wall may end."""

    def __init__(
        self, crew: ChildProcesses, wall: Wall, node: Node, fds: Callable[[], list[int]] = list
    ) -> None:
        """``fds`` are what is to be waited for beside root and the children."""
        self._crew = crew
        self._wall = wall
        self._node = node
        self._fds = fds
        self._refresh_ns = time.monotonic_ns()

    def run(self) -> None:
        """Loop until the wall has ended."""
        now_ns = time.monotonic_ns()
        self._wall.start(now_ns)
        self._node.start(now_ns)
        self._node.greet()
        self._wall.turn(now_ns)
        self._crew.beat()  # at once: one that is killed a moment later has run all the same
        while not self._wall.is_finished(time.monotonic_ns()):
            ready = waited([*self._crew.fds(), *self._fds()], self._timeout_ms())
            self._turn(ready, time.monotonic_ns())
        self._crew.end(self._wall.close())

    def _turn(self, ready: frozenset[int], now_ns: int) -> None:
        self._hear_root(now_ns)
        self._hear_children(ready, now_ns)
        is_due = now_ns - self._refresh_ns >= REFRESH_NS
        if is_due:
            self._excuse(now_ns)
            self._refresh_ns = now_ns
            self._node.look_after(now_ns)  # first: the wall's side hears in this turn what is new
        self._wall.turn(now_ns)
        if is_due:
            self._wall.look_after(now_ns)
            self._crew.beat()

    def _excuse(self, now_ns: int) -> None:
        """Hold no silence against anybody if it was this process that slept."""
        if now_ns - self._refresh_ns > ASLEEP_NS:
            self._crew.excuse(now_ns)
            self._wall.excuse(now_ns)

    def _timeout_ms(self) -> int:
        """Until something is to be done although nobody says anything."""
        now_ns = time.monotonic_ns()
        due_ns = self._refresh_ns + REFRESH_NS
        sooner_ns = self._wall.due_ns(now_ns)
        if sooner_ns is not None:
            due_ns = min(due_ns, sooner_ns)
        return max(0, -(-(due_ns - now_ns) // 1_000_000))

    def _hear_root(self, now_ns: int) -> None:
        for name, born in self._crew.hear_root(now_ns):
            if not born and name != DOORKEEPER:  # what that asked for, nobody could be answered
                self._hear_member(name, now_ns)
            if is_of_node(name):
                self._node.born(name, now_ns) if born else self._node.died(name)
            elif born:
                self._wall.born(name)
            else:
                self._wall.died(name, now_ns)
        if self._crew.ending:
            self._wall.end_soon()
        if self._crew.take_hang_up():
            self._wall.hung_up(now_ns)

    def _hear_children(self, fds: frozenset[int], now_ns: int) -> None:
        for name in self._crew.of(fds):
            if name != DOORKEEPER:  # the wall's side hears it, in its own time
                self._hear_member(name, now_ns, HEARD_PER_TURN)

    def _hear_member(self, name: str, now_ns: int, most: int | None = None) -> None:
        """Hear ``most`` messages of a child, or all: one that is dead says no more."""
        hear = self._node.hear if is_of_node(name) else self._wall.hear
        for message, fds in itertools.islice(self._crew.hear(name, now_ns), most):
            hear(name, message, fds, now_ns)
