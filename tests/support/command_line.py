"""A command line as its user sees it: what it says, how it exits, and that it is one sentence."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wallctl.cli import main

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
