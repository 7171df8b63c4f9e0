"""A real wall whose output goes nowhere, and one that is told to end in all the ways there are."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.live_wall import SiteWall, eventually
from tests.support.still_site_files import write_site
from wallctl.api.client import Client

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]


class Silent(SiteWall):
    """A wall whose streams are those that ``prepare`` leaves, called in its process at first."""

    def __init__(self, folder: Path, prepare: Callable[[], None], *options: str) -> None:
        site = folder / "site"
        site.mkdir()
        file = write_site(site, {f"图{n}": "test:bars" for n in range(1, 5)})
        super().__init__(file, folder, options=options)
        self._prepare = prepare

    def __enter__(self) -> "Silent":
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environ,
                start_new_session=True,
                preexec_fn=self._prepare,  # noqa: PLW1509 - no thread runs yet
            )
        eventually(self._answers, 20)
        return self

    def kept(self) -> str:
        """What was saved of its state."""
        files = (self.log.parent / "state/wallctl").glob("*.json")
        return "".join(file.read_text() for file in files)


def leave() -> None:
    """Leave the streams as they are."""


def close_all() -> None:
    for fd in (0, 1, 2):
        os.close(fd)


def fill_disk() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    for fd in (1, 2):
        os.dup2(full, fd)


def stuff_pipe() -> None:
    """A pipe that is full, and that nobody reads: the wall itself keeps it open."""
    ours, theirs = os.pipe()
    os.dup2(ours, 0)
    os.set_blocking(theirs, False)
    try:
        while True:
            os.write(theirs, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(theirs, True)
    for fd in (1, 2):
        os.dup2(theirs, fd)


@pytest.mark.parametrize("prepare", [close_all, fill_disk, stuff_pipe])
def test_a_wall_whose_output_goes_nowhere_runs_answers_and_ends(
    tmp_path: Path, prepare: Callable[[], None]
) -> None:
    with Silent(tmp_path, prepare, "--for", "4") as wall:
        controller = wall.pids("controller")
        for pid in wall.pids("worker")[:2]:  # the controller has something to complain about
            os.kill(pid, signal.SIGKILL)
        eventually(lambda: wall.all_live(4), 5)
        assert wall.pids("controller") == controller
        assert wall.process.wait(15) == 0
    assert json.loads(wall.report_file.read_text())


def test_what_was_hidden_a_moment_ago_is_kept_by_a_session_that_ends(tmp_path: Path) -> None:
    with Silent(tmp_path, leave) as wall:
        with Client(wall.endpoint) as client:
            client.send("blank source 2")
            os.killpg(wall.process.pid, signal.SIGQUIT)  # all processes at once
        assert wall.process.wait(10) == 0
    assert re.search(r'"blanked":(\{"|\[\{)', wall.kept())
    assert json.loads(wall.report_file.read_text())


def test_a_hang_up_ends_a_wall_in_a_terminal(tmp_path: Path) -> None:
    ours, theirs = os.openpty()

    def sit_at_terminal() -> None:
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    with Silent(tmp_path, sit_at_terminal) as wall:
        os.close(theirs)
        os.close(ours)  # the window of the terminal is closed: the kernel sends the signal
        assert wall.process.wait(10) == 0
    assert json.loads(wall.report_file.read_text())
    assert not Path(wall.endpoint.removeprefix("ipc://")).exists()


def test_a_hang_up_has_a_service_read_its_files_again(tmp_path: Path) -> None:
    with Silent(tmp_path, leave) as wall:
        os.kill(wall.process.pid, signal.SIGHUP)
        eventually(lambda: "read again" in wall.log.read_text(), 5)
        eventually(lambda: wall.all_live(4), 5)
        wall.end()


def test_a_wall_that_can_not_begin_ends_with_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wallctl", "show", "--headless", "test:bars"]
    command += ["--control", f"ipc://{tmp_path}/control.sock"]
    run = subprocess.run(
        ["bash", "-c", 'ulimit -n 14; exec "$@"', "wall", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert run.returncode != 0
    *_, last = run.stderr.splitlines()
    assert last.startswith("Error: ")
    assert "Too many open files" in last or "signal" in last
