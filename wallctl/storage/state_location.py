"""Which file a wall's state is kept in: found by what the site is called, not by where it lies.

A site is its ``id``, or else its ``name``; two walls of one site differ by the endpoint that was
asked for. The path of the site file is a hint for a site that was renamed.
"""

import enum
import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from wallctl.model.site.site import Site
from wallctl.storage.ownership import Judge
from wallctl.storage.state_file import (
    Fate,
    Kept,
    KeptFor,
    copy_of,
    log_fate,
    read_kept,
    state_folder,
)
from wallctl.storage.user_folders import make_folders

MOST_FILES = 200
"""How many states of a folder are looked at, the newest first."""
_NAME_CHARACTERS = 20
"""How much of a site's name a file's name has: 3 bytes each in Chinese, of at most 255."""

_log = logging.getLogger(__name__)


class Likeness(enum.IntEnum):
    """How likely a kept state is that of a wall. The larger, the likelier."""

    STRANGE = 0
    UNKNOWN = 1
    """Nobody can tell whose it is: it can't be read."""
    SAME_SOURCES = 2
    """Another name in another place, but the very same sources."""
    SAME_SITE = 3
    """Another endpoint."""
    SAME_PLACE = 4
    """Another name, in the same place and with the same endpoint."""
    SAME_WALL = 5


class StatePlace(msgspec.Struct, frozen=True):
    """Where a wall keeps its state, and what it begins with."""

    file: Path
    of: KeptFor
    begins: Kept = Kept(Fate.NONE)
    taken_from: str = ""
    """The site file of another wall whose state it begins with; empty if it is its own."""


def find_place(site: Site, file: Path, control: str, folder: Path | None = None) -> StatePlace:
    """Where the wall of a site file keeps its state. Call it once, before any fork.

    It claims the file for as long as this process lives. From another wall that runs it takes only
    what is hidden and locked.
    """
    folder = state_folder() if folder is None else folder
    of = KeptFor(site.id or site.name, str(file.resolve()), control)
    if (why := _unreadable(folder)) is not None:
        _log.warning("kept states can't be looked for: %s", why)
        return StatePlace(_free(folder, of), of, Kept(Fate.UNUSABLE, why=why))
    likely = sorted(_candidates(folder, of, site, file), key=_rank, reverse=True)
    for likeness, path, kept in likely:
        if likeness >= Likeness.SAME_PLACE and _claim(path):
            log_fate(path, kept)
            own = _free(folder, of) if path == _old_path(folder, file) else path
            return StatePlace(own, of, kept)
    own = _free(folder, of)
    if not likely:
        return StatePlace(own, of)
    _, path, kept = likely[0]
    log_fate(path, kept)
    begins = kept if _is_free(path) else _hidden_of(kept)
    return StatePlace(own, of, begins, kept.of.place or str(path))


def snapshot_folder(site: Site | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where snapshots of a site are kept; without a site, those of walls that have no file."""
    folder = state_folder(environ) / "snapshots"
    return folder if site is None else folder / _file_name(KeptFor(site.id or site.name))


def _unreadable(folder: Path) -> str | None:
    """Why nothing in the folder can be relied on, if it is there or was meant to be."""
    for one in (folder, *folder.parents):
        if one.is_symlink() and not one.exists():
            return f"{one} is a link to what is not there"
    exposure = Judge().exposure(folder)
    if exposure is not None:
        return f"{exposure.path} is {exposure.found}{exposure.remedy and f': {exposure.remedy}'}"
    try:
        os.scandir(folder).close()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"{folder} can't be read: {error.strerror}"
    return None


_Candidate = tuple[Likeness, Path, Kept]


def _rank(candidate: _Candidate) -> tuple[Likeness, int]:
    likeness, path, _ = candidate
    return likeness, _changed_ns(path)


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _candidates(folder: Path, of: KeptFor, site: Site, file: Path) -> Iterator[_Candidate]:
    """The states that may be of this wall."""
    names = frozenset(source.name for source in site.sources)
    own, old = folder / f"{_file_name(of)}.json", _old_path(folder, file)
    for path in _state_files(folder):
        kept = read_kept(path)
        likeness = _likeness(kept, of, names)
        if kept.of == KeptFor() and path in (own, old):
            likeness = Likeness.SAME_WALL  # it is broken, or was kept by an older version
        if likeness is not Likeness.STRANGE:
            yield likeness, path, kept


def _state_files(folder: Path) -> list[Path]:
    """All states of a folder; also one that has only its copy left."""
    if not folder.is_dir():
        return []
    files = {folder / one.name.removesuffix(".copy") for one in folder.glob("*.json*")}
    states = (one for one in files if one.suffix == ".json" and not one.name.startswith("speeds-"))
    return sorted(states, key=_changed_ns, reverse=True)[:MOST_FILES]


def _likeness(kept: Kept, of: KeptFor, names: frozenset[str]) -> Likeness:
    its = kept.of
    if its.control == of.control and its.site == of.site:
        return Likeness.SAME_WALL
    if its.control == of.control and its.place == of.place:
        return Likeness.SAME_PLACE
    if its.site == of.site:
        return Likeness.SAME_SITE
    if kept.state is not None and kept.state.known == names:
        return Likeness.SAME_SOURCES
    is_known = its != KeptFor() or kept.state is not None
    return Likeness.STRANGE if is_known else Likeness.UNKNOWN


def _hidden_of(kept: Kept) -> Kept:
    """The part of another wall's state that holds here, too."""
    if kept.state is None:
        return kept
    bare = msgspec.structs.replace(kept.state, base={}, broadcasts={}, language=None)
    return msgspec.structs.replace(kept, state=bare)


def _file_name(of: KeptFor) -> str:
    mark = hashlib.sha256(msgspec.json.encode([of.site, of.control])).hexdigest()[:12]
    plain = "".join(one if one.isalnum() else "-" for one in of.site[:_NAME_CHARACTERS])
    return f"{plain or 'site'}-{mark}"


def _old_path(folder: Path, file: Path) -> Path:
    """Where the state of a site file was kept before sites were found by their name."""
    site = file.resolve()
    mark = hashlib.sha256(os.fsencode(site)).hexdigest()[:12]
    return folder / f"{site.parent.name or 'site'}-{mark}.json"


def _free(folder: Path, of: KeptFor) -> Path:
    """A file for a state, that no other wall claims. It need not be there."""
    name = _file_name(of)
    for number in range(1, MOST_FILES):
        path = folder / (f"{name}.json" if number == 1 else f"{name}.{number}.json")
        is_there = path.exists() or copy_of(path).exists()
        if not is_there and _claim(path):
            return path
    return folder / f"{name}.{os.getpid()}.json"


_claims: dict[Path, int] = {}
"""Open descriptors of the lock files that this process holds."""


def _claim(path: Path) -> bool:
    """Hold a state file for this wall; ``False`` if another one does.

    A record lock is not inherited: it ends with this process, however its children fare. A folder
    that can't be written to has no claims: nobody writes there.
    """
    if path in _claims:
        return True
    try:
        make_folders(path.parent)
        fd = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return True
    try:
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return False
    _claims[path] = fd
    return True


def _is_free(path: Path) -> bool:
    """Whether no other wall that runs claims a state."""
    was_ours = path in _claims
    is_free = _claim(path)
    if is_free and not was_ours and path in _claims:
        os.close(_claims.pop(path))
    return is_free
