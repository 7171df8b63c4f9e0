"""The parts of a controller around a fake root, on invented time."""

from pathlib import Path

from msgspec.structs import replace

from tests.support.fakes import MS, FakeClock, FakeRoot
from tests.support.sites import site
from wallctl.decoder.messages import Demand
from wallctl.display.messages import Figures, Pending, Prepare, Presented, Ready, Settled
from wallctl.display.window_placement import Blitter
from wallctl.model.base.geometry import Rect
from wallctl.model.planning.cost_model import TYPICAL, Speeds
from wallctl.model.site.site import Site, StreamKey
from wallctl.model.streams.health import Phase
from wallctl.node.child_kinds import PRESENTER, SNAPSHOT, WORKER, FromChild
from wallctl.node.child_processes import Crew
from wallctl.node.ring_allocation import TapTable
from wallctl.node.scene_change import Switch
from wallctl.node.scene_switcher import Stage, presenter
from wallctl.node.setup import Options, Setup, reserved_bytes, set_up
from wallctl.node.stream_manager import Decoding
from wallctl.shm.arena import HEAP_OFFSET, Arena
from wallctl.shm.ring import Ring, RingPlace, RingWord
from wallctl.shm.stream_status import WORDS, Word, block_offset, clear

RING_ROOM = 1 << 24
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
    """Stage, decoding and crew; what root and the children were told is in ``root``."""

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
        self.setup: Setup = set_up(options, self.clock.now_ns)
        self.arena = Arena.create(HEAP_OFFSET + reserved_bytes(self.setup) + room)
        for index in self.setup.blocks.values():
            clear(self.arena.words(block_offset(index), WORDS))
        self.root = FakeRoot()
        self.kept = 0
        self.crew = Crew(self.root.birth, self.clock.now_ns)
        self.begin(TapTable(), 0)

    def begin(self, taps: TapTable, version: int) -> None:
        """A controller begins; all but the first find the children of the one before."""
        self._let_go()
        self.crew = Crew(self.root.birth, self.clock.now_ns)
        self.decoding = Decoding(self.setup, self.arena, self.crew, taps, self._keep)
        self.stage = Stage(self.setup, self.crew, self.decoding, version)
        self.heard: list[tuple[str, FromChild]] = []
        self.gone: list[str] = []

    def _keep(self) -> None:
        self.kept += 1

    def open(self) -> None:
        """Have all that a wall begins with, until everyone is born."""
        self.decoding.start(self.clock.now_ns)
        self.stage.start()
        self.turn()

    def turn(self, ms: int = 1) -> None:
        """Let time pass, and hear everyone as the controller does."""
        self.clock.now_ns += ms * MS
        now_ns = self.clock.now_ns
        self.root.serve()
        for name, born in self.crew.hear_root(now_ns):
            kind, _, of = name.partition(":")
            if born and kind == WORKER:
                self.decoding.born(name, now_ns)
            elif born and kind == PRESENTER:
                self.stage.born(of, now_ns)
            elif not born and kind == SNAPSHOT:
                self.gone.append(name)
        for name in list(self.crew.members):
            for message, fds in self.crew.hear(name, now_ns):
                self.hear(name, message, fds)
        self.root.serve()

    def hear(self, name: str, message: FromChild, fds: list[int]) -> None:
        """What a child says goes where the controller has it go."""
        del fds
        self.heard.append((name, message))
        match message:
            case Ready() | Presented() | Settled() | Figures():
                self.stage.hear(name.partition(":")[2], message)

    def advance(self) -> list[Switch]:
        """The switches that every screen has presented by now."""
        return list(self.stage.advance(self.clock.now_ns))

    def words(self, key: StreamKey) -> memoryview:
        """The block of a stream."""
        return self.arena.words(block_offset(self.setup.blocks[key]), WORDS)

    def goes_live(self, key: StreamKey, width_px: int = 0, height_px: int = 0) -> None:
        """A worker says that it decodes, and has a picture in each of its rings."""
        words = self.words(key)
        words[Word.PHASE], words[Word.PICTURE_NS] = Phase.LIVE, self.clock.now_ns
        words[Word.WIDTH_PX], words[Word.HEIGHT_PX] = width_px, height_px
        for tap, place in self.decoding.taps.rings.items():
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
        return set(self.decoding.taps.rings.values())

    def close(self) -> None:
        """Let go of all ends."""
        self.root.close()
        self._let_go()

    def _let_go(self) -> None:
        for member in self.crew.members.values():
            member.channel.close()
