"""The controller's side of the process tree: whom root runs for it, and the channels to them."""

import logging
import os
import socket
import time
from collections.abc import Container, Iterator, Sequence

import msgspec

from wallctl.model.base.redaction import redacted
from wallctl.node.child_kinds import CHILD_KINDS, FromChild, Picture, ReadAgain
from wallctl.node.messages import Costs, Dying
from wallctl.supervisor.channel import Channel
from wallctl.supervisor.child_setup import NOT_NOW, Birth
from wallctl.supervisor.exit_reason import signal_name
from wallctl.supervisor.logs import fact_line
from wallctl.supervisor.messages import (
    Alive,
    Born,
    Died,
    End,
    Ended,
    FromRoot,
    Keep,
    Kill,
    ReadFiles,
    Retire,
    Spawn,
)
from wallctl.supervisor.restart_policy import FORGIVEN_NS
from wallctl.supervisor.root import CONTROLLER
from wallctl.supervisor.usage import pss_bytes, total_cpu_s

LONG_PAUSE_S = 5.0
"""A pause before a new start that people should know of."""

log = logging.getLogger(__name__)


_WITH_CONTENT = (Picture, ReadAgain)
"""What comes with a descriptor, and says nothing where none was left for it."""


class Member(msgspec.Struct):
    """A child that lives, or will again."""

    kind: str
    channel: Channel[FromChild]
    pid: int
    born_ns: int
    heard_ns: int


class ChildProcesses:
    """Everyone that root runs for this controller."""

    def __init__(self, birth: Birth, now_ns: int) -> None:
        self._root: Channel[FromRoot] = Channel(birth.channel, FromRoot)
        self._kinds: dict[str, str] = {}
        self.members: dict[str, Member] = {}
        self.ending = False
        self._hung_up = False
        self.cpu_of_dead_s = 0.0
        self._dying: dict[str, Dying] = {}
        self._failed: set[str] = set()
        """The children that failed and are not back yet."""
        for name, (pid, end) in birth.others.items():
            self._kinds[name] = name.partition(":")[0]
            self._join(name, pid, end, now_ns)

    def fds(self) -> list[int]:
        """Everything to be waited for."""
        return [self._root.fileno(), *(m.channel.fileno() for m in self.members.values())]

    def of(self, fds: Container[int]) -> list[str]:
        """The members at the other ends of these descriptors."""
        return [name for name, m in self.members.items() if m.channel.fileno() in fds]

    def start(self, name: str, kind: str, args: bytes) -> None:
        """Have root run a child, unless it does. Names begin with their kind and a colon."""
        if name not in self._kinds:
            self._kinds[name] = kind
            of = CHILD_KINDS[kind]
            self._root.send(Spawn(name, kind, args, of.once, of.rests))

    def has(self, name: str) -> bool:
        """Whether a child was started and is not known to be gone for good."""
        return name in self._kinds

    def retire(self, name: str) -> None:
        """Have root end a child for good."""
        if self._kinds.pop(name, None) is not None:
            self._dying.pop(name, None)
            self._root.send(Retire(name))

    def is_dying(self, name: str) -> bool:
        """Whether a child that is gone has died over and over."""
        return name in self._dying

    def dying(self, now_ns: int) -> list[Dying]:
        """The children that die over and over; one that lives for a while is none any more."""
        for name in list(self._dying):
            member = self.members.get(name)
            if member is not None and now_ns - member.born_ns >= FORGIVEN_NS:
                del self._dying[name]
        return [self._dying[name] for name in sorted(self._dying)]

    def kill(self, name: str) -> None:
        """A child hangs; root ends it and starts it again."""
        self._root.send(Kill(name))

    def is_silent(self, name: str, now_ns: int, beat_ns: int = 0) -> bool:
        """Whether a child that is there has given no sign of life for longer than its kind may.

        ``beat_ns``: when its heart last beat, where memory tells that.
        """
        member = self.members.get(name)
        limit_ns = None if member is None else CHILD_KINDS[member.kind].silent_ns
        if member is None or limit_ns is None:
            return False
        return now_ns - max(beat_ns, member.born_ns, member.heard_ns) > limit_ns

    def end_silent(self, name: str, now_ns: int, beat_ns: int = 0) -> None:
        """End a child that is silent; root starts it again."""
        if not self.is_silent(name, now_ns, beat_ns):
            return
        member = self.members[name]
        member.born_ns = member.heard_ns = now_ns  # give the next life its time
        log.warning("%s", fact_line("process hangs", process=name))
        self.kill(name)

    def excuse(self, now_ns: int) -> None:
        """Hold nobody's silence so far against them: this process was itself asleep."""
        for member in self.members.values():
            member.born_ns = member.heard_ns = now_ns

    def keep(self, memory: bytes) -> None:
        """Have root hold this for the next controller."""
        self._root.send_file(Keep(), memory)

    def beat(self) -> None:
        """Let root know that the loop turns."""
        self._root.send(Alive())

    def end(self, code: int) -> None:
        """All is written; root may end the wall."""
        self._root.send(Ended(code))

    def send(self, name: str, message: msgspec.Struct, fds: Sequence[int] = ()) -> bool:
        """Send to a child; ``False`` if it is not there now, or does not read."""
        member = self.members.get(name)
        return member is not None and member.channel.send(message, fds)

    def hear_root(self, now_ns: int) -> Iterator[tuple[str, bool]]:
        """Who was born (True) or died (False) since the last call.

        The last words of one that died can still be heard, until the next is asked for.
        """
        while (got := self._root.receive()) is not None:
            message, fds = got
            match message:
                case Born() if not fds:  # no descriptor is left: what can't be reached is no use
                    self.kill(message.name)
                case Born():
                    if message.name in self._failed:
                        self._failed.discard(message.name)
                        log.info("%s", fact_line("process starts again", process=message.name))
                    self._join(message.name, message.pid, socket.socket(fileno=fds[0]), now_ns)
                    yield message.name, True
                case Died():
                    self._note_death(message)
                    yield message.name, False
                    self._leave(message.name, message.pid)
                    self._bury(message.name)
                case ReadFiles():
                    self._hung_up = True
                case End():
                    self.ending = True

    def take_hang_up(self) -> bool:
        """Whether a hang-up came since the last call."""
        hung_up, self._hung_up = self._hung_up, False
        return hung_up

    def _note_death(self, died: Died) -> None:
        """Keep what it cost. A child that failed by itself has said why; one killed could not."""
        self.cpu_of_dead_s += died.cpu_s
        failed = died.code not in (0, NOT_NOW) and died.name in self._kinds
        if failed:
            self._failed.add(died.name)
        if died.code < 0 and (died.name in self._kinds or died.name == CONTROLLER):
            by = signal_name(-died.code)
            log.warning("%s (process %d) was ended by %s", died.name, died.pid, by)
        elif failed:
            why = redacted(died.why)
            log.warning("%s", fact_line("process failed", process=died.name, why=why))
        if died.keeps_dying and died.name in self._kinds:
            self._note_dying(died)
        if died.pause_s >= LONG_PAUSE_S and died.name in self._kinds:
            log.warning("%s keeps dying: it rests for %.0f s", died.name, died.pause_s)

    def _note_dying(self, died: Died) -> None:
        before, (kind, _, name) = self._dying.get(died.name), died.name.partition(":")
        since = before.since_unix_s if before else int(time.clock_gettime(time.CLOCK_REALTIME))
        deaths, why = (before.deaths if before else 0) + 1, redacted(died.why)
        self._dying[died.name] = Dying(kind, name, since, deaths, why, died.pause_s)

    def hear(self, name: str, now_ns: int) -> Iterator[tuple[FromChild, list[int]]]:
        """What a child has sent, with a descriptor where that belongs to it."""
        member = self.members.get(name)
        while member is not None:
            try:
                got = _received(member)
            except EOFError:
                self._leave(name, member.pid)
                return
            except msgspec.MsgspecError:
                log.exception("%s says what nobody understands: it is started again", name)
                self.kill(name)
                self._leave(name, member.pid)
                return
            if got is None:
                return
            member.heard_ns = now_ns
            message, fds = got
            wanted = int(isinstance(message, _WITH_CONTENT))
            for fd in fds[wanted:]:
                os.close(fd)
            if len(fds) >= wanted:
                yield message, fds[:wanted]

    def pids(self) -> list[int]:
        """The processes of all members that live."""
        return [member.pid for member in self.members.values()]

    def cpu_s(self) -> float:
        """Processor seconds that all members, dead ones too, have used."""
        return self.cpu_of_dead_s + total_cpu_s(self.pids())

    def costs(self, own: tuple[int, ...]) -> Costs:
        """What the whole wall has cost so far; ``own`` are root and the controller."""
        everyone = [*own, *self.pids()]
        memory = 0
        for pid in everyone:
            memory += pss_bytes(pid)
            self.beat()  # the kernel takes 20 ms for each on a busy machine
        return Costs(
            cpu_s=round(self.cpu_of_dead_s + total_cpu_s(everyone), 2),
            pss_mb=round(memory / 1e6, 1),
        )

    def _join(self, name: str, pid: int, end: socket.socket, now_ns: int) -> None:
        self._leave(name, None)
        kind = self._kinds.get(name, name.partition(":")[0])
        channel = Channel[FromChild](end, CHILD_KINDS[kind].says)
        self.members[name] = Member(kind, channel, pid, now_ns, now_ns)

    def _leave(self, name: str, pid: int | None) -> None:
        """Forget a member, if it is still the one of that pid."""
        member = self.members.get(name)
        if member is not None and pid in (None, member.pid):
            member.channel.close()
            del self.members[name]

    def _bury(self, name: str) -> None:
        """Let a child that does one thing be started again. Its channel may have ended long
        before: until it is dead, root starts no other of its name."""
        kind = self._kinds.get(name)
        if name not in self.members and kind is not None and CHILD_KINDS[kind].once:
            del self._kinds[name]


def _received(member: Member) -> tuple[FromChild, list[int]] | None:
    """What a child has sent. Raises ``msgspec.ValidationError`` if its kind has nothing to say."""
    got = member.channel.receive()
    if got is not None and CHILD_KINDS[member.kind].says is None:
        for fd in got[1]:
            os.close(fd)
        raise msgspec.ValidationError("it may say nothing")
    return got
