"""A wall whose site's files hang, are open to others, or too many: it goes on, and says so."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.support.live_wall import SiteWall, eventually, soon
from tests.support.still_site_files import write_site
from wallctl.model.base.geometry import Size

pytestmark = [pytest.mark.e2e, pytest.mark.attack]

MANY = 20_000
MOST_CPU_S = 0.5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    return write_site(
        tmp_path / "site", dict.fromkeys("abcd", "test:bars"), screens=(Size(384, 216),)
    )


def lines(wall: SiteWall, kind: str, words: str) -> list[str]:
    """What status says of troubles or findings in these words."""
    told: dict[str, Any] = wall.ask("status")
    return [one for one in told[kind] if words in one]


def cpu_s(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_files_that_hang_or_are_open_or_many_stop_nobody(file: Path, tmp_path: Path) -> None:
    with SiteWall(file, tmp_path) as wall:
        eventually(lambda: len(wall.pids("watching")) == 2, 5)
        watchers = wall.pids("watching")
        for pid in watchers:
            os.kill(pid, signal.SIGSTOP)  # as a share does that is gone, to whoever looks
        eventually(lambda: len(lines(wall, "troubles", "does not answer")) == 2, 10)
        wall.send("layout", "3x3")
        assert wall.shown("s1")[0] == "3x3"
        for pid in watchers:
            os.kill(pid, signal.SIGCONT)
        eventually(lambda: not lines(wall, "troubles", "does not answer"), 5)

        file.chmod(0o666)
        eventually(lambda: lines(wall, "findings", f"chmod go-w {file}"), 10)
        assert wall.live_tiles() == 4
        file.chmod(0o644)
        eventually(lambda: not wall.ask("status")["findings"], 10)

        [controller] = wall.pids("controller")
        for number in range(MANY):
            (file.parent / "presets" / f"z{number}.toml").touch()
        before_s = cpu_s(controller)
        assert not soon(lambda: cpu_s(controller) - before_s > MOST_CPU_S, 2)
        eventually(lambda: lines(wall, "findings", "more than 1000 TOML files"), 10)
        assert wall.pids("controller") == [controller]
