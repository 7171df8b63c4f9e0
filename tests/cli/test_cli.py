"""The command line: help that helps, exit codes, one sentence for each fault, no credentials."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.support import command_line
from tests.support.command_line import SECRET, sentence, wallctl
from tests.support.folders import DATA
from wallctl import __version__
from wallctl.cli import main

BROKEN = sorted((DATA / "broken_sites").iterdir())
VERBS = (
    *("demo", "show", "run", "check", "layout", "plan", "calibrate", "outputs", "keycard"),
    *("send", "status", "list", "snapshot", "reload", "version"),
)
at_home = command_line.at_home


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
    for path in (tmp_path / "site", *(tmp_path / "site").rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
        else:
            path.chmod(0o600 if path.name.endswith(".private.toml") else 0o644)
    monkeypatch.chdir(tmp_path / "site")
    expected = (case / "expected.txt").read_text("utf-8").splitlines()
    faults = [line for line in expected if " warning: " not in line]
    result = wallctl("check", "site.toml")
    lines = result.stdout.splitlines()
    assert lines[: len(expected)] == expected
    assert result.exit_code == (1 if faults else 0)
    said = f"nothing to mend, {len(expected)} to look at" if expected else "nothing is wrong"
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


@pytest.mark.parametrize("address", ["tcp://0.0.0.0:5555", "tcp://127.0.0.1:5555"])
def test_a_wall_takes_no_commands_from_a_network(address: str) -> None:
    line = sentence(wallctl("show", "--headless", "--control", address, "test:bars"))
    assert address in line
    assert "ssh HOST wallctl send" in line


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
        (("status", "--control", "ipc:///tmp"), "is a folder"),
        (("status", "--control", "ipc:///tmp/\udcff.sock"), "names no file"),
        (("status", "--control", "foo"), "write ipc:///folder/control.sock"),
        (("status", "--control", "ipc:///tmp/no/wall"), "at ipc:///tmp/no/wall: is it"),
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


@pytest.mark.parametrize("verb", [("check",), ("layout", "lint")])
def test_findings_are_told_to_programs_too(verb: tuple[str, ...]) -> None:
    site = DATA / "broken_sites" / "preset_keys" / "site.toml"
    result = wallctl(*verb, str(site), "--json")
    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert {one["level"] for one in findings} == {"error", "warning"}
    assert {"file", "line", "key", "found", "expected"} <= set(findings[0])
