"""Where a wall can be called: two socket files, and the claim on each.

The controller listens here and takes no call: the process that does so may die and come back, and
callers wait in between. A wall removes only its own sockets.
"""

import contextlib
import os
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from wallctl.api.endpoint import (
    ControlError,
    Lock,
    check_endpoint,
    events_path,
    ipc_path,
    prepare_folder,
)
from wallctl.model.base.os_access_error import Obstacle, obstacle_of

LOOK_NS = 1_000_000_000
"""How often the socket files are looked at, and an endpoint that could not be had is tried."""
CALLERS_WAITING_MAX = 128
_CREDENTIALS = struct.Struct("iII")
"""Process, user and group of a peer (struct ucred)."""


class Door:
    """A socket file that is this wall's own, and the claim on it. Raises ``ControlError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with contextlib.ExitStack() as undo:
            prepare_folder(path)
            lock = Lock(path)
            undo.callback(lock.release)
            _check_unused(path)
            self._listener = _listening(path)
            undo.callback(self._listener.close)
            self._own = path.lstat()
            undo.pop_all()
        self._lock = lock

    def fileno(self) -> int:
        """The socket that listens."""
        return self._listener.fileno()

    @property
    def is_whole(self) -> bool:
        """Whether a caller finds it, and another wall finds it taken."""
        return self._is_own() and self._lock.is_in_place()

    def close(self) -> None:
        """Take the file away, if it is still this one's, and give the claim up."""
        self._listener.close()
        if self._is_own():
            self.path.unlink(missing_ok=True)
        self._lock.release()

    def _is_own(self) -> bool:
        try:
            return os.path.samestat(self.path.lstat(), self._own)
        except OSError:
            return False


class Doors:
    """The endpoint of a wall: commands and events. ``tend`` keeps both open."""

    def __init__(self, endpoint: str) -> None:
        self._looked_ns = 0
        self.endpoint = check_endpoint(endpoint)
        path = ipc_path(self.endpoint)
        self._paths = (path, events_path(path))
        self.open_ones: tuple[Door, ...] = ()
        """For commands and for events; empty while nobody can call."""
        self.why_closed: ControlError | None = None
        """Why nobody can call now; ``None`` while everybody can."""

    @property
    def events_endpoint(self) -> str:
        """Where events are published."""
        return f"ipc://{self._paths[1]}"

    def open(self) -> None:
        """Listen at both. Raises ``ControlError``."""
        with contextlib.ExitStack() as undo:
            doors = []
            for path in self._paths:
                doors.append(Door(path))
                undo.callback(doors[-1].close)
            undo.pop_all()
        self.open_ones = tuple(doors)

    def tend(self, now_ns: int) -> bool:
        """Once a second: see whether both can be called; whether new sockets had to be made."""
        if now_ns - self._looked_ns < LOOK_NS:
            return False
        self._looked_ns = now_ns
        if self.open_ones and all(door.is_whole for door in self.open_ones):
            return False
        self.close()
        try:
            self.open()
        except ControlError as error:
            self.why_closed = error
            return False
        self.why_closed = None
        return True

    def close(self) -> None:
        """Give the endpoint up."""
        for door in self.open_ones:
            door.close()
        self.open_ones = ()


def _check_unused(path: Path) -> None:
    """Raise ``ControlError`` if somebody listens there, or it is no socket of ours to replace."""
    try:
        found = path.lstat()
    except OSError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise ControlError(
            f"{path} is no socket but a file; choose another endpoint", Obstacle.TAKEN
        )
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.setblocking(False)  # a full queue of callers says enough
        try:
            caller.connect(os.fsencode(path))
            if _is_forsaken(caller):
                return
        except (ConnectionRefusedError, FileNotFoundError):
            return
        except OSError:
            pass  # somebody is there and busy
    raise ControlError(
        f"another wall runs at {path}; end it, or give this one another endpoint", Obstacle.TAKEN
    )


def _is_forsaken(caller: socket.socket) -> bool:
    """Whether the controller is gone that began to listen: its doorkeeper alone answers still."""
    found = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, _user, _group = _CREDENTIALS.unpack(found)
    if pid <= 0:  # of another namespace
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _listening(path: Path) -> socket.socket:
    """A listening socket at a path, where a dead one may lie; its file is this user's alone."""
    with contextlib.ExitStack() as undo:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        undo.callback(listener.close)
        try:
            _bind(listener, path)
        except OSError as error:
            raise ControlError(
                f"the wall can't listen at {path}: {error.strerror}", obstacle_of(error)
            ) from None
        undo.pop_all()
    return listener


def _bind(listener: socket.socket, path: Path) -> None:
    with _private():
        path.unlink(missing_ok=True)
        listener.bind(os.fsencode(path))
        listener.listen(CALLERS_WAITING_MAX)


@contextlib.contextmanager
def _private() -> Iterator[None]:
    """What is made meanwhile is this user's alone."""
    before = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(before)
