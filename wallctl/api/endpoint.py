"""Where the control channel may be: sockets in the file system, and one wall at each.

Knows files and names, no socket. A wall's ipc sockets are guarded by the rights of their folder and
by a lock file, since ZeroMQ itself takes a socket file away from a wall that is running.
"""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

from wallctl.model.base.os_access_error import Obstacle, obstacle_of
from wallctl.storage.ownership import Judge
from wallctl.storage.user_folders import make_folders, temporary_folder

PATH_MAX_BYTES = 107
"""What fits into a Unix socket's address."""


class ControlError(Exception):
    """The control channel can't be opened or reached; one sentence says why and what to do."""

    def __init__(self, why: str, obstacle: Obstacle = Obstacle.OTHER) -> None:
        super().__init__(why)
        self.obstacle = obstacle


def default_endpoint(
    wall: str = "wall", environ: Mapping[str, str] = os.environ, *, make: bool = False
) -> str:
    """The endpoint of the wall of that name, in this user's own folder.

    A wall has the folder that stands for it in the temporary one made (``make``); others only
    look for it. Raises ``ControlError`` if another user rules that folder.
    """
    if not wall or "/" in wall or wall.startswith("."):
        raise ControlError(f"{wall!r} can't name a wall's folder; use letters, digits and dashes")
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    own = Path(runtime) / "wallctl" if runtime else _temporary_folder(make=make)
    path = own / wall / "control.sock"
    check_folder(path)
    return check_endpoint(f"ipc://{path}")


def check_endpoint(text: str) -> str:
    """The endpoint in its one right spelling. Raises ``ControlError``."""
    if text.startswith("tcp:"):
        raise ControlError(
            f"{text!r} is a network address, and a wall takes no commands there: any program could "
            "give them; write ipc:///folder/control.sock, and from another machine call "
            "'ssh HOST wallctl send ...'"
        )
    if not text.startswith("ipc://"):
        raise ControlError(f"{text!r} is no endpoint; write ipc:///folder/control.sock")
    _checked_path(f"ipc://{events_path(_checked_path(text))}")
    return text


def ipc_path(endpoint: str) -> Path:
    """The socket file of a checked endpoint."""
    return Path(endpoint.removeprefix("ipc://"))


def events_path(commands: Path) -> Path:
    """The events' socket file beside the commands': ``control.sock`` has ``events.sock``."""
    name = commands.name
    told = name.replace("control", "events") if "control" in name else f"{name}.events"
    return commands.with_name(told)


def _temporary_folder(*, make: bool) -> Path:
    try:
        return temporary_folder(make=make)
    except OSError as error:
        raise ControlError(
            f"no folder of your own can be made in /tmp: {error.strerror}; "
            "set XDG_RUNTIME_DIR, or choose an endpoint",
            obstacle_of(error),
        ) from None


def prepare_folder(path: Path) -> None:
    """Create the socket's folder for this user alone if it is missing, and check who rules it."""
    try:
        make_folders(path.parent)
    except OSError as error:
        raise ControlError(
            f"the folder {path.parent} can't be made: {error.strerror}; choose another endpoint",
            obstacle_of(error),
        ) from None
    check_folder(path)


def check_folder(path: Path) -> None:
    """Raise ``ControlError`` if another user could put a socket of their own at ``path``."""
    exposure = Judge().exposure(path.parent)
    if exposure is None:
        return
    if exposure.error is not None:
        raise ControlError(
            f"{exposure.path} can't be looked at: {exposure.error.strerror}; choose an endpoint "
            "in a folder that is yours",
            obstacle_of(exposure.error),
        )
    raise ControlError(
        f"another user could replace what is in {exposure.path}, {exposure.found}: "
        f"{exposure.remedy}, or choose an endpoint in a folder that only you can write to",
        Obstacle.FORBIDDEN,
    )


class Lock:
    """The claim on one socket file, held while this process lives; it dies with the process.

    It knows nothing of the socket itself. Raises ``ControlError`` if another wall holds it.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._path = socket.with_name(f"{socket.name}.lock")
        self._fd = self._locked()
        while not self.is_in_place():  # another wall has ended just now, and cleared it away
            os.close(self._fd)
            self._fd = self._locked()

    def _locked(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            fd = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise ControlError(
                f"{self._path} can't be opened: {error.strerror}", obstacle_of(error)
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise ControlError(
                f"another wall runs at {self._socket}; end it, or give this one another endpoint",
                Obstacle.TAKEN,
            ) from None
        return fd

    def is_in_place(self) -> bool:
        """Whether the locked file is the one that the next wall would find."""
        try:
            return os.path.samestat(os.fstat(self._fd), self._path.lstat())
        except OSError:
            return False

    def release(self) -> None:
        """Give the claim up and leave nothing of it behind."""
        if self.is_in_place():
            self._path.unlink(missing_ok=True)
        os.close(self._fd)


def _checked_path(endpoint: str) -> Path:
    text = endpoint.removeprefix("ipc://")
    if not text.startswith("/") or text.endswith("/") or not _is_sayable(text):
        raise ControlError(f"{endpoint!r} names no file; write ipc:///folder/control.sock")
    if Path(text).is_dir():
        raise ControlError(f"{text} is a folder; name a file in it, as ipc://{text}/control.sock")
    if (size := len(os.fsencode(text))) > PATH_MAX_BYTES:
        raise ControlError(
            f"the path {text!r} has {size} bytes and a socket's path may have {PATH_MAX_BYTES}; "
            "choose a shorter folder"
        )
    return Path(text)


def _is_sayable(path: str) -> bool:
    """Whether ZeroMQ can be given it: UTF-8 without an end in the middle."""
    try:
        return b"\0" not in path.encode()
    except UnicodeEncodeError:
        return False
