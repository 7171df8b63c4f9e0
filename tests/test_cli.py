"""The command line: help that helps, exit codes, one sentence for each fault, no credentials."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from wallctl import __version__
from wallctl.cli import main
from wallctl.control.protocol import Answer, Done, Failed, Receipt, Reply
from wallctl.control.server import Server
from wallctl.model import command as c

BROKEN = sorted((Path(__file__).parent / "broken_sites").iterdir())
VERBS = (
    *("demo", "show", "run", "check", "plan", "calibrate", "outputs"),
    *("send", "status", "list", "snapshot", "reload"),
)
SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No display, no wall of somebody else, nothing written to this user's folders."""
    monkeypatch.delenv("DISPLAY", raising=False)
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def wallctl(*words: str) -> Result:
    """What a command line says and how it exits; an exception that got out is a failure here."""
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert SECRET not in result.output
    assert "Traceback" not in result.output
    return result


def sentence(result: Result) -> str:
    """The one sentence of a command that could not be done."""
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def test_the_bare_command_tells_how_to_begin() -> None:
    for words in ((), ("--help",), ("-h",)):
        result = CliRunner().invoke(main, words)
        for verb in VERBS:
            assert f"  {verb} " in result.output
        assert "wallctl demo" in result.output
    assert main.list_commands(click.Context(main)) == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_command_tells_each_option(verb: str) -> None:
    result = wallctl(verb, "--help")
    assert result.exit_code == 0
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{verb} {option.name}"
            assert max(option.opts, key=len) in result.output
        else:
            assert option.human_readable_name.upper().split()[0] in result.output


def test_version() -> None:
    assert wallctl("--version").output == f"wallctl, version {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        "nosuchverb",
        "demo --nosuchoption",
        "demo --for 0",
        "demo --for soon",
        "demo --screens 1920",
        "show",
        "run",
        "run a.toml b.toml",
        "check a.toml b.toml",
        "plan",
        "calibrate now",
        "send",
        "status --jsn",
        "snapshot",
        "show test:bars --screens 1920x1081",
    ],
)
def test_a_wrong_command_line_exits_with_2(words: str) -> None:
    result = wallctl(*words.split())
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert "Error: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("words", [["--help"], ["status"], ["status", "--jsn"]])
def test_the_real_program_exits_as_the_tested_one(words: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "wallctl", *words], check=False, capture_output=True, text=True
    )
    assert run.returncode == wallctl(*words).exit_code
    assert "Traceback" not in run.stderr


# Files


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_check_and_run_tell_all_that_is_wrong_with_a_site(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(case, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*.toml"):
        if path.is_file():
            path.chmod(0o600 if path.name.endswith(".private.toml") else 0o644)
    monkeypatch.chdir(tmp_path / "site")
    expected = (case / "expected.txt").read_text("utf-8").splitlines()
    faults = [line for line in expected if " warning: " not in line]
    result = wallctl("check", "site.toml")
    lines = result.stdout.splitlines()
    assert lines[: len(expected)] == expected
    assert result.exit_code == (1 if faults else 0)
    said = "nothing to mend, 1 to look at" if expected else "nothing is wrong"
    assert lines[-1] == f"site.toml: {f'{len(faults)} to mend' if faults else said}"
    if faults:
        started = wallctl("run", "--headless", "site.toml")
        assert started.exit_code == 1
        assert all(fault in started.stderr for fault in faults)


def test_the_shipped_layouts_are_in_order() -> None:
    result = wallctl("check")
    assert result.exit_code == 0
    assert result.stdout.endswith("the shipped layouts: nothing is wrong\n")


@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_file_that_is_not_there(verb: str, tmp_path: Path) -> None:
    result = wallctl(verb, str(tmp_path / "none.toml"))
    assert result.exit_code == 1
    assert "none.toml" in result.output


# Starting a wall


def test_a_layout_that_does_not_exist_is_answered_with_those_that_are_near() -> None:
    line = sentence(wallctl("show", "--headless", "--layout", "3x33", "test:bars"))
    assert "3x3" in line
    assert "--layout" in line


def test_an_address_that_can_not_be_is_told_without_its_login() -> None:
    line = sentence(wallctl("show", "--headless", f"rtps://admin:{SECRET}@192.0.2.1/main"))
    assert "rtps" in line
    assert "admin" not in line


def test_without_a_display_a_wall_needs_headless() -> None:
    assert "--headless" in sentence(wallctl("show", "test:bars"))


def test_without_a_display_there_are_no_outputs_to_list() -> None:
    assert "No X display answers" in sentence(wallctl("outputs"))


def test_a_wall_listens_on_this_machine_only() -> None:
    line = sentence(wallctl("show", "--headless", "--control", "tcp://0.0.0.0:5555", "test:bars"))
    assert "0.0.0.0" in line


# Talking to a wall

Words = Callable[[c.Command], Reply]


class Wall:
    """A wall that answers each command as it is told to."""

    def __init__(self, server: Server) -> None:
        self.endpoint = server.endpoint
        self.heard: list[c.Command] = []
        self.answer: Words = lambda _command: Done(1, Receipt(12.5, (("left/3", "connecting"),)))
        self._server = server
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            self._server.wait(10)
            for incoming in self._server.take():
                self.heard.append(incoming.command)
                self._server.reply(incoming.ticket, self.answer(incoming.command))

    def end(self) -> None:
        self._ended.set()


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    with Server(f"ipc://{tmp_path}/test.sock") as server:
        wall = Wall(server)
        thread = threading.Thread(target=wall.run)
        thread.start()
        yield wall
        wall.end()
        thread.join(5)


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
    **{"tile": 3, "screen": "left", "source": "东门", "state": "stale", "stream": "sub"},
    **{"width_px": 640, "height_px": 360, "fps": 24.9, "reason": "timed_out"},
}
SCREEN = {"first": 9, "enlarged": False, "sources": ["东门"] * 14}
BROADCAST: dict[str, object] = {"broadcast": "墙", "screen": None, "air": "live", "reason": "none"}
BROADCAST |= {"width_px": 960, "height_px": 540, "fps": 12.5, "kbps": 640.2}
FAILED = BROADCAST | {"broadcast": "左", "screen": "left", "fps": 0.0, "kbps": 0.0}
FAILED |= {"air": "failed", "reason": "unreachable"}
SENDS_NOTHING = ("0.0", "fps", "0.0", "kbit/s")
STATUS = {
    "broadcasts": [BROADCAST, FAILED],
    **{"selected": "left/3", "locked": ["left/2"]},
    "findings": ["site.toml:3: keys[3]: found 9, expected text"],
    "leases": [
        {"lease": 3, "holder": "tour", "name": "路口", "screens": ["left"], "left_s": None},
        {"lease": 4, "holder": "remote", "name": "", "screens": ["left", "right"], "left_s": 41.5},
    ],
    **{"site": "测试", "revision": 7, "uptime_s": 61.5, "tiles": [TILE]},
    "screens": [
        SCREEN | {"screen": "left", "layout": "3x3", "blanked": False},
        SCREEN | {"screen": "right", "layout": "1x1", "blanked": True, "enlarged": True},
    ],
}


def test_status_is_for_people_or_for_programs(wall: Wall) -> None:
    wall.answer = lambda _command: Answer(7, STATUS)
    plain = wallctl("status", "--control", wall.endpoint)
    assert [line.split() for line in plain.stdout.splitlines()] == [
        ["测试", "revision", "7", "up", "61.5", "s"],
        ["left:", "3x3", "from", "source", "10", "of", "14"],
        ["right:", "1x1", "from", "source", "10", "of", "14", "enlarged", "blanked"],
        ["selected:", "left/3"],
        ["lease", "3:", "tour", "路口", "on", "left"],
        ["lease", "4:", "remote", "on", "left,", "right", "42", "s", "left"],
        ["locked", "by", "the", "officer:", "left/2"],
        ["site", "file:", "site.toml:3:", "keys[3]:", "found", "9,", "expected", "text"],
        ["broadcast", "墙:", "live", "wall", "960x540", "12.5", "fps", "640.2", "kbit/s"],
        [*("broadcast", "左:", "failed", "left", "960x540"), *SENDS_NOTHING, "(unreachable)"],
        ["left/3", "stale", "sub", "640x360", "24.9", "fps", "东门", "(timed_out)"],
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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "--headless", "--for", "nan", "test:bars"), "never passes"),
        (("show", "--headless", "--screens", ",".join(["64x64"] * 17), "test:bars"), "at most 16"),
    ],
)
def test_what_no_wall_can_be_is_told(words: tuple[str, ...], told: str) -> None:
    result = wallctl(*words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("status", "--control", "tcp://127.0.0.1:*"), "number instead of *"),
        (("status", "--control", "ipc:///tmp"), "is a folder"),
        (("status", "--control", "ipc:///tmp/\udcff.sock"), "names no file"),
        (("status", "--control", "foo"), "tcp://127.0.0.1:PORT"),
        (("status", "--control", "tcp://127.0.0.1:1"), "at tcp://127.0.0.1:1: is it"),
        (("send", "show", "\udcff"), "not UTF-8"),
        (("show", "--headless", "/tmp/\udcff.mp4"), "not UTF-8"),
    ],
)
def test_odd_words_get_a_sentence(words: tuple[str, ...], told: str) -> None:
    assert told in sentence(wallctl(*words))


def test_a_demo_that_can_keep_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    result = wallctl("demo", "--headless")
    assert result.exit_code == 1
    assert "XDG_CACHE_HOME" in result.stderr


def test_a_full_disk_is_told_when_words_are_printed() -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "wallctl", "check"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert run.returncode == 1
    assert run.stderr == "Error: what is printed can't be written: No space left on device\n"


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
