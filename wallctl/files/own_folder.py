"""Where a user's own files lie, also where there is no home: a container with a bare user number.

Makes sure that nobody else rules the folder in /tmp that stands in for one.
"""

import contextlib
import errno
import os
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path


def home(environ: Mapping[str, str] = os.environ, user: int | None = None) -> Path:
    """The user's home folder; without one, a folder in /tmp that lasts until the machine restarts.

    Raises ``OSError`` if another user has that one.
    """
    user = os.getuid() if user is None else user
    return _own_home(environ, user) or _stand_in(user)


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


def _stand_in(user: int) -> Path:
    folder = Path(f"/tmp/wallctl-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        why = "another user has made it; set HOME, or XDG_STATE_HOME and XDG_CACHE_HOME"
        raise PermissionError(errno.EACCES, why, str(folder))
    return folder
