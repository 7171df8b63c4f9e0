"""Files are written whole, for whom they are, and through no link."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wallctl.storage.atomic_write import Holds, check_named, write_named, write_over, write_whole


@pytest.fixture(params=[0o000, 0o002, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """What the user has set."""
    before = os.umask(request.param)
    yield int(request.param)
    os.umask(before)


def test_pictures_of_cameras_are_for_nobody_else(tmp_path: Path, umask: int) -> None:
    file = tmp_path / "new" / "deep" / "wall.png"
    write_whole(file, b"picture")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file.parent, file.parents[1])} == {0o700}
    assert [one.name for one in file.parent.iterdir()] == ["wall.png"]


def test_what_is_to_be_printed_is_as_the_umask_leaves_it(tmp_path: Path, umask: int) -> None:
    file = tmp_path / "card.svg"
    write_named(file, b"card", Holds.PAPER)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~umask


def test_an_open_file_is_replaced_by_one_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "wall.png"
    file.touch()
    file.chmod(0o666)
    with file.open("rb") as held:
        write_named(file, b"picture", Holds.CAMERAS)
        assert held.read() == b""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_link_is_followed(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "wall.png"
    victim.write_text("precious")
    link.symlink_to(victim)
    with pytest.raises(OSError, match="links are not followed"):
        write_named(link, b"picture", Holds.CAMERAS)
    with pytest.raises(OSError, match="symbolic links"):
        write_over(link, b"x")
    write_whole(link, b"state")  # takes the link's place
    assert victim.read_text() == "precious"
    assert not link.is_symlink()


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_only_plain_files_are_replaced(tmp_path: Path, kind: str) -> None:
    there = tmp_path / "there.png"
    if kind == "pipe":
        os.mkfifo(there)
    else:
        there.mkdir()
    with pytest.raises(OSError, match="no plain file"):
        write_named(there, b"picture", Holds.CAMERAS)
    with pytest.raises(OSError, match="no plain file"):
        check_named(Path("/dev/null"))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_named(tmp_path / "none" / "a.png", b"", Holds.CAMERAS)
    assert not (tmp_path / "none").exists()
