"""What every child does first: die with root, keep only its own descriptors, leave signals to root.

A child that fails says why before it ends: in full the first time, in one line from then on.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import traceback
import typing
from collections.abc import Callable, Iterator

import msgspec

from wallctl.supervisor.open_file_limit import close_secrets, close_written
from wallctl.supervisor.privileges import OPEN, Rights, take
from wallctl.supervisor.signals import leave_to_root

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
FAILED = 70
"""Exit code of a child that ended by an exception (EX_SOFTWARE)."""
NOT_NOW = 75
"""Exit code of a child that wants to be tried again (EX_TEMPFAIL)."""
NAME_BYTES = 15
"""What the kernel keeps of a process's name."""
REASON_BYTES = 500
_LIBC = ctypes.CDLL(None, use_errno=True)


class NotNowError(Exception):
    """A child can't do its work now, and has said why; root tries it again."""


class Birth(msgspec.Struct, frozen=True):
    """What a child is born with. The last two are for a controller only."""

    name: str
    args: bytes
    channel: socket.socket
    tries: int = 0
    """How many children before it failed as they began."""
    keeps_dying: bool = False
    """Whether too many have failed: this one does as little as it can."""
    memory: bytes = b""
    """What the controller before it kept."""
    others: dict[str, tuple[int, socket.socket]] = {}
    """The children that live already: their pid and the controller's end of their channel."""


class Kind(msgspec.Struct, frozen=True):
    """What a child of a kind does, and how it begins."""

    run: Callable[[Birth], None]
    rights: Rights = OPEN
    nice: int = 0


def become(kind: Kind, birth: Birth, root: int, reason: int) -> typing.NoReturn:
    """Be the child: never returns to what root was doing when it forked.

    ``reason`` is a file; a child that fails writes into it why.
    """
    code = FAILED
    try:
        _set_up(kind, birth, root)
        kind.run(birth)
        code = 0
    except NotNowError:
        code = NOT_NOW
    except BaseException as error:  # noqa: BLE001 - whatever it was, this process ends and says so
        _complain(birth, error, reason)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _complain(birth: Birth, error: BaseException, reason: int) -> None:
    why = f"{type(error).__name__}: {error}".splitlines()[0]
    with contextlib.suppress(OSError):
        os.pwrite(reason, f"{os.getpid()} {why}\n".encode(errors="replace"), 0)
    if birth.tries == 0:
        traceback.print_exc()
    else:
        sys.stderr.write(f"{birth.name} fails again: {why}\n")


def short_name(name: str) -> bytes:
    """A process's name as the kernel keeps it: never the half of a character."""
    return f"wall:{name}".encode()[:NAME_BYTES].decode(errors="ignore").encode()


def end_with(parent: int, number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent is gone, however that ended."""
    _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(FAILED)  # the parent ended between fork and prctl


def _set_up(kind: Kind, birth: Birth, root: int) -> None:
    end_with(root, signal.SIGKILL)
    _LIBC.prctl(PR_SET_NAME, short_name(birth.name), 0, 0, 0)
    leave_to_root()
    _close_the_rest(birth)
    if not kind.rights.reads_logins:
        close_secrets()
    take(kind.rights)
    os.nice(kind.nice)


def _close_the_rest(birth: Birth) -> None:
    """Close what root writes to. A sibling's channel held open here would hide that the sibling has
    ended, and a child that could write into the controller's memory would command the wall."""
    ends = (birth.channel, *(end for _, end in birth.others.values()))
    close_written({*(end.fileno() for end in ends), *_printed_to()})


def _printed_to() -> Iterator[int]:
    """Where this process prints: 1 and 2, unless a program around it has put others there."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            yield stream.fileno()


def keep_only(channel: socket.socket) -> None:
    """Close all but a channel and what is printed to: root's files are not for this process."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        if int(name) > 2 and int(name) != channel.fileno():
            with contextlib.suppress(OSError):
                os.close(int(name))
