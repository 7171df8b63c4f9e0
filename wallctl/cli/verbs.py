"""The command ``wallctl`` and its subcommands."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: root forks, threads would not

import click

from wallctl import __version__
from wallctl.cli.check import check
from wallctl.cli.talk import send, snapshot, status
from wallctl.cli.wall import demo, run, show

FAULT = 1


class Verbs(click.Group):
    """A group whose commands end with one sentence and exit code 1 when they can't be done."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer needs them."""
        del ctx
        return list(self.commands)


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


for verb in (demo, show, run, check, send, status, snapshot):
    main.add_command(verb)
