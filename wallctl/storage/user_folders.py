"""Where a user's own files lie, also where there is no home: a container with a bare user number.

Nobody else rules the folder in /tmp that stands in for one, whoever was there first.
"""

import contextlib
import errno
import os
import pwd
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


def home(environ: Mapping[str, str] = os.environ, user: int | None = None) -> Path:
    """The user's home folder; without one, a folder in /tmp that lasts until the machine restarts.

    Raises ``OSError`` if that one can't be made.
    """
    user = os.getuid() if user is None else user
    return _own_home(environ, user) or temporary_folder(user)


def has_home(environ: Mapping[str, str] = os.environ, user: int | None = None) -> bool:
    """Whether what is kept at home is still there when the machine has restarted."""
    return _own_home(environ, os.getuid() if user is None else user) is not None


def _own_home(environ: Mapping[str, str], user: int) -> Path | None:
    given = environ.get("HOME", "")
    if not given:
        with contextlib.suppress(KeyError):
            given = pwd.getpwuid(user).pw_dir
    folder = Path(given)
    is_nobodys = folder == Path("/") and user != 0  # Docker gives it to who has none
    return folder if folder.is_absolute() and not is_nobodys and _can_be(folder) else None


def _can_be(folder: Path) -> bool:
    """Whether a folder is there and open to this user, or could be made."""
    if folder.parent == folder or _is_there(folder):
        return os.access(folder, os.R_OK | os.X_OK)
    above = next(one for one in folder.parents if _is_there(one))
    return os.access(above, os.W_OK | os.X_OK)


def _is_there(folder: Path) -> bool:
    try:
        folder.stat()
    except OSError:
        return False
    return True


def make_folders(folder: Path, mode: int = 0o700) -> None:
    """Make a folder and those above it that are missing, each with this mode, whatever the umask.

    Raises ``OSError``.
    """
    if folder.is_dir():
        return
    make_folders(folder.parent, mode)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode)
        folder.chmod(mode)
    if not folder.is_dir():  # a file stands there, or a link that leads nowhere
        number = errno.ENOENT if folder.is_symlink() else errno.ENOTDIR
        raise OSError(number, os.strerror(number), str(folder))


def temporary_folder(user: int | None = None, *, make: bool = True) -> Path:
    """The user's own folder in the temporary one: ``wallctl-UID``, or, where another user has made
    that, ``wallctl-UID-RANDOM``. All programs of the user find the same, since only he can make
    folders that belong to him.

    Makes it unless ``make`` is false; then it names what another user has made, or nobody yet.
    Raises ``OSError`` if it can't be made.
    """
    plain = _TEMPORARY / f"wallctl-{os.getuid() if user is None else user}"
    found = next((one for one in _folders_of(plain) if _is_own(one)), None)
    if found is None and make:
        _make(plain)
        found = next((one for one in _folders_of(plain) if _is_own(one)), None)
    if found is not None and make:
        _make_private(found)
    return found or plain


_TEMPORARY = Path("/tmp")


def _folders_of(plain: Path) -> Iterator[Path]:
    """Where the folder of a user may be, the first choice first."""
    yield plain
    yield from sorted(_TEMPORARY.glob(f"{plain.name}-*"))


def _is_own(folder: Path) -> bool:
    """Whether this user has made a folder; a link is none."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _make(plain: Path) -> None:
    try:
        plain.mkdir(mode=0o700)
    except FileExistsError:
        tempfile.mkdtemp(prefix=f"{plain.name}-", dir=_TEMPORARY)


def _make_private(folder: Path) -> None:
    """Close a folder of this user's to others: an older version could leave it open."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if stat.S_IMODE(os.fstat(fd).st_mode) & 0o077:
            os.fchmod(fd, 0o700)
    finally:
        os.close(fd)
