"""What lies around a wall vanishes, moves and comes back: its state, its sockets, their folders."""

import http.client
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.support.live_wall import SiteWall, eventually, soon
from tests.support.ports import free_port
from tests.support.still_site_files import stills, write_site
from wallctl.api.endpoint import ControlError

pytestmark = pytest.mark.e2e


def site_in(folder: Path, more: str = "") -> Path:
    folder.mkdir()
    file = write_site(folder, stills(folder, 4))
    file.write_text(file.read_text().replace("[defaults]", more + "[defaults]", 1))
    return file


def blanked(wall: SiteWall) -> set[str]:
    return {one["name"] for one in wall.ask("status")["blanked"]}


def test_what_is_hidden_stays_hidden_wherever_the_site_lies(tmp_path: Path) -> None:
    file = site_in(tmp_path / "first")
    name = "still1"
    with SiteWall(file, tmp_path, is_new=True) as wall:
        assert "No saved state was found" in wall.ask("status")["troubles"][0]
        wall.send("blank", "source", name)
        wall.end()
    moved = tmp_path / "second"
    (tmp_path / "first").rename(moved)
    with SiteWall(moved / "site.toml", tmp_path) as wall:
        assert blanked(wall) == {name}
        assert wall.ask("status")["troubles"] == []
        wall.end()
    for kept in (tmp_path / "state" / "wallctl").glob("*.json*"):
        kept.write_bytes(kept.read_bytes()[:200])
    with SiteWall(moved / "site.toml", tmp_path) as wall:
        status = wall.ask("status")
        assert "can't be read" in status["troubles"][0]
        assert status["screens"][0]["blanked"], "nobody knows what was hidden"
        wall.send("unblank")
        wall.end()
    with SiteWall(moved / "site.toml", tmp_path) as wall:
        assert (blanked(wall), wall.ask("status")["troubles"]) == (set(), [])


def test_a_wall_without_its_folders_goes_on_and_hears_alarms(tmp_path: Path) -> None:
    port = free_port()
    file = site_in(tmp_path / "site", f"[inputs]\nhttp = {{ port = {port}, sources = true }}\n")
    run, state = tmp_path / "run", tmp_path / "run" / "state"
    run.mkdir(mode=0o700)
    with SiteWall(file, run, is_new=True) as wall:
        eventually(lambda: wall.ask("status")["inputs"][0]["listening"], 10)
        for folder in (state / "wallctl", run):
            shutil.rmtree(folder)
            folder.write_text("in the way")
        (killed,) = wall.pids("controller")
        os.kill(killed, signal.SIGKILL)
        controllers = eventually(lambda: set(wall.pids("controller")) - {killed}, 5)
        eventually(lambda: raise_alarm(port), 10, 0.5)
        run.unlink()
        eventually(lambda: answers(wall), 5)
        assert set(wall.pids("controller")) == controllers, "it ran without a socket"
        assert [one["source"] for one in wall.ask("status")["alarms"]] == ["still1"]
        eventually(lambda: list((state / "wallctl").glob("*.json")), 10)
        assert soon(lambda: wall.ask("status")["troubles"] == [], 5)


def raise_alarm(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/alarm/still1")
    done = connection.getresponse().status == 200
    connection.close()
    return done


def answers(wall: SiteWall) -> bool:
    try:
        return bool(wall.ask("hello"))
    except ControlError:
        return False
