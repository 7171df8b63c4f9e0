"""What processes cost: processor time and their fair share of memory, from /proc."""

import os
import re
import time
from collections.abc import Container, Iterable
from pathlib import Path

_ALL_THREADS = 2
"""In the number of a process's clock (clock_getcpuclockid): all its threads, as scheduled."""


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used so far; 0 if it is gone."""
    fields = _stat(pid)
    if not fields:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss_bytes(pid: int) -> int:
    """Proportional set size: shared pages divided among those who share them; 0 if it is gone.

    Where a process's memory can't be looked at, only the pages that it does not share count.
    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except PermissionError:
        return _own_bytes(pid)
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024


def _own_bytes(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


def total_cpu_s(pids: Iterable[int]) -> float:
    """Processor seconds of several processes."""
    return sum(cpu_s(pid) for pid in pids)


def total_pss_bytes(pids: Iterable[int]) -> int:
    """Memory of several processes, shared pages counted once."""
    return sum(pss_bytes(pid) for pid in pids)


def cpu_ns(pid: int) -> int:
    """Processor time that a process has used so far, to the nanosecond; 0 if it is gone."""
    try:
        return time.clock_gettime_ns((~pid << 3) | _ALL_THREADS)
    except OSError:
        return 0


def family(pid: int) -> dict[int, str]:
    """A process and its children: the short name of each."""
    found = {pid: _name(pid)}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and _parent(int(folder.name)) == pid:
            found[int(folder.name)] = _name(int(folder.name))
    return found


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields of a process after its name; none if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_bytes().decode(errors="replace").strip()
    except OSError:
        return ""


def busy_s(processors: Container[int] | None = None, stat: Path = Path("/proc/stat")) -> float:
    """Processor seconds that a machine has spent, and lost to its host, since it booted.

    ``processors`` limits the sum to these, if the kernel tells of each; else all count.
    """
    lines = [line.split() for line in stat.read_text(encoding="ascii").splitlines()]
    each = {int(one[0][3:]): one for one in lines if re.fullmatch(r"cpu\d+", one[0])}
    counted = [one for number, one in each.items() if processors and number in processors]
    return sum(map(_busy_ticks, counted or lines[:1])) / os.sysconf("SC_CLK_TCK")


def _busy_ticks(fields: list[str]) -> int:
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, fields[1:9])
    return user + nice + system + irq + softirq + steal
