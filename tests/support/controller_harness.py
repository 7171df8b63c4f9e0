"""Both sides of a wall around a fake root, on invented time; between them only their messages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tests.support.fakes import MS, FakeClock, FakeRoot
from tests.support.sites import site
from wallctl.controller.scene_changes import SceneChange
from wallctl.controller.screens import Screens
from wallctl.decoder.messages import Demand
from wallctl.display.messages import Pending, Prepare, Presented, Settled
from wallctl.display.window_placement import Blitter
from wallctl.model.base.geometry import Rect
from wallctl.model.planning.cost_model import TYPICAL, Speeds
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.streams.health import Phase
from wallctl.node.child_kinds import FromChild, is_of_node
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.message_clock import MessageClock, in_own
from wallctl.node.messages import NodeReport, SceneOrder
from wallctl.node.node_side import NodeMemory, NodeSide, Surroundings
from wallctl.node.presenters import presenter
from wallctl.node.setup import NodeSetup, Options, reserved_bytes, set_up, wall_setup
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.ring import Ring, RingPlace, RingWord
from wallctl.shm.stream_status import WORDS, Word, block_offset, clear

RING_ROOM = 1 << 24
UTC_AHEAD_NS = 1_700_000_000 * 10**9
"""How far UTC is ahead of the invented time."""
LEFT, RIGHT = presenter("left"), presenter("right")


def small_site(sources: int = 4, screens: int = 2, width_px: int = 384) -> Site:
    """Sources 1..N on 2x2 of the left screen; the screens are small."""
    large = site(sources, screens)
    rects = [Rect(i * width_px, 0, width_px, width_px * 9 // 16) for i in range(screens)]
    return replace(
        large,
        screens=tuple(replace(s, rect=r) for s, r in zip(large.screens, rects, strict=True)),
        home=(replace(large.home[0], layout="2x2"), *large.home[1:]),
    )


class Office:
    """A node, and the screens as the wall's side has them. What root and the children were told is
    in ``root``. Orders and reports are written and read, as between two machines."""

    def __init__(
        self,
        of: Site | None = None,
        *,
        headless: bool = True,
        room: int = RING_ROOM,
        speeds: Speeds = TYPICAL,
        blitter: Blitter = Blitter.AUTO,
        file: Path | None = None,
    ) -> None:
        self.clock = FakeClock()
        options = Options(
            *(of or small_site(), "ipc://nowhere", headless, blitter), file=file, speeds=speeds
        )
        self.setup: NodeSetup = set_up(options, self.clock.now_ns)
        self.wall_setup = wall_setup(self.setup)
        self.arena = Arena.create(HEAP_OFFSET + reserved_bytes(self.setup) + room)
        for index in self.setup.blocks.values():
            clear(self.arena.words(block_offset(index), WORDS))
        self.root = FakeRoot()
        self.kept = 0
        self.crew = ChildProcesses(self.root.birth, self.clock.now_ns)
        self.begin(None)

    def begin(self, left: NodeMemory | None) -> None:
        """A controller begins; all but the first find the children of the one before."""
        self._let_go()
        self.crew = ChildProcesses(self.root.birth, self.clock.now_ns)
        self.utc = MessageClock(lambda: self.clock.now_ns + UTC_AHEAD_NS, lambda: self.clock.now_ns)
        self.orders: list[SceneOrder] = []
        """What the node was ordered, in the clock of messages."""
        self._reports: list[bytes] = []
        around = Surroundings(self.arena, self.crew, self._keep, self._report, self.utc)
        self.node = NodeSide(self.setup, around, left)
        self.streams, self.presenters = self.node.streams, self.node.presenters
        self.screens = Screens(self, self.utc, left.number if left else 0)
        self.changes = self.screens.changes
        self.heard: list[tuple[str, FromChild]] = []
        self.hearers: list[Callable[[NodeReport], object]] = [self.screens.hear]
        """Who takes what the node reports."""

    def order(self, order: SceneOrder) -> None:
        """Have the node obey, as if it were far away."""
        written = msgspec.msgpack.encode(order)
        self.orders.append(msgspec.msgpack.decode(written, type=SceneOrder))
        self.node.obey(self.orders[-1], self.clock.now_ns)

    def _report(self, report: NodeReport) -> None:
        self._reports.append(msgspec.msgpack.encode(report))

    def take(self) -> Iterator[NodeReport]:
        """What the node has reported since the last call."""
        written, self._reports = self._reports, []
        return (msgspec.msgpack.decode(one, type=NodeReport) for one in written)

    def take_reports(self) -> list[NodeReport]:
        """The same, in this process's time."""
        return [in_own(one, self.utc, self.clock.now_ns) for one in self.take()]

    def _keep(self) -> None:
        self.kept += 1

    def open(self) -> None:
        """Have all that a wall begins with, until everyone is born."""
        self.node.start(self.clock.now_ns)
        self.turn()

    def turn(self, ms: int = 1) -> None:
        """Let time pass, and hear everyone as the controller does."""
        self.clock.now_ns += ms * MS
        now_ns = self.clock.now_ns
        self.root.serve()
        for name, born in self.crew.hear_root(now_ns):
            if not is_of_node(name):
                continue
            if born:
                self.node.born(name, now_ns)
            else:
                self.node.died(name)
        for name in list(self.crew.members):
            self._hear_child(name)
        while reports := self.take_reports():
            for report in reports:
                self._hear_report(report)
        self.root.serve()

    def _hear_report(self, report: NodeReport) -> None:
        for hear in self.hearers:
            hear(report)

    def _hear_child(self, name: str) -> None:
        for message, fds in self.crew.hear(name, self.clock.now_ns):
            self.heard.append((name, message))
            if is_of_node(name):
                self.node.hear(name, message, fds, self.clock.now_ns)

    def advance(self) -> list[SceneChange]:
        """The switches that every screen has presented by now."""
        self.changes.commit(self.clock.now_ns)
        return list(self.changes.presented(self.clock.now_ns))

    def words(self, key: StreamKey) -> memoryview:
        """The block of a stream."""
        return self.arena.words(block_offset(self.setup.blocks[key]), WORDS)

    def goes_live(self, key: StreamKey, width_px: int = 0, height_px: int = 0) -> None:
        """A worker says that it decodes, and has a picture in each of its rings."""
        words = self.words(key)
        words[Word.PHASE], words[Word.PICTURE_NS] = Phase.LIVE, self.clock.now_ns
        words[Word.WIDTH_PX], words[Word.HEIGHT_PX] = width_px, height_px
        for tap, place in self.streams.taps.rings.items():
            if (tap.source, tap.stream) == key:
                Ring(self.arena, place).words[RingWord.NEWEST] = 1

    def obeys(self, name: str) -> list[Demand]:
        """A worker takes all demands that wait for it; they are returned."""
        demands = [d for d in self.root.told(name) if isinstance(d, Demand)]
        key = tuple(name.partition(":")[2].split("/"))
        if demands:
            self.words((key[0], key[1]))[Word.TAKEN] = demands[-1].serial
        return demands

    def presents(self, name: str, version: int, *pending: Pending) -> None:
        """A presenter has shown a version, and nothing of it is coming any more."""
        at_ns = self.clock.now_ns
        self.root.says(name, Presented(version, at_ns, pending))
        self.root.says(name, Settled(version, at_ns, pending))

    def prepared(self, name: str) -> list[Prepare]:
        """The scenes that a presenter was told since the last look."""
        return [order for order in self.root.told(name) if isinstance(order, Prepare)]

    def rings(self) -> set[RingPlace]:
        """All rings that taps hold now."""
        return set(self.streams.taps.rings.values())

    def close(self) -> None:
        """Let go of all ends."""
        self.root.close()
        self._let_go()

    def _let_go(self) -> None:
        for member in self.crew.members.values():
            member.channel.close()
