"""One machine's side of a wall: it is told scenes, shows them, and answers with facts.

It knows no state, no lease and no tour. It chooses streams, gives them memory, and starts again
what dies.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from wallctl.display.capture.broadcast import Aired
from wallctl.display.messages import (
    Figures,
    Keys,
    NoWindow,
    Pointing,
    Presented,
    Ready,
    Say,
    Settled,
)
from wallctl.model.operator.monitor_state import MonitorState
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.streams.health import TileState
from wallctl.node.alarm_sounds import AlarmSounds
from wallctl.node.broadcasts import Broadcasts
from wallctl.node.child_kinds import (
    BROADCAST,
    PRESENTER,
    SNAPSHOT,
    WORKER,
    FromChild,
    Picture,
    Saved,
    Taken,
    is_of_node,
)
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.fact_reports import FactReports, NodeFacts
from wallctl.node.failed_displays import FailedDisplays
from wallctl.node.load_shedding import LoadShedding, Meter
from wallctl.node.message_clock import LONG_NS, MessageClock
from wallctl.node.messages import (
    FORMAT,
    NodeReport,
    SceneOrder,
    SiteOrder,
    Words,
)
from wallctl.node.presenters import Presenters
from wallctl.node.ring_allocation import TapTable
from wallctl.node.setup import NodeSetup
from wallctl.node.snapshots import Snapshots
from wallctl.node.stream_manager import StreamManager
from wallctl.shm.arena import Arena
from wallctl.supervisor.loop_steps import LoopStep, take_steps


class ForeignFormatError(Exception):
    """A message is of another version than this side reads."""


class Adopted(msgspec.Struct, frozen=True):
    """The site that a node goes by now, if it was given another since its start."""

    site: Site
    blocks: dict[StreamKey, int]


class NodeMemory(msgspec.Struct, frozen=True):
    """What a node leaves to the next one, should its process be killed."""

    number: int = 0
    """Of the newest scene."""
    taps: TapTable = TapTable()
    cpu_of_dead_s: float = 0.0
    adopted: bytes = b""
    """An ``Adopted``, written once for all the times that it is kept; empty before there is one."""


class Surroundings(NamedTuple):
    """What a node has to do with."""

    arena: Arena
    crew: ChildProcesses
    keep: Callable[[], None]
    """Called when what the next one needs has changed, before anyone acts on it."""
    tell: Callable[[NodeReport], object]
    """Takes what the wall's side is to hear, in the clock of messages."""
    clock: MessageClock


class NodeSide:
    """``obey`` takes orders; ``look_after`` is called ten times a second."""

    def __init__(self, setup: NodeSetup, around: Surroundings, left: NodeMemory | None) -> None:
        """``left`` is what the node before this one knew."""
        left, crew = left or NodeMemory(), around.crew
        if left.adopted:
            adopted = msgspec.msgpack.decode(left.adopted, type=Adopted)
            setup.site, setup.blocks = adopted.site, adopted.blocks
        self._setup = setup
        self._crew = crew
        self._keep = around.keep
        self._clock = around.clock
        self._reports = FactReports(around.tell, around.clock)
        tell = self._reports.tell
        self._adopted = left.adopted
        crew.cpu_of_dead_s = left.cpu_of_dead_s
        self.streams = StreamManager(setup, around.arena, crew, left.taps, around.keep)
        self.presenters = Presenters(setup, crew, self.streams, tell, left.number)
        self._windowless = FailedDisplays(self.presenters, tell)
        self._snapshots = Snapshots(setup, crew, self.presenters.tiles, tell)
        self._broadcasts = Broadcasts(setup, crew)
        self._sounds = AlarmSounds(setup, crew)
        self._overload = LoadShedding(Meter(crew.cpu_s))

    def start(self, now_ns: int) -> None:
        """Have cameras called and screens there."""
        self.streams.start(now_ns)
        self.presenters.start()

    def greet(self) -> None:
        """A wall's side begins to speak with this node: tell it all that it can't know."""
        self._reports.begin()
        self._reports.tell(
            NodeReport(
                number=self.presenters.number,
                figures=dict(self.presenters.figures),
                sound=self._sounds.player,
            )
        )

    def obey(self, order: SceneOrder, now_ns: int) -> None:
        """Do what the wall's side has ordered. Raises ``ForeignFormatError`` for a message of
        another version, ``ForeignClockError`` for a clock that nobody here has."""
        if order.format != FORMAT:
            raise ForeignFormatError(f"an order of format {order.format}: read is {FORMAT}")
        if order.site is not None:
            self._go_by(order.site, now_ns)
        if order.attention is not None:
            self.streams.attend(order.attention)
            self._reports.watch(order.attention.watched)
        if order.scene is not None:
            self.presenters.prepare(order.scene, now_ns)
        if order.commit is not None:
            at_ns = self._clock.to_own(order.commit.at_ns, order.clock, now_ns)
            self.presenters.commit(order.commit.number, at_ns, now_ns)
        self._obey_beside(order, now_ns)

    def _obey_beside(self, order: SceneOrder, now_ns: int) -> None:
        """Do what an order says of things beside the scene."""
        if order.notices is not None:
            self.presenters.furnish(order.notices)
        for words in order.words:
            self._say(words, order.clock, now_ns)
        if order.countdown is not None:
            self.presenters.count_down(order.countdown)
        if order.broadcasts is not None:
            self._broadcasts.switch(order.broadcasts)
        if order.sound:
            self._sounds.play(order.sound)
        if order.snapshot is not None:
            self._snapshots.begin(order.snapshot)
        if order.finish:
            self.presenters.finish()  # they count while the costs are looked up
            self._reports.tell(NodeReport(costs=self._crew.costs((os.getppid(), os.getpid()))))

    def _go_by(self, order: SiteOrder, now_ns: int) -> None:
        taken = order.site == self._setup.site or self.streams.adopt(order.site, now_ns)
        if taken:
            self._adopted = msgspec.msgpack.encode(Adopted(self._setup.site, self._setup.blocks))
            self._keep()
        self._reports.tell(NodeReport(site=(order.number, taken)))

    def _say(self, words: Words, clock: str, now_ns: int) -> None:
        until_ns = self._clock.to_own(words.until_ns, clock, now_ns, LONG_NS)
        self.presenters.say(Say(words.text, words.language, until_ns), words.screen)

    def born(self, name: str, now_ns: int) -> None:
        """A child of this side runs (again)."""
        kind, _, of = name.partition(":")
        if kind == WORKER:
            self.streams.born(name, now_ns)
        elif kind == PRESENTER:
            self.presenters.born(of, now_ns)

    def died(self, name: str) -> None:
        """A child of this side is gone."""
        self._keep()  # what it has cost
        kind, _, of = name.partition(":")
        if kind == WORKER:
            self.streams.died(name)
        elif kind == PRESENTER:
            self.presenters.died(of, self._crew.is_dying(name))
            self._windowless.died(of)
        elif kind == SNAPSHOT:
            self._snapshots.died(name)
        elif kind == BROADCAST:
            self._broadcasts.died(name)

    def hear(self, name: str, message: FromChild, fds: list[int], now_ns: int) -> None:
        """A child of this side has said something."""
        screen = name.partition(":")[2]
        match message:
            case Ready() | Presented() | Settled() | Figures():
                if isinstance(message, Figures) and message.monitor.state != MonitorState.ABSENT:
                    self._windowless.shows(screen)
                self.presenters.hear(screen, message, now_ns)
            case Keys() | Pointing():
                self._reports.tell(NodeReport(hands=message.events))
            case NoWindow():
                self._windowless.lacks(screen, message.why)
            case Picture() | Taken() | Saved():
                self._snapshots.hear(name, message, fds)
            case Aired():
                self._broadcasts.hear(name, message)

    def look_after(self, now_ns: int) -> None:
        """See to what changed by itself, ten times a second: each step of ``TENTHS``."""
        take_steps(TENTHS, self, now_ns)

    def _shed(self, now_ns: int) -> None:
        overload, figures = self._overload, list(self.presenters.figures.values())
        overload.look(self.presenters.scene, self.streams.moving, figures, now_ns)
        self.streams.shed(overload.rungs)

    def _call_cameras(self, now_ns: int) -> None:
        self.streams.refresh(now_ns)

    def _keep_scenes(self, now_ns: int) -> None:
        self.presenters.refresh(now_ns)

    def _broadcast(self, now_ns: int) -> None:
        self._broadcasts.refresh(now_ns)

    def _tell_facts(self, now_ns: int) -> None:
        """Report what is other than it was told last."""
        facts = NodeFacts(
            self._overload.load,
            self._states(now_ns),
            self._broadcasts.told(),
            tuple(one for one in self._crew.dying(now_ns) if is_of_node(one.kind)),
        )
        self._reports.tell_facts(facts, self.presenters.find_differing(now_ns))

    def _states(self, now_ns: int) -> dict[str, tuple[TileState, ...]]:
        site = self._setup.site
        watched = (site.source(name) for name in sorted(self._reports.watched))
        return {
            one.name: tuple(self.streams.states(one, now_ns)) for one in watched if one is not None
        }

    def _end_hung(self, now_ns: int) -> None:
        self._snapshots.end_hung(now_ns)
        for name, member in self._crew.members.items():
            if member.kind == PRESENTER:
                self._crew.end_silent(name, now_ns)

    def _look_at_clocks(self, now_ns: int) -> None:
        self._clock.look(now_ns)

    def memory(self) -> NodeMemory:
        """What the next one needs."""
        return NodeMemory(
            self.presenters.number,
            self.streams.taps.table(),
            self._crew.cpu_of_dead_s,
            self._adopted,
        )


TENTHS = (
    LoopStep(NodeSide._look_at_clocks, "times of this turn are told by clocks that were just read"),
    LoopStep(NodeSide._shed, "what is to be decoded follows from what the machine can do"),
    LoopStep(NodeSide._call_cameras, "workers are told once all that decides about them is known"),
    LoopStep(NodeSide._keep_scenes, "a screen that never answers must not hold memory for ever"),
    LoopStep(NodeSide._broadcast, "they read what the screens show"),
    LoopStep(NodeSide._tell_facts, "the wall's side hears how things are after all that was done"),
    LoopStep(NodeSide._end_hung, "last: who has spoken in this turn does not hang"),
)
"""What a node does ten times a second, in this order."""
