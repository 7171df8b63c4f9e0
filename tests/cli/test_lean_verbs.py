"""What a verb loads: who sends a command, or asks for help, does not wait for decoders to load."""

import subprocess
import sys

import click
import pytest

from wallctl.cli import main
from wallctl.cli.subcommands import VERBS

HEAVY = ("av", "cv2", "numpy", "PIL", "pyglet", "fpdf", "Xlib")
LOADED = f"""
import sys
import click
from wallctl.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
except click.ClickException as error:
    print(error, file=sys.stderr)
print(*[one for one in {HEAVY} if one in sys.modules])
"""


@pytest.mark.parametrize("words", ["--help", "send", "send layout 2x2", "status", "list", "x"])
def test_talking_to_a_wall_loads_no_library_for_pictures(words: str) -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            LOADED,
            *words.split(),
            *["--control", "ipc:///nosuch"] * (words[0] == "s"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("name", VERBS)
def test_the_list_tells_of_a_verb_what_its_own_help_does(name: str) -> None:
    verb = main.get_command(click.Context(main), name)
    assert verb is not None
    assert verb.get_short_help_str(limit=100) == VERBS[name].does


@pytest.mark.parametrize(
    ("typed", "meant"), [("runn", "run"), ("RUN", "run"), ("snap", "snapshot")]
)
def test_a_verb_that_there_is_not_is_told_with_what_is_meant(typed: str, meant: str) -> None:
    with pytest.raises(click.UsageError, match=f"no verb '{typed}'; did you mean {meant}"):
        main([typed], standalone_mode=False)
