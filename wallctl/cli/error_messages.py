"""From the errors of the parts to one sentence and exit code 1."""

import contextlib
from collections.abc import Iterator

import click

from wallctl.api.endpoint import ControlError
from wallctl.display.display_error import DisplayError
from wallctl.model.base.redaction import redacted
from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.wall.commands.command import CommandError
from wallctl.shm.arena_error import ArenaError
from wallctl.storage.file_findings import FilesError
from wallctl.supervisor.forked_call import ApartError


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn an error that is not a bug into its sentence. Credentials in it are taken out.

    Findings are free of them from the start, and may hold patterns that look like some.
    """
    try:
        yield
    except FilesError as error:
        raise click.ClickException(str(error)) from error
    except CommandError as error:
        raise click.ClickException(on_one_line(redacted(error.message))) from error
    except (ApartError, ControlError, ArenaError, DisplayError) as error:
        raise click.ClickException(on_one_line(redacted(str(error)))) from error
