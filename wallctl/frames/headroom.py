"""How much memory can still be had: the kernel's estimate, and the limits set for this process.

Asked before memory is taken, since a control group that is overdrawn kills instead of refusing.
"""

import resource
from pathlib import Path

PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")
WORKING_BYTES = 256 << 20
"""Address space that a child needs besides the arena: libraries, stacks, what it decodes."""


def available_bytes(proc: Path = PROC, cgroups: Path = CGROUPS) -> int | None:
    """Memory that this process can still have, or ``None`` where nothing tells."""
    file_limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    limits = [
        _kernel_estimate(proc),
        None if file_limit == resource.RLIM_INFINITY else file_limit,
        _address_space(proc),
        cgroup_bytes(proc, cgroups),
    ]
    return min((limit for limit in limits if limit is not None), default=None)


def cgroup_bytes(proc: Path, cgroups: Path) -> int | None:
    """What the control groups (version 2) above this process leave; ``None`` without a limit.

    File pages that the kernel can drop at once count as free.
    """
    own = _line(proc / "self/cgroup", "0::")
    if own is None:
        return None
    group = cgroups / own.lstrip("/")
    above = [folder for folder in (group, *group.parents) if folder.is_relative_to(cgroups)]
    free = [bytes_ for folder in above if (bytes_ := _left_in(folder)) is not None]
    return min(free, default=None)


def _left_in(group: Path) -> int | None:
    most, used = _line(group / "memory.max"), _line(group / "memory.current")
    if most is None or used is None or most == "max":
        return None
    droppable = _line(group / "memory.stat", "inactive_file") or "0"
    return max(0, int(most) - int(used) + int(droppable))


def _address_space(proc: Path) -> int | None:
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _line(proc / "self/statm")
    if most == resource.RLIM_INFINITY or pages is None:
        return None
    return max(0, most - int(pages.split()[0]) * resource.getpagesize() - WORKING_BYTES)


def _kernel_estimate(proc: Path) -> int | None:
    line = _line(proc / "meminfo", "MemAvailable:")
    return int(line.split()[0]) * 1024 if line is not None else None


def _line(file: Path, word: str = "") -> str | None:
    """What follows ``word`` on the first line that begins with it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = (line.removeprefix(word).strip() for line in lines if line.startswith(word))
    return next(found, None)
