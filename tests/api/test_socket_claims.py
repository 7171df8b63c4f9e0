"""A wall's sockets: made again when they are swept away, and never taken from another wall."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from tests.support import server_harness as serving
from tests.support.server_harness import Net, Served, body, is_alive, taken
from wallctl.api.endpoint import ControlError
from wallctl.api.socket_claims import LOOK_NS
from wallctl.api.zmq_sockets import FORSAKEN_MAX
from wallctl.model.base.os_access_error import Obstacle

net = serving.net


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "control.sock"


@pytest.fixture
def server(path: Path) -> Iterator[Served]:
    with Served(f"ipc://{path}") as server:
        yield server


class Time:
    """Lets seconds pass for a server."""

    def __init__(self) -> None:
        self.now_ns = LOOK_NS

    def passes(self, server: Served) -> None:
        """A second."""
        self.now_ns += LOOK_NS
        server.tend(self.now_ns)


@pytest.fixture
def time() -> Time:
    return Time()


SWEPT = ["control.sock", "events.sock", "control.sock.lock", "events.sock.lock", "*", "folder"]


@pytest.mark.parametrize("swept", SWEPT)
def test_what_is_swept_away_is_made_again(
    server: Served, path: Path, net: Net, time: Time, swept: str
) -> None:
    old = net.client(zmq.DEALER, server.endpoint)
    old.send(body("before"))
    taken(server, 1)
    if swept == "folder":
        shutil.rmtree(path.parent)
    for one in list(path.parent.glob(swept)):
        one.unlink()
    time.passes(server)
    assert server.why_closed is None
    assert {one.name for one in path.parent.iterdir()} == set(SWEPT[:4])
    assert path.stat().st_mode & 0o777 == 0o600
    assert is_alive(server, net)
    old.send(body("after"))
    assert taken(server, 1)[0].ticket.id == "after", "who was connected still is"
    assert_refused(path)


def assert_refused(path: Path) -> None:
    """Another wall is told that one runs here, and harms it in nothing."""
    before = {one.name: one.stat().st_ino for one in path.parent.iterdir()}
    with pytest.raises(ControlError, match="another wall runs") as refused:
        Served(f"ipc://{path}")
    assert refused.value.obstacle is Obstacle.TAKEN
    assert {one.name: one.stat().st_ino for one in path.parent.iterdir()} == before


@pytest.mark.parametrize("locks", ["*.lock", "control.sock.lock", "events.sock.lock"])
def test_a_second_wall_takes_nothing_where_the_lock_was_swept_away(
    server: Served, path: Path, net: Net, time: Time, locks: str
) -> None:
    for lock in path.parent.glob(locks):
        lock.unlink()
    with pytest.raises(ControlError, match="another wall runs"):
        Served(f"ipc://{path}")
    assert is_alive(server, net)
    time.passes(server)
    assert_refused(path)
    assert is_alive(server, net)


def test_two_walls_never_share_a_socket(server: Served, path: Path, net: Net, time: Time) -> None:
    """All was swept away, and another wall was faster: it keeps the place until it ends."""
    for one in path.parent.iterdir():
        one.unlink()
    with Served(f"ipc://{path}") as other:
        time.passes(server)
        assert server.why_closed is not None
        assert server.why_closed.obstacle is Obstacle.TAKEN
        assert is_alive(other, net)
    assert not path.exists()
    time.passes(server)
    assert server.why_closed is None
    assert is_alive(server, net)


def test_a_wall_that_runs_does_without_its_folder(
    server: Served, path: Path, net: Net, time: Time
) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("in the way")
    time.passes(server)
    assert server.why_closed is not None
    assert "can't be made" in str(server.why_closed)
    server.wait(0)
    path.parent.unlink()
    time.passes(server)
    assert path.is_socket()
    assert is_alive(server, net)


def test_a_controller_that_comes_back_waits_for_its_place(path: Path, net: Net, time: Time) -> None:
    with Served(f"ipc://{path}") as other:
        with pytest.raises(ControlError):
            Served(f"ipc://{path}")
        with Served(f"ipc://{path}", lambda: time.now_ns, waits=True) as server:
            assert server.why_closed is not None
            other.close()
            time.passes(server)
            assert server.why_closed is None
            assert is_alive(server, net)


def test_a_socket_of_a_wall_that_was_killed_is_in_nobodys_way(path: Path, net: Net) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with Served(f"ipc://{path}") as server:
        assert is_alive(server, net)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_no_socket_is_left_alone(path: Path, kind: str) -> None:
    path.parent.mkdir(mode=0o700)
    match kind:
        case "file":
            path.write_text("mine")
        case "link":
            path.symlink_to("elsewhere")
        case _:
            path.mkdir()
    with pytest.raises(ControlError, match=r"no socket but|is a folder"):
        Served(f"ipc://{path}")
    assert path.is_symlink() or path.exists()
    assert [one.name for one in path.parent.iterdir()] == ["control.sock"]


def test_a_sweeper_that_never_rests_costs_no_descriptors(
    server: Served, path: Path, net: Net, time: Time
) -> None:
    def sweep(times: int) -> int:
        for _ in range(times):
            path.unlink()
            time.passes(server)
        assert is_alive(server, net)
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, not paths

    sweep(FORSAKEN_MAX + 2)
    assert sweep(3 * (FORSAKEN_MAX + 1)) <= sweep(FORSAKEN_MAX + 1) + 2 * FORSAKEN_MAX
