"""Snapshots at the desk: which child is asked for what, and each is answered."""

import os
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tests.support import requests_harness as asking
from tests.support.controller_harness import small_site
from tests.support.fakes import MS
from tests.support.reducing import claim
from tests.support.requests_harness import Counter
from wallctl.api.protocol import Answer
from wallctl.controller.snapshot_requests import MOST_AT_ONCE
from wallctl.display.capture.snapshot import SnapshotSpec, Stamp
from wallctl.model.site.layout import Bezels, Cell, Layout, Unit
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.commands.actor import Role
from wallctl.node.child_kinds import Picture
from wallctl.node.messages import SnapshotAnswer
from wallctl.node.snapshots import SLOW_NS

counter = asking.counter


def begun(counter: Counter) -> str:
    """The newest snapshot child."""
    counter.office.turn()
    return [name for name in counter.office.root.spawned if name.startswith("snapshot")][-1]


def is_made(counter: Counter, child: str, picture: bytes) -> None:
    """A child has taken a picture."""
    fd = os.memfd_create("picture")
    os.write(fd, picture)
    office = counter.office
    office.node.hear(child, Picture(len(picture)), [fd], office.clock.now_ns)
    counter.turn()


def test_a_snapshot_is_made_by_a_child_and_answered_with_its_picture(counter: Counter) -> None:
    name = counter.ask(c.Snapshot(clean=True))
    child = begun(counter)
    spawn = counter.office.root.spawned[child]
    assert spawn.once
    spec = msgspec.msgpack.decode(spawn.args, type=SnapshotSpec)
    assert spec.clean
    assert [s.rect.x for s in spec.screens] == [0, 384]
    assert len(spec.screens[0].tiles) == 4
    is_made(counter, child, b"PNG!")
    replied = counter.reply()
    assert replied is not None
    assert replied[0] == name
    assert isinstance(replied[1], Answer)
    assert replied[1].picture == b"PNG!"
    counter.office.root.bury(child)
    counter.turn()
    assert counter.reply(within_ms=50) is None


def test_a_snapshot_of_one_screen_begins_at_its_corner(counter: Counter) -> None:
    counter.ask(c.Snapshot("right"))
    args = counter.office.root.spawned[begun(counter)].args
    [screen] = msgspec.msgpack.decode(args, type=SnapshotSpec).screens
    assert (screen.rect.x, screen.rect.y) == (0, 0)
    assert screen.canvas == counter.office.setup.canvases["right"]


def test_a_snapshot_of_a_tile_is_cut_out_and_says_what_it_is(counter: Counter) -> None:
    counter.ask(c.Snapshot(tile=c.TileRef(2, "left"), stamped=True, jpeg=True))
    spec = msgspec.msgpack.decode(
        counter.office.root.spawned[begun(counter)].args, type=SnapshotSpec
    )
    [screen] = spec.screens
    assert spec.crop == screen.tiles[1].rect
    assert spec.stamp == Stamp("测试", "left/2 · 2 摄像机2")
    assert spec.jpeg


def test_what_a_snapshot_says_of_a_blanked_screen_names_no_camera(counter: Counter) -> None:
    counter.requests.change(c.Blank("left"), claim(Role.OFFICER, counter.office.clock.now_ns))
    counter.ask(c.Snapshot("left", stamped=True, tile=c.TileRef(2)))
    args = counter.office.root.spawned[begun(counter)].args
    assert msgspec.msgpack.decode(args, type=SnapshotSpec).stamp == Stamp("测试", "left/2")


def test_a_snapshot_of_a_wide_layouts_tile_is_of_the_screen_where_it_lies(tmp_path: Path) -> None:
    """One lies on the right screen alone, one on both, and one on none."""
    cells = (Cell(0.5, 0, 0.5, 1), Cell(0, 0), Cell(0.5, 0, 0.0001, 0.0001))
    wide = Layout("wide", "", "", 1, 1, cells, Unit.FRACTION, Bezels.BEHIND)
    small = small_site()
    counter = Counter(tmp_path, replace(small, layouts={**small.layouts, "wide": wide}))
    counter.requests.change(c.SetLayout("wide", "left"), claim(Role.OFFICER))
    found = []
    for tile in (c.TileRef(1), c.TileRef(2), c.TileRef(2, "right"), c.TileRef(1, "left")):
        counter.ask(c.Snapshot(tile=tile, stamped=True))
        args = counter.office.root.spawned[begun(counter)].args
        found.append(msgspec.msgpack.decode(args, type=SnapshotSpec).stamp)
    told = [
        "right/1 · 1 摄像机1",
        "left/2 · 2 摄像机2",
        "right/2 · 2 摄像机2",
        "right/1 · 1 摄像机1",
    ]
    assert found == [Stamp("测试", words) for words in told]
    for child in [name for name in counter.office.root.spawned if name.startswith("snapshot")]:
        counter.office.root.bury(child)
        counter.turn()
        counter.failure()
    counter.ask(c.Snapshot(tile=c.TileRef(3)))
    assert counter.failure().code == "unknown_tile"
    counter.close()


def test_a_snapshot_of_no_tile_is_refused(counter: Counter) -> None:
    counter.ask(c.Snapshot(tile=c.TileRef(5, "left")))
    assert counter.failure().code == "unknown_tile"
    counter.ask(c.Snapshot("right", tile=c.TileRef(1, "left")))
    assert counter.failure().code == "bad_args"


def test_a_snapshot_child_that_dies_is_answered_for(counter: Counter) -> None:
    counter.ask(c.Snapshot())
    counter.office.root.bury(begun(counter))
    counter.turn()
    assert counter.failure().code == "snapshot_failed"


def test_snapshots_whose_folder_hangs_do_not_block_those_after_them(counter: Counter) -> None:
    for _ in range(MOST_AT_ONCE):
        counter.ask(c.Snapshot())
    office, child = counter.office, begun(counter)
    office.node.look_after(office.clock.now_ns)
    assert office.root.retired == []
    office.turn(SLOW_NS // MS + 1)
    office.node.look_after(office.clock.now_ns)
    counter.turn()
    hung = [name for name in office.root.retired if name.startswith("snapshot")]
    assert len(hung) == MOST_AT_ONCE
    assert child in hung
    assert [counter.failure().code for _ in hung] == ["snapshot_failed"] * MOST_AT_ONCE
    counter.ask(c.Snapshot())
    assert begun(counter) not in hung


def test_a_snapshot_that_nobody_waits_for_is_dropped(counter: Counter) -> None:
    assert counter.requests.snapshot_done(SnapshotAnswer(99, b"PNG!")) is None
    assert counter.reply(within_ms=50) is None


def test_too_many_snapshots_and_unknown_screens_are_refused(counter: Counter) -> None:
    counter.ask(c.Snapshot("lleft"))
    assert counter.failure().known == ("left",)
    for _ in range(MOST_AT_ONCE):
        counter.ask(c.Snapshot())
    counter.ask(c.Snapshot())
    assert counter.failure().code == "busy"


def test_who_waits_when_the_wall_ends_is_told_so(tmp_path: Path) -> None:
    counter = Counter(tmp_path, file=tmp_path / "site.toml")
    for asked in (c.SetLayout("3x3"), c.Snapshot(), c.Reload(), c.Reload()):
        counter.ask(asked)
    counter.requests.close()
    assert [counter.failure().code for _ in range(4)] == ["ending"] * 4
    counter.close()
