"""Which processes are decoders of the same wall. The kernel tells it, so none can deny it."""

from pathlib import Path


def may_be_decoder(pid: int) -> bool:
    """Whether a process has this one's parent and more filters of system calls than this one, or
    is gone, so that nobody can tell any more.

    Only decoders have filters of their own (``wallctl.supervisor.seccomp``). They start no other
    process. ``False`` where the kernel does not count filters (before Linux 5.9), and for 0: a
    process outside this container.
    """
    own, other = _status("self"), _status(str(pid))
    if pid and not other:
        return True
    return other.get("PPid") == own.get("PPid") and _filters(other) > _filters(own)


def _filters(status: dict[str, str]) -> int:
    return int(status.get("Seccomp_filters", "0"))


def _status(pid: str) -> dict[str, str]:
    """What the kernel tells of a process; nothing of one that is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.splitlines())
    return {name: value.strip() for name, _, value in pairs}
