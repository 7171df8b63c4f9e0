"""What a calibration measured, kept as JSON for each machine and version of libav.

A home folder may be shared by machines, and libav gets faster: speeds of another machine or
version are no speeds of this one. A file that can't be read is as none: measuring again mends it.
"""

import hashlib
import os
import typing
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wallctl.model.planning.cost_model import Speeds
from wallctl.storage.atomic_write import write_whole
from wallctl.storage.path_checks import beginning, opened
from wallctl.storage.state_file import state_folder

LARGEST_BYTES = 64 * 1024


class Measured(msgspec.Struct, frozen=True):
    """On what speeds depend."""

    cpu: str
    cores: int
    libav: str


class Calibration(msgspec.Struct, frozen=True):
    """The file: speeds, of what, and the day they were measured (``2026-11-24``)."""

    schema: typing.Literal[1]
    of: Measured
    day: str
    speeds: Speeds


def speeds_path(of: Measured, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the calibration of a machine is kept."""
    mark = hashlib.sha256(msgspec.json.encode(of)).hexdigest()[:12]
    return state_folder(environ) / f"speeds-{mark}.json"


def save_speeds(path: Path, calibration: Calibration) -> None:
    """Keep a calibration. Raises ``OSError`` if the disk does not take it."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")


def load_speeds(path: Path, of: Measured) -> Calibration | None:
    """The calibration that was kept; ``None`` if it is not of this machine, or can't be used."""
    try:
        with opened(path) as fd:
            content = beginning(fd, LARGEST_BYTES)
        found = msgspec.json.decode(content, type=Calibration)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    sound = all(cost >= 0 for cost in msgspec.structs.astuple(found.speeds))
    return found if found.of == of and sound else None
