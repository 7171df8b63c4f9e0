"""The wall's state kept between two runs, as JSON: two files with the same content.

A file that is damaged is found out by its checksum, and the other one is used. What is hidden and
what is locked is taken also from a file that can't be understood whole. It knows nothing of what
is in the state; ``wallctl.model.wall.state.state.restored`` makes it fit the site.
"""

import contextlib
import enum
import errno
import hashlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.wall.state.blanking import Blanked
from wallctl.model.wall.state.screen_state import Selection
from wallctl.model.wall.state.state import Locks, WallState
from wallctl.storage.atomic_write import write_over, write_whole
from wallctl.storage.ownership import Judge
from wallctl.storage.path_checks import beginning, opened
from wallctl.storage.user_folders import home

LARGEST_BYTES = 1024 * 1024
SCHEMA = 2
"""Of the file. Schema 1 had neither a checksum nor ``of``."""
ROOM_BYTES = 16 * 1024
"""Files are filled up with blanks to a multiple of this size, so that a state that has grown can
still be written over them on a full disk."""
_UNUSABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_log = logging.getLogger(__name__)


class KeptFor(msgspec.Struct, frozen=True):
    """Whose state it is."""

    site: str = ""
    """The ``id`` of the site file, or else its ``name``."""
    place: str = ""
    """The path of the site file: a hint, since a site may move."""
    control: str = ""
    """The endpoint that was asked for; empty for the usual one."""


class Fate(enum.Enum):
    """What became of a kept state when it was read."""

    NONE = "none"
    """There is no file."""
    WHOLE = "whole"
    REPAIRED = "repaired"
    """One file can't be used; the other is sound."""
    HIDDEN_ONLY = "hidden_only"
    """Only what is hidden and what is locked can be understood."""
    UNUSABLE = "unusable"
    """There is a file, and nothing in it can be used."""


class Kept(msgspec.Struct, frozen=True):
    """What was read. ``state`` is ``None`` if there is nothing to begin with."""

    fate: Fate
    state: WallState | None = None
    of: KeptFor = KeptFor()
    number: int = 0
    """Grows with each save."""
    why: str = ""
    """What is wrong, for a person."""


class _File(msgspec.Struct, frozen=True):
    """The file. ``sum`` is the SHA-256 of the schema, ``of``, ``number`` and ``state``."""

    schema: int
    state: msgspec.Raw
    sum: str = ""
    number: int = 0
    of: msgspec.Raw = msgspec.Raw(b"{}")


class _Hidden(msgspec.Struct, frozen=True):
    """The part of a state that must not be lost."""

    blanked: tuple[Blanked, ...]
    locks: Locks


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this program keeps what it learned from one run to the next."""
    given = Path(environ.get("XDG_STATE_HOME", ""))
    folder = given if given.is_absolute() else home(environ) / ".local" / "state"
    return folder / "wallctl"


def copy_of(path: Path) -> Path:
    """The second file of a state: no ``.json``, so that nobody takes it for one of its own."""
    return path.with_name(f"{path.name}.copy")


def save_state(path: Path, state: WallState, of: KeptFor) -> None:
    """Keep a state in both of its files; nobody else can read them.

    Makes the folder. What can't be used is set aside as NAME.broken first. On a full disk the old
    content is written over. Raises ``OSError`` if neither file takes it.
    """
    found = {file: _read(file) for file in (path, copy_of(path))}
    content = _content(state, of, 1 + max(one.number for one in found.values()))
    refused: list[OSError] = []
    for file, old in found.items():
        if old.fate not in (Fate.NONE, Fate.WHOLE):
            _set_aside(file)
        try:
            _write(file, content)
        except OSError as error:
            refused.append(error)
    if len(refused) == len(found):
        raise refused[0]


def _content(state: WallState, of: KeptFor, number: int) -> bytes:
    raw, whose = msgspec.json.encode(state), msgspec.json.encode(of)
    sum_ = _sum(SCHEMA, number, whose, raw)
    file = _File(SCHEMA, msgspec.Raw(raw), sum_, number, msgspec.Raw(whose))
    text = msgspec.json.encode(file)
    return text.ljust(-(-len(text) // ROOM_BYTES) * ROOM_BYTES - 1) + b"\n"


def _sum(schema: int, number: int, of: bytes, state: bytes) -> str:
    return hashlib.sha256(b"%d %d %b %b" % (schema, number, of, state)).hexdigest()


def _write(file: Path, content: bytes) -> None:
    """Replace the file, or write over it where the disk has no room for a second one."""
    try:
        write_whole(file, content)
    except OSError as full:
        if full.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        try:
            write_over(file, content)
        except FileNotFoundError:
            raise full from None


def _set_aside(file: Path) -> None:
    """Keep what can't be used where a person can look at it."""
    with contextlib.suppress(OSError):
        file.replace(file.with_name(f"{file.name}.broken"))


def log_fate(path: Path, kept: Kept) -> None:
    """Log what is wrong with a kept state, if anything is."""
    if kept.why:
        _log.warning("the kept state %s: %s (%s)", path, _TOLD[kept.fate], kept.why)


def read_kept(path: Path) -> Kept:
    """The newest of the two files of a state that can be used; ``why`` tells what is wrong."""
    both = [_read(path), _read(copy_of(path))]
    best = max(both, key=lambda one: (_USE[one.fate], one.number))
    wrong = "; ".join(one.why for one in both if one.why)
    if best.fate is Fate.WHOLE and any(one.fate is not Fate.WHOLE for one in both):
        missing = {one.fate for one in both} == {Fate.WHOLE, Fate.NONE}
        fate = Fate.WHOLE if missing else Fate.REPAIRED
        best = msgspec.structs.replace(best, fate=fate)
    return msgspec.structs.replace(best, why=wrong)


_USE = {
    Fate.NONE: 0,
    Fate.UNUSABLE: 1,
    Fate.HIDDEN_ONLY: 2,
    Fate.REPAIRED: 3,
    Fate.WHOLE: 3,
}
_TOLD = {
    Fate.NONE: "there is none",
    Fate.WHOLE: "it is used, look whether all is hidden that should be",
    Fate.REPAIRED: "one of its two files can't be used, the other one is",
    Fate.HIDDEN_ONLY: "what was hidden and locked is used, the rest starts at home",
    Fate.UNUSABLE: "nothing of it can be used",
}


def _read(file: Path) -> Kept:
    try:
        with opened(file) as fd:
            exposure = Judge().fault(file, os.fstat(fd))
            content = beginning(fd, LARGEST_BYTES + 1)
        if exposure is not None:
            return Kept(Fate.UNUSABLE, why=f"{file.name} is {exposure.found}: {exposure.remedy}")
        if len(content) > LARGEST_BYTES:
            raise msgspec.DecodeError("it is larger than 1 MiB")
        return _understood(msgspec.json.decode(content, type=_File))
    except FileNotFoundError:
        return Kept(Fate.NONE)
    except OSError as error:
        return Kept(Fate.UNUSABLE, why=f"{file.name} can't be read: {error.strerror}")
    except _UNUSABLE as error:
        return Kept(Fate.UNUSABLE, why=f"{file.name} is broken: {error}")


def _understood(file: _File) -> Kept:
    raw, of = bytes(file.state), bytes(file.of)
    is_old = file.schema == 1 and not file.sum
    is_sound = file.sum == _sum(file.schema, file.number, of, raw)
    whose = msgspec.json.decode(of, type=KeptFor)
    if file.schema <= SCHEMA and not is_sound and not is_old:
        return Kept(Fate.UNUSABLE, of=whose, why="its checksum is wrong")
    try:
        if file.schema > SCHEMA:
            raise msgspec.ValidationError(f"it has the schema {file.schema}, not {SCHEMA}")
        state = msgspec.json.decode(_cleaned(raw), type=WallState)
    except msgspec.ValidationError as error:
        hidden = msgspec.json.decode(_cleaned(raw), type=_Hidden)
        bare = WallState({}, Selection("", 0), locks=hidden.locks, blanked=hidden.blanked)
        return Kept(Fate.HIDDEN_ONLY, bare, whose, file.number, str(error))
    why = "it was kept by an older version, without a checksum" if is_old else ""
    return Kept(Fate.WHOLE, state, whose, file.number, why)


def _cleaned(raw: bytes) -> bytes:
    """A kept state with every text on one line: older versions let any text in."""
    return msgspec.json.encode(_clean(msgspec.json.decode(raw)))


def _clean(value: object) -> object:
    match value:
        case str():
            return on_one_line(value)
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {_clean(name): _clean(one) for name, one in value.items()}
    return value
