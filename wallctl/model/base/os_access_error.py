"""Why the wall can't have a file, folder or socket now: one word for each kind. Pure."""

import enum
import errno


class Obstacle(enum.Enum):
    """What stands in the way of a file, a folder or a socket."""

    FULL = "full"
    READ_ONLY = "read_only"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    TAKEN = "taken"
    """Somebody else has it."""
    SILENT = "silent"
    """It does not answer."""
    OTHER = "other"


_OF_ERRNO: dict[int | None, Obstacle] = {
    errno.ENOSPC: Obstacle.FULL,
    errno.EDQUOT: Obstacle.FULL,
    errno.EROFS: Obstacle.READ_ONLY,
    errno.EACCES: Obstacle.FORBIDDEN,
    errno.EPERM: Obstacle.FORBIDDEN,
    errno.ENOENT: Obstacle.MISSING,
    errno.ENOTDIR: Obstacle.MISSING,
    errno.ESTALE: Obstacle.MISSING,
    errno.EADDRINUSE: Obstacle.TAKEN,
    errno.EADDRNOTAVAIL: Obstacle.MISSING,
}


def obstacle_of(error: OSError) -> Obstacle:
    """The kind of an error of the operating system."""
    return _OF_ERRNO.get(error.errno, Obstacle.OTHER)
