"""What a machine's limits will do to a wall: told before it starts, not found out at the wall."""

from collections.abc import Iterator

from wallctl.model.site.site import Site
from wallctl.model.site.site_diff import max_streams
from wallctl.shm.arena import needed_bytes
from wallctl.supervisor import landlock, seccomp
from wallctl.supervisor.available_memory import available_bytes
from wallctl.supervisor.open_file_limit import needed, raise_limit

BASE_BYTES = 100 << 20
"""Root, controller and doorkeeper, with the libraries that all share."""
STREAM_BYTES = 12 << 20
"""A connected stream that is decoded at 640×360; a large one takes a few times that."""
SCREEN_BYTES = 48 << 20
"""A presenter: its artwork, and a window's pixels."""


def memory_bytes(site: Site) -> int:
    """Memory that a wall of this site takes, about: for its pictures, and for its processes."""
    processes = len(site.sources) * STREAM_BYTES + len(site.screens) * SCREEN_BYTES
    return _picture_bytes(site) + processes + BASE_BYTES


def _picture_bytes(site: Site) -> int:
    return needed_bytes([screen.size for screen in site.screens], max_streams(site))


def limits(site: Site, *, starts: bool = False) -> Iterator[str]:
    """A sentence for each limit of this machine that a wall of this site will meet.

    One that ``starts`` says by itself where not even its pictures have room.
    """
    wants, has = memory_bytes(site), available_bytes()
    is_refused = starts and has is not None and has < _picture_bytes(site)
    if has is not None and has < wants and not is_refused:
        yield (
            f"the wall takes about {wants >> 20} MB of memory and {has >> 20} MB can be had: "
            "its processes may be killed; close other programs, or raise the memory limit"
        )
    files, most = needed(len(site.sources) + len(site.screens)), raise_limit()
    if most < files:
        yield (
            f"the wall opens about {files} files and may open {most}: cameras may stay away; raise "
            "the limit (LimitNOFILE= in the unit, ulimit -Hn in a shell)"
        )
    yield from unprotected()


def unprotected(known: int | None = None, filters: bool | None = None) -> Iterator[str]:
    """A sentence for each protection from hostile streams that this machine lacks."""
    known = landlock.version() if known is None else known
    filters = seccomp.is_there() if filters is None else filters
    if known == 0:
        yield (
            "this kernel has no Landlock: a stream that takes over its decoder can read all files "
            "of the wall's user; take Linux 5.13 or newer, with landlock in its lsm= list"
        )
    if not filters:
        yield (
            "system calls can't be filtered here: a stream that takes over its decoder can start "
            "programs; let the container or the kernel allow seccomp"
        )


def protections() -> str:
    """What keeps decoders from everything but their camera, on this machine."""
    kept = [f"files by Landlock {landlock.version()}"] if landlock.version() else []
    kept += ["system calls by seccomp"] if seccomp.is_there() else []
    return f"decoders are kept to their camera: {', '.join([*kept, 'memory by a limit'])}"
