"""Logins that ``wallctl show`` is given in an address or in the environment: out of sight at once.

The words of a program are for every user of the machine to read, as long as it runs and in each of
its children. So the program begins again without them, as the first thing that it does.
"""

import locale
import os
import sys
import time
from pathlib import Path

import click

from wallctl.cli.terminal_text import typed
from wallctl.config.command_line_login import memory_file, memory_login
from wallctl.config.login_hosts import called
from wallctl.config.po_file import catalogues
from wallctl.config.source_urls import sealed
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.site.credential import Login

VERB = "show"
VARIABLE = "WALLCTL_LOGIN"
"""``user:password`` of all cameras that ``show`` is given."""


def hide_logins() -> None:
    """Begin this program again where its words or its environment hold a login."""
    if sys.argv[1:2] != [VERB] or not sys.executable:
        return
    words = [_sealed(word) for word in sys.argv[1:]]
    is_typed = words != sys.argv[1:]
    given = os.environ.pop(VARIABLE, None)
    if given is not None:
        user, _, password = given.partition(":")
        fd = memory_login(Login(user, password, called(words)))
        words[1:1] = ["--login", str(memory_file(fd))]
    elif not is_typed:
        return
    if is_typed:
        _warn()
    program = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1]
    os.execv(sys.executable, [sys.executable, *program[1:], *words])


def _sealed(word: str) -> str:
    """A word of the command line without the login that an address has in it."""
    text = typed(os.fsencode(word), locale.getencoding()) if "@" in word else None
    return word if text is None else sealed(text)


def _warn() -> None:
    """Say what everybody could read, and for how long."""
    seconds = f"{max(0.1, _age_s()):.1f}"
    for catalogue in catalogues().values():
        click.echo(f"warning: {catalogue.say(Text.LOGIN_IN_ADDRESS, seconds=seconds)}", err=True)


def _age_s() -> float:
    """How long this process has run."""
    began = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    ticks = int(began.rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
