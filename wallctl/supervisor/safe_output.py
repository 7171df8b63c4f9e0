"""Streams that never fail and never make the wall wait, whoever reads what it prints.

A wall runs for months beside the reader of its log: a journal that stands still, a terminal that
Ctrl+S has stopped, a pipe whose reader is gone, a full disk, nothing at all. What can't be written
at once is lost, and the wall goes on. A verb that answers a question waits for its reader instead,
since half an answer is none. If it can't write the answer, it says so.
"""

import contextlib
import enum
import io
import locale
import logging
import os
import select
import stat
import sys
import typing

from wallctl.model.base.unicode_rules import on_one_line, printable

STDIN, STDOUT, STDERR = 0, 1, 2
AT_ONCE_BYTES = select.PIPE_BUF
"""How much a pipe that is ready takes without a wait."""
_SAMPLE = chr(0x5899)
"""The Chinese word for wall: an encoding without it is of no use here."""


class Care(enum.Enum):
    """How a stream treats a line that can't be written at once."""

    WHOLE = enum.auto()
    """It waits until the line is written, and raises a failure as ``PrintError``."""
    WAIT = enum.auto()
    """It waits until the line is written; a line that fails is lost."""
    DROP = enum.auto()
    """It drops the line."""


class PrintError(OSError):
    """What a person asked for can't be written to stdout."""


class _Sink(io.RawIOBase):
    """A descriptor that is written to with care. It always reports that all is written."""

    def __init__(self, fd: int, care: Care) -> None:
        super().__init__()
        self._fd = fd
        self.care = care
        self._is_torn = False
        """Whether the last line was cut off in the middle."""

    def fileno(self) -> int:
        """The descriptor."""
        return self._fd

    def isatty(self) -> bool:
        """Whether a person sits there."""
        return os.isatty(self._fd)

    def writable(self) -> bool:
        """For the text layer above."""
        return True

    def write(self, data: typing.Any) -> int:
        """Write all of it, or lose what can't be written."""
        whole = bytes(data)
        left = memoryview(b"\n" + whole if self._is_torn else whole)
        count = len(left)
        try:
            while left and self._is_ready():
                left = left[self._write_part(left) :]
        except OSError as error:
            if self.care is Care.WHOLE:
                raise PrintError(error.errno, error.strerror) from error
        self._is_torn = 0 < len(left) < count
        return len(whole)

    def _is_ready(self) -> bool:
        """Whether something can be written now. Waits for that, unless lines are dropped."""
        poller = select.poll()
        poller.register(self._fd, select.POLLOUT)
        return bool(poller.poll(0 if self.care is Care.DROP else None))

    def _write_part(self, data: memoryview) -> int:
        try:
            return os.write(self._fd, data[:AT_ONCE_BYTES])
        except BlockingIOError:
            if self.care is Care.DROP:
                raise
            return 0


class _SafeText(io.TextIOWrapper):
    """Text without characters that control a terminal."""

    def write(self, text: str) -> int:
        """Write all of it."""
        super().write(printable(text))
        return len(text)


class _OneLineFormatter(logging.Formatter):
    """A log record on one line: no text can forge another line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return on_one_line(super().format(record))


def prepare() -> None:
    """Make this process's stdout and stderr cope with any text and any reader.

    A stream that was replaced, as by a test, stays as it is. What is printed is Chinese, so UTF-8
    is used instead of an encoding without it, as of a service with LANG=en_US.
    """
    _fill_gaps()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(STDOUT, sys.stdout, Care.WHOLE)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(STDERR, sys.stderr, Care.WAIT)
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_OneLineFormatter())


def never_wait() -> None:
    """Let nothing that this process and its children print from now on fail or hold them up."""
    prepare()
    for fd, stream in ((STDOUT, sys.stdout), (STDERR, sys.stderr)):
        sink = getattr(stream, "buffer", None)
        if isinstance(stream, io.TextIOWrapper) and isinstance(sink, _Sink):
            sink.care = Care.DROP
            stream.reconfigure(line_buffering=True)
            _reopen(fd)


def give_up() -> None:
    """Print nothing more to stdout: it can't be written to, and that has been reported."""
    sys.stdout = _stream(STDOUT, None, Care.DROP)


def says_chinese(encoding: str) -> bool:
    """Whether an encoding has Chinese characters."""
    try:
        return bool(_SAMPLE.encode(encoding))
    except (UnicodeError, LookupError):
        return False


def says_utf8() -> bool:
    """Whether what is printed to stdout is UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8")


def _stream(fd: int, old: typing.TextIO | None, care: Care) -> io.TextIOWrapper:
    if old is not None:
        with contextlib.suppress(OSError):
            old.flush()
    sink = typing.cast(typing.BinaryIO, _Sink(fd, care))
    encoding = _encoding(old)
    by_line = care is not Care.WHOLE or os.isatty(fd)
    return _SafeText(sink, encoding, "backslashreplace", line_buffering=by_line)


def _encoding(old: typing.TextIO | None) -> str:
    """What a person's terminal understands, or a program's request; else UTF-8."""
    asked = old is not None and "PYTHONIOENCODING" in os.environ
    given = old.encoding if asked and old is not None else locale.getencoding()
    return given if says_chinese(given) else "utf-8"


def _fill_gaps() -> None:
    """Open what is closed, or the next socket would be taken for stdout."""
    for fd in (STDIN, STDOUT, STDERR):
        with contextlib.suppress(OSError):
            if not _is_open(fd):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _reopen(fd: int) -> None:
    """Keep libraries that write by themselves from waiting, too.

    The pipe or terminal is opened once more: a flag set on what the shell has open, too, would
    outlast the wall. Where that is not allowed, only the wall's own lines do not wait.
    """
    with contextlib.suppress(OSError):
        mode = os.fstat(fd).st_mode
        if not (stat.S_ISFIFO(mode) or os.isatty(fd)):
            return
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
        again = os.open(f"/proc/self/fd/{fd}", flags)
        os.dup2(again, fd)
        os.close(again)
