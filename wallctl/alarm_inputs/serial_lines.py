"""Lines of dry contacts from a serial port, a FIFO, or a file that somebody appends to."""

import errno
import os
import select
import stat
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

from wallctl.alarm_inputs.alarm_client import Raiser
from wallctl.alarm_inputs.contact_lines import Contacts, heard
from wallctl.alarm_inputs.input_error import InputError, refused
from wallctl.model.site.alarm_input import LineInput

LOOK_S = 0.1
"""How often a file is looked at, and whether it is the same one still."""
READ_BYTES = 4096
BYTES_PER_S = 32_768
"""More than the fastest port sends; what a program writes faster waits."""


_PAUSE = threading.Event()


class Line:
    """A port, a FIFO or a file, whether it is there or not."""

    def __init__(self, given: LineInput, raiser: Raiser) -> None:
        self._given = given
        self._raiser = raiser
        self._is_missing = False
        """Whether it was not there when it was looked for last: then all of it is news."""

    def watch(self, listening: Callable[[], object]) -> None:
        """Raise the alarm of each contact that closes. Raises ``InputError`` when nothing can be
        read (any more)."""
        contacts, alarms = Contacts(), self._given.alarms
        for content in self._read(listening):
            contacts, closed = heard(contacts, content, alarms)
            for contact in dict.fromkeys(closed):
                refused(alarms[contact], self._raiser.tell(alarms[contact], by_table=True))

    def _read(self, listening: Callable[[], object]) -> Iterator[bytes]:
        path, is_new, self._is_missing = Path(self._given.path), self._is_missing, False
        try:
            fd = os.open(path, _flags(path))
            try:
                is_file = _is_file(fd)
                if is_file and not is_new:
                    os.lseek(fd, 0, os.SEEK_END)  # what stands there is old
                _set_speed(fd, self._given.baud)
                listening()
                for content in _appended(path, fd) if is_file else _sent(fd):
                    yield content
                    _PAUSE.wait(len(content) / BYTES_PER_S)
            finally:
                os.close(fd)
        except (OSError, termios.error) as error:
            self._is_missing = isinstance(error, FileNotFoundError)
            raise InputError(f"{path} can't be read: {error.args[1]}") from error


def _is_file(fd: int) -> bool:
    """Whether it is a file that grows. ``OSError`` for what is no line: a folder, a disk, or a
    device without end."""
    mode = os.fstat(fd).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or os.isatty(fd)):
        raise OSError(errno.ENODEV, "it is no serial port, no FIFO and no file")
    return stat.S_ISREG(mode)


def _flags(path: Path) -> int:
    """A FIFO is opened for writing too: else it ends whenever a writer goes."""
    fifo = stat.S_ISFIFO(path.stat().st_mode)
    return (os.O_RDWR if fifo else os.O_RDONLY) | os.O_NONBLOCK | os.O_NOCTTY


def _set_speed(fd: int, baud: int) -> None:
    """Have a serial port read bytes as they are, at a speed."""
    if not os.isatty(fd):
        return
    tty.setraw(fd)
    speed = getattr(termios, f"B{baud}")
    settings = termios.tcgetattr(fd)
    settings[4] = settings[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, settings)


def _sent(fd: int) -> Iterator[bytes]:
    """What comes over a port or a FIFO."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    while True:
        poll.poll()
        content = os.read(fd, READ_BYTES)
        if not content:
            raise OSError(0, "it has ended")
        yield content


def _appended(path: Path, fd: int) -> Iterator[bytes]:
    """What is appended to a file from now on, and then to the one that takes its place."""
    while True:
        if os.fstat(fd).st_size < os.lseek(fd, 0, os.SEEK_CUR):
            os.lseek(fd, 0, os.SEEK_SET)  # it was emptied
        is_old = path.stat().st_ino != os.fstat(fd).st_ino  # known before all of it is read
        content = os.read(fd, READ_BYTES)
        if content:
            yield content
        elif is_old:
            _follow(path, fd)
        else:
            _PAUSE.wait(LOOK_S)


def _follow(path: Path, fd: int) -> None:
    """Read on in the file that has taken the place of another. ``OSError`` if it is none."""
    new = os.open(path, _flags(path))
    try:
        if not _is_file(new):
            raise OSError(errno.ENODEV, "it is a file no more")
        os.dup2(new, fd)
    finally:
        os.close(new)
