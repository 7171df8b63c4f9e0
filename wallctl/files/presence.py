"""Whether something is there on disk. What can't be looked at counts as not there: it never raises.

It reads nothing of what it finds.
"""

from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether there is a file that can be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder that can be seen."""
    try:
        return path.is_dir()
    except OSError:
        return False
