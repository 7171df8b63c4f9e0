"""The folder of a broadcast's playlist: a wall's own, and what it wrote there noted in it.

A folder is a wall's own if it was new or empty when a broadcast began there, and nobody else may
write there. A note beside the playlist names the files that its broadcast has written; no other
file is ever replaced or deleted. No link is followed: all names are opened in the folder itself.
"""

import contextlib
import io
import os
import re
import stat
from pathlib import Path

from wallctl.storage.file_findings import readable
from wallctl.storage.ownership import Exposure, Judge
from wallctl.storage.user_folders import make_folders

PIECES = 7
"""How many pieces of a stream are kept; a playlist names one less."""
FOLDER_MODE, FILE_MODE = 0o755, 0o644
"""A web server is to read them, which is another user."""
NOTE_END = ".wallctl"
LARGEST_NOTE_BYTES = 64 * 1024
_NOTE_HEAD = "# Written by wallctl: files of this broadcast, which it replaces and deletes.\n"
_USUAL = frozenset({"lost+found"})
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderError(OSError):
    """A broadcast can't use a folder; one sentence says why and what to do."""


def folder_fault(playlist: Path) -> tuple[str, str] | None:
    """What is found at the folder of a playlist and what is expected, where it can't be used."""
    folder = playlist.parent
    exposure = next(Judge().exposures(folder, holds_files=True), None)
    if exposure is not None:
        return _told(exposure)
    try:
        fd = os.open(os.path.realpath(folder), _FOLDER)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"a folder that can't be used ({error.strerror}): {readable(folder)}", "another one"
    try:
        return _claim_fault(fd, folder)
    finally:
        os.close(fd)


class BroadcastFolder:
    """The folder of one playlist, while a stream is written into it.

    Raises ``FolderError``, and ``OSError`` if the disk does not take it.
    """

    def __init__(self, playlist: Path) -> None:
        self._playlist = playlist.name
        self._note = f".{playlist.name}{NOTE_END}"
        make_folders(playlist.parent, FOLDER_MODE)
        fault = folder_fault(playlist)
        if fault is not None:
            raise FolderError(f"found {fault[0]}, expected {fault[1]}")
        self._fd = os.open(os.path.realpath(playlist.parent), _FOLDER)
        self._pieces: list[str] = []
        """The newest last."""
        self._is_mine = False
        """Whether the playlist that lies there is this broadcast's."""
        try:
            self._take_over()
        except BaseException:
            self.close()
            raise

    def open(self, url: str) -> io.RawIOBase:
        """A file of the stream, which appears under its name when it is closed. ``url`` ends in
        that name. Raises ``FolderError`` if the name is that of a file of somebody else."""
        name = url.rpartition("/")[2]
        if name == self._playlist:
            self._claim_playlist()
        elif name not in self._pieces:
            self._refuse_strange(name)
            self._pieces.append(name)
            self._sweep()
        return _Part(self._fd, name)

    def close(self) -> None:
        """Nothing more is written. It may be called again."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _take_over(self) -> None:
        """Take away the pieces that an earlier stream of this broadcast has left."""
        known = _noted(self._fd, self._note)
        piece = re.compile(rf"{re.escape(Path(self._playlist).stem)}-[0-9]{{1,20}}\.ts", re.ASCII)
        for name in known:
            if piece.fullmatch(name):
                _remove(self._fd, name)
        self._is_mine = self._playlist in known
        if not self._is_mine:
            self._refuse_strange(self._playlist)
        self._write_note()

    def _claim_playlist(self) -> None:
        if not self._is_mine:
            self._refuse_strange(self._playlist)
            self._is_mine = True
            self._write_note()

    def _refuse_strange(self, name: str) -> None:
        if _mode(self._fd, name) is not None:
            raise FolderError(
                f"found {name}, which this broadcast has not written, expected a folder without it"
            )

    def _sweep(self) -> None:
        """Take away what the playlist names no more; the note is right before and after."""
        old, self._pieces = self._pieces[:-PIECES], self._pieces[-PIECES:]
        for name in old:
            _remove(self._fd, name)
        self._write_note()

    def _write_note(self) -> None:
        names = [self._playlist] * self._is_mine + self._pieces
        text = _NOTE_HEAD + "".join(f"{name}\n" for name in names)
        with _Part(self._fd, self._note) as note:
            note.write(text.encode())


class _Part(io.RawIOBase):
    """A file that is written beside its name, and takes it when it is closed."""

    def __init__(self, folder: int, name: str) -> None:
        self._name, self._beside = name, f".{name}.part"
        _remove(folder, self._beside)
        self._file = os.fdopen(os.open(self._beside, _NEW, FILE_MODE, dir_fd=folder), "wb")
        os.fchmod(self._file.fileno(), FILE_MODE)
        self._folder = os.dup(folder)  # the stream may be closed before its last file

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Write all of it; its bytes."""
        return self._file.write(content)

    def close(self) -> None:
        """Give it its name."""
        if not self.closed:
            super().close()
            try:
                self._file.close()
                folder = self._folder
                os.rename(self._beside, self._name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                os.close(self._folder)


def _told(exposure: Exposure) -> tuple[str, str]:
    where = f"{exposure.found}: {readable(exposure.path)}"
    expected = "a folder that only the wall's user and root can write to"
    return where, f"{expected} ({exposure.remedy})" if exposure.remedy else expected


def _claim_fault(fd: int, folder: Path) -> tuple[str, str] | None:
    """Whether a folder is neither empty nor one in which a broadcast has left its note."""
    names = set(os.listdir(fd)) - _USUAL
    notes = (name for name in names if name.startswith(".") and name.endswith(NOTE_END))
    is_own = any(stat.S_ISREG(_mode(fd, name) or 0) for name in notes)
    if not names or is_own:
        return None
    found = f"a folder with files that no broadcast of a wall has written: {readable(folder)}"
    return found, "an empty folder, or one that is not there yet"


def _noted(fd: int, note: str) -> list[str]:
    """The names in a note; none if there is no note that can be read."""
    try:
        with os.fdopen(os.open(note, _READ, dir_fd=fd), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return []
            text = file.read(LARGEST_NOTE_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line and "/" not in line]


def _remove(fd: int, name: str) -> None:
    """Take a file away, if it is there and a plain one or a link."""
    with contextlib.suppress(FileNotFoundError, IsADirectoryError):
        os.unlink(name, dir_fd=fd)


def _mode(fd: int, name: str) -> int | None:
    try:
        return os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode
    except OSError:
        return None
