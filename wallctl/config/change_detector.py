"""Have the files of a site changed? A look at each of them now and then, and when to read again.

What is in them is not known here. Editors write beside a file and rename, or into it little by
little: so it is read when two looks in a row found the same, and other than what was read last.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from wallctl.config.file_names import toml_files
from wallctl.storage.path_checks import is_folder


class Mark(msgspec.Struct, frozen=True):
    """How a file was found. Its mode counts: a login file may be made private, and nothing else."""

    changed_ns: int
    bytes: int
    inode: int
    mode: int


Marks = dict[str, Mark | None]
"""By path; ``None`` for what is not there or can't be looked at."""


def look(places: Iterable[str]) -> Marks:
    """How files are found now. Of a folder each TOML file counts, and whether there is one."""
    paths = (Path(place) for place in places)
    return {_key(path): _mark(path) for place in paths for path in (place, *_inside(place))}


def _key(path: Path) -> str:
    """The path as text that can be sent, though its bytes may be no UTF-8."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _inside(place: Path) -> tuple[Path, ...]:
    try:
        return toml_files(place)
    except OSError:
        return ()


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if is_folder(path):  # what is in it counts for itself: editors leave other files there
        return Mark(0, 0, found.st_ino, found.st_mode)
    return Mark(found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode)


def fingerprint(places: Iterable[str]) -> str:
    """How files are found now, in one word: it is another one when a file is, or who may write in
    a folder above."""
    listed = tuple(places)
    above = {folder for place in listed for folder in Path(place).absolute().parents}
    marks = look(listed) | {_key(folder): _mark(folder) for folder in above}
    return hashlib.sha256(msgspec.msgpack.encode(sorted(marks.items()))).hexdigest()


class Watch(msgspec.Struct, frozen=True):
    """Fingerprints of the files: as they were when they were read, and at the last look."""

    read: str | None = None
    seen: str | None = None

    def looked(self, found: str) -> "Watch":
        """After one more look."""
        return Watch(self.read, found)

    def is_due(self, found: str) -> bool:
        """Whether the files as they are found now should be read, before this is ``looked``."""
        return found == self.seen and found != self.read
