"""Logins, and references to them: a site, and so every process, holds references alone."""

import msgspec


class Credential(msgspec.Struct, frozen=True):
    """Where a login stands. Only the process that uses it reads it (``wallctl.config.logins``)."""

    name: str
    """What the site calls it."""
    file: str
    """The file that holds it, absolute."""
    stamp: str
    """The same for the same login while the wall runs; it reveals nothing."""


class Login(msgspec.Struct, frozen=True):
    """A camera account. Never printed: ``repr`` hides both halves."""

    user: str
    password: str
    hosts: tuple[str, ...] = ()
    """The only machines that may receive it (``wallctl.model.site.hosts``)."""
    basic: bool = False
    """Whether it may go in the clear (Basic) to a machine that has not proved who it is."""

    def __repr__(self) -> str:
        return "Login(***)"
