"""A look at files each second, by a child: a disk or a share that hangs holds up nobody else.

The child says how it found them, and knows nothing of what is in them. While it says nothing, the
place where they lie does not answer.
"""

import hashlib
import select
from collections.abc import Callable, Iterable

import msgspec

from wallctl.config.change_detector import fingerprint
from wallctl.node.child_kinds import WATCHING, Seen
from wallctl.node.child_processes import ChildProcesses
from wallctl.supervisor.channel import Channel

LOOK_S = 1.0


class Heed(msgspec.Struct, frozen=True, tag=True):
    """The files and folders that are to be looked at from now on."""

    places: tuple[str, ...]


def named(places: Iterable[str]) -> str:
    """A short name for a choice of places: a look at others, that comes late, does not count."""
    return hashlib.sha256("\0".join(places).encode("utf-8", "replace")).hexdigest()[:16]


def watch(
    heed: Heed,
    channel: Channel[Heed],
    find: Callable[[tuple[str, ...]], str] = fingerprint,
    pause_s: float = LOOK_S,
) -> None:
    """The child: look, say, wait, until the channel ends."""
    waiting = select.poll()
    waiting.register(channel, select.POLLIN)
    try:
        while True:
            channel.send(Seen(named(heed.places), find(heed.places)))
            waiting.poll(pause_s * 1000)
            heed = [heed, *channel.drain()][-1]
    except EOFError:
        return  # root is gone


class FilePoll:
    """The controller's side of one such child."""

    def __init__(self, of: str, crew: ChildProcesses) -> None:
        """``of``: what is looked at, as ``site``."""
        self._name = f"{WATCHING}:{of}"
        self._crew = crew
        self._places: tuple[str, ...] = ()

    def heed(self, places: tuple[str, ...]) -> None:
        """Have these looked at, and no others."""
        if not self._crew.has(self._name):
            self._crew.start(self._name, WATCHING, msgspec.msgpack.encode(Heed(places)))
        elif places != self._places:
            self._crew.send(self._name, Heed(places))
        self._places = places

    def hear(self, seen: Seen) -> str | None:
        """How the child has found the files; ``None`` if it has looked at others."""
        if seen.of == named(self._places):
            return seen.mark
        self._crew.send(self._name, Heed(self._places))
        return None

    def is_silent(self, now_ns: int) -> bool:
        """Whether a look hangs."""
        return self._crew.is_silent(self._name, now_ns)
