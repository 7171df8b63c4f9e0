"""The office with its desk open: a real server, and clients that ask."""

import time
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zmq

from tests.support.controller_harness import LEFT, RIGHT, Office
from tests.support.server_harness import Served
from wallctl.api.protocol import Answer, Done, Failed, Reply, read_reply, write_request
from wallctl.controller.background_process_status import SideServiceStatus
from wallctl.controller.operator_input import OperatorInput
from wallctl.controller.requests import Requests
from wallctl.controller.site_watcher import SiteWatcher
from wallctl.display.messages import Figures, Pending, Ready, TileFigures
from wallctl.model.base.histogram import Percentiles
from wallctl.model.site.site import Site
from wallctl.model.streams.health import Reason, TileState
from wallctl.model.wall.commands.command import Command, Query
from wallctl.model.wall.state.state import initial
from wallctl.node.messages import NodeReport

REPLY_WITHIN_MS = 5000


class Counter:
    """The office with its desk open: a real server, and clients that ask."""

    def __init__(self, folder: Path, of: Site | None = None, file: Path | None = None) -> None:
        self.office = Office(of, file=file)
        self.server = Served(f"ipc://{folder}/control.sock")
        office = self.office
        self.setup = office.wall_setup
        state = initial(self.setup.site)
        self.beside = SideServiceStatus()
        self.files = SiteWatcher(self.setup.options.file, office.crew)
        self.requests = Requests(
            self.setup, state, office.screens, self.server, self.files, lambda *_: self.beside
        )
        self.keyboard = OperatorInput(self.setup, office.screens, self.requests)
        self.site_answers: list[tuple[int, bool]] = []
        """Whether the node goes by the sites that it was given."""
        office.hearers.append(self.hear)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._client = self._context.socket(zmq.DEALER)
        self._client.connect(self.server.endpoint)
        self._events = self._context.socket(zmq.SUB)
        self._events.setsockopt(zmq.SUBSCRIBE, b"")
        self._events.connect(self.server.events_endpoint)
        self._await_subscription()
        self._asked = 0
        office.open()
        self.requests.refresh(office.clock.now_ns)
        self.turn()

    def turn(self, ms: int = 1) -> None:
        """One turn of the controller's loop, all but its ZeroMQ part."""
        self.office.turn(ms)
        for switch in self.office.advance():
            self.requests.presented(switch, self.office.clock.now_ns)
        for switch in self.office.changes.settled():
            self.requests.settled(switch)

    def hear(self, report: NodeReport) -> None:
        """What the wall's side makes of a report."""
        now_ns = self.office.clock.now_ns
        if report.site is not None:
            self.site_answers.append(report.site)
        for done in report.snapshots:
            for_the_wall = self.requests.snapshot_done(done)
            if for_the_wall is not None:
                self.keyboard.snapshot_done(for_the_wall, now_ns)

    def refresh(self) -> None:
        """Bring to the screens what changed by itself, as the controller does in a while."""
        now_ns = self.office.clock.now_ns
        self.requests.refresh(now_ns, self.office.presenters.find_differing(now_ns))

    def ask(self, command: Command, for_s: float | None = None) -> str:
        """Send a request and have the desk hear it; its id."""
        self._asked += 1
        name = str(self._asked)
        self._client.send(write_request(name, command, for_s))
        before = self.server.taken
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        while self.server.taken == before:
            assert time.monotonic() < deadline
            self.server.wait(20)
            self.requests.hear(self.office.clock.now_ns)
        self.hand_out()
        return name

    def hand_out(self) -> None:
        """Have those who read events hear them, whatever the screens are doing."""
        self.requests.publication.state(self.requests.state, self.office.clock.now_ns)
        self.requests.events.hand_out()

    def reply(self, within_ms: int = REPLY_WITHIN_MS) -> tuple[str | None, Reply] | None:
        """The next reply, or ``None`` if there is none in time."""
        return read_reply(self._client.recv_multipart()) if self._client.poll(within_ms) else None

    def done(self) -> tuple[str | None, Done]:
        """The next reply, which tells that a request was done, and the id of that request."""
        replied = self.reply()
        assert replied is not None
        name, reply = replied
        assert isinstance(reply, Done)
        return name, reply

    def failure(self) -> Failed:
        """The next reply, which tells that a request failed."""
        replied = self.reply()
        assert replied is not None
        assert isinstance(replied[1], Failed)
        return replied[1]

    def result(self, query: Query) -> dict[str, Any]:
        """Ask, and have the answer."""
        name = self.ask(query)
        replied = self.reply()
        assert replied is not None
        assert replied[0] == name
        assert isinstance(replied[1], Answer)
        return typing.cast(dict[str, Any], replied[1].result)

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
            self.server.turn(5)
        self._events.recv_multipart()

    def newcomer(self) -> None:
        """Somebody else begins to read states; those who read already are told them too."""
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        with self._context.socket(zmq.SUB) as other:
            other.setsockopt(zmq.SUBSCRIBE, b"state")
            other.connect(self.server.events_endpoint)
            while not other.poll(5):
                assert time.monotonic() < deadline
                self.server.turn(5)

    def event(self, topic: str) -> dict[str, Any]:
        """The next event of a topic."""
        self.hand_out()
        deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
        while time.monotonic() < deadline:
            self.server.turn(5)
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


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    counter.all_present(1)
    yield counter
    counter.close()


def figures(*tiles: TileFigures) -> Figures:
    """What a presenter tells each second."""
    return Figures(50.0, 100, 2, 50, 0, 1, tiles)


def tile(
    state: TileState = TileState.LIVE, reason: Reason = Reason.NONE, source: str = "摄像机1"
) -> TileFigures:
    """What it tells of tile 1."""
    return TileFigures(
        tile=1,
        source=source,
        state=state,
        reason=reason,
        stream="sub",
        width_px=640,
        height_px=360,
        source_fps=25.0,
        decoded=60,
        presented=58,
        fps=24.2,
        fps_now=25.0,
        skipped=2,
        latency_ms=Percentiles(9.0, 14.0, 20.0),
        reconnects=1,
    )
