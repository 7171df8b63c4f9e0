"""What takes the place of a file holds nobody up: a pipe never begins, a device never ends."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from wallctl.storage.path_checks import beginning, is_text, opened
from wallctl.storage.state_file import Fate, read_kept


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def terminal(path: Path) -> None:
    path.symlink_to("/dev/ptmx")


IN_PLACE = pytest.mark.parametrize("make", [pipe, zeros, terminal, Path.mkdir])


@IN_PLACE
def test_what_is_no_file_is_not_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "site.toml")
    with pytest.raises(OSError, match=r"no file|directory"), opened(tmp_path / "site.toml"):
        pass
    assert not is_text(tmp_path / "site.toml")


@IN_PLACE
def test_a_start_does_not_wait_for_what_is_no_state(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "state.json")
    assert read_kept(tmp_path / "state.json").fate is Fate.UNUSABLE


def test_of_a_file_as_much_is_read_as_there_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    for most, found in ((4, b"0123"), (10, b"0123456789"), (99, b"0123456789")):
        with opened(tmp_path / "file") as fd:
            assert beginning(fd, most) == found


def test_a_file_that_has_nothing_yet_is_not_waited_for() -> None:
    reading, writing = os.pipe2(os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        beginning(reading, 1)
    os.close(reading)
    os.close(writing)
