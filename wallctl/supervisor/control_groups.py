"""The control groups that this process is in: what a container or a service may use of a machine.

Both versions are read, also where a machine has both. A group's limit holds for all groups below
it, so every visible group above this process counts. Files are read at each call: limits change.
"""

import re
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
_VERSION_2 = "cgroup2"
_OCTAL = re.compile(r"\\([0-7]{3})")


def groups(controller: str, proc: Path = PROC) -> list[Path]:
    """The folders of the groups that may limit one thing: in each tree, from the own group up."""
    own = dict(_memberships(controller, proc))
    return [
        folder
        for kind, root, mount in _mounts(controller, proc)
        if kind in own
        for folder in _up(own[kind], root, mount)
    ]


def line(file: Path, word: str = "") -> str | None:
    """What follows ``word`` on the first line that begins with it; ``None`` where none does."""
    return next((one.removeprefix(word).strip() for one in _lines(file, word)), None)


def _memberships(controller: str, proc: Path) -> Iterator[tuple[str, str]]:
    """For each kind of tree, the path of this process's group in it."""
    for one in _lines(proc / "self/cgroup"):
        number, controllers, path = [*one.split(":", 2), "", ""][:3]
        if number == "0" and not controllers:
            yield _VERSION_2, path
        elif controller in controllers.split(","):
            yield "cgroup", path


def _mounts(controller: str, proc: Path) -> Iterator[tuple[str, str, Path]]:
    """The mounted trees that may have a controller: kind, the group at the mount, and the mount."""
    for one in _lines(proc / "self/mountinfo"):
        before, _, after = one.partition(" - ")
        fields, kinds = before.split(), after.split()
        if len(fields) < 5 or len(kinds) < 3:
            continue
        kind, options = kinds[0], kinds[2].split(",")
        if kind == _VERSION_2 or (kind == "cgroup" and controller in options):
            yield kind, _plain(fields[3]), Path(_plain(fields[4]))


def _up(path: str, root: str, mount: Path) -> Iterator[Path]:
    """The group of a path, and all mounted groups above it.

    Within a container the path may be one that only the host knows.
    """
    group = Path(path)
    is_seen = group.is_relative_to(root) and ".." not in group.parts
    inside = group.relative_to(root) if is_seen else Path()
    for part in (inside, *inside.parents):
        yield mount / part


def _plain(text: str) -> str:
    """A path as it is: mountinfo writes spaces and the like as octal numbers."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)


def _lines(file: Path, word: str = "") -> list[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return [one for one in text.splitlines() if one.startswith(word)]
