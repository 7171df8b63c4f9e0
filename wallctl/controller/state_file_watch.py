"""The files of the kept state, looked at by a child: whether they are still there as they were
kept."""

from wallctl.controller.file_poll import FilePoll
from wallctl.node.child_kinds import Seen
from wallctl.node.child_processes import ChildProcesses

ODD_LOOKS = 2
"""So many looks in a row must find other files than those that were kept: one may come from before
they were."""


class KeptFiles:
    """How they were found when they were kept, and how they are found since."""

    def __init__(self, crew: ChildProcesses) -> None:
        self._looks = FilePoll("state", crew)
        self._mark = ""
        self._odd_looks = 0

    def heed(self, files: tuple[str, ...]) -> None:
        """Have these looked at."""
        self._looks.heed(files)

    def keep(self, mark: str) -> None:
        """Note how they were found when they were just written."""
        self._mark, self._odd_looks = mark, 0

    def hear(self, seen: Seen) -> str | None:
        """How a child has found them; ``None`` if it has looked at others."""
        return self._looks.hear(seen)

    def are_odd(self, found: str) -> bool:
        """Whether they are gone or were changed, now that they were found like this."""
        self._odd_looks = 0 if found == self._mark else self._odd_looks + 1
        return self._odd_looks >= ODD_LOOKS

    def are_silent(self, now_ns: int) -> bool:
        """Whether a look at them hangs."""
        return self._looks.is_silent(now_ns)
