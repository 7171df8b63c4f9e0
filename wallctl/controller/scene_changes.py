"""Changes of the picture: ordered, committed once all screens are ready, then waited for.

A change is prepared on every screen concerned and committed for all of them at one time. Then it is
waited for: until each screen has presented it, and until no tile is coming any more. At most one is
being prepared; a newer one takes its place and its deadline, so however fast commands come, the
wall changes at least each 100 ms. What is committed is never overtaken.
"""

from collections.abc import Callable, Iterator

import msgspec

from wallctl.model.streams.health import TileState
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.node.messages import CommitAt, NodeReport, NumberedScene, SceneOrder, ScreenSaid

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


class SceneChanges:
    """Which switches are under way. Only here does a switch begin, and only here is it over."""

    def __init__(self, order: Callable[[SceneOrder], object], number: int) -> None:
        """``number`` is that of the newest scene that the node was ever ordered."""
        self._order = order
        self.number = number
        self.scene: Scene = ()
        """The newest that was ordered."""
        self.coming: SceneChange | None = None
        self.committed: list[SceneChange] = []

    def change(
        self,
        scene: Scene,
        command: str,
        now_ns: int,
        *,
        revision: int = 0,
        also: frozenset[str] = frozenset(),
    ) -> tuple[SceneChange, SceneChange | None]:
        """Begin to bring a scene to the screens; returns the switch and the one it overtook.

        It waits for the screens that differ, and for those of ``also``.
        """
        self.number += 1
        before = {one.screen: one for one in self.scene}
        differing = {one.screen for one in scene if before.get(one.screen) != one}
        moved = {one.screen for one in scene if _moves(before.get(one.screen), one)}
        self.scene = scene
        overtaken, self.coming = self.coming, None
        switch = SceneChange(self.number, command, now_ns, differing | also, revision)
        switch.moved = moved
        if overtaken is not None:
            switch.take_over(overtaken)
        self._order(SceneOrder(scene=NumberedScene(self.number, scene, frozenset(switch.screens))))
        self.coming = switch
        return switch, overtaken

    def go_on(self, number: int) -> None:
        """A node speaks that knows scenes up to a number: the next one must have a larger one."""
        self.number = max(self.number, number)

    def forget(self) -> None:
        """A node may not have heard of the newest scene: the next one concerns every screen."""
        self.scene = ()

    def hear(self, report: NodeReport) -> None:
        """Note what screens say of scenes."""
        for screen, number in report.ready:
            if self.coming is not None and self.coming.version == number:
                self.coming.ready(screen)
        for said in report.presented:
            self._note_presented(said)
        for said in report.settled:
            self._note_settled(said)

    def _note_presented(self, said: ScreenSaid) -> None:
        for switch in self.committed:
            if switch.version == said.number:
                switch.presented(said.screen, _done(said))

    def _note_settled(self, said: ScreenSaid) -> None:
        for switch in self.committed:
            if self._stands(switch, said.screen, said.number):
                switch.settled(said.screen, _done(said))

    def commit(self, now_ns: int) -> None:
        """Commit what is due."""
        coming = self.coming
        if coming is not None and coming.may_commit(now_ns):
            coming.commit_ns = now_ns + LEAD_NS
            self.committed.append(coming)
            self.coming = None
            self._order(SceneOrder(commit=CommitAt(coming.version, coming.commit_ns)))

    def presented(self, now_ns: int) -> Iterator[SceneChange]:
        """The switches that every screen has presented by now, each once."""
        for switch in self.committed:
            if not switch.answered and switch.is_presented(now_ns):
                switch.answered = True
                yield switch

    @property
    def is_busy(self) -> bool:
        """Whether a change is on its way to a screen that does not show it yet."""
        return self.coming is not None or any(not one.answered for one in self.committed)

    def settled(self) -> Iterator[SceneChange]:
        """The switches with nothing coming any more, or that a later one has made void."""
        for switch in list(self.committed):
            if switch.answered and (switch.is_settled() or self._is_void(switch)):
                self.committed.remove(switch)
                yield switch

    def unsettled(self) -> Iterator[SceneChange]:
        """At the end of the wall: the switches that were shown and had no time to settle."""
        yield from (switch for switch in self.committed if switch.answered)

    def next_due_ns(self) -> int | None:
        """When a scene is to be committed although nobody says anything."""
        return self.coming.deadline_ns if self.coming is not None else None

    def _is_void(self, switch: SceneChange) -> bool:
        """Whether a later command has moved the tiles that a switch was waiting for."""
        return any(
            later.answered and later.command and later.moved & switch.screens
            for later in self.committed
            if later.version > switch.version
        )

    def _stands(self, switch: SceneChange, screen: str, version: int) -> bool:
        """Whether what a screen showed at a version is still what a switch brought there."""
        return (
            screen in switch.screens
            and switch.version <= version
            and not any(
                later.command and screen in later.moved
                for later in self.committed
                if switch.version < later.version <= version
            )
        )


def _moves(before: ScreenScene | None, now: ScreenScene) -> bool:
    """Whether tiles of a screen change, and not marks alone."""
    return before is None or _tiles(before) != _tiles(now)


def _tiles(screen: ScreenScene) -> tuple[Tile, ...]:
    return () if screen.blanked else screen.tiles


def _done(said: ScreenSaid) -> Done:
    return Done(
        said.at_ns, tuple(Unready(said.screen, one.tile, one.state) for one in said.pending)
    )
