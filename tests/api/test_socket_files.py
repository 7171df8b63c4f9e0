"""The files of a server: whose they are, what is in their place, and that none stays behind."""

from pathlib import Path

import pytest

from tests.support.server_harness import Served
from wallctl.api.endpoint import ControlError


def test_a_wall_whose_events_would_take_anothers_socket_is_refused(tmp_path: Path) -> None:
    with (
        Served(f"ipc://{tmp_path}/events.sock"),
        pytest.raises(ControlError, match="another wall"),
    ):
        Served(f"ipc://{tmp_path}/control.sock")


def test_a_wall_leaves_nothing_behind(tmp_path: Path) -> None:
    with Served(f"ipc://{tmp_path}/control.sock"):
        assert len(list(tmp_path.iterdir())) == 4
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_socket_is_kept(tmp_path: Path) -> None:
    for name in ("control.sock", "events.sock"):
        file = tmp_path / name
        file.write_text("mine")
        with pytest.raises(ControlError, match="no socket but a file"):
            Served(f"ipc://{tmp_path}/control.sock")
        assert file.read_text() == "mine"
        file.unlink()
    assert list(tmp_path.iterdir()) == []


def test_a_wall_makes_its_folder_for_its_user_alone(tmp_path: Path) -> None:
    with Served(f"ipc://{tmp_path}/new/control.sock") as server:
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        assert server.events_endpoint == f"ipc://{tmp_path}/new/events.sock"
