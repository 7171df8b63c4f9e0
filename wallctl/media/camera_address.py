"""Where a stream is and with which login, also after its camera redirected. Pure."""

from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import msgspec

from wallctl.media.failure import SourceError
from wallctl.model.health import Reason
from wallctl.model.site import Login

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_PRIVATE = frozenset({"rtsps", "https"})
_MOST_CHARS = 2048


class Address(msgspec.Struct, frozen=True):
    """An address of RTSP or HTTP, and the login for it."""

    url: str
    """Without a login."""
    login: Login | None = None
    withheld: bool = False
    """Whether the site has a login that must not be given to this machine."""

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


def redirected(address: Address, location: str, own: Login | None) -> Address:
    """Where ``address`` sends a caller whose login is ``own`` by the site file.

    A login goes along to the same machine, and to others that its file names; never from a private
    line to one that can be overheard. Raises ``SourceError`` for one of another kind.
    """
    if not location or len(location) > _MOST_CHARS or not location.isprintable():
        raise SourceError(Reason.REDIRECTED)
    try:
        split = urlsplit(urljoin(address.url, location))
        there = Address(_without_login(split))
        known = bool(there.host) and there.port > 0
        known = known and split.scheme.removesuffix("s") == address.scheme.removesuffix("s")
    except (ValueError, KeyError):
        known = False
    if not known:
        raise SourceError(Reason.REDIRECTED)
    if split.username is not None:
        given = Login(unquote(split.username), unquote(split.password or ""))
        return msgspec.structs.replace(there, login=given)
    if own is None:
        return there
    trusted = there.host in (address.host, *own.redirect_hosts)
    lost = address.withheld and there.host not in own.redirect_hosts
    if not trusted or lost or (address.is_private and not there.is_private):
        return msgspec.structs.replace(there, withheld=True)
    return msgspec.structs.replace(there, login=own)


def _without_login(split: SplitResult) -> str:
    return split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
