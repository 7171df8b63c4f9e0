"""Programs that mean harm, at the sockets of a real wall: the doorkeeper may die of it, and the
controller, its memory and the pictures do not notice."""

import contextlib
import os
import resource
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from tests.support.attack_size import size
from tests.support.live_wall import PAUSE, LiveWall, eventually
from tests.support.raw_zmtp import MORE, connected, frame, unspoken
from wallctl.api.endpoint import ControlError
from wallctl.model.base.geometry import Size
from wallctl.model.wall.commands.command import CommandError

GROWN_MAX_BYTES = 20 << 20
BACK_S = 60.0
PATTERNS = ("test:bars", "test:motion")

pytestmark = [pytest.mark.e2e, pytest.mark.attack]


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveWall]:
    """Under the limit of open files that services have."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    folder = tmp_path_factory.mktemp("attacked")
    with LiveWall(PATTERNS, folder, screens=[Size(640, 360)], layout="2x2") as running:
        for pid in (running.process.pid, *running.children()):
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            most = min(hard, 1024)  # decoders have fewer already
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))
        eventually(lambda: running.all_live(len(PATTERNS)), 10, 0.1)
        yield running
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == limit


def own_bytes(pid: int) -> int:
    """The memory that is a process's alone."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024


def but_doorkeeper(wall: LiveWall) -> dict[int, str]:
    return {pid: name for pid, name in wall.children().items() if "doorkeeper" not in name}


@contextlib.contextmanager
def unharmed(wall: LiveWall) -> Iterator[None]:
    """Nothing of the wall but the doorkeeper notices what is done meanwhile."""
    before, (controller,) = but_doorkeeper(wall), wall.pids("controller")
    eventually(lambda: wall.pids("doorkeeper"), 5)
    bytes_before, revision = own_bytes(controller), wall.ask("status")["revision"]
    yield
    assert but_doorkeeper(wall) == before
    told = eventually(lambda: asked(wall), 10)
    assert own_bytes(controller) - bytes_before < GROWN_MAX_BYTES
    assert told["revision"] == revision
    (doorkeeper,) = wall.pids("doorkeeper")
    eventually(lambda: own_bytes(doorkeeper) < 160 << 20, BACK_S)


def asked(wall: LiveWall) -> Any:
    """What status tells; nothing while no wall answers, or while this program has used up its
    share: what attacks is a part of it."""
    try:
        return wall.ask("status")
    except (ControlError, CommandError):
        return None


def parse_stall(wall: LiveWall) -> None:
    body = b'{"args":[' + b",".join([b"{}"] * 21_800) + b"]}"
    with contextlib.suppress(OSError), connected(wall.endpoint) as peer:
        for _ in range(size(64, 640)):
            peer.sendall(frame(body))


def silent_connections(wall: LiveWall) -> None:
    with contextlib.ExitStack() as stay:
        for _ in range(size(1100, 3300)):
            peer = stay.enter_context(socket.socket(socket.AF_UNIX))
            peer.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                peer.connect(wall.endpoint.removeprefix("ipc://"))
        PAUSE.wait(0.5)


def connections_that_stay(wall: LiveWall) -> None:
    with contextlib.ExitStack() as stay:
        with contextlib.suppress(OSError):
            for _ in range(size(150, 1100)):
                stay.enter_context(connected(wall.endpoint))
        PAUSE.wait(0.5)


def long_subscriptions(wall: LiveWall) -> None:
    for _ in range(3):
        with contextlib.suppress(OSError), connected(events(wall), b"SUB") as peer:
            for _ in range(size(50, 150)):
                peer.sendall(frame(b"\1" + os.urandom(60_000)))


def many_subscriptions(wall: LiveWall) -> None:
    with contextlib.suppress(OSError), connected(events(wall), b"SUB") as peer:
        for number in range(size(20_000, 100_000)):
            peer.sendall(b"\x00\x29\x01" + b"%040d" % number)
        PAUSE.wait(0.5)


def parts_without_end(wall: LiveWall) -> None:
    part = frame(bytes(60_000), MORE)
    with contextlib.suppress(OSError), connected(wall.endpoint) as peer:
        for _ in range(8000):
            peer.sendall(part)
        PAUSE.wait(size(0, 2))


def many_parts(wall: LiveWall) -> None:
    part = frame(bytes(60_000), MORE)
    with contextlib.suppress(OSError), connected(wall.endpoint) as peer:
        for _ in range(size(2000, 8000)):
            peer.sendall(part)
        peer.sendall(frame(b"end"))


def no_handshake(wall: LiveWall) -> None:
    for begin in (b"\1\0", b"POST / HTTP/1.1\r\nHost: wall\r\n\r\n", b"\xff" * 10, os.urandom(64)):
        for endpoint in (wall.endpoint, events(wall)):
            with contextlib.suppress(OSError), unspoken(endpoint) as peer:
                peer.sendall(begin + b'\x41\0{"v":1,"id":"x","cmd":"blank"}' + os.urandom(100_000))


def events(wall: LiveWall) -> str:
    return wall.endpoint.replace("control", "events")


ATTACKS = (
    parse_stall,
    silent_connections,
    connections_that_stay,
    long_subscriptions,
    many_subscriptions,
    parts_without_end,
    many_parts,
    no_handshake,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_wall_does_not_notice(wall: LiveWall, attack: Callable[[LiveWall], None]) -> None:
    with unharmed(wall):
        attack(wall)


def test_a_wall_listens_at_no_port(wall: LiveWall) -> None:
    sockets = set()
    for pid in (wall.process.pid, *wall.children()):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(str(link.readlink()))
    ports = [
        line
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if f"socket:[{line.split()[9]}]" in sockets
    ]
    assert ports == []


def test_the_doorkeeper_has_no_picture_and_no_file_of_the_wall(wall: LiveWall) -> None:
    (pid,) = wall.pids("doorkeeper")
    assert "memfd:" not in Path(f"/proc/{pid}/maps").read_text()
    links = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    files = {link for link in links if link.startswith("/") and not link.startswith("/dev/")}
    assert files == {str(wall.log), f"/proc/{pid}/statm"}
    (core,) = (line for line in _limits(pid) if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def _limits(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/limits").read_text().splitlines()


def test_who_reads_no_replies_costs_the_doorkeeper_alone(wall: LiveWall) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with unharmed(wall), context.socket(zmq.DEALER) as lazy:
        lazy.setsockopt(zmq.LINGER, 0)
        lazy.setsockopt(zmq.RCVHWM, 1)
        lazy.connect(wall.endpoint)
        for number in range(size(300, 3000)):
            lazy.send(b'{"v":1,"id":"%d","cmd":"list"}' % number)
        PAUSE.wait(1)
    context.destroy(linger=0)
