"""Asks a web server what keeps libav out: where it redirects to, and which login it wants.

libav can be given a header, so a digest that it does not know is made here, for its one request.
"""

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from wallctl.media.camera_address import Address, redirected
from wallctl.media.challenge import Pass, best, challenges, libav_meets
from wallctl.media.connect import MOST_REDIRECTS
from wallctl.media.failure import SourceError
from wallctl.media.rtsp_line import WAIT_S, any_certificate
from wallctl.model.health import Reason
from wallctl.model.site import Stream


class Head(msgspec.Struct, frozen=True):
    """What a web server answers first."""

    status: int
    location: str = ""
    wanted: tuple[str, ...] = ()
    """Its challenges."""


class Way(msgspec.Struct, frozen=True):
    """What libav is to open, and with which headers."""

    url: str
    headers: str


def way_in(source: Stream, ask: "Callable[[Address], Head] | None" = None) -> Way:
    """How to get in where libav did not.

    Raises ``SourceError`` where nothing helps, ``OSError`` where the server can't be asked.
    """
    ask = ask or head_of
    address = Address(source.url, source.login)
    for _ in range(1 + MOST_REDIRECTS):
        head = ask(address)
        if not 300 <= head.status < 400:
            break
        address = redirected(address, head.location, source.login)
    else:
        raise SourceError(Reason.REDIRECTED)
    moved = address.url != source.url
    if head.status != 401:
        return Way(address.url, "")
    if address.login is None:
        raise SourceError(Reason.REDIRECTED if address.withheld else Reason.LOGIN_MISSING)
    offered = challenges(head.wanted)
    challenge = best(offered)
    if challenge is None:
        raise SourceError(Reason.LOGIN_UNSUPPORTED)
    if not moved and libav_meets(offered, address.login):
        raise SourceError(Reason.BAD_CREDENTIALS)
    proof = Pass(challenge, address.login).authorization("GET", _path(address.url))
    return Way(address.url, f"Authorization: {proof}\r\n")


def head_of(address: Address) -> Head:
    """The head of the answer to a request without a login."""
    line = http.client.HTTPConnection(address.host, address.port, timeout=WAIT_S)
    if address.is_private:
        line = http.client.HTTPSConnection(
            address.host, address.port, timeout=WAIT_S, context=any_certificate()
        )
    try:
        line.request("GET", _path(address.url), headers={"User-Agent": "wallctl"})
        answer = line.getresponse()
        wanted = answer.headers.get_all("WWW-Authenticate") or []
        return Head(answer.status, answer.headers.get("Location", ""), tuple(wanted))
    except (http.client.HTTPException, ValueError):  # no HTTP, or a path that it can't hold
        raise SourceError(Reason.BROKEN_DATA) from None
    finally:
        line.close()


def _path(url: str) -> str:
    """What the request names of an address."""
    split = urlsplit(url)
    return (split.path or "/") + (f"?{split.query}" if split.query else "")
