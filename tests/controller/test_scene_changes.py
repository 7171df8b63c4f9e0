"""Scenes on their way: one commit for all, switches that overtake, presenters that start again."""

import itertools
from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.controller_harness import LEFT, RIGHT, Office
from tests.support.fakes import MS
from tests.support.reducing import step
from wallctl.controller.scene_changes import GIVE_UP_NS, LEAD_NS, WAIT_NS, SceneChange
from wallctl.display.messages import (
    Commit,
    Figures,
    Pending,
    Prepare,
    Presented,
    PresenterSpec,
    Ready,
)
from wallctl.display.window_placement import Blitter
from wallctl.model.streams.health import TileState
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.state.state import WallState, initial


class Wall(Office):
    """An office that is told commands."""

    def __init__(self) -> None:
        super().__init__()
        self.state: WallState = initial(self.setup.site)

    @property
    def scene(self) -> Scene:
        return resolve(self.state, self.setup.site)

    def change(self, *commands: c.Change) -> tuple[SceneChange, SceneChange | None]:
        for command in commands:
            self.state = step(self.state, command, self.setup.site)
        now_ns = self.clock.now_ns
        differing = self.presenters.find_differing(now_ns) or frozenset()
        return self.changes.change(self.scene, "words", now_ns, also=differing)

    def show(self, *commands: c.Change) -> SceneChange:
        """A change that all screens present at once."""
        switch, _ = self.change(*commands)
        for screen in sorted(switch.screens):
            self.root.says(f"presenter:{screen}", Ready(switch.version))
        self.turn()
        self.advance()
        for screen in sorted(switch.screens):
            self.presents(f"presenter:{screen}", switch.version)
        self.turn()
        assert self.advance() == [switch]
        assert list(self.changes.settled()) == [switch]
        return switch


@pytest.fixture
def wall() -> Iterator[Wall]:
    wall = Wall()
    wall.open()
    yield wall
    wall.close()


def test_windows_are_drawn_as_was_asked() -> None:
    office = Office(headless=False, blitter=Blitter.SENT)
    office.open()
    spec = msgspec.msgpack.decode(office.root.spawned[LEFT].args, type=PresenterSpec)
    office.close()
    assert spec.window is not None
    assert spec.window.blitter is Blitter.SENT


@pytest.fixture
def shown(wall: Wall) -> Wall:
    """A wall that shows its home, and all that was told until then is heard."""
    wall.show()
    for name in wall.root.children:
        wall.root.told(name)
    return wall


def test_each_screen_gets_a_presenter_and_its_whole_scene(wall: Wall) -> None:
    assert {n for n in wall.root.spawned if n.startswith("presenter")} == {LEFT, RIGHT}
    switch, overtaken = wall.change()
    assert overtaken is None
    assert switch.screens == {"left", "right"}
    [left] = wall.prepared(LEFT)
    [right] = wall.prepared(RIGHT)
    assert [tile.source for tile in left.tiles] == [f"摄像机{i}" for i in range(1, 5)]
    assert [[feed.stream for feed in tile.feeds] for tile in left.tiles] == [["sub"]] * 4
    assert left.selected == 1
    assert [tile.source for tile in right.tiles] == [None] * 4
    assert right.selected is None
    assert left.version == right.version == switch.version == 1


def test_all_screens_commit_at_one_time_when_all_are_ready(wall: Wall) -> None:
    switch, _ = wall.change()
    wall.prepared(LEFT), wall.prepared(RIGHT)
    wall.root.says(LEFT, Ready(1))
    wall.turn()
    assert wall.advance() == []
    assert wall.changes.next_due_ns() == switch.began_ns + WAIT_NS
    wall.root.says(RIGHT, Ready(1))
    wall.turn()
    assert wall.advance() == []
    commit = Commit(1, wall.clock.now_ns + LEAD_NS)
    assert wall.root.told(LEFT) == wall.root.told(RIGHT) == [commit]
    assert wall.changes.next_due_ns() is None
    assert wall.changes.committed == [switch]


def test_a_screen_that_is_not_ready_is_waited_for_until_the_deadline(wall: Wall) -> None:
    wall.change()
    wall.prepared(LEFT)
    wall.turn(79)
    wall.advance()
    assert wall.root.told(LEFT) == []
    wall.turn(1)
    wall.advance()
    assert [type(order) for order in wall.root.told(LEFT)] == [Commit]


def test_the_receipt_has_the_slowest_screen_and_what_was_pending(wall: Wall) -> None:
    switch, _ = wall.change()
    wall.turn(90)
    wall.advance()
    wall.presents(LEFT, 1, Pending(2, TileState.CONNECTING))
    wall.turn(5)
    assert wall.advance() == []
    wall.turn(10)
    wall.presents(RIGHT, 1)
    wall.turn()
    assert wall.advance() == [switch]
    assert switch.first_ms() == 105.0
    assert [(u.screen, u.tile) for u in switch.pending()] == [("left", 2)]
    assert wall.advance() == []
    assert list(wall.changes.settled()) == [switch]
    assert switch.all_live_ms() is None
    assert list(wall.changes.settled()) == []


def test_only_the_screens_that_change_are_told(shown: Wall) -> None:
    switch = shown.show(c.SetLayout("1x1", "right"))
    assert switch.screens == {"right"}
    assert shown.prepared(LEFT) == []
    [order] = shown.prepared(RIGHT)
    assert len(order.tiles) == 1


def test_a_change_that_shows_nothing_new_is_done_at_once(shown: Wall) -> None:
    switch, _ = shown.change(c.Select(c.TileRef(1)))
    assert switch.screens == set()
    assert shown.advance() == [switch]
    assert list(shown.changes.settled()) == [switch]
    assert switch.first_ms() == 0.0


def test_a_newer_change_overtakes_and_keeps_the_deadline_of_the_first(shown: Wall) -> None:
    first, _ = shown.change(c.SetLayout("1x1", "left"))
    shown.turn(50)
    second, overtaken = shown.change(c.SetLayout("3x3", "right"))
    assert overtaken is first
    assert second.screens == {"left", "right"}
    assert second.deadline_ns == first.deadline_ns
    assert [order.version for order in shown.prepared(LEFT)] == [first.version, second.version]
    shown.root.says(LEFT, Ready(first.version))  # of a scene that is not wanted any more
    shown.root.says(RIGHT, Ready(second.version))
    shown.turn()
    shown.advance()
    assert shown.changes.coming is second
    shown.turn(30)
    shown.advance()
    assert shown.changes.committed == [second]


def test_however_fast_commands_come_the_wall_changes_each_hundred_ms(shown: Wall) -> None:
    began_ns, commits = shown.clock.now_ns, []
    for i in range(40):
        shown.change(c.SetLayout(("1x1", "3x3")[i % 2]))
        shown.turn(10)
        shown.advance()
        commits += [(o, shown.clock.now_ns) for o in shown.root.told(LEFT) if type(o) is Commit]
        for commit, _ in commits:
            shown.presents(LEFT, commit.version)
    times = [began_ns, *(at_ns for _, at_ns in commits)]
    assert max(b - a for a, b in itertools.pairwise(times)) <= 100 * MS


def test_a_committed_switch_is_never_overtaken(shown: Wall) -> None:
    first, _ = shown.change(c.SetLayout("1x1"))
    shown.turn(80)
    shown.advance()
    second, overtaken = shown.change(c.SetLayout("3x3"))
    assert overtaken is None
    assert shown.changes.committed == [first]
    assert shown.changes.coming is second


def test_a_switch_that_a_later_one_made_void_is_settled_with_it(shown: Wall) -> None:
    first, _ = shown.change(c.SetLayout("1x1"))
    shown.turn(80)
    shown.advance()
    shown.root.says(LEFT, Presented(first.version, shown.clock.now_ns, ()))
    shown.turn()
    assert shown.advance() == [first]
    assert list(shown.changes.settled()) == []
    second = shown.change(c.SetLayout("3x3"))[0]
    shown.turn(80)
    shown.advance()
    shown.root.says(LEFT, Presented(second.version, shown.clock.now_ns, ()))
    shown.turn()
    assert shown.advance() == [second]
    assert list(shown.changes.settled()) == [first]
    assert shown.changes.committed == [second]


def test_a_presenter_that_never_answers_does_not_keep_the_receipt(shown: Wall) -> None:
    switch, _ = shown.change(c.SetLayout("1x1"))
    shown.turn(80)
    assert shown.advance() == []
    shown.turn((GIVE_UP_NS + LEAD_NS) // MS + 1)
    assert shown.advance() == [switch]
    assert switch.first_ms() is None


def test_a_presenter_that_starts_again_is_told_what_its_screen_shows(shown: Wall) -> None:
    shown.root.bury(RIGHT)
    shown.turn()
    shown.root.bear(RIGHT)
    shown.turn()
    prepare, commit = shown.root.told(RIGHT)
    assert isinstance(prepare, Prepare)
    assert commit == Commit(prepare.version, shown.clock.now_ns + WAIT_NS)
    assert shown.root.told(LEFT) == []


def test_a_presenter_that_starts_again_during_a_switch_waits_for_its_commit(shown: Wall) -> None:
    switch, _ = shown.change(c.SetLayout("1x1", "right"))
    shown.root.bury(RIGHT)
    shown.turn()
    shown.root.bear(RIGHT)
    shown.turn()
    [prepare] = shown.root.told(RIGHT)
    assert isinstance(prepare, Prepare)
    assert prepare.version == switch.version
    shown.turn(80)
    shown.advance()
    assert [type(order) for order in shown.root.told(RIGHT)] == [Commit]


def test_a_presenter_that_is_born_before_any_scene_is_told_nothing(wall: Wall) -> None:
    assert wall.root.told(LEFT) == []


def test_a_blanked_screen_is_told_of_no_tile(shown: Wall) -> None:
    shown.show(c.Blank("left"))
    [order] = shown.prepared(LEFT)
    assert order.blanked
    assert order.tiles == ()
    assert shown.presenters.tiles("left") == ()
    assert shown.prepared(RIGHT) == []
    assert shown.rings() == set()


def test_it_notices_when_a_scene_would_be_ordered_otherwise_now(shown: Wall) -> None:
    assert shown.presenters.find_differing(shown.clock.now_ns) is None
    shown.goes_live(("摄像机1", "sub"), 64, 36)  # too small for its tile
    assert shown.presenters.find_differing(shown.clock.now_ns) == frozenset({"left"})
    shown.show()
    [order] = shown.prepared(LEFT)
    assert [feed.stream for feed in order.tiles[0].feeds] == ["main", "sub"]
    assert shown.presenters.find_differing(shown.clock.now_ns) is None


def test_figures_are_kept_by_screen(shown: Wall) -> None:
    figures = Figures(50.0, 1, 0, 1, 0, 1, ())
    shown.root.says(LEFT, figures)
    shown.root.says(LEFT, replace(figures, ticks=2))
    shown.turn()
    assert (
        shown.screens.facts.figures
        == shown.presenters.figures
        == {"left": replace(figures, ticks=2)}
    )


def test_rings_of_the_old_scene_are_kept_until_every_screen_shows_the_new_one(shown: Wall) -> None:
    before = shown.rings()
    switch, _ = shown.change(c.SetLayout("1x1"))
    assert before < shown.rings()
    shown.turn(80)
    shown.advance()
    assert before < shown.rings()
    shown.presents(LEFT, switch.version)
    shown.turn()
    assert shown.advance() == [switch]
    assert not before & shown.rings()


def test_a_screen_nobody_asked_about_has_no_tiles(wall: Wall) -> None:
    assert wall.presenters.tiles("left") == ()
