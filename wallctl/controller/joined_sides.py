"""The two sides of a wall, put together: both in one process, or one of them with a stand-in.

``run_whole`` is what a wall of one machine does. ``run_wall`` and ``run_node`` run one side each;
the other one is in another process, at the other end of a socket.
"""

import logging
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

from wallctl.controller.crash_handover import WallMemory
from wallctl.controller.loop import Controller
from wallctl.controller.wall_side import WallSide
from wallctl.node.child_kinds import ERRAND, FromChild
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.link import NodeCaller, WallListener
from wallctl.node.message_clock import ForeignClockError, MessageClock
from wallctl.node.messages import NodeReport, SceneOrder
from wallctl.node.node_side import (
    ForeignFormatError,
    NodeMemory,
    NodeSide,
    Surroundings,
)
from wallctl.node.setup import NodeSetup, Setup, wall_setup
from wallctl.shm.arena import Arena
from wallctl.supervisor.child_setup import Birth
from wallctl.supervisor.logs import fact_line

log = logging.getLogger(__name__)


class Memory(msgspec.Struct, frozen=True):
    """What a controller leaves to the next one."""

    wall: WallMemory | None = None
    node: NodeMemory | None = None


def run_whole(setup: NodeSetup, arena: Arena, birth: Birth) -> None:
    """Run a wall of one machine until it ends. Raises ``ControlError`` if its endpoint can't be
    had."""
    crew, left = ChildProcesses(birth, time.monotonic_ns()), _read(birth)
    clock, link = MessageClock(), DirectLink()

    def keep() -> None:
        crew.keep(msgspec.msgpack.encode(Memory(wall.memory(), node.memory())))

    own = wall_setup(setup)
    node = NodeSide(setup, Surroundings(arena, crew, keep, link.tell, clock), left.node)
    wall = WallSide(own, crew, link, left=left.wall, keep=keep, clock=clock)
    link.node = node
    _begin(own, crew, wall.endpoint, is_first=left.wall is None)
    Controller(crew, wall, node).run()


def run_wall(setup: NodeSetup, birth: Birth, path: Path) -> None:
    """Run a wall's side whose node listens at ``path``."""
    crew, left = ChildProcesses(birth, time.monotonic_ns()), _read(birth)
    clock, own = MessageClock(), wall_setup(setup)

    def keep() -> None:
        crew.keep(msgspec.msgpack.encode(Memory(wall=wall.memory())))

    link = NodeCaller(path, keep)
    wall = WallSide(own, crew, link, left=left.wall, keep=keep, clock=clock)
    _begin(own, crew, wall.endpoint, is_first=left.wall is None)
    Controller(crew, wall, FarNode(link), link.fds).run()


def run_node(setup: NodeSetup, arena: Arena, birth: Birth, path: Path) -> None:
    """Run a node that listens at ``path``; it ends when its root does. Raises ``OSError`` if it
    can't listen."""
    crew, left = ChildProcesses(birth, time.monotonic_ns()), _read(birth)
    link = WallListener(path)

    def keep() -> None:
        crew.keep(msgspec.msgpack.encode(Memory(node=node.memory())))

    node = NodeSide(setup, Surroundings(arena, crew, keep, link.tell, MessageClock()), left.node)
    Controller(crew, FarWall(link, node), node, link.fds).run()


def _begin(setup: Setup, crew: ChildProcesses, endpoint: str, *, is_first: bool) -> None:
    """Tell people and the log that a wall begins, or goes on; its errands are done once."""
    site = setup.site
    if is_first:
        sys.stdout.write(f"{site.name}: commands at {endpoint}; Ctrl-C ends the wall\n")
        sys.stdout.flush()
        for name in setup.options.errands:
            crew.start(f"{ERRAND}:{name}", ERRAND, b"")
    told = {"site": site.name, "screens": len(site.screens), "sources": len(site.sources)}
    what = "wall starts" if is_first else "controller goes on"
    log.info("%s", fact_line(what, **told, control=endpoint))


def _read(birth: Birth) -> Memory:
    return msgspec.msgpack.decode(birth.memory, type=Memory) if birth.memory else Memory()


class DirectLink:
    """The way between both sides in one process: a call, and a queue."""

    def __init__(self) -> None:
        self.node: NodeSide | None = None
        self._reports: deque[NodeReport] = deque()

    def order(self, order: SceneOrder) -> None:
        """Have the node obey at once; of a scene it keeps both sides' memory before it acts."""
        if self.node is not None:
            self.node.obey(order, time.monotonic_ns())

    def tell(self, report: NodeReport) -> None:
        """Keep a report until the wall's side takes it."""
        self._reports.append(report)

    def take(self) -> Iterator[NodeReport]:
        """What was reported, one after the other."""
        while self._reports:
            yield self._reports.popleft()


class FarNode:
    """Stands for a node in another process: none of the children here is its own."""

    def __init__(self, link: NodeCaller) -> None:
        self._link = link

    def start(self, now_ns: int) -> None:
        """Call it."""
        self._link.tend(now_ns)

    def greet(self) -> None:
        """It greets by itself when it answers."""

    def born(self, name: str, now_ns: int) -> None:
        """None of its children is born here."""

    def died(self, name: str) -> None:
        """None of its children dies here."""

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """None of its children speaks here."""

    def look_after(self, now_ns: int) -> None:
        """Call it again if it is gone."""
        self._link.tend(now_ns)


class FarWall:
    """Stands for a wall's side in another process: hears its orders, and has the node obey."""

    def __init__(self, link: WallListener, node: NodeSide) -> None:
        self._link = link
        self._node = node
        self._is_over = False

    def start(self, now_ns: int) -> None:
        """It begins by itself."""

    def born(self, name: str) -> None:
        """None of its children is born here."""

    def died(self, name: str, now_ns: int) -> None:
        """None of its children dies here."""

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """None of its children speaks here."""

    def turn(self, now_ns: int) -> None:
        """Obey what it has ordered; greet it if it has just called."""
        if self._link.take_call():
            self._node.greet()
        for order in self._link.take():
            try:
                self._node.obey(order, now_ns)
            except (ForeignClockError, ForeignFormatError) as error:
                self._link.hang_up(error)
                return

    def look_after(self, now_ns: int) -> None:
        """It looks after itself."""

    def due_ns(self, _now_ns: int, /) -> int | None:
        """Nothing of it is due here."""
        return None

    def excuse(self, now_ns: int) -> None:
        """It is not judged here."""

    def hung_up(self, now_ns: int) -> None:
        """A hang-up is for those who read files."""

    def end_soon(self) -> None:
        """Root ends this process."""
        self._is_over = True

    def is_finished(self, _now_ns: int, /) -> bool:
        """Whether the node may end."""
        return self._is_over

    def close(self) -> int:
        """The code to end with."""
        self._link.hang_up(None)
        return 0
