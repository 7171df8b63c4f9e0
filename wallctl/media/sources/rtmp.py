"""RTMP servers. libav answers them by hashes alone, so it is given the login."""

import functools
from urllib.parse import quote

from wallctl.media.network.dns import Names
from wallctl.media.sources.demuxer import Connection, Opening, open_url
from wallctl.media.sources.failure_reason import SourceError
from wallctl.media.sources.source_interface import Call, SameCall
from wallctl.model.site.credential import Login
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import host_of
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier

_SILENCE_US = 10_000_000


def _options(_source: Stream) -> dict[str, str]:
    return {"rw_timeout": str(_SILENCE_US)}


OPENING = Opening(("rtmp", "tcp"), ("flv", "live_flv"), _options)


def rtmp_call(source: Stream, _name: str) -> Call:
    """The call of an RTMP server."""
    return SameCall(functools.partial(_open, source, Names()), Carrier.TCP)


def _open(source: Stream, names: Names, _form: str | None) -> Connection:
    names.check(host_of(source.url))
    login = source.login
    if login is not None and not covers(login.hosts, host_of(source.url)):
        raise SourceError(Reason.LOGIN_WITHHELD)
    return open_url(with_login(source.url, login), source, OPENING)


def with_login(url: str, login: Login | None) -> str:
    """The URL with the account in it, percent-encoded, as libav wants it. Never to be shown."""
    scheme, mark, rest = url.partition("://")
    if login is None or not mark:
        return url
    account = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
    return f"{scheme}://{account}@{rest}"
