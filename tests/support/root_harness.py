"""A real process tree with tiny kinds, and a controller on a string.

    python -m tests.support.root_harness SOCKET [KIND [SECONDS]]

The controller does what a test says over SOCKET and tells what it hears, so the test stands in its
place. It imports little: a tree starts in a moment. With a KIND the controller is one of that kind
instead; after SECONDS the tree ends by itself.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable

import msgspec

from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import Birth, Kind
from wallctl.supervisor.messages import (
    Alive,
    Born,
    Died,
    End,
    FromController,
    FromRoot,
    Keep,
    ReadFiles,
)
from wallctl.supervisor.root import Root, Term

BEAT_S = 1.0


class Text(msgspec.Struct, frozen=True, tag=True):
    """What the children here say and are told; the test reaches them through the controller."""

    name: str
    text: str


class Up(msgspec.Struct, frozen=True, tag=True):
    """A controller was born, with this memory and these children."""

    pid: int
    memory: bytes
    others: dict[str, int]


class Mute(msgspec.Struct, frozen=True, tag=True):
    """Do not answer root any more, as a controller that hangs."""


class Remember(msgspec.Struct, frozen=True, tag=True):
    """Have root keep this."""

    memory: bytes


FromTest = FromController | Text | Mute | Remember
FromTree = Up | Born | Died | ReadFiles | End | Text


class Strings:
    """A controller that does what the test says."""

    def __init__(self, birth: Birth) -> None:
        outside = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        outside.connect(birth.args.decode())
        self._test: Channel[FromTest] = Channel(outside, FromTest)
        self._root: Channel[FromRoot] = Channel(birth.channel, FromRoot)
        self._children: dict[str, Channel[Text]] = {
            name: Channel(end, Text) for name, (_pid, end) in birth.others.items()
        }
        pids = {name: pid for name, (pid, _end) in birth.others.items()}
        self._test.send(Up(os.getpid(), birth.memory, pids))

    def run(self) -> None:
        while True:
            children = [child.fileno() for child in self._children.values()]
            select.select([self._test.fileno(), self._root.fileno(), *children], [], [], BEAT_S)
            self._root.send(Alive())
            while (told := self._test.receive()) is not None:
                self._obey(told[0])
            while (heard := self._root.receive()) is not None:
                self._hear(*heard)
            for name in list(self._children):
                self._hear_child(name)

    def _obey(self, order: FromTest) -> None:
        match order:
            case Text():
                self._children[order.name].send(order)
            case Remember():
                self._root.send_file(Keep(), order.memory)
            case Mute():
                signal.pause()
            case _:
                self._root.send(order)

    def _hear(self, message: FromRoot, fds: list[int]) -> None:
        if isinstance(message, Born):
            self._children[message.name] = Channel(socket.socket(fileno=fds[0]), Text)
        self._test.send(message)

    def _hear_child(self, name: str) -> None:
        try:
            for said in self._children[name].drain():
                self._test.send(said)
        except EOFError:
            self._children.pop(name).close()


def echo(birth: Birth) -> None:
    """Say back what is said, until the other end is closed."""
    channel: Channel[Text] = Channel(birth.channel, Text)
    with contextlib.suppress(EOFError):
        while True:
            select.select([channel], [], [])
            for told in channel.drain():
                channel.send(Text(birth.name, f"{told.text} from {os.getpid()}"))


def word(birth: Birth) -> None:
    """Say one word and end at once."""
    Channel[Text](birth.channel, Text).send(Text(birth.name, birth.args.decode()))


def crash(birth: Birth) -> None:
    raise RuntimeError(f"{birth.name} is broken")


def hang(birth: Birth) -> None:
    """Say nothing, ever."""
    del birth
    while True:
        signal.pause()


def serve(path: str, kind: str = "controller", seconds: str = "") -> int:
    """Be root, of a tree whose controllers connect to the socket at ``path``."""
    end_ns = time.monotonic_ns() + int(float(seconds) * 1e9) if seconds else None
    runs: dict[str, Callable[[Birth], None]] = {
        "strings": lambda birth: Strings(birth).run(),
        "echo": echo,
        "word": word,
        "crash": crash,
        "hang": hang,
    }
    runs["controller"] = runs["strings" if kind == "controller" else kind]
    kinds = {name: Kind(run) for name, run in runs.items()}
    root = Root(kinds, path.encode(), Term(end_ns, rereads="REREADS" in os.environ))
    code = root.run()
    sys.stderr.write(root.fault)
    return code


if __name__ == "__main__":
    sys.exit(serve(*sys.argv[1:]))
