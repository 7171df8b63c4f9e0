"""Who has a camera's login: its own worker, and nobody else, wherever one looks."""

import os
from pathlib import Path

import pytest

from tests.support.live_wall import LiveWall, RunningWall, SiteWall, eventually
from tests.support.ports import free_port
from tests.support.process_memory import known
from wallctl.model.base.geometry import Size
from wallctl.supervisor import seccomp

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

GATE, YARD, NVR = "hunter2-of-the-gate", "hunter2-of-the-yard", "hunter2-of-the-nvr"
NEW = "hunter2-that-is-new"
SITE = """
schema = 1
name = "test"
[credentials]
gate = "gate.toml"
yard = "yard.toml"
nvr = "nvr.toml"
[[screens]]
name = "left"
width = 640
height = 360
[inputs.http]
port = 0
credential = "nvr"
[[sources]]
name = "gate"
number = 1
main = "rtsp://127.0.0.1:9/a"
credential = "gate"
[[sources]]
name = "yard"
number = 2
main = "http://127.0.0.1:9/b"
credential = "yard"
[[sources]]
name = "bars"
number = 3
main = "test:bars"
"""


def site(folder: Path) -> Path:
    for name, password in (("gate", GATE), ("yard", YARD), ("nvr", NVR)):
        write_login(folder / f"{name}.toml", password)
    file = folder / "site.toml"
    file.write_text(SITE.replace("port = 0", f"port = {free_port()}"))
    return file


def write_login(file: Path, password: str) -> None:
    file.touch(0o600)
    file.write_text(f'user = "wall"\npassword = "{password}"\nhosts = ["127.0.0.1"]\n')


def who_knows(wall: RunningWall, *secrets: str) -> dict[str, list[str]]:
    """By secret the names of the processes that know it."""
    everyone = {wall.process.pid: "root"} | wall.children()
    told = [(name, _known(pid, secrets)) for pid, name in everyone.items()]
    return {one: [name for name, of in told if one in of] for one in secrets}


def _known(pid: int, secrets: tuple[str, ...]) -> set[str]:
    """Those that can be seen in a process: to all but root's user, none in those with logins."""
    try:
        return known(pid, secrets)
    except (PermissionError, FileNotFoundError, ProcessLookupError):  # or it has just ended
        return set()


def seen(name: str) -> list[str]:
    """Where root sees a login that this process has."""
    return [name] if os.geteuid() == 0 else []


def check_rights(wall: RunningWall) -> None:
    """No process gains rights or leaves a core; decoders have the fewest, and are killed first."""
    lasting = ("worker", "presenter", "controller", "input", "doorkeeper")
    everyone = {wall.process.pid, *(pid for kind in lasting for pid in wall.pids(kind))}
    for pid in everyone:
        assert told(pid, "NoNewPrivs") == "1"
        assert "Max core file size        0                    0" in read(pid, "limits")
    workers = wall.pids("worker")
    assert min(map(oom, workers)) > max(map(oom, everyone - {*workers}))
    if seccomp.is_there():
        assert {told(pid, "Seccomp") for pid in workers} == {"2"}


def told(pid: int, what: str) -> str:
    lines = read(pid, "status").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{what}:"))


def oom(pid: int) -> int:
    return int(read(pid, "oom_score_adj"))


def read(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def outside(wall: RunningWall, folder: Path) -> bytes:
    """All that the wall has said and written, except the site itself."""
    files = [one for one in folder.rglob("*") if one.is_file() and one.parent != folder]
    written = [wall.log, wall.report_file, *files]
    return b"".join(one.read_bytes() for one in written if one.is_file())


def tries(wall: RunningWall, count: int) -> bool:
    return [tile["state"] for tile in wall.tiles()].count("offline") >= count


def test_each_login_is_in_its_own_process_alone(tmp_path: Path) -> None:
    file = site(tmp_path)
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: tries(wall, 2), 10)
        assert who_knows(wall, GATE, YARD, NVR) == {
            GATE: seen("wall:worker:gat"),
            YARD: seen("wall:worker:yar"),
            NVR: seen("wall:input:http"),
        }
        check_rights(wall)
        before = wall.pids("worker:gat")
        write_login(tmp_path / "gate.toml", NEW)
        eventually(lambda: wall.pids("worker:gat") not in (before, []), 10)
        eventually(lambda: who_knows(wall, NEW)[NEW] == seen("wall:worker:gat"), 10)
        said = str([wall.ask(what) for what in ("hello", "status", "list")])
    for secret in (GATE, NEW, YARD, NVR):
        assert secret not in said
        assert secret.encode() not in outside(wall, tmp_path)


def test_logins_of_the_command_line_are_out_of_sight(tmp_path: Path) -> None:
    words = [f"rtsp://wall:{GATE}@127.0.0.1:9/a", "rtsp://127.0.0.1:9/b", "test:bars"]
    wall = Shown(words, tmp_path, {"WALLCTL_LOGIN": f"wall:{YARD}"})
    with wall:
        eventually(lambda: tries(wall, 2), 10)
        assert who_knows(wall, GATE, YARD) == {key: seen("wall:worker:rts") for key in (GATE, YARD)}
    assert "ps" in wall.log.read_text()


class Shown(LiveWall):
    """``wallctl show`` with something in its environment."""

    def __init__(self, urls: list[str], folder: Path, environ: dict[str, str]) -> None:
        super().__init__(urls, folder, screens=[Size(640, 360)])
        self._environ |= environ
