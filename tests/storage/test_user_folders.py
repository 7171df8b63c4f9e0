"""Where a user's own files lie: at home, or in a folder that nobody else rules."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wallctl.model.base.os_access_error import Obstacle, obstacle_of
from wallctl.storage import user_folders
from wallctl.storage.user_folders import has_home, home, make_folders, temporary_folder

NOBODY = 3_999_999
"""A user number without an entry in the list of users."""


@pytest.fixture
def stand_in() -> Iterator[Path]:
    """Where the files of a user go that the machine does not know."""
    folder = Path(f"/tmp/wallctl-{NOBODY}")
    yield folder
    if folder.is_dir():
        folder.rmdir()


def test_the_home_that_is_named_is_taken(tmp_path: Path) -> None:
    assert home({"HOME": str(tmp_path)}) == tmp_path
    assert home({"HOME": str(tmp_path / "new")}) == tmp_path / "new"
    assert has_home({"HOME": str(tmp_path)})


def test_without_a_name_for_it_the_list_of_users_tells() -> None:
    own = Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert home({}) == home({"HOME": ""}) == own


@pytest.mark.parametrize(
    "environ", [{}, {"HOME": "/"}, {"HOME": "here"}, {"HOME": "/dev/null/home"}]
)
def test_who_has_no_home_gets_a_private_folder(stand_in: Path, environ: dict[str, str]) -> None:
    assert not has_home(environ, NOBODY)
    assert home(environ, NOBODY) == home(environ, NOBODY) == stand_in
    assert stat.S_IMODE(stand_in.stat().st_mode) == 0o700


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for the temporary folder of all users."""
    monkeypatch.setattr(user_folders, "_TEMPORARY", tmp_path)
    return tmp_path / f"wallctl-{os.getuid()}"


def test_a_folder_of_this_users_that_was_left_open_is_closed(temporary: Path) -> None:
    temporary.mkdir()
    temporary.chmod(0o777)
    assert temporary_folder() == temporary
    assert stat.S_IMODE(temporary.stat().st_mode) == 0o700


@pytest.mark.parametrize("squat", ["link", "file", "folder"])
def test_who_is_there_first_takes_nobodys_folder_away(temporary: Path, squat: str) -> None:
    if squat == "link":
        temporary.symlink_to("/")
    elif squat == "file":
        temporary.touch()
    elif os.geteuid() == 0:
        temporary.mkdir()
        os.chown(temporary, 65_534, 65_534)
    else:
        pytest.skip("only root can make a folder of another user's")
    assert temporary_folder(make=False) == temporary, "there is none yet"
    own = temporary_folder()
    assert own.name.startswith(f"{temporary.name}-")
    assert own.is_dir()
    assert not own.is_symlink()
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert temporary_folder() == temporary_folder(make=False) == own, "each finds the same"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user's")
def test_a_folder_that_only_looks_like_ours_is_passed_over(temporary: Path) -> None:
    temporary.touch()
    trap = temporary.with_name(f"{temporary.name}-0")
    trap.mkdir()
    os.chown(trap, 65_534, 65_534)
    own = temporary_folder()
    assert own != trap
    assert temporary_folder(make=False) == own


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_no_umask_opens_or_closes_a_folder(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_folders(tmp_path / "a" / "b" / "c")
        make_folders(tmp_path / "web" / "d", 0o755)
    finally:
        os.umask(before)
    for path, mode in (("a", 0o700), ("a/b", 0o700), ("a/b/c", 0o700), ("web/d", 0o755)):
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == mode


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    for folder in (tmp_path / "a" / "b", tmp_path / "a"):
        with pytest.raises(NotADirectoryError):
            make_folders(folder)


def test_a_link_that_leads_nowhere_is_a_folder_that_is_gone(tmp_path: Path) -> None:
    """As of a disk that is not mounted: nobody else has the folder."""
    (tmp_path / "a").symlink_to(tmp_path / "gone")
    for folder in (tmp_path / "a" / "b", tmp_path / "a"):
        with pytest.raises(FileNotFoundError) as caught:
            make_folders(folder)
        assert obstacle_of(caught.value) is Obstacle.MISSING


def test_a_home_that_can_only_be_read_stays_the_home(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert home({"HOME": str(tmp_path)}) == tmp_path
    finally:
        tmp_path.chmod(0o700)
