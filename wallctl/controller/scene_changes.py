"""Changes of the picture: ordered, committed once all screens are ready, then waited for.

At most one switch is being prepared; a newer one takes its place and its deadline, so however
fast commands come, the wall changes at least each 100 ms. Committed switches are never overtaken.
"""

from collections.abc import Callable, Iterator

from wallctl.controller.scene_change import LEAD_NS, Done, SceneChange, Unready
from wallctl.model.wall.scene.scene import Scene, ScreenScene, Tile
from wallctl.node.messages import CommitAt, NodeReport, NumberedScene, SceneOrder, ScreenSaid


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
