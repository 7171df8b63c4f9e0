"""Where a wall can be called: its two sockets, bound, watched and bound again when they are gone.

This module makes a socket file and hands it to ZeroMQ, which itself would remove any file in its
place. So a wall removes only its own sockets.
"""

import contextlib
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import zmq

from wallctl.control.endpoint import (
    ControlError,
    Lock,
    check_endpoint,
    events_endpoints,
    events_path,
    ipc_path,
    prepare_folder,
)
from wallctl.model.obstacle import Obstacle, obstacle_of

LOOK_NS = 1_000_000_000
"""How often the socket files are looked at, and an endpoint that could not be had is tried."""
CALLERS_WAITING_MAX = 128
FORSAKEN_MAX = 8
"""How many sockets without a file stay open for the clients that they have."""
_ASK_S = 0.2

Socket = zmq.Socket[bytes]


class Door:
    """A socket file that is this wall's own, and the claim on it. Raises ``ControlError``."""

    def __init__(self, path: Path, bound: Socket) -> None:
        self._path = path
        with contextlib.ExitStack() as undo:
            prepare_folder(path)
            lock = Lock(path)
            undo.callback(lock.release)
            _check_unused(path)
            with _listening(path) as listener:
                self._own = path.lstat()
                bound.setsockopt(zmq.USE_FD, listener.detach())
            _bind(bound, f"ipc://{path}")
            undo.pop_all()
        self._lock = lock

    @property
    def is_whole(self) -> bool:
        """Whether a caller finds it, and another wall finds it taken."""
        return self._is_own() and self._lock.is_in_place()

    def close(self) -> None:
        """Take the file away, if it is still this one's, and give the claim up."""
        if self._is_own():
            self._path.unlink(missing_ok=True)
        self._lock.release()

    def _is_own(self) -> bool:
        try:
            return os.path.samestat(self._path.lstat(), self._own)
        except OSError:
            return False


class Doors:
    """The endpoint of a wall: commands and events. ``tend`` keeps both open."""

    def __init__(self, endpoint: str, commands: Socket, events: Socket) -> None:
        self._commands, self._events = commands, events
        self._doors: list[Door] = []
        self._forsaken = 0
        self._looked_ns = 0
        self.endpoint = check_endpoint(endpoint)
        self.events_endpoint = ""
        """Where events are published; empty until it is known."""
        self._is_open = False
        self.why_closed: ControlError | None = None
        """Why nobody can call now; ``None`` while everybody can."""

    def open(self) -> None:
        """Bind both sockets. Raises ``ControlError``."""
        path = ipc_path(self.endpoint)
        if path is None:
            self.endpoint = _bind(self._commands, self.endpoint)
            self.events_endpoint = _bind_first(self._events, self.endpoint)
        else:
            for one, bound in ((path, self._commands), (events_path(path), self._events)):
                self._doors.append(Door(one, bound))
            self.events_endpoint = f"ipc://{events_path(path)}"
        self._is_open = True

    def tend(self, now_ns: int) -> None:
        """Once a second: see whether both can be called, and bind them again if not."""
        if now_ns - self._looked_ns < LOOK_NS:
            return
        self._looked_ns = now_ns
        if self._is_open and all(door.is_whole for door in self._doors):
            return
        self._forsake()
        try:
            self.open()
        except ControlError as error:
            self.why_closed = error
        else:
            self.why_closed = None

    def close(self) -> None:
        """Give the endpoint up."""
        for door in self._doors:
            door.close()
        self._doors.clear()

    def _forsake(self) -> None:
        """Let go of what is left of the doors; the clients that came through them stay."""
        self._forsaken += bool(self._doors)
        self._is_open = False
        self.close()
        if self._forsaken > FORSAKEN_MAX:
            self._forsaken = 0
            for bound, endpoint in (
                (self._commands, self.endpoint),
                (self._events, self.events_endpoint),
            ):
                with contextlib.suppress(zmq.ZMQError):
                    bound.unbind(endpoint)


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
        caller.settimeout(_ASK_S)
        try:
            caller.connect(os.fsencode(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return
        except OSError:
            pass  # somebody is there and busy
    raise ControlError(
        f"another wall runs at {path}; end it, or give this one another endpoint", Obstacle.TAKEN
    )


@contextlib.contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    """A listening socket at a path, where a dead one may lie; its file is this user's alone."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    before = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        listener.bind(os.fsencode(path))
        listener.listen(CALLERS_WAITING_MAX)
        yield listener
    except OSError as error:
        raise ControlError(
            f"the wall can't listen at {path}: {error.strerror}", obstacle_of(error)
        ) from None
    finally:
        os.umask(before)
        listener.close()


def _bind_first(bound: Socket, commands: str) -> str:
    """Bind to the first endpoint of events that is free; where the socket is then."""
    choices = events_endpoints(commands)
    for endpoint in choices[:-1]:
        with contextlib.suppress(ControlError):
            return _bind(bound, endpoint)
    return _bind(bound, choices[-1])


def _bind(bound: Socket, endpoint: str) -> str:
    bound.setsockopt(zmq.IPV6, endpoint.startswith("tcp://["))
    try:
        bound.bind(endpoint)
    except zmq.ZMQError as error:
        raise ControlError(_refusal(endpoint, error), _obstacle(error)) from None
    finally:
        bound.setsockopt(zmq.USE_FD, -1)
    return bound.getsockopt_string(zmq.LAST_ENDPOINT)


def _obstacle(error: zmq.ZMQError) -> Obstacle:
    return obstacle_of(OSError(error.errno or 0, ""))


def _refusal(endpoint: str, error: zmq.ZMQError) -> str:
    if error.errno == zmq.EADDRINUSE:
        return f"something else listens at {endpoint}; end it, or choose another endpoint"
    return f"the wall can't listen at {endpoint}: {zmq.strerror(error.errno or 0)}"
