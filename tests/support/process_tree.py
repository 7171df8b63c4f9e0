"""A running tree of tiny kinds in real processes, and the string to its controller."""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.root_harness import FromTest, FromTree, Text, Up
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.messages import Born, Died, Spawn
from wallctl.supervisor.root import CONTROLLER

END_S = 2.0


class Tree:
    """A running tree, and the string to its controller."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = folder / "strings.sock"
        self._listener.bind(str(path))
        self._listener.listen()
        self._listener.settimeout(10)
        self.stderr = folder / "stderr"
        with self.stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.root_harness", str(path)],
                stderr=stderr,
                start_new_session=True,
                env={**os.environ, **environ},
            )
        self.root = self._process.pid
        self._channel: Channel[FromTree] | None = None
        self.up = self.controller()

    def __enter__(self) -> "Tree":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.close()
        if self._channel is not None:
            self._channel.close()

    def ended(self) -> int:
        """Wait for the end of root; its exit code."""
        return self._process.wait(END_S)

    def next_controller(self) -> Up:
        """Wait for a controller to come up, which hears what became of the one before."""
        old = self.up.pid
        self.up = self.controller()
        self.died(CONTROLLER, old)
        return self.up

    def controller(self) -> Up:
        """Wait for a controller to come up."""
        accepted, _ = self._listener.accept()
        if self._channel is not None:
            self._channel.close()
        self._channel = Channel(accepted, FromTree)
        up = self.hear()
        assert isinstance(up, Up)
        return up

    def tell(self, order: FromTest) -> None:
        assert self._channel is not None
        assert self._channel.send(order)

    def hear(self, within_s: float = 5.0) -> FromTree:
        """The next message from the tree."""
        assert self._channel is not None
        readable, _, _ = select.select([self._channel], [], [], within_s)
        assert readable, f"nothing was heard for {within_s} s"
        got = self._channel.receive()
        assert got is not None
        return got[0]

    def spawn(self, name: str, kind: str = "echo", args: bytes = b"", once: bool = False) -> int:
        """Start a child; its pid."""
        self.tell(Spawn(name, kind, args, once))
        return self.born(name)

    def born(self, name: str, within_s: float = 5.0) -> int:
        born = self.hear(within_s)
        assert isinstance(born, Born), born
        assert born.name == name
        return born.pid

    def died(self, name: str, pid: int) -> None:
        died = self.hear()
        assert isinstance(died, Died), died
        assert (died.name, died.pid) == (name, pid)
        assert died.cpu_s >= 0

    def answers(self, name: str, pid: int) -> None:
        """The child of that pid serves the channel that the controller holds."""
        self.tell(Text(name, "hello"))
        assert self.hear() == Text(name, f"hello from {pid}")


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    with Tree(tmp_path) as running:
        yield running


def runs(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
