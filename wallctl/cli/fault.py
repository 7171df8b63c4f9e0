"""From the errors of the parts to one sentence and exit code 1."""

import contextlib
from collections.abc import Iterator

import click

from wallctl.control.endpoint import ControlError
from wallctl.files.finding import FilesError
from wallctl.files.redaction import redacted
from wallctl.frames.arena import ArenaError
from wallctl.model.command import CommandError


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn an error that is not a bug into its sentence. Credentials in it are taken out."""
    try:
        yield
    except (ControlError, FilesError, ArenaError, CommandError) as error:
        raise click.ClickException(redacted(str(error))) from error
