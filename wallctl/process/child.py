"""What every child does first: die with root, keep only its own descriptors, leave signals to root.

Ctrl-C and a service manager's SIGTERM reach every process of the group at once; only root acts on
them, so that the wall ends in order and its report is written.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import traceback
import typing
from collections.abc import Callable

import msgspec

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
FAILED = 70
"""Exit code of a child that ended by an exception (EX_SOFTWARE)."""


class NotNowError(Exception):
    """A child can't do its work now and has told so itself; root is to try it again."""


class Birth(msgspec.Struct, frozen=True):
    """What a child is born with. The last two are for a controller only."""

    name: str
    args: bytes
    channel: socket.socket
    memory: bytes = b""
    """What the controller before it kept."""
    others: dict[str, tuple[int, socket.socket]] = {}
    """The children that live already: their pid and the controller's end of their channel."""


def become(run: Callable[[Birth], None], birth: Birth, root: int) -> typing.NoReturn:
    """Be the child: never returns to what root was doing when it forked."""
    code = FAILED
    try:
        _set_up(birth, root)
        run(birth)
        code = 0
    except NotNowError:
        pass
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here and says so
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _set_up(birth: Birth, root: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != root:
        os._exit(FAILED)  # root went between fork and prctl
    libc.prctl(PR_SET_NAME, f"wall:{birth.name}".encode()[:15], 0, 0, 0)
    old = signal.set_wakeup_fd(-1)
    os.close(old)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _close_the_rest(birth)


def _close_the_rest(birth: Birth) -> None:
    """Close root's sockets: a sibling's channel held open here would hide that sibling's end."""
    keep = {birth.channel.fileno(), *(end.fileno() for _pid, end in birth.others.values())}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        fd = int(name)
        if fd > 2 and fd not in keep and _is_socket(fd):
            os.close(fd)


def _is_socket(fd: int) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{fd}").startswith("socket:")  # noqa: PTH115
    except OSError:
        return False
