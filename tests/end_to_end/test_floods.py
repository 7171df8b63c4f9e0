"""Floods at a real wall: nobody keeps another's command, or a true alarm, away."""

import contextlib
import itertools
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.support.attack_size import WHOLE, size
from tests.support.flood import flooding
from tests.support.live_wall import SiteWall, eventually
from tests.support.ports import free_port
from tests.support.still_site_files import TWO_SCREENS
from wallctl.model.wall.commands import command as c

pytestmark = [pytest.mark.e2e, pytest.mark.attack]

SECONDS = size(2, 6)
SITE = f"""{TWO_SCREENS}
[[sources]]
name = "gate"
number = 1
main = "still.png"
[[sources]]
name = "yard"
number = 2
main = "still.png"
[[alarms]]
name = "true"
source = "gate"
priority = 9
hold_s = 0
[[alarms]]
name = "noise"
source = "yard"
priority = 1
[[inputs.lines]]
path = "contacts"
alarms = {{ 1 = "noise" }}
[inputs.http]
alarms = ["true", "noise"]
"""
TEXTS = (
    "越界",
    "a\nb",
    "\r\n\0\x1b[31m\x1b]52;c;x\x07",
    "\u202e\u2066\u2028\u2029\x85\x1c",
    "e\u0301" * 150,
    "\ufdfa" * 200,
    "👩\u200d👩\u200d👧" * 60,
    "\ud7a3\u1100\u1161" * 60,
    "\u0628\u0629" * 100,
    "x" * 70_000,
    "\ufffe\uffff\U0010ffff",
    "%s{}{0.__class__}$(reboot)`id`",
    '{"state": "on", "text": "a\\u0000b"}',
)
"""What texts of strangers hold, that has been too much for one program or another."""


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def wall(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteWall]:
    folder = tmp_path_factory.mktemp("flooded")
    file = folder / "site.toml"
    file.write_text(f"{SITE}port = {port}\ntext = true\n")
    Image.new("RGB", (64, 36), (40, 90, 60)).save(folder / "still.png")
    (folder / "contacts").touch()
    with SiteWall(file, folder) as wall:
        eventually(lambda: wall.all_live(2), 10)
        eventually(lambda: all(one["listening"] for one in wall.ask("status")["inputs"]), 10)
        yield wall


@pytest.fixture(autouse=True)
def _quiet(wall: SiteWall) -> None:
    """No alarm is left of the test before."""
    if wall.ask("status")["alarms"]:
        wall.send("acknowledge", "all")


def call(port: int, name: str, text: str = "") -> int:
    """The status of a call that raises an alarm."""
    told = urllib.parse.quote(text, errors="surrogatepass")
    target = f"http://127.0.0.1:{port}/alarm/{name}?text={told}"
    try:
        with urllib.request.urlopen(target, timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("kind", ["alarm", "sources", "unknown"])
def test_a_true_alarm_is_raised_in_a_flood_of_others(wall: SiteWall, port: int, kind: str) -> None:
    """Two hundred and fifty a second, by another program."""
    with flooding(wall.endpoint, kind, 250, SECONDS) as flood:
        told: list[int] = []
        while flood.poll() is None:
            told.append(call(port, "true", str(len(told))))
            time.sleep(0.2)  # as a device that repeats itself
    assert set(told) == {200}


@pytest.mark.parametrize("kind", ["blank", "toggle"])
def test_a_flood_of_changes_keeps_no_other_program_away(wall: SiteWall, kind: str) -> None:
    """Two thousand a second; of a program that selects tiles meanwhile each change is done."""
    tiles, taken = itertools.cycle((c.TileRef(2, "left"), c.TileRef(1, "left"))), 0
    wall.send("layout", "2x2", "@left")
    with flooding(wall.endpoint, kind, 2000, SECONDS) as flood, wall.client() as client:
        while flood.poll() is None:
            client.send(c.Select(next(tiles)))
            taken += 1
    wall.send("unblank")
    assert taken >= 3 * SECONDS


def test_questions_without_end_keep_no_other_program_away(wall: SiteWall) -> None:
    floods = [flooding(wall.endpoint, "hello", 500, SECONDS) for _ in range(size(2, 8))]
    times_ms: list[float] = []
    with wall.client() as client:
        while any(flood.poll() is None for flood in floods):
            began = time.monotonic()
            client.hello()
            times_ms.append((time.monotonic() - began) * 1e3)
            time.sleep(0.05)  # as a console that looks now and then
    assert len(times_ms) > SECONDS, "none was refused"
    if WHOLE:  # on a machine that does nothing else
        assert sorted(times_ms)[int(len(times_ms) * 0.99)] < 100


def test_no_alarm_is_lost_with_the_controller_or_the_doorkeeper(wall: SiteWall, port: int) -> None:
    for kind in ("controller", "doorkeeper"):
        os.kill(wall.pids(kind)[0], signal.SIGKILL)
        assert call(port, "true", kind) == 200
        eventually(lambda: [one["name"] for one in wall.ask("status")["alarms"]] == ["true"], 10)
        wall.send("acknowledge", "all")


def lasting(wall: SiteWall) -> dict[int, str]:
    """The processes that last as long as the wall; what saves its state comes and goes."""
    return {pid: name for pid, name in wall.children().items() if "saving" not in name}


def tiles_if_answered(wall: SiteWall) -> list[dict[str, Any]] | None:
    """None while this program still pays for the requests of its flood."""
    with contextlib.suppress(c.CommandError):
        return wall.tiles()
    return None


def test_whatever_a_text_is_the_wall_stays_right(wall: SiteWall, port: int) -> None:
    """By each way in, and none of its processes ends."""
    before = lasting(wall)
    contacts = wall.log.parent / "contacts"
    for number in range(size(26, 2000)):
        text = TEXTS[number % len(TEXTS)][: number + 200] + str(number)
        assert call(port, "true", text) in (200, 414, 429)
        with contacts.open("a", errors="surrogatepass") as lines:
            lines.write(f"{text}\n1 1\n1 0\n")
        with contextlib.suppress(c.CommandError), wall.client() as client:
            client.send(c.RaiseAlarm("noise", text[:200]))
    assert lasting(wall) == before
    tiles = eventually(lambda: tiles_if_answered(wall), 5)
    assert {tile["state"] for tile in tiles} <= {"live", "still"}
    assert "Traceback" not in wall.log.read_text(errors="replace")
