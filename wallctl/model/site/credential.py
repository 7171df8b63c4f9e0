"""A reference to a login: all that a site holds of it, and that every process may know."""

import msgspec


class Credential(msgspec.Struct, frozen=True):
    """Where a login stands. Only the process that uses it reads it (``wallctl.config.logins``)."""

    name: str
    """What the site calls it."""
    file: str
    """The file that holds it, absolute."""
    stamp: str
    """The same for the same login while the wall runs; it reveals nothing."""
