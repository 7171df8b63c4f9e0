"""How much memory is left: the kernel's estimate, and the limits set for this process.

Ask before you take memory: a control group does not refuse what is over its limit, but kills.
"""

import resource
from pathlib import Path

from wallctl.supervisor.control_groups import PROC, groups, line

WORKING_BYTES = 256 << 20
"""Address space that a child needs besides the arena: libraries, stacks, what it decodes."""


def available_bytes(proc: Path = PROC) -> int | None:
    """Memory that this process can still have, or ``None`` where nothing tells."""
    file_limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    limits = [
        _kernel_estimate(proc),
        None if file_limit == resource.RLIM_INFINITY else file_limit,
        _address_space(proc),
        cgroup_bytes(proc),
    ]
    return min((limit for limit in limits if limit is not None), default=None)


def cgroup_bytes(proc: Path = PROC) -> int | None:
    """What the control groups above this process leave; ``None`` without a limit.

    File pages that the kernel can drop at once count as free.
    """
    free = [bytes_ for group in groups("memory", proc) if (bytes_ := _left_in(group)) is not None]
    return min(free, default=None)


def _left_in(group: Path) -> int | None:
    """What a group of either version leaves. A group without a limit may name an absurd one."""
    used = _number(group / "memory.current", group / "memory.usage_in_bytes")
    limits = (
        _number(group / "memory.max", group / "memory.limit_in_bytes"),
        _number(group / "memory.high"),
    )
    most = min((limit for limit in limits if limit is not None), default=None)
    if most is None or used is None:
        return None
    stat = group / "memory.stat"
    droppable = line(stat, "total_inactive_file ") or line(stat, "inactive_file ") or "0"
    return max(0, most - used + int(droppable))


def _number(*files: Path) -> int | None:
    """The number in the first of these files that is there; ``None`` for a word, as ``max``."""
    text = next((text for file in files if (text := line(file)) is not None), "")
    return int(text) if text.isdecimal() else None


def _address_space(proc: Path) -> int | None:
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = line(proc / "self/statm")
    if most == resource.RLIM_INFINITY or pages is None:
        return None
    return max(0, most - int(pages.split()[0]) * resource.getpagesize() - WORKING_BYTES)


def _kernel_estimate(proc: Path) -> int | None:
    found = line(proc / "meminfo", "MemAvailable:")
    return int(found.split()[0]) * 1024 if found is not None else None
