"""Where a stream is and with which login, also after its camera redirected. Pure."""

from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import msgspec

from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Login
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_PRIVATE = frozenset({"rtsps", "https"})
_MOST_CHARS = 2048
MOST_REDIRECTS = 5
"""A camera that redirects more often goes in circles."""


class Address(msgspec.Struct, frozen=True):
    """An address of RTSP or HTTP, and the login for it."""

    url: str
    """Without a login."""
    login: Login | None = None
    withheld: bool = False
    """Whether the site has a login that must not be given to this machine."""
    trust: Trust = Trust()

    @property
    def host(self) -> str:
        """The machine's name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port, or the usual one."""
        return urlsplit(self.url).port or _PORTS[self.scheme]

    @property
    def scheme(self) -> str:
        """``rtsp``, ``https`` …"""
        return urlsplit(self.url).scheme

    @property
    def is_private(self) -> bool:
        """Whether what is said can't be overheard."""
        return self.scheme in _PRIVATE

    @property
    def is_proven(self) -> bool:
        """Whether the machine proves who it is before anything is said."""
        return self.is_private and not self.trust.insecure

    @property
    def is_blind(self) -> bool:
        """Whether it could prove who it is, and need not."""
        return self.is_private and self.trust.insecure

    @property
    def path(self) -> str:
        """What a request of HTTP names of it."""
        split = urlsplit(self.url)
        return (split.path or "/") + (f"?{split.query}" if split.query else "")


def address_of(source: Stream, url: str | None = None) -> Address:
    """A source's own address, or another ``url`` that it leads to.

    Its login is for the machines alone that the login's file names.
    """
    address, login = Address(url or source.url, trust=source.trust), source.login
    if login is None:
        return address
    if not covers(login.hosts, address.host):
        return msgspec.structs.replace(address, withheld=True)
    return msgspec.structs.replace(address, login=login)


def follow_redirect(address: Address, location: str, source: Stream) -> Address:
    """Where ``address`` sends a caller.

    A login that stands in ``location`` is used there. Raises ``SourceError`` for an address of
    another kind, and for one without encryption where there was some.
    """
    if not location or len(location) > _MOST_CHARS or not location.isprintable():
        raise SourceError(Reason.REDIRECTED)
    try:
        split = urlsplit(urljoin(address.url, location))
        there = address_of(source, _without_login(split))
        known = bool(there.host) and there.port > 0
        known = known and split.scheme.removesuffix("s") == address.scheme.removesuffix("s")
    except (ValueError, KeyError):
        known = False
    if not known or (address.is_private and not there.is_private):
        raise SourceError(Reason.REDIRECTED)
    if split.username is None:
        return there
    given = Login(unquote(split.username), unquote(split.password or ""), (there.host,))
    return msgspec.structs.replace(there, login=given, withheld=False)


def _without_login(split: SplitResult) -> str:
    return split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
