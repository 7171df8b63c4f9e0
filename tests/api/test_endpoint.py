"""Addresses: sockets in the file system only, and nobody else's folder."""

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.api.endpoint import (
    PATH_MAX_BYTES,
    ControlError,
    Lock,
    check_endpoint,
    check_folder,
    default_endpoint,
    events_path,
)


def test_a_socket_in_the_file_system_is_taken() -> None:
    text = "ipc:///run/wallctl/control.sock"
    assert check_endpoint(text) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("tcp://127.0.0.1:5555", "network address"),
        ("tcp://[::1]:5555", "network address"),
        ("tcp://0.0.0.0:*", "network address"),
        ("tcp:", "network address"),
        ("TCP://127.0.0.1:5555", "no endpoint"),
        ("ws://127.0.0.1:5555", "no endpoint"),
        ("udp://127.0.0.1:5", "no endpoint"),
        ("inproc://x", "no endpoint"),
        ("", "no endpoint"),
        ("ipc://control.sock", "names no file"),
        ("ipc://@abstract", "names no file"),
        ("ipc://*", "names no file"),
        ("ipc:///run/", "names no file"),
        ("ipc:///run/a\0b", "names no file"),
        (f"ipc:///{'x' * PATH_MAX_BYTES}", "shorter"),
        (f"ipc:///{'墙' * 36}", "shorter"),
        (f"ipc:///{'x' * (PATH_MAX_BYTES - 3)}", "shorter"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(text: str, part: str) -> None:
    with pytest.raises(ControlError, match=part) as caught:
        check_endpoint(text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_an_endpoint_or_refused(text: str) -> None:
    try:
        checked = check_endpoint(text)
    except ControlError:
        return
    assert check_endpoint(checked) == checked


def test_the_default_is_in_the_users_own_folder(tmp_path: Path) -> None:
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert default_endpoint(environ=runtime) == f"ipc://{tmp_path}/wallctl/wall/control.sock"
    assert default_endpoint("大厅", runtime).endswith("/wallctl/大厅/control.sock")
    assert default_endpoint(environ={}) == f"ipc:///tmp/wallctl-{os.getuid()}/wall/control.sock"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden"])
def test_a_wall_needs_a_name_that_can_be_a_folder(name: str) -> None:
    with pytest.raises(ControlError, match="name"):
        default_endpoint(name, {"XDG_RUNTIME_DIR": "/run"})


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "own").mkdir(parents=True)
    shared.chmod(0o777)
    with pytest.raises(ControlError, match="another user"):
        check_folder(shared / "control.sock")
    with pytest.raises(ControlError, match="another user"):
        check_folder(shared / "own" / "control.sock")
    with pytest.raises(ControlError, match="another user"):
        default_endpoint(environ={"XDG_RUNTIME_DIR": str(shared)})
    shared.chmod(0o1777)
    check_folder(shared / "control.sock")


def test_a_link_to_such_a_folder_is_refused(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared", tmp_path / "link"
    shared.mkdir()
    shared.chmod(0o777)
    link.symlink_to(shared)
    with pytest.raises(ControlError, match="another user"):
        check_folder(link / "control.sock")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user's")
def test_a_folder_of_another_users_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    os.chown(other, 65_534, 65_534)
    with pytest.raises(ControlError, match="another user"):
        check_folder(other / "control.sock")


def test_a_lock_that_was_cleared_away_meanwhile_is_no_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = tmp_path / "control.sock"
    first, locked = Lock(socket), []

    def clears_away(fd: int, _operation: int) -> None:
        locked.append(fd)
        if len(locked) == 1:
            first.release()

    monkeypatch.setattr(fcntl, "flock", clears_away)
    second = Lock(socket)
    assert len(locked) == 2
    assert (tmp_path / "control.sock.lock").exists()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_events_are_beside_the_commands() -> None:
    assert events_path(Path("/run/control.sock")) == Path("/run/events.sock")
    assert events_path(Path("/run/hall.sock")) == Path("/run/hall.sock.events")
