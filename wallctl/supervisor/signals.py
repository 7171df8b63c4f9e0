"""The signals that root acts on, and those that must end no process.

A terminal, xinit or a service manager sends a signal to all processes of the wall at once. Root
alone acts on it, so that the wall ends in order, with its state kept and its report written.
"""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGPWR})
"""Ctrl-C, an order to stop, Ctrl-\\, and a power supply that is about to fail."""
HANGUP = signal.SIGHUP
"""The terminal is gone; for a service: read your files again."""
_HARMLESS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGTTOU)
"""They mean nothing here, and would end or stop a process. The last one comes for a line printed
by a job in the background, where the terminal forbids that."""
_FOR_THE_WALL = (*ENDING, HANGUP, *_HARMLESS)


def signal_socket() -> socket.socket:
    """A socket that becomes readable with the numbers of the signals that came.

    A hang-up that was ignored before, as by nohup, stays ignored.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    heard = {signal.SIGCHLD, *ENDING}
    if signal.getsignal(HANGUP) is not signal.SIG_IGN:
        heard.add(HANGUP)
    for number in heard:
        signal.signal(number, lambda _number, _frame: None)
    _ignore(_HARMLESS)
    return ours


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Hold signals back around a fork. A child that still has root's handlers would tell root of
    them once more; ``leave_to_root`` lets them through in the child."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_THE_WALL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_root() -> None:
    """In a child: ignore the signals that are meant for the whole wall."""
    old = signal.set_wakeup_fd(-1)
    if old >= 0:
        os.close(old)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _ignore(_FOR_THE_WALL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _FOR_THE_WALL)


def has_terminal() -> bool:
    """Whether a person's terminal controls this process, and a hang-up says that it is gone."""
    with contextlib.suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
        return True
    return False


def _ignore(numbers: tuple[signal.Signals, ...]) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)
