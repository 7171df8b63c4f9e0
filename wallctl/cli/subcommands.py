"""The command ``wallctl`` and its subcommands."""

import contextlib
import errno
import gc
import importlib
import os
import sys
import types
from collections.abc import Iterator
from typing import Any, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: root forks, threads would not

import click

from wallctl import __version__
from wallctl.cli.terminal_text import insist_on_utf8
from wallctl.model.base.redaction import redacted
from wallctl.model.base.suggestions import offered
from wallctl.model.base.unicode_rules import on_one_line
from wallctl.supervisor import safe_output


class Verb(NamedTuple):
    """A verb as the list of them tells it, before anything of it is loaded."""

    module: str
    """Of this package; behind a colon its name there, if it is another."""
    does: str
    """In one sentence, as the verb's own help begins."""


VERBS = {
    "demo": Verb("run", "Show 14 built-in cameras on a wall: nothing else is needed."),
    "show": Verb("run", "Show cameras from their addresses alone."),
    "run": Verb("run", "Show the wall of SITE.toml, as it was when it last ended."),
    "check": Verb("check", "Tell all that is wrong with a site's files."),
    "layout": Verb("layout", "Look at layouts without cameras: lint, render, diff."),
    "plan": Verb("plan", "Tell whether a site's pictures fit this machine."),
    "calibrate": Verb("calibrate", "Measure what this machine takes to decode and compose."),
    "outputs": Verb("outputs", "List the display's outputs and monitors."),
    "keycard": Verb("key_card", "Print a site's keys and cameras on a card."),
    "send": Verb("client_commands", "Send a COMMAND and print its receipt."),
    "status": Verb("client_commands", "Tell what the wall shows and how it fares."),
    "list": Verb("client_commands:names", "List the names that commands can use."),
    "snapshot": Verb("client_commands", "Save a picture of the wall as FILE.png or FILE.jpg."),
    "reload": Verb("client_commands", "Have the wall read its site's files again."),
    "version": Verb("version", "Tell the version, and that of all that the wall is made of."),
}
"""All verbs, in the order of need."""


class Verbs(click.Group):
    """Loads a verb when it is typed: who sends a command need not wait for libav to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs."""
        del ctx
        return list(VERBS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.does) for name, verb in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is typed; of another word it is said what may be meant."""
        name = args[0]
        if name in VERBS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        ends, _ = offered(name, VERBS)
        raise click.UsageError(f"there is no verb '{on_one_line(name)}'{ends}", ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of a name."""
        del ctx
        if cmd_name not in VERBS:
            return None
        where, _, name = VERBS[cmd_name].module.partition(":")
        module = _loaded(where)
        verb: click.Command = getattr(module, name or cmd_name)
        return verb

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """As click does it; a fault is said without the secrets of a word at the wrong place."""
        with _without_secrets():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does it; a fault is said without the secrets of a word at the wrong place."""
        with _without_secrets():
            return super().invoke(ctx)

    def main(self, *args: Any, **options: Any) -> Any:
        """Run, and say in one sentence where what is printed can't be written."""
        if not args and not options:
            insist_on_utf8()  # it is a program of its own
            _hide_logins()
        safe_output.prepare()
        try:
            try:
                return super().main(*args, **options)
            finally:
                sys.stdout.flush()
        except OSError as error:
            safe_output.give_up()  # or the interpreter tries once more, and complains
            if not isinstance(error, BrokenPipeError) and error.errno != errno.EPIPE:
                click.echo(f"Error: {_told(error)}", err=True)
            raise SystemExit(1) from None


@contextlib.contextmanager
def _without_secrets() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(redacted(error.format_message()), error.ctx) from error


def _hide_logins() -> None:
    """Take logins out of what everybody can read of this program; other verbs need not wait."""
    if sys.argv[1:2] == ["show"]:
        _loaded("hidden_logins").hide_logins()


def _loaded(name: str) -> types.ModuleType:
    """A module of this package. No garbage is looked for meanwhile, nor ever among modules: that
    takes a tenth of the start."""
    gc.disable()
    try:
        return importlib.import_module(f"wallctl.cli.{name}")
    finally:
        gc.freeze()
        gc.enable()


def _told(error: OSError) -> str:
    why = error.strerror or str(error)
    if isinstance(error, safe_output.PrintError):
        return f"what is printed can't be written: {why}"
    return f"{error.filename}: {why}" if error.filename else why


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="wallctl")
def main() -> None:
    """Many cameras, a few screens, one calm wall. 电视墙：解码、拼接、上墙。

    \b
    Begin with      wallctl demo
    your cameras    wallctl show rtsp://10.0.0.7/stream1 rtsp://10.0.0.8/stream1
    your site       wallctl check SITE.toml, then wallctl run SITE.toml
    """
