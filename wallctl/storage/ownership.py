"""Who else could change a file: the one judgement for sites, states, sockets and broadcasts.

A file is the wall's own if every folder, link and file on the way to it belongs to the wall's user
or root, and nobody else may write there. It reads nothing of what a file holds.
"""

import errno
import grp
import os
import pwd
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from wallctl.storage.file_findings import readable

MOST_LINKS = 40
"""As many as the kernel follows on one path."""
_ELSEWHERE = "keep its files in a folder of their own"
"""What helps where a folder is everybody's for a reason, as the temporary one is."""
_ACL = "system.posix_acl_access"


class Exposure(msgspec.Struct, frozen=True):
    """Where another user could change what a path leads to."""

    path: Path
    """The file, link or folder that is not the wall's own."""
    found: str
    """What is wrong with it, as ``a folder that everybody can write to (mode 0777)``."""
    remedy: str
    """What to do, mostly a line to type; empty if nothing helps."""
    group: str = ""
    """The group that may write there, if nobody else may."""
    error: OSError | None = None
    """Why nobody can tell, if it could not be looked at."""


class Judge:
    """Judges paths. Remembers users and groups, so make a new one for each look.

    ``group`` is a group whose members may change files as the wall's own user may.
    """

    def __init__(self, group: int | None = None) -> None:
        self._users = {0, os.getuid()}
        self._group = group
        self._is_private: dict[int, bool] = {}
        self._is_member: dict[int, bool] = {}

    def exposure(self, path: Path) -> Exposure | None:
        """The first exposed place on the way to a path, itself included; ``None`` if there is none.

        What is not there yet is not judged.
        """
        return next(self.exposures(path), None)

    def exposures(self, path: Path, *, holds_files: bool = False) -> Iterator[Exposure]:
        """All exposed places on the way to a path.

        In a sticky folder nobody can replace another's files, which is no help to a folder that
        ``holds_files``: there each new file counts.
        """
        try:
            for place, found, is_last in _way(path):
                fault = self.fault(place, found, may_be_sticky=not (is_last and holds_files))
                if fault is not None:
                    yield fault
        except OSError as error:
            told = f"what can't be looked at ({error.strerror})"
            yield Exposure(Path(error.filename or path), told, "", error=error)

    def fault(
        self, place: Path, found: os.stat_result, *, may_be_sticky: bool = True
    ) -> Exposure | None:
        """Why one file, link or folder, found so, is not the wall's own; what is above is left.

        A device or pipe is not judged: it is no file that the wall would use.
        """
        kind, mode = _kind(found.st_mode), stat.S_IMODE(found.st_mode)
        if kind is None:
            return None
        if found.st_uid not in self._users and not self._may_own(found):
            owner = _user_name(found.st_uid)
            return Exposure(place, f"a {kind} of the user {owner}", _given_back(kind, place, owner))
        is_sticky = kind == "folder" and mode & stat.S_ISVTX
        if kind == "link" or (is_sticky and may_be_sticky):
            return None
        if mode & stat.S_IWOTH:
            told = f"a {kind} that everybody can write to (mode {mode:04o})"
            return Exposure(place, told, _ELSEWHERE if is_sticky else f"chmod go-w {_typed(place)}")
        if mode & stat.S_IWGRP and not self._may_write(found.st_gid, place):
            group = _group_name(found.st_gid)
            told = f"a {kind} that the group {group} can write to (mode {mode:04o})"
            return Exposure(place, told, f"chmod g-w {_typed(place)}", group)
        return None

    def _may_own(self, found: os.stat_result) -> bool:
        """Whether a file is one that a member of the trusted group has put there."""
        if self._group is None or found.st_gid != self._group:
            return False
        if found.st_uid not in self._is_member:
            self._is_member[found.st_uid] = _is_member(found.st_uid, self._group)
        return self._is_member[found.st_uid]

    def _may_write(self, group: int, place: Path) -> bool:
        if _has_acl(place):  # the mode's group bits then stand for anybody whom the list names
            return False
        if group == self._group:
            return True
        if group not in self._is_private:
            self._is_private[group] = _is_private(group, self._users)
        return self._is_private[group]


def group_number(name: str) -> int | None:
    """The number of a group; ``None`` if there is no such group."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def _way(path: Path) -> Iterator[tuple[Path, os.stat_result, bool]]:
    """Each folder and link on the way to a path, and what it leads to, as far as it is there;
    and whether it is the last.

    Raises ``OSError``, also for links without end.
    """
    here, links = Path("/"), 0
    left = [*reversed(path.absolute().parts[1:])]
    yield here, here.lstat(), not left
    while left:
        part = left.pop()
        if part == "..":
            here = here.parent
            continue
        step = here / part
        try:
            found = step.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return
        yield step, found, not left
        if not stat.S_ISLNK(found.st_mode):
            here = step
            continue
        links += 1
        if links > MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = step.readlink()
        if target.is_absolute():
            here = Path("/")
        left += reversed(target.parts[target.is_absolute() :])


def _is_private(group: int, users: set[int]) -> bool:
    """Whether a group is one that many systems give each user: named like him, and his alone.

    A group without a known member is not: a directory service may not list its members.
    """
    try:
        entry = grp.getgrgid(group)
    except KeyError:
        return False
    own = {one.pw_name for one in pwd.getpwall() if one.pw_uid in users}
    own |= {_user_name(user) for user in users}
    members = {one.pw_name for one in pwd.getpwall() if one.pw_gid == group}
    return entry.gr_name in own and {*entry.gr_mem, *members} <= own


def _is_member(user: int, group: int) -> bool:
    try:
        entry = pwd.getpwuid(user)
        return entry.pw_gid == group or entry.pw_name in grp.getgrgid(group).gr_mem
    except KeyError:
        return False


def _has_acl(place: Path) -> bool:
    try:
        return _ACL in os.listxattr(place)
    except OSError:
        return False


def _kind(mode: int) -> str | None:
    kinds = {stat.S_IFDIR: "folder", stat.S_IFLNK: "link", stat.S_IFREG: "file"}
    return kinds.get(stat.S_IFMT(mode))


def _given_back(kind: str, place: Path, owner: str) -> str:
    """What to do about another owner. A folder may hold more than the wall's files."""
    if kind == "folder":
        return f"run the wall as {owner}, or {_ELSEWHERE}"
    return f"chown {'-h ' * (kind == 'link')}{_user_name(os.getuid())} {_typed(place)}"


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _group_name(group: int) -> str:
    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


def _typed(place: Path) -> str:
    """A path as a shell reads it; what nobody could see in it stands as codes."""
    return shlex.quote(readable(place))
