"""Whose state is whose: a site is what it is called, wherever it lies; two walls share none."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.support.sites import site
from wallctl.model.site.site import Site
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.blanking import Blanked, Target
from wallctl.model.wall.state.state import WallState, initial
from wallctl.storage import state_location
from wallctl.storage.state_file import Fate, copy_of, save_state
from wallctl.storage.state_location import StatePlace, find_place, snapshot_folder

SITE = replace(site(4, screens=1), name="街道中心")
HIDDEN = replace(
    initial(SITE), blanked=(Blanked(Target(source="摄像机1"), Role.OFFICER),), revision=7
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "kept"
    wall_ends()


def wall_ends() -> None:
    """This process gives up what it claims, as a wall that has ended."""
    for fd in state_location._claims.values():
        os.close(fd)
    state_location._claims.clear()


def kept(place: StatePlace, state: WallState = HIDDEN) -> StatePlace:
    """A wall was here, and has ended."""
    save_state(place.file, state, place.of)
    wall_ends()
    return place


def test_a_wall_that_was_never_here_begins_with_nothing(folder: Path) -> None:
    place = find_place(SITE, Path("/srv/a/site.toml"), "", folder)
    assert (place.begins.fate, place.begins.state, place.taken_from) == (Fate.NONE, None, "")


@pytest.mark.parametrize(
    ("later", "file"),
    [
        (SITE, "/srv/releases/2/site.toml"),
        (SITE, "/media/other-disk/site.toml"),
        (SITE, "/srv/a/hall.toml"),
        (replace(SITE, name="街道指挥中心"), "/srv/a/site.toml"),
        (replace(SITE, id="hall-1"), "/srv/a/site.toml"),
        (replace(SITE, sources=SITE.sources[:2]), "/srv/b/site.toml"),
    ],
)
def test_a_site_that_was_moved_or_renamed_has_its_own_state(
    folder: Path, later: Site, file: str
) -> None:
    first = kept(find_place(SITE, Path("/srv/a/site.toml"), "", folder))
    second = kept(find_place(later, Path(file), "", folder))
    assert (second.file, second.begins.state, second.taken_from) == (first.file, HIDDEN, "")
    again = find_place(later, Path("/srv/c/site.toml"), "", folder)
    assert again.file == first.file


def test_a_link_to_a_site_is_that_site(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    link = tmp_path / "current"
    link.symlink_to("one")
    first = kept(find_place(SITE, link / "site.toml", "", folder))
    link.unlink()
    link.symlink_to("two")
    assert find_place(SITE, link / "site.toml", "", folder).file == first.file


def test_an_id_counts_before_the_name(folder: Path) -> None:
    named = replace(SITE, id="hall-1")
    first = kept(find_place(named, Path("/srv/a/site.toml"), "", folder))
    renamed = replace(named, name="新名称", sources=SITE.sources[:1])
    assert kept(find_place(renamed, Path("/srv/b/site.toml"), "", folder)).file == first.file
    other = replace(SITE, id="hall-2", sources=SITE.sources[:1])
    assert find_place(other, Path("/srv/c/site.toml"), "", folder).begins.state is None


def test_another_name_elsewhere_with_the_same_sources_takes_a_copy(folder: Path) -> None:
    first = kept(find_place(SITE, Path("/srv/a/site.toml"), "", folder))
    second = find_place(replace(SITE, name="别处"), Path("/srv/b/site.toml"), "", folder)
    assert second.file != first.file
    assert (second.begins.state, second.taken_from) == (HIDDEN, "/srv/a/site.toml")


def test_two_walls_of_one_site_have_a_state_each(folder: Path) -> None:
    file = Path("/srv/a/site.toml")
    first = kept(find_place(SITE, file, "", folder))
    left = kept(find_place(SITE, file, "ipc:///run/left.sock", folder))
    assert left.file != first.file
    assert left.begins.state == HIDDEN, "what is hidden on one is hidden on the other at first"
    shown = replace(HIDDEN, blanked=())
    kept(left, shown)
    assert find_place(SITE, file, "", folder).begins.state == HIDDEN
    assert find_place(SITE, file, "ipc:///run/left.sock", folder).begins.state == shown


def test_a_wall_that_runs_keeps_its_state_to_itself(folder: Path, tmp_path: Path) -> None:
    """Another wall takes over only what is hidden and locked."""
    file = Path("/srv/a/site.toml")
    first = kept(find_place(SITE, file, "", folder))
    words = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX)"
    lock = f"{first.file}.lock"
    wall = [sys.executable, "-c", f"{words}; print(flush=True); sys.stdin.read()", lock]
    with subprocess.Popen(wall, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        second = find_place(SITE, file, "", folder)
        running.communicate(b"")
    assert second.file != first.file
    assert second.begins.state is not None
    assert second.begins.state.blanked == HIDDEN.blanked
    assert second.begins.state.base == {}


def test_no_wall_writes_over_the_state_of_another(folder: Path) -> None:
    first = kept(find_place(SITE, Path("/srv/a/site.toml"), "", folder))
    renamed = replace(SITE, name="别处")
    moved = find_place(renamed, Path("/srv/a/site.toml"), "", folder)
    assert moved.file == first.file
    kept(moved)
    new = replace(SITE, sources=SITE.sources[:1])
    fresh = find_place(new, Path("/srv/b/site.toml"), "", folder)
    assert (fresh.file != first.file, fresh.begins.state) == (True, None)


def test_what_an_older_version_kept_is_found_and_left_to_it(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "site" / "site.toml"
    old = state_location._old_path(folder, file)
    folder.mkdir()
    old.write_bytes(b'{"schema":1,"state":%b}' % msgspec.json.encode(HIDDEN))
    place = kept(find_place(SITE, file, "", folder))
    assert (place.begins.state, place.file != old) == (HIDDEN, True)
    os.utime(old, ns=(0, 0))
    assert find_place(SITE, file, "", folder).file == place.file


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_what_can_not_be_read_is_nobodys_and_so_everybodys(folder: Path, content: bytes) -> None:
    place = kept(find_place(SITE, Path("/srv/a/site.toml"), "", folder))
    for file in (place.file, copy_of(place.file)):
        file.write_bytes(content)
    for of in (SITE, replace(SITE, name="别处")):
        found = find_place(of, Path("/srv/b/site.toml"), "", folder)
        assert (found.begins.fate, found.begins.state) == (Fate.UNUSABLE, None)
        wall_ends()


def test_a_copy_alone_is_a_state(folder: Path) -> None:
    place = kept(find_place(SITE, Path("/srv/a/site.toml"), "", folder))
    place.file.unlink()
    assert find_place(SITE, Path("/srv/b/site.toml"), "", folder).begins.state == HIDDEN


def test_a_folder_that_is_not_there_though_it_should_be(folder: Path, tmp_path: Path) -> None:
    folder.symlink_to(tmp_path / "disk" / "that" / "is" / "gone")
    place = find_place(SITE, Path("/srv/a/site.toml"), "", folder)
    assert place.begins.fate is Fate.UNUSABLE
    assert "link to what is not there" in place.begins.why


def test_snapshots_go_by_what_the_site_is_called() -> None:
    environ = {"XDG_STATE_HOME": "/var/lib"}
    one = snapshot_folder(SITE, environ)
    assert one.parent == snapshot_folder(None, environ) == Path("/var/lib/wallctl/snapshots")
    assert one.name.startswith("街道中心-")
    assert snapshot_folder(replace(SITE, name="别处"), environ) != one
