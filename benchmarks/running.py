"""A program that is measured while it runs: what its output counts, and what it costs."""

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import click
import msgspec

from wallctl.process.usage import total_cpu_s

START_S = 40.0
"""A program that has shown nothing for so long hangs."""
LOOK_EVERY_S = 0.02
END_S = 5.0


class Pace(msgspec.Struct, frozen=True):
    """What a running program does: its output's pictures a second, and the cores it takes."""

    fps: float
    cores: float


class Running:
    """A program with all its children, from entering to leaving; it is ended at the end.

    ``count`` turns a line of its output and the count before into the pictures put out so far.
    """

    def __init__(
        self,
        words: Sequence[str],
        count: Callable[[str, int], int],
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._words = words
        self._count = count
        self._environ = {**os.environ, **(environ or {})}
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed on leaving
        self._counts = [(0.0, 0)]
        """When the count became what; the reader adds to it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=self._environ,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(END_S)
        if self._process.stdout:
            self._process.stdout.close()
        self._complaints.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            before = self._counts[-1][1]
            count = self._count(line, before)
            if count != before:
                self._counts.append((time.monotonic(), count))

    def wait_for(self, started: Callable[[], bool]) -> None:
        """Come back when it has started. Raises ``click.ClickException`` if it never does."""
        give_up_s = time.monotonic() + START_S
        while not started():
            if self._process.poll() is not None or time.monotonic() > give_up_s:
                self._complaints.seek(0)
                told = self._complaints.read()[-500:]
                raise click.ClickException(f"{self._words[0]} shows nothing: {told}")
            time.sleep(LOOK_EVERY_S)

    def watch(self, seconds: float) -> Pace:
        """What it does in the seconds from now on.

        Raises ``click.ClickException`` if it ends before they have passed.
        """
        began_s, before_s = time.monotonic(), self._cpu_s()
        time.sleep(seconds)
        cores = (self._cpu_s() - before_s) / (time.monotonic() - began_s)
        if self._process.poll() is not None:
            raise click.ClickException(
                f"{self._words[0]} ended while it was watched: its files are too short"
            )
        return Pace(round(self._fps(began_s), 1), round(cores, 3))

    def _fps(self, since_s: float) -> float:
        """Pictures a second from the last report before a monotonic time to the newest."""
        counts = list(self._counts)
        began_s, first = [count for count in counts if count[0] <= since_s][-1]
        ended_s, last = counts[-1]
        return (last - first) / (ended_s - began_s) if last > first else 0.0

    @property
    def pid(self) -> int:
        """Of the program itself, once it was entered."""
        return self._process.pid

    @property
    def shown(self) -> int:
        """How many pictures it has put out."""
        return self._counts[-1][1]

    def has_shown(self) -> bool:
        """Whether it has put out a picture."""
        return self.shown > 0

    def _cpu_s(self) -> float:
        """Processor seconds of the program and its living children so far."""
        return total_cpu_s(family(self.pid))


def family(pid: int) -> list[int]:
    """A process and all that descend from it and live."""
    parents = _parents()
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += [child for child, parent in parents.items() if parent == found[-1]]
    return found


def _parents() -> dict[int, int]:
    """The parent of each process on this machine."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return parents
