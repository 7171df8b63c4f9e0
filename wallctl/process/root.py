"""The root of a wall's process tree: forks children, reaps them, starts them again. Nothing else.

Children are forked from this process, which has loaded the libraries but opened nothing, so a
start costs milliseconds and their pages are shared. Root knows children by kind, name and some
bytes of arguments; what they do it does not know, so there is little in it that could fail.

All children end when root ends: the kernel kills them (PR_SET_PDEATHSIG), however root went.
"""

import contextlib
import gc
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator

import msgspec

from wallctl.process.channel import Channel, pair
from wallctl.process.child import Birth, become
from wallctl.process.messages import (
    Alive,
    Born,
    Died,
    End,
    Ended,
    FromController,
    Keep,
    Kill,
    Retire,
    Spawn,
)

CONTROLLER = "controller"
SHORT_LIFE_NS = 1_000_000_000
"""A child that lived longer is started again at once; one that did not may be broken."""
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)
"""How long root waits after 1, 2, ... short lives in a row."""
KILLED_PAUSE_S = 0.1
"""The longest pause after a kill from outside: that says nothing against the child."""
END_AFTER_S = 1.5
"""How long the controller may take to end; then all are killed."""

HUNG_NS = 5_000_000_000
"""A controller that has said nothing for so long hangs, and is ended and started again."""
LOOK_S = 1.0
"""How often root looks whether it does."""

Kinds = dict[str, Callable[[Birth], None]]


class Child(msgspec.Struct):
    """A child as root keeps it. ``end`` is the controller's end of its channel."""

    spawn: Spawn
    end: socket.socket
    pid: int = 0
    born_ns: int = 0
    short_lives: int = 0
    due_ns: int | None = None
    """When to start it again, while it is dead."""


class Root:
    """``run`` returns the exit code when the wall has ended."""

    def __init__(self, kinds: Kinds, controller: bytes) -> None:
        self._kinds = kinds
        self._children: dict[str, Child] = {}
        self._leaving: list[Child] = []
        """Children that were killed for good and are not reaped yet."""
        self._memory: int | None = None
        """Descriptor of what the controller keeps; its content is none of root's business."""
        self._code: int | None = None
        self._end_by_ns: int | None = None
        self._controller = Child(Spawn(CONTROLLER, CONTROLLER, controller), _closed())
        self._control: Channel[FromController] = Channel(_closed(), FromController)
        self._untold: list[Died] = []
        """Deaths that no controller was there to hear of, its own among them."""
        self._heard_ns = 0
        """When the controller last said anything."""
        self._looked_ns = 0
        self._signals = _signal_socket()

    def run(self) -> int:
        """Run the tree until a signal or the controller ends it."""
        gc.collect()
        gc.freeze()
        self._start_controller()
        while self._code is None:
            self._wait()
            self._hear_signals()
            self._hear_controller()
            self._watch_controller(time.monotonic_ns())
            self._reap()
            self._start_due()
            if self._end_by_ns is not None and time.monotonic_ns() > self._end_by_ns:
                self._code = 1
        self._kill_all()
        return self._code

    def _wait(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._signals, selectors.EVENT_READ)
            if self._controller.due_ns is None:
                ready.register(self._control, selectors.EVENT_READ)
            ready.select(self._timeout_s())

    def _timeout_s(self) -> float:
        dues = [c.due_ns for c in (*self._children.values(), self._controller)]
        at = min((due for due in (*dues, self._end_by_ns) if due is not None), default=None)
        if at is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (at - time.monotonic_ns()) / 1e9))

    def _hear_signals(self) -> None:
        try:
            numbers = self._signals.recv(64)
        except BlockingIOError:
            return
        if {signal.SIGINT, signal.SIGTERM} & set(numbers) and self._end_by_ns is None:
            self._end_by_ns = time.monotonic_ns() + int(END_AFTER_S * 1e9)
            if not self._control.send(End()):
                self._code = 1

    def _hear_controller(self) -> None:
        """Obey all that the controller has said, were it the last words of a dead one."""
        with contextlib.suppress(EOFError):
            while (got := self._control.receive()) is not None:
                self._heard_ns = time.monotonic_ns()
                self._obey(*got)

    def _watch_controller(self, now_ns: int) -> None:
        """End a controller that hangs; nothing is held against it while root itself stood still."""
        slept = now_ns - self._looked_ns > 2 * LOOK_S * 1e9
        self._looked_ns = now_ns
        if slept:
            self._heard_ns = now_ns
        if self._controller.due_ns is None and now_ns - self._heard_ns > HUNG_NS:
            self._heard_ns = now_ns
            os.kill(self._controller.pid, signal.SIGKILL)

    def _obey(self, order: FromController, fds: list[int]) -> None:
        match order:
            case Keep():
                old, self._memory = self._memory, fds[0]
                if old is not None:
                    os.close(old)
            case Spawn():
                self._spawn(order)
            case Retire():
                self._retire(order.name)
            case Kill():
                self._signal(order.name, signal.SIGKILL)
            case Alive():
                pass  # that it was said is all
            case Ended():
                self._code = order.code

    def _spawn(self, order: Spawn) -> None:
        if order.name in self._children:
            return
        child = Child(order, _closed())
        self._children[order.name] = child
        self._start(child)

    def _start(self, child: Child) -> None:
        """Fork a child and hand the controller the other end of its channel."""
        spawn = child.spawn
        with self._or_later(child):
            ours, theirs = pair()
            child.end.close()
            child.end = ours
            with theirs:
                self._fork(child, Birth(spawn.name, spawn.args, theirs))
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
                self._fork(child, Birth(CONTROLLER, child.spawn.args, theirs, memory, ends))
            untold, self._untold = self._untold, []
            for died in untold:
                self._tell(died)
        self._heard_ns = time.monotonic_ns()

    def _fork(self, child: Child, birth: Birth) -> None:
        root = os.getpid()
        child.pid = os.fork()
        if child.pid == 0:
            become(self._kinds[child.spawn.kind], birth, root)
        child.born_ns, child.due_ns = time.monotonic_ns(), None

    @contextlib.contextmanager
    def _or_later(self, child: Child) -> Iterator[None]:
        """Start a child; if the machine can't (no memory, no descriptors), try again later."""
        try:
            yield
        except OSError:
            self._postpone(child, time.monotonic_ns(), short=True)

    def _postpone(
        self, child: Child, now_ns: int, short: bool, longest_s: float = PAUSES_S[-1]
    ) -> None:
        child.short_lives = child.short_lives + 1 if short else 0
        pause_s = PAUSES_S[min(child.short_lives, len(PAUSES_S)) - 1] if short else 0.0
        child.due_ns = now_ns + int(min(pause_s, longest_s) * 1e9)

    def _reap(self) -> None:
        for child in (self._controller, *self._children.values()):
            if child.due_ns is None:
                self._reap_one(child, self._lost)
        for child in list(self._leaving):
            self._reap_one(child, self._left)

    def _reap_one(self, child: Child, then: Callable[[Child, int, float], None]) -> None:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            then(child, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)

    def _lost(self, child: Child, code: int, cpu_s: float) -> None:
        """A child is gone that was not told to go; one that failed is started again."""
        now_ns = time.monotonic_ns()
        longest_s = KILLED_PAUSE_S if code == -signal.SIGKILL else PAUSES_S[-1]
        self._postpone(child, now_ns, now_ns - child.born_ns < SHORT_LIFE_NS, longest_s)
        died = Died(child.spawn.name, child.pid, code, cpu_s)
        if child is self._controller:
            self._untold.append(died)
            self._hear_controller()
            if self._end_by_ns is not None and self._code is None:
                self._code = 1  # it went without having said that it was done
            return
        self._tell(died)
        if child.spawn.once or code == 0:
            self._children.pop(child.spawn.name).end.close()

    def _left(self, child: Child, code: int, cpu_s: float) -> None:
        """A child is gone that was told to."""
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


def _closed() -> socket.socket:
    """An end whose peer is gone: what a child has that was not started yet."""
    ours, theirs = pair()
    theirs.close()
    return ours


def _signal_socket() -> socket.socket:
    """A socket that becomes readable with the numbers of the signals that came."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    return ours
