"""Where a user's own files lie: at home, or in a folder that nobody else rules."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wallctl.files.own_folder import has_home, home

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


def test_a_folder_of_somebody_else_is_not_used(stand_in: Path) -> None:
    stand_in.mkdir()
    stand_in.chmod(0o777)
    with pytest.raises(PermissionError, match="XDG_STATE_HOME"):
        home({}, NOBODY)
    stand_in.rmdir()
    stand_in.symlink_to("/")
    try:
        with pytest.raises(PermissionError):
            home({}, NOBODY)
    finally:
        stand_in.unlink()


def test_a_home_that_can_only_be_read_stays_the_home(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert home({"HOME": str(tmp_path)}) == tmp_path
    finally:
        tmp_path.chmod(0o700)
