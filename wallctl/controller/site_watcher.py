"""The files of the wall's site while it runs: watched, and read again by a child.

A file is neither read nor looked at here: children do both. Whether the wall takes what was read
is not known here.
"""

import logging
import os
from pathlib import Path

import msgspec

from wallctl.api.doorkeeper_messages import Ticket
from wallctl.api.protocol import Failed
from wallctl.config.change_detector import Watch
from wallctl.controller.file_poll import FilePoll
from wallctl.controller.site_reader import Reading, Wanted
from wallctl.model.wall.commands.command import CommandError
from wallctl.node.child_kinds import READING, ReadAgain, Seen
from wallctl.node.child_processes import ChildProcesses

SLOW_NS = 10_000_000_000
"""A child that reads for longer hangs: a folder on a network that is gone."""
BUSY = Failed("busy", "the site's files are being written: try again in a second")

log = logging.getLogger(__name__)


class SiteWatcher:
    """Knows when to read; at most one child reads at a time."""

    def __init__(self, file: Path | None, crew: ChildProcesses) -> None:
        """``file`` is the site file, ``None`` for a wall that has none: then nothing is watched."""
        self._file = file
        self._crew = crew
        self._places: tuple[str, ...] = () if file is None else (str(file),)
        self._watch = Watch()
        self._looks = FilePoll("site", crew)
        self._child: str | None = None
        self._begun_ns = 0
        self._count = 0
        self._is_asked = False
        """Whether the files are to be read, though nobody waits for an answer."""
        self._waiting: list[Ticket] = []
        """Who has asked since the child that reads now began."""
        self._owed: list[Ticket] = []
        """Who waits for that child."""

    def ask(self, ticket: Ticket, now_ns: int) -> None:
        """Somebody wants the files read at once. CommandError where there are none."""
        if self._file is None:
            raise CommandError(
                "no_files", "this wall was started without a site file: there is nothing to read"
            )
        self._waiting.append(ticket)
        self._begin(now_ns)

    def read_now(self, now_ns: int) -> None:
        """Read the files, or read them once more as soon as the child is done that reads now."""
        if self._file is not None:
            self._is_asked = True
            self._begin(now_ns)

    def refresh(self, now_ns: int) -> list[Ticket]:
        """Have the files looked at; who has waited in vain for a child that hangs."""
        if self._child is not None and now_ns - self._begun_ns > SLOW_NS:
            log.warning("reading %s takes too long: the wall goes on as it is", self._file)
            self._crew.retire(self._child)
            return self.died(self._child, now_ns)
        if self._file is not None:
            self._looks.heed(self._places)
        return []

    def is_silent(self, now_ns: int) -> bool:
        """Whether the place where the files lie does not answer."""
        return self._looks.is_silent(now_ns)

    def seen(self, seen: Seen, now_ns: int) -> None:
        """A child has looked at the files."""
        found = self._looks.hear(seen)
        if found is None:
            return
        due = self._watch.is_due(found)
        self._watch = self._watch.looked(found)
        if due:
            self._watch = Watch(found, found)  # one that can't be read is not tried each second
            self._begin(now_ns)

    def hear(self, name: str, message: ReadAgain, fd: int) -> tuple[Reading, list[Ticket]] | None:
        """What a child has read, and who waits for it."""
        with open(fd, "rb") as file:
            file.seek(0)
            reading = msgspec.msgpack.decode(file.read(message.bytes), type=Reading)
        if name != self._child:
            return None
        self._places = reading.places
        self._looks.heed(self._places)
        self._watch = Watch(reading.mark if reading.whole else None, reading.mark)
        owed, self._owed = self._owed, []
        return reading, owed

    def waiting(self) -> tuple[Ticket, ...]:
        """Who waits for any child."""
        return (*self._owed, *self._waiting)

    def died(self, name: str, now_ns: int) -> list[Ticket]:
        """A child is gone: who has had no answer from it. Those who came later get another one."""
        if name != self._child:
            return []
        self._child = None
        left, self._owed = self._owed, []
        if self._waiting or self._is_asked:
            self._begin(now_ns)
        return left

    def _begin(self, now_ns: int) -> None:
        if self._child is not None:
            return
        self._owed, self._waiting, self._is_asked = self._waiting, [], False
        self._count += 1
        self._child = f"{READING}:{os.getpid()}-{self._count}"
        self._begun_ns = now_ns
        wanted = msgspec.msgpack.encode(Wanted(self._places))
        self._crew.start(self._child, READING, wanted)
