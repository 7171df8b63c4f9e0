"""The wall's state kept between two runs, as JSON. A broken file costs the state, never the start.

It knows nothing of what is in the state; ``wallctl.model.state.restored`` makes it fit the site.
"""

import contextlib
import hashlib
import logging
import os
import typing
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wallctl.files.own_folder import home
from wallctl.files.whole_file import write_whole
from wallctl.model.state import WallState

LARGEST_BYTES = 1024 * 1024

_log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    """The file: a state, and the version of the form that it is written in."""

    schema: typing.Literal[1]
    state: WallState


def state_path(site_file: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the state of a site is kept: one file for each path of a site file."""
    site = site_file.resolve()
    mark = hashlib.sha256(os.fsencode(site)).hexdigest()[:12]
    return state_folder(environ) / f"{site.parent.name or 'site'}-{mark}.json"


def snapshot_folder(site_file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where snapshots of a site are kept; without a file, those of walls that have none."""
    folder = state_folder(environ) / "snapshots"
    return folder if site_file is None else folder / state_path(site_file, environ).stem


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this program keeps what it learned from one run to the next."""
    given = Path(environ.get("XDG_STATE_HOME", ""))
    folder = given if given.is_absolute() else home(environ) / ".local" / "state"
    return folder / "wallctl"


def save_state(path: Path, state: WallState) -> None:
    """Keep a state: the file is whole or the old one stays, and nobody else can read it.

    Makes the folder. Raises ``OSError`` if the disk does not take it.
    """
    write_whole(path, msgspec.json.encode(_Kept(1, state)))


def load_state(path: Path) -> WallState | None:
    """The state that was kept; ``None`` if there is none or it can't be used.

    A broken file is logged and moved to NAME.broken, where a person can look at it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise msgspec.DecodeError("it is larger than 1 MiB")
        return msgspec.json.decode(content, type=_Kept).state
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("the kept state %s can't be read (%s): starting at home", path, error.strerror)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _set_aside(path, str(error))
    return None


def _set_aside(path: Path, why: str) -> None:
    broken = path.with_name(f"{path.name}.broken")
    with contextlib.suppress(OSError):
        path.replace(broken)
    _log.warning("the kept state %s is broken (%s): starting at home; see %s", path, why, broken)
