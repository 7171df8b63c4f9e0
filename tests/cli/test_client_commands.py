"""The command line that talks to a wall: what it asks, and how it tells the answer."""

import json
from pathlib import Path

import pytest

from tests.support import command_line
from tests.support import scripted_server as played_wall
from tests.support.catalogues import EN
from tests.support.command_line import SECRET, sentence, wallctl
from tests.support.scripted_server import Wall
from wallctl.api.protocol import Answer, Failed
from wallctl.model.operator.message_catalogue import ADVICE_TEXTS, REASON_TEXTS
from wallctl.model.streams.health import Reason
from wallctl.model.wall.commands import command as c

wall = played_wall.wall
at_home = command_line.at_home


@pytest.mark.parametrize(
    "words", [("send", "layout", "3x3"), ("status",), ("status", "--json"), ("snapshot", "a.png")]
)
def test_where_no_wall_runs_one_sentence_says_so(words: tuple[str, ...], tmp_path: Path) -> None:
    line = sentence(wallctl(*words, "--control", f"ipc://{tmp_path}/none.sock"))
    assert "none.sock" in line
    assert "running?" in line


def test_send_prints_the_receipt(wall: Wall) -> None:
    result = wallctl("send", "--control", wall.endpoint, "layout", "1+5", "@left")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"first_ms": 12.5, "pending": [["left/3", "connecting"]]}
    assert wall.heard == [c.SetLayout("1+5", "left")]


def test_send_tells_what_is_no_command_without_asking_the_wall(wall: Wall) -> None:
    line = sentence(wallctl("send", "--control", wall.endpoint, "layuot", "3x3"))
    assert "layout" in line
    assert wall.heard == []


def test_send_tells_what_the_wall_refused_with_what_was_perhaps_meant(wall: Wall) -> None:
    message = "no layout is called '3x33'; did you mean 3x3?"
    wall.answer = lambda _command: Failed("unknown_layout", message, ("3x3",))
    assert "3x3?" in sentence(wallctl("send", "--control", wall.endpoint, "layout", "3x33"))


def test_a_name_with_a_login_is_not_repeated(wall: Wall) -> None:
    address = f"rtsp://admin:{SECRET}@192.0.2.1/main"
    wall.answer = lambda _command: Failed("unknown_source", f"no source is called '{address}'")
    assert "192.0.2.1" in sentence(wallctl("send", "--control", wall.endpoint, "show", address))


TILE = {
    **{"tile": 3, "screen": "left", "source": "东门", "stands_for": "西门"},
    **{"state": "stale", "stream": "sub"},
    **{"width_px": 640, "height_px": 360, "fps": 24.9, "reason": "timed_out"},
    **{"transport": "udp", "fallback": True, "relayed": False, "unproven": False},
}
SCREEN = {"first": 9, "enlarged": False, "sources": ["东门"] * 14, "under": None}
SCREEN |= {"monitor": "there", "monitor_why": "", "output": "HDMI-1"}
ABSENT = {"monitor": "absent", "monitor_why": "No output at all.", "output": ""}
GONE = ("absent:", "No", "output", "at", "all.")
BROADCAST: dict[str, object] = {"broadcast": "墙", "screen": None, "air": "live", "reason": "none"}
BROADCAST |= {"width_px": 960, "height_px": 540, "fps": 12.5, "kbps": 640.2}
FAILED = BROADCAST | {"broadcast": "左", "screen": "left", "fps": 0.0, "kbps": 0.0}
FAILED |= {"air": "failed", "reason": "unreachable"}
SENDS_NOTHING = ("0.0", "fps", "0.0", "kbit/s")
TOUR = {"page": 1, "pages": 3, "paused": False, "hidden": False, "lease": 3, "left_s": 10.0}
ALARM = {"alarm": 4, "name": "大门", "source": "东门", "priority": 5, "age_s": 8.5}
STATUS = {
    "broadcasts": [BROADCAST, FAILED],
    "inputs": [
        {"input": "http", "listening": True, "why": ""},
        {"input": "mqtt", "listening": False, "why": "the broker is lost"},
    ],
    "sound": "aplay",
    **{"selected": "left/3", "locked": ["left/2"]},
    "blanked": [
        {"what": "source", "name": "东门", "by": "officer", "reason": "检修"},
        {"what": "screen", "name": "right", "by": "remote", "reason": ""},
    ],
    "findings": ["site.toml:3: keys[3]: found 9, expected text"],
    "troubles": ["State not saved (disk full)"],
    "leases": [
        {"lease": 3, "holder": "tour", "name": "路口", "screens": ["left"], "left_s": None},
        {"lease": 4, "holder": "remote", "name": "", "screens": ["left", "right"], "left_s": 41.5},
    ],
    "tours": [
        TOUR | {"tour": "路口", "page": 2, "left_s": 7.5},
        TOUR | {"tour": "夜巡", "paused": True, "hidden": True},
    ],
    "scheduled": {"command": "preset 早班", "begins": "08:00", "ends": "18:00"},
    "alarms": [
        ALARM | {"state": "shown", "at": "left/2", "left_s": 21.5, "text": "越界"},
        ALARM | {"alarm": 5, "state": "waiting", "at": None, "left_s": None, "text": ""},
    ],
    **{"site": "测试", "revision": 7, "uptime_s": 61.5, "tiles": [TILE]},
    "screens": [
        SCREEN | {"screen": "left", "layout": "3x3", "blanked": False},
        SCREEN | {"screen": "right", "layout": "1x1", "blanked": True, "enlarged": True} | ABSENT,
        SCREEN | {"screen": "third", "layout": "1x1", "blanked": False, "under": "left"},
    ],
}


def test_status_is_for_people_or_for_programs(wall: Wall) -> None:
    late = Reason.TIMED_OUT
    wall.answer = lambda _command: Answer(7, STATUS)
    plain = wallctl("status", "--control", wall.endpoint)
    assert [line.split() for line in plain.stdout.splitlines()] == [
        ["测试", "revision", "7", "up", "61.5", "s"],
        ["left:", "3x3", "from", "source", "10", "of", "14"],
        ["right:", "1x1", "from", "source", "10", "of", "14", "enlarged", "blanked", *GONE],
        ["third:", "part", "of", "left"],
        ["selected:", "left/3"],
        ["lease", "3:", "tour", "路口", "on", "left"],
        ["lease", "4:", "remote", "on", "left,", "right", "42", "s", "left"],
        ["tour", "路口:", "page", "2", "of", "3", "8", "s", "left"],
        ["tour", "夜巡:", "page", "1", "of", "3", "paused,", "hidden", "by", "a", "change"],
        ["schedule:", "preset", "早班", "08:00", "to", "18:00"],
        ["alarm", "4:", "大门", "(东门)", "shown", "at", "left/2", "22", "s", "left", "越界"],
        ["alarm", "5:", "大门", "(东门)", "waiting"],
        ["locked", "by", "the", "officer:", "left/2"],
        ["blanked:", "source", "东门", "by", "officer", "(检修)"],
        ["blanked:", "screen", "right", "by", "remote"],
        ["site", "file:", "site.toml:3:", "keys[3]:", "found", "9,", "expected", "text"],
        ["trouble:", "State", "not", "saved", "(disk", "full)"],
        ["broadcast", "墙:", "live", "wall", "960x540", "12.5", "fps", "640.2", "kbit/s"],
        [*("broadcast", "左:", "failed", "left", "960x540"), *SENDS_NOTHING, "(unreachable)"],
        ["alarms", "by", "http:", "listening"],
        ["alarms", "by", "mqtt:", "the", "broker", "is", "lost"],
        ["sounds", "of", "alarms:", "aplay"],
        [
            *("left/3", "stale", "sub", "640x360", "24.9", "fps"),
            *("东门,", "backup", "for", "西门,", "over", "udp", "instead", "(timed_out)"),
        ],
        f"timed_out: {EN.say(REASON_TEXTS[late])}. {EN.say(ADVICE_TEXTS[late])}".split(),
        ["tiles:", "1", "stale;", "alarms", "to", "be", "acknowledged:", "2"],
    ]
    assert json.loads(wallctl("status", "--json", "--control", wall.endpoint).stdout) == STATUS


def test_reload_tells_what_came_of_it(wall: Wall) -> None:
    one = {"added": 1, "changed": 2, "removed": 0}
    answers = {"taken": True, "changed": {"sources": one, "keys": one}, "findings": ["warning: x"]}
    wall.answer = lambda _command: Answer(7, answers)
    told = wallctl("reload", "--control", wall.endpoint)
    counted = "sources: 1 added, 2 changed; keys: 1 added, 2 changed"
    assert told.stdout.splitlines() == ["warning: x", counted]
    assert told.exit_code == 0
    answers["changed"] = {}
    told = wallctl("reload", "--control", wall.endpoint)
    assert told.stdout.splitlines() == ["warning: x", "nothing is other than it was"]
    answers["taken"] = False
    told = wallctl("reload", "--control", wall.endpoint)
    assert told.stdout.splitlines() == ["warning: x", "the wall goes on as it was"]
    assert told.exit_code == 1
    assert wall.heard == [c.Reload()] * 3


NAMES = {
    "layouts": [{"name": "3x3", "zh": "九宫格", "en": "3x3", "tiles": 9}],
    "presets": [{"name": "早班", "zh": "早班", "en": "Morning"}],
    "groups": [{"name": "河道", "zh": "河道", "en": "River", "sources": ["东门"]}],
    "tours": [{"name": "夜巡", "zh": "夜间巡视", "en": "Night round", "pages": 3}],
    "alarms": [{"name": "大门", "source": "东门", "priority": 5}],
    "sources": [{"name": "东门", "number": 7}],
    "screens": [{"name": "left", "width_px": 1920, "height_px": 1080}],
    "broadcasts": [{"name": "墙", "screen": None}, {"name": "左", "screen": "left"}],
}


def test_names_are_listed_for_people_or_for_programs(wall: Wall) -> None:
    wall.answer = lambda _command: Answer(7, NAMES)
    plain = wallctl("list", "--control", wall.endpoint)
    assert [line.split() for line in plain.stdout.splitlines()] == [
        ["layout", "3x3", "九宫格", "3x3"],
        ["preset", "早班", "早班", "Morning"],
        ["group", "河道", "河道", "River"],
        ["tour", "夜巡", "夜间巡视", "Night", "round"],
        ["alarm", "大门", "东门"],
        ["source", "7", "东门"],
        ["screen", "left", "1920x1080"],
        ["broadcast", "墙", "wall"],
        ["broadcast", "左", "left"],
    ]
    assert json.loads(wallctl("list", "--json", "--control", wall.endpoint).stdout) == NAMES


def test_a_question_sent_as_a_command_is_told_its_own_verb(wall: Wall) -> None:
    result = wallctl("send", "--control", wall.endpoint, "list")
    assert result.exit_code == 2
    assert "wallctl status, list, snapshot or reload" in result.stderr
    assert wall.heard == []


def test_a_name_that_is_near_to_none_is_answered_with_those_that_there_are(wall: Wall) -> None:
    message = "no source is called '99'; there are 东门, 西门"
    wall.answer = lambda _command: Failed("unknown_source", message, ("东门", "西门"))
    line = sentence(wallctl("send", "--control", wall.endpoint, "show", "99"))
    assert "there are 东门, 西门" in line


def test_a_snapshot_is_what_its_name_says(wall: Wall, tmp_path: Path) -> None:
    wall.answer = lambda _command: Answer(7, {"bytes": 4}, b"JPEG")
    words = ("--tile", "left/3", "--stamped", "--control", wall.endpoint)
    assert wallctl("snapshot", str(tmp_path / "tile.JPG"), *words).exit_code == 0
    asked = c.Snapshot(stamped=True, jpeg=True, tile=c.TileRef(3, "left"))
    assert wall.heard == [asked]
    assert ".png or .jpg" in wallctl("snapshot", str(tmp_path / "tile.bmp"), *words).stderr
    assert wall.heard == [asked]


def test_a_snapshot_is_written_where_it_was_asked_for(wall: Wall, tmp_path: Path) -> None:
    wall.answer = lambda _command: Answer(7, {"bytes": 4}, b"PNG!")
    file = tmp_path / "wall.png"
    result = wallctl(
        "snapshot", str(file), "--screen", "left", "--clean", "--control", wall.endpoint
    )
    assert result.exit_code == 0
    assert file.read_bytes() == b"PNG!"
    assert wall.heard == [c.Snapshot("left", clean=True)]
    line = sentence(
        wallctl("snapshot", str(tmp_path / "none" / "wall.png"), "--control", wall.endpoint)
    )
    assert "can't be written" in line
