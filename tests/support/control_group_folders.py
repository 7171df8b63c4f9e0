"""Folders that look like /proc and the mounted trees of control groups."""

from collections.abc import Mapping
from pathlib import Path

GROUP = "/wall.slice/wall.service"


class Groups:
    """One tree, mounted in ``folder``: of version 2, or of version 1 for one controller."""

    def __init__(self, folder: Path, controller: str | None = None, root: str = "/") -> None:
        self.proc = folder / "proc"
        self.mount = folder / "sys fs"
        (self.proc / "self").mkdir(parents=True, exist_ok=True)
        place = str(self.mount).replace(" ", "\\040")
        kind = "cgroup2 cgroup2 rw" if controller is None else f"cgroup cgroup rw,{controller}"
        (self.proc / "self/mountinfo").write_text(
            "31 23 0:28 / / rw - ext4 /dev/sda1 rw\n"
            f"32 31 0:29 {root} {place} rw,relatime shared:5 - {kind}\n"
        )
        self._line = "0::{}" if controller is None else f"4:{controller},other:{{}}"
        self.put(GROUP)

    def put(self, path: str) -> None:
        """This process is in that group."""
        (self.proc / "self/cgroup").write_text(f"9:freezer:/\n{self._line.format(path)}\n")

    def limit(self, group: str, files: Mapping[str, str]) -> None:
        """Write what a group's files say."""
        folder = self.mount / group.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(f"{text}\n")
