"""The parts of a controller around a fake root, on invented time; and clients of its server."""

import time
from pathlib import Path
from typing import Any

import msgspec
import zmq
from msgspec.structs import replace

from tests.fakes import MS, FakeClock, FakeRoot
from tests.sites import site
from wallctl.app.crew import PRESENTER, SNAPSHOT, WORKER, Crew, FromChild
from wallctl.app.decoding import Decoding
from wallctl.app.desk import Desk
from wallctl.app.keyboard import Keyboard
from wallctl.app.setup import Options, Setup, reserved_bytes, set_up
from wallctl.app.site_files import SiteFiles
from wallctl.app.snapshots import Snapshots
from wallctl.app.stage import Stage, presenter
from wallctl.app.switch import Switch
from wallctl.app.taps import TapTable
from wallctl.control.protocol import Reply, read_reply, write_request
from wallctl.control.server import Server
from wallctl.frames.arena import HEAP_OFFSET, Arena
from wallctl.frames.ring import Ring, RingPlace, RingWord
from wallctl.frames.stream_block import WORDS, Word, block_offset, clear
from wallctl.model.command import Command
from wallctl.model.cost import TYPICAL, Speeds
from wallctl.model.geometry import Rect
from wallctl.model.health import Phase
from wallctl.model.site import Site, StreamKey
from wallctl.model.state import initial
from wallctl.pool.orders import Demand
from wallctl.present.orders import Figures, Pending, Prepare, Presented, Ready, Settled
from wallctl.present.place import Blitter

RING_ROOM = 1 << 24
LEFT, RIGHT = presenter("left"), presenter("right")
REPLY_WITHIN_MS = 5000


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


class Counter:
    """The office with its desk open: a real server, and clients that ask."""

    def __init__(self, folder: Path, of: Site | None = None, file: Path | None = None) -> None:
        self.office = Office(of, file=file)
        self.server = Server(f"ipc://{folder}/control.sock")
        office = self.office
        self.snapshots = Snapshots(office.setup, office.crew)
        state = initial(office.setup.site)
        self.files = SiteFiles(office.setup.options.file, office.crew)
        self.desk = Desk(office.setup, state, office.stage, self.server, self.snapshots, self.files)
        self.keyboard = Keyboard(office.setup, office.crew, self.desk)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._client = self._context.socket(zmq.DEALER)
        self._client.connect(self.server.endpoint)
        self._events = self._context.socket(zmq.SUB)
        self._events.setsockopt(zmq.SUBSCRIBE, b"")
        self._events.connect(self.server.events_endpoint)
        self._await_subscription()
        self._asked = 0
        office.open()
        self.desk.refresh(office.clock.now_ns)
        self.turn()

    def turn(self, ms: int = 1) -> None:
        """One turn of the controller's loop, all but its ZeroMQ part."""
        self.office.turn(ms)
        for name in self.office.gone:
            self.desk.snapshot_failed(name)
        self.office.gone.clear()
        for switch in self.office.advance():
            self.desk.presented(switch, self.office.clock.now_ns)
        for switch in self.office.stage.settled():
            self.desk.settled(switch)

    def ask(self, command: Command, for_s: float | None = None) -> str:
        """Send a request and have the desk hear it; its id."""
        self._asked += 1
        name = str(self._asked)
        self._client.send(write_request(name, command, for_s))
        before = self.server.statistics().taken
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        while self.server.statistics().taken == before:
            assert time.monotonic() < deadline
            self.server.wait(20)
            self.desk.hear(self.office.clock.now_ns)
        return name

    def reply(self, within_ms: int = REPLY_WITHIN_MS) -> tuple[str | None, Reply] | None:
        """The next reply, or ``None`` if there is none in time."""
        return read_reply(self._client.recv_multipart()) if self._client.poll(within_ms) else None

    def all_present(self, version: int, *pending: Pending) -> None:
        """Every screen that was concerned shows a version, once it may."""
        for name in (LEFT, RIGHT):
            self.office.root.says(name, Ready(version))
        self.turn()
        for name in (LEFT, RIGHT):
            self.office.presents(name, version, *(pending if name == LEFT else ()))
        self.turn()

    def _await_subscription(self) -> None:
        """Until the wall knows of this reader: events before that are lost to it by design."""
        self.server.set_snapshot({})
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        while not self._events.poll(5):
            assert time.monotonic() < deadline, "the subscription never arrived"
            self.server.wait(5)
        self._events.recv_multipart()

    def newcomer(self) -> None:
        """Somebody else begins to read states; those who read already are told them too."""
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        with self._context.socket(zmq.SUB) as other:
            other.setsockopt(zmq.SUBSCRIBE, b"state")
            other.connect(self.server.events_endpoint)
            while not other.poll(5):
                assert time.monotonic() < deadline
                self.server.wait(5)

    def event(self, topic: str) -> dict[str, Any]:
        """The next event of a topic."""
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        while time.monotonic() < deadline:
            self.server.wait(5)
            while self._events.poll(5):
                frames = self._events.recv_multipart()
                if frames[0].decode() == topic:
                    body: dict[str, Any] = msgspec.json.decode(frames[1])
                    return body
        raise AssertionError(f"no event {topic}")

    def close(self) -> None:
        """Close both ends."""
        self._context.destroy(linger=0)
        self.server.close()
        self.office.close()
