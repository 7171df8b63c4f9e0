"""A program for a ``with`` block: waited for, watched, and ended whatever happens."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import click
import msgspec

from wallctl.supervisor.usage import busy_s, cpu_ns, family, total_pss_bytes

START_S, END_S = 40.0, 10.0
LOOK_EVERY_S = 0.1
NAMING_WORDS = 4
"""So many words of a command line tell which program it is."""
TOLD_CHARS = 500
"""So much of what a program complained of is told."""


class Pace(msgspec.Struct, frozen=True):
    """What a running program does: its output's pictures a second, and the cores it takes."""

    fps: float
    cores: float


class Spent(msgspec.Struct, frozen=True):
    """What was spent in some time; cores are processor seconds a second."""

    seconds: float
    cores: float
    other_cores: float
    """By everything else on the machine, whoever watches included."""


class Watch:
    """Counts what some processes spend from now on; those that are born meanwhile count, too."""

    def __init__(self, pids: Callable[[], Sequence[int]]) -> None:
        self._pids = pids
        self._began_s, self._busy_s = time.monotonic(), busy_s()
        self._before_ns = {pid: cpu_ns(pid) for pid in pids()}

    def spent(self) -> Spent:
        """Until now."""
        seconds = time.monotonic() - self._began_s
        own_s = sum(cpu_ns(pid) - self._before_ns.get(pid, 0) for pid in self._pids()) / 1e9
        others_s = max(0.0, busy_s() - self._busy_s - own_s)
        return Spent(seconds, own_s / seconds, others_s / seconds)


class Program:
    """A program with its children. What it complains of is told if it fails."""

    def __init__(
        self,
        words: Sequence[str],
        environ: Mapping[str, str] | None = None,
        output: int = subprocess.DEVNULL,
    ) -> None:
        self._words = words
        self._environ = {**os.environ, **(environ or {})}
        self._output = output
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed on leaving
        self._process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._words,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._complaints,
            env=self._environ,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._complaints.close()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def pid(self) -> int:
        """Of the program itself, once it was entered."""
        return self._process.pid

    def wait_for(self, what: str, holds: Callable[[], bool], seconds: float = START_S) -> None:
        """Come back when it holds.

        Raises ``click.ClickException`` if the program ends before, or if it takes longer.
        """
        give_up_s = time.monotonic() + seconds
        while not holds():
            self._require_life()
            if time.monotonic() > give_up_s:
                raise self._failure(f"gave no {what} in {seconds:.0f} s")
            time.sleep(LOOK_EVERY_S)

    def _require_life(self) -> None:
        if self._process.poll() is not None:
            raise self._failure(f"ended with {self._process.returncode}")

    def _failure(self, what: str) -> click.ClickException:
        self._complaints.seek(0)
        told = self._complaints.read()[-TOLD_CHARS:]
        return click.ClickException(f"{' '.join(self._words[:NAMING_WORDS])} {what}: {told}")

    def watch(self, named: str = "") -> Watch:
        """Watch those of its processes whose names begin so."""
        return Watch(
            lambda: [pid for pid, name in self._family().items() if name.startswith(named)]
        )

    def pss_mb(self) -> float:
        """The memory of its processes, shared pages counted once; a MB has 1e6 bytes."""
        return round(total_pss_bytes(self._family()) / 1e6, 1)

    def _family(self) -> dict[int, str]:
        return family(self.pid)


class CountedProgram(Program):
    """A program whose output tells of its pictures.

    ``count`` turns a line of its output and the count before into the pictures put out so far.
    """

    def __init__(
        self,
        words: Sequence[str],
        count: Callable[[str, int], int],
        environ: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(words, environ, subprocess.PIPE)
        self._count = count
        self._counts = [(0.0, 0)]
        """When the count became what; the reader adds to it."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._reader.join(END_S)
        if self._process.stdout:
            self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            before = self._counts[-1][1]
            count = self._count(line, before)
            if count != before:
                self._counts.append((time.monotonic(), count))

    @property
    def shown(self) -> int:
        """How many pictures it has put out."""
        return self._counts[-1][1]

    def wait_shown(self, pictures: int = 1) -> None:
        """Come back when it has put out so many. Raises as ``wait_for`` does."""
        self.wait_for("picture", lambda: self.shown >= pictures)

    def pace(self, seconds: float) -> Pace:
        """What it does in the seconds from now on.

        Raises ``click.ClickException`` if it ends before they have passed.
        """
        began_s, watch = time.monotonic(), self.watch()
        time.sleep(seconds)
        spent = watch.spent()
        self._require_life()  # its files may be too short
        return Pace(round(self._fps(began_s), 1), round(spent.cores, 3))

    def _fps(self, since_s: float) -> float:
        """Pictures a second from the last report before a monotonic time to the newest."""
        counts = list(self._counts)
        began_s, first = [count for count in counts if count[0] <= since_s][-1]
        ended_s, last = counts[-1]
        return (last - first) / (ended_s - began_s) if last > first else 0.0
