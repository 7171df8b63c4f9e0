"""Does work in a child that ends, so that no traces of it stay in this process's memory."""

import os
import signal
import traceback
import typing
from collections.abc import Callable

from wallctl.supervisor.child_setup import FAILED, end_with
from wallctl.supervisor.privileges import READS_LOGINS, take


class ApartError(Exception):
    """The child has ended without an answer; it has said why on stderr."""


def apart(work: Callable[[], bytes]) -> bytes:
    """Do ``work`` in a child. Returns its result, and nothing else of what it has seen.

    Call it where no other thread runs. Raises ``ApartError`` and ``OSError``.
    """
    reading, writing = os.pipe()
    here, pid = os.getpid(), os.fork()
    if pid == 0:
        os.close(reading)
        _do(work, writing, here)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    if os.waitpid(pid, 0)[1] != 0:
        raise ApartError("a process of the wall has ended as it read files: start again")
    return content


def _do(work: Callable[[], bytes], writing: int, parent: int) -> typing.NoReturn:
    code = FAILED
    try:
        end_with(parent, signal.SIGKILL)
        take(READS_LOGINS)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(work())
        code = 0
    except KeyboardInterrupt:
        pass  # the parent has heard it too
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends and says so
        traceback.print_exc()
    finally:
        os._exit(code)
