"""``--shared-group``: the group whose members may change a site's files."""

import click

from wallctl.storage.ownership import group_number

SHARED_GROUP = click.option(
    "--shared-group",
    "group",
    metavar="NAME",
    help="Members of this group may change the site's files. Default: the wall's user and root.",
)


def number_of(group: str | None) -> int | None:
    """The number of a group that was named. Raises ClickException if there is none of the name."""
    number = None if group is None else group_number(group)
    if group is not None and number is None:
        raise click.ClickException(f"there is no group {group!r} on this machine")
    return number
