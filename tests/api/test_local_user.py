"""Another user of the machine at the wall's sockets: the folder is closed, and so is the door."""

import contextlib
import os
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import server_harness as serving
from tests.support.raw_zmtp import connected, frame
from tests.support.server_harness import Net, Served, body, is_alive

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user"),
]
net = serving.net
STRANGER = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that every user can reach."""
    with tempfile.TemporaryDirectory(prefix="wallctl-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "wall"


def as_a_stranger(act: Callable[[], None], server: Served) -> bool:
    """Whether somebody else can do this, in a process that ends with it; the server has turns."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of threads, which the child leaves alone
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(STRANGER, STRANGER, STRANGER)
            os.setresuid(STRANGER, STRANGER, STRANGER)
            act()
            os._exit(0)
        finally:
            os._exit(1)
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        server.turn(20)
    return os.waitstatus_to_exitcode(ended[1]) == 0


def test_the_sockets_are_closed_to_other_users(folder: Path) -> None:
    path = folder / "control.sock"

    def connect() -> None:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(path))

    with Served(f"ipc://{path}") as server:
        assert not as_a_stranger(connect, server)
        for one in folder.iterdir():
            assert one.stat().st_mode & 0o077 == 0, one


def test_a_stranger_is_refused_at_an_open_socket_too(folder: Path, net: Net) -> None:
    """Somebody with the best of intentions has typed ``chmod 777``."""
    path = folder / "control.sock"

    def command() -> None:  # by hand: libzmq and its threads do not bear a fork
        with contextlib.suppress(ConnectionError), connected(f"ipc://{path}") as peer:
            peer.sendall(frame(body("a")))
            peer.recv(200)  # what a refused peer hears is that the other end hangs up

    with Served(f"ipc://{path}") as server:
        folder.chmod(0o777)
        path.chmod(0o666)
        assert as_a_stranger(command, server)  # and no turn takes a command
        assert is_alive(server, net)
