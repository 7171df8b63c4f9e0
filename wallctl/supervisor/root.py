"""The root of a wall's process tree: forks children, reaps them, starts them again. Nothing else.

Children are forked from this process, which has loaded the libraries but opened nothing, so a
start costs milliseconds and their pages are shared. Root knows children by kind, name and some
bytes of arguments; it does not know what they do, so little in it can fail.

All children end when root ends: the kernel kills them (PR_SET_PDEATHSIG), however root ended.
A tree whose controller fails again and again as it begins is ended: nobody could command it.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator

import msgspec

from wallctl.supervisor.channel import Channel, pair
from wallctl.supervisor.child_setup import FAILED, Birth, Kind, become
from wallctl.supervisor.controller_watch import LOOK_S, ControllerWatch
from wallctl.supervisor.exit_reason import death, reason
from wallctl.supervisor.malloc import give_back
from wallctl.supervisor.messages import (
    Alive,
    Born,
    Died,
    End,
    Ended,
    FromController,
    Keep,
    Kill,
    ReadFiles,
    Retire,
    Spawn,
)
from wallctl.supervisor.restart_policy import Death, Lives, after, keeps_dying, pause_s
from wallctl.supervisor.shutdown_deadline import Deadline
from wallctl.supervisor.signals import ENDING, HANGUP, held_back, signal_socket

CONTROLLER = "controller"
OVERDUE_S = 1.0
"""Delay after which root ends a wall whose time is over, if its controller has not."""

Kinds = dict[str, Kind]


class Term(msgspec.Struct, frozen=True):
    """How long a tree lives, and what a hang-up means to it."""

    end_ns: int | None = None
    """When it ends by itself, in monotonic time."""
    rereads: bool = False
    """Whether a hang-up has the site's files read again; else it ends the tree."""


class Child(msgspec.Struct):
    """A child as root keeps it. ``end`` is the controller's end of its channel."""

    spawn: Spawn
    end: socket.socket
    pid: int = 0
    born_ns: int = 0
    lives: Lives = Lives()
    death: Death = Death.WAITING
    """How it died last."""
    due_ns: int | None = None
    """When to start it again, while it is dead."""

    @property
    def keeps_dying(self) -> bool:
        """Whether it has died so often that this is no bad luck any more."""
        return keeps_dying(self.lives, self.death)


class Root:
    """``run`` returns the exit code when the wall has ended; ``fault`` says why, if it had to."""

    def __init__(self, kinds: Kinds, controller: bytes, term: Term | None = None) -> None:
        self.fault = ""
        self._kinds = kinds
        self._term = term or Term()
        self._children: dict[str, Child] = {}
        self._leaving: list[Child] = []
        """Children that were killed for good and are not reaped yet."""
        self._memory: int | None = None
        """Descriptor of what the controller keeps; its content is none of root's business."""
        self._code: int | None = None
        self._deadline = Deadline()
        self._reason = os.memfd_create("wallctl-reason", os.MFD_CLOEXEC)
        """Where a child that fails says why."""
        self._watch = ControllerWatch()
        self._controller = Child(Spawn(CONTROLLER, CONTROLLER, controller), _make_closed_socket())
        self._control: Channel[FromController] = Channel(_make_closed_socket(), FromController)
        self._untold: list[Died] = []
        """Deaths that no controller was there to hear of, its own among them."""
        self._signals = signal_socket()

    def run(self) -> int:
        """Run the tree until a signal or the controller ends it."""
        gc.collect()
        give_back()
        gc.freeze()
        self._start_controller()
        while self._code is None:
            self._wait()
            self._hear_signals()
            self._hear_controller()
            self._watch_controller(time.monotonic_ns())
            self._reap()
            self._start_due()
            self._keep_to_time(time.monotonic_ns())
        self._kill_all()
        return self._code

    def _wait(self) -> None:
        ready = select.poll()  # it takes no descriptor: there may be none left
        ready.register(self._signals, select.POLLIN)
        if self._controller.due_ns is None:
            ready.register(self._control, select.POLLIN)
        ready.poll(self._timeout_s() * 1000)

    def _timeout_s(self) -> float:
        dues = [c.due_ns for c in (*self._children.values(), self._controller)]
        at = min((due for due in (*dues, self._deadline.by_ns) if due is not None), default=None)
        if at is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (at - time.monotonic_ns()) / 1e9))

    def _hear_signals(self) -> None:
        try:
            numbers = self._signals.recv(64)
        except BlockingIOError:
            return
        hung_up = HANGUP in numbers
        if hung_up and self._term.rereads:
            self._control.send(ReadFiles())
        if ENDING & set(numbers) or (hung_up and not self._term.rereads):
            self._begin_to_end(time.monotonic_ns())

    def _begin_to_end(self, now_ns: int) -> None:
        if self._deadline.is_set:
            return
        self._deadline.set(now_ns)
        if not self._control.send(End()):
            self._code = 1

    def _keep_to_time(self, now_ns: int) -> None:
        """End a tree whose time is over, even without a controller."""
        end_ns = self._term.end_ns
        if end_ns is not None and now_ns > end_ns + OVERDUE_S * 1e9:
            self._begin_to_end(now_ns)
        if self._deadline.is_over(now_ns) and self._code is None:
            self._code = 1

    def _hear_controller(self) -> None:
        """Obey all that the controller has said, and the last words of one that is dead."""
        with contextlib.suppress(EOFError):
            while (got := self._control.receive()) is not None:
                self._watch.hear(time.monotonic_ns())
                self._obey(*got)

    def _watch_controller(self, now_ns: int) -> None:
        """End a controller that hangs."""
        if self._watch.hangs(now_ns) and self._controller.due_ns is None:
            os.kill(self._controller.pid, signal.SIGKILL)

    def _obey(self, order: FromController, fds: list[int]) -> None:
        match order:
            case Keep():
                self._hold(fds)
            case Spawn():
                self._spawn(order)
            case Retire():
                self._retire(order.name)
            case Kill():
                self._signal(order.name, signal.SIGKILL)
            case Alive():
                self._watch.turn()
                self._deadline.extend(time.monotonic_ns())
            case Ended():
                self._code = order.code

    def _hold(self, fds: list[int]) -> None:
        """Hold what the controller knows. Nothing comes along where no descriptor is left."""
        if fds:
            old, self._memory = self._memory, fds[0]
            if old is not None:
                os.close(old)

    def _spawn(self, order: Spawn) -> None:
        if order.name in self._children:
            return
        child = Child(order, _make_closed_socket())
        self._children[order.name] = child
        self._start(child)

    def _start(self, child: Child) -> None:
        """Fork a child and hand the controller the other end of its channel."""
        spawn = child.spawn
        with self._or_later(child):
            ours, theirs = pair()
            child.end.close()
            child.end = ours
            tries = int(child.lives.failures)
            with theirs:
                self._fork(child, Birth(spawn.name, spawn.args, theirs, tries, child.keeps_dying))
            self._control.send(Born(spawn.name, child.pid), [ours.fileno()])

    def _start_controller(self) -> None:
        child = self._controller
        with self._or_later(child):
            ours, theirs = pair()
            self._control = Channel(ours, FromController)
            child.end.close()
            child.end = ours
            ends = {name: (other.pid, other.end) for name, other in self._children.items()}
            memory = _content(self._memory)
            with theirs:
                args = child.spawn.args
                birth = Birth(
                    CONTROLLER, args, theirs, self._watch.tries, memory=memory, others=ends
                )
                self._fork(child, birth)
            untold, self._untold = self._untold, []
            for died in untold:
                self._tell(died)
        self._watch.begin(time.monotonic_ns())

    def _fork(self, child: Child, birth: Birth) -> None:
        root = os.getpid()
        with held_back():
            child.pid = os.fork()
            if child.pid == 0:
                become(self._kinds[child.spawn.kind], birth, root, self._reason)
        child.born_ns, child.due_ns = time.monotonic_ns(), None

    @contextlib.contextmanager
    def _or_later(self, child: Child) -> Iterator[None]:
        """Start a child; if the machine can't (no memory, no descriptors), try again later."""
        try:
            yield
        except OSError as error:
            if child is self._controller:
                self._watch.fail()
                self._give_up(f"it can't be started: {error.strerror}")
            self._postpone(child, 0, Death.WAITING)

    def _postpone(self, child: Child, lived_ns: int, death: Death) -> float:
        """Have a child started again later. Returns in how many seconds."""
        child.lives, child.death = after(child.lives, lived_ns, death), death
        pause = pause_s(child.lives, death, quarantined=child.spawn.quarantined)
        child.due_ns = time.monotonic_ns() + int(pause * 1e9)
        return pause

    def _reap(self) -> None:
        for child in (self._controller, *self._children.values()):
            if child.due_ns is None:
                self._reap_one(child, self._handle_death)
        for child in list(self._leaving):
            self._reap_one(child, self._handle_leaving)

    def _reap_one(self, child: Child, then: Callable[[Child, int, float], None]) -> None:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            then(child, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)

    def _handle_death(self, child: Child, code: int, cpu_s: float) -> None:
        """Handle the death of a child that was not told to end; one that failed is started
        again."""
        lived_ns = time.monotonic_ns() - child.born_ns
        pause = self._postpone(child, lived_ns, death(code))
        why = reason(self._reason, child.pid, code)
        died = Died(child.spawn.name, child.pid, code, cpu_s, pause, why, child.keeps_dying)
        if child is self._controller:
            self._untold.append(died)
            self._hear_controller()
            self._watch.judge(lived_ns, child.death)
            self._give_up(why)
            if self._deadline.is_set and self._code is None:
                self._code = 1  # it ended without saying that it was done
            return
        self._tell(died)
        if child.spawn.once or code == 0:
            self._children.pop(child.spawn.name).end.close()

    def _give_up(self, why: str) -> None:
        """End the tree if too many controllers have failed."""
        if self._watch.is_hopeless and self._code is None:
            self._code = FAILED
            self.fault = (
                "the wall can't go on: its controller has failed "
                f"{self._watch.tries} times in a row ({why})"
            )

    def _handle_leaving(self, child: Child, code: int, cpu_s: float) -> None:
        """Handle the end of a child that was told to end."""
        self._leaving.remove(child)
        child.end.close()
        self._tell(Died(child.spawn.name, child.pid, code, cpu_s))

    def _tell(self, died: Died) -> None:
        """Tell the controller of a death, or the next one if there is none now."""
        if not self._control.send(died):
            self._untold.append(died)

    def _start_due(self) -> None:
        now_ns = time.monotonic_ns()
        if self._controller.due_ns is not None and self._controller.due_ns <= now_ns:
            self._start_controller()
        for child in self._children.values():
            if child.due_ns is not None and child.due_ns <= now_ns:
                self._start(child)

    def _retire(self, name: str) -> None:
        child = self._children.pop(name, None)
        if child is None:
            return
        if child.due_ns is None:
            os.kill(child.pid, signal.SIGKILL)
            self._leaving.append(child)
        else:
            child.end.close()

    def _signal(self, name: str, number: int) -> None:
        child = self._children.get(name)
        if child is not None and child.due_ns is None:
            os.kill(child.pid, number)

    def _kill_all(self) -> None:
        everyone = (self._controller, *self._children.values(), *self._leaving)
        alive = [child for child in everyone if child.due_ns is None]
        for child in alive:
            os.kill(child.pid, signal.SIGKILL)
        for child in alive:
            os.waitpid(child.pid, 0)


def _content(fd: int | None) -> bytes:
    return b"" if fd is None else os.pread(fd, os.fstat(fd).st_size, 0)


def _make_closed_socket() -> socket.socket:
    """An end whose peer is gone, for a child that has not been started yet."""
    ours, theirs = pair()
    theirs.close()
    return ours
