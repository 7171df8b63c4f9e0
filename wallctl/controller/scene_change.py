"""A change of the picture on its way to the screens, and its receipt.

A switch is prepared on every screen concerned, committed for all of them at one time, and then
waited for: first until each has presented it, then until no tile is coming any more.
"""

import msgspec

from wallctl.model.streams.health import TileState

WAIT_NS = 80_000_000
"""How long a switch waits for pictures; with the commit and one tick it stays within 110 ms."""
LEAD_NS = 4_000_000
"""From sending a commit to its time: enough for the message, less than a tick."""
GIVE_UP_NS = 1_500_000_000
"""A screen that has not presented by then is being started again; the receipt goes out without."""


class Unready(msgspec.Struct, frozen=True):
    """A tile that was not live at the first picture, and what it was."""

    screen: str
    tile: int
    state: TileState


class Done(msgspec.Struct, frozen=True):
    """What one screen said: when, and what was not live."""

    at_ns: int
    unready: tuple[Unready, ...]


class SceneChange:
    """One change. ``began_ns`` is when its command came."""

    def __init__(
        self, version: int, command: str, began_ns: int, screens: set[str], revision: int = 0
    ) -> None:
        self.version = version
        self.command = command
        self.began_ns = began_ns
        self.screens = screens
        self.moved: set[str] = set()
        """Those of its screens whose tiles change; on the others only marks do."""
        self.revision = revision
        """Of the state that it shows."""
        self.deadline_ns = began_ns + WAIT_NS
        self.commit_ns: int | None = None
        self.answered = False
        self._ready: set[str] = set()
        self._presented: dict[str, Done] = {}
        self._settled: dict[str, Done] = {}

    def take_over(self, overtaken: "SceneChange") -> None:
        """Wait for what another one was waiting for, and no longer than that would have."""
        self.screens |= overtaken.screens
        self.moved |= overtaken.moved
        self.deadline_ns = min(self.deadline_ns, overtaken.deadline_ns)

    def ready(self, screen: str) -> None:
        """A screen has all pictures of it."""
        self._ready.add(screen)

    def may_commit(self, now_ns: int) -> bool:
        """Whether it is time to show it: all are ready, or it waited long enough."""
        return self.commit_ns is None and (
            self._ready >= self.screens or now_ns >= self.deadline_ns
        )

    def presented(self, screen: str, done: Done) -> None:
        """A screen has shown it for the first time."""
        self._presented.setdefault(screen, done)

    def settled(self, screen: str, done: Done) -> None:
        """On a screen nothing is coming any more."""
        self._settled.setdefault(screen, done)

    def is_presented(self, now_ns: int) -> bool:
        """Whether every screen shows it, or will not soon."""
        if self.commit_ns is None:
            return False
        return self._presented.keys() >= self.screens or now_ns > self.commit_ns + GIVE_UP_NS

    def is_settled(self) -> bool:
        """Whether nothing is coming on any screen."""
        return self._settled.keys() >= self.screens

    def first_ms(self) -> float | None:
        """From the command to the first complete picture on all screens concerned.

        0 for a command that left the picture as it was, and concerned none.
        """
        return self._ms(self._presented)

    def all_live_ms(self) -> float | None:
        """From the command to the last tile being live; ``None`` if one is not."""
        if not self.is_settled() or any(done.unready for done in self._settled.values()):
            return None
        return self._ms(self._settled)

    def waited_ms(self, began_ns: int, now_ns: int) -> float:
        """For the receipt of a command that came at ``began_ns``: until it was seen, or how long
        was waited for a screen that shows nothing."""
        if not self.screens:
            return 0.0
        first_ms = self.first_ms()
        if first_ms is None:
            return round((now_ns - began_ns) / 1e6, 1)
        return round(first_ms + (self.began_ns - began_ns) / 1e6, 1)

    def pending(self) -> tuple[Unready, ...]:
        """What was not live at the first picture; a screen that shows nothing is tile 0 of it."""
        absent = (
            Unready(name, 0, TileState.CONNECTING) for name in self.screens - self._presented.keys()
        )
        shown = (unready for done in self._presented.values() for unready in done.unready)
        return (*absent, *shown)

    def still_missing(self) -> tuple[Unready, ...]:
        """What was not live when all had settled."""
        return tuple(unready for done in self._settled.values() for unready in done.unready)

    def _ms(self, done: dict[str, Done]) -> float | None:
        if not self.screens:
            return 0.0
        if not done.keys() >= self.screens:
            return None
        last_ns = max(entry.at_ns for entry in done.values())
        return round(max(0, last_ns - self.began_ns) / 1e6, 1)


class SceneChangeRecord(msgspec.Struct, frozen=True):
    """A receipt as the report keeps it."""

    command: str
    first_ms: float | None
    all_live_ms: float | None
