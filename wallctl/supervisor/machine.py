"""Which machine this is, and how much of it this process may use."""

import os
import platform
import re
from pathlib import Path

import msgspec

from wallctl.supervisor.control_groups import PROC, groups, line

LEAST_CORES = 0.01


def cpu_model(file: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name for itself, or its architecture if it has none."""
    text = file.read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1] if model else platform.machine()


def machine_cores() -> int:
    """How many processors the machine has, also those that this process may not use."""
    return os.cpu_count() or 1


def processors() -> frozenset[int]:
    """The numbers of the processors that this process may run on."""
    return frozenset(os.sched_getaffinity(0))


def usable_cores(proc: Path = PROC) -> float:
    """How many processors' time this process may use. A quota may be less than one."""
    quotas = [quota for group in groups("cpu", proc) if (quota := _quota(group)) is not None]
    return max(LEAST_CORES, min([float(len(processors())), *quotas]))


class Throttle(msgspec.Struct, frozen=True):
    """How often a quota has held up the processes of a group, since the group was made."""

    periods: int = 0
    held_up: int = 0
    """The periods in which the quota was used up before their end."""


def throttle(proc: Path = PROC) -> Throttle:
    """Of all groups above this process that have a quota, the one that was held up most."""
    found = (_throttle(group) for group in groups("cpu", proc) if _quota(group) is not None)
    return max(found, key=lambda one: one.held_up, default=Throttle())


class Capacity(msgspec.Struct, frozen=True):
    """What there is for this process to use now; a limit may change while it runs."""

    processors: frozenset[int]
    cores: float
    throttle: Throttle = Throttle()


def capacity(proc: Path = PROC) -> Capacity:
    """What this process may use now: its processors, and how much of their time."""
    return Capacity(processors(), usable_cores(proc), throttle(proc))


def _quota(group: Path) -> float | None:
    """How many processors a group may use: its time per period. ``None`` without a limit."""
    new = line(group / "cpu.max")
    if new is not None:
        time, _, period = new.partition(" ")
    else:
        time = line(group / "cpu.cfs_quota_us") or "-1"
        period = line(group / "cpu.cfs_period_us") or ""
    if not time.isdecimal() or not period.isdecimal() or int(period) == 0:
        return None
    return round(int(time) / int(period), 3)


def _throttle(group: Path) -> Throttle:
    file = group / "cpu.stat"
    periods, held_up = line(file, "nr_periods "), line(file, "nr_throttled ")
    return Throttle(int(periods or 0), int(held_up or 0))
