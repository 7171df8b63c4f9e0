"""Asks a web server what keeps libav out: where it redirects to, which login it wants, or which
status it answers.

libav can be given a header, so a digest that it does not know is made here, for its one request.
"""

import errno
import functools
import http.client
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from av.error import FFmpegError, HTTPOtherClientError, HTTPServerError, HTTPUnauthorizedError

from wallctl.media.camera_address import Address, redirected
from wallctl.media.challenge import Pass, best, challenges, libav_meets
from wallctl.media.connect import MOST_REDIRECTS, with_login
from wallctl.media.failure import SourceError, reason_of_status
from wallctl.media.rtsp_line import WAIT_S, any_certificate
from wallctl.model.health import Reason
from wallctl.model.site import Stream

_MOST_REFUSAL_BYTES = 1 << 16
"""A longer page with a refusal is not read, so the line can't be used again."""


class Head(msgspec.Struct, frozen=True):
    """What a web server answers first."""

    status: int
    location: str = ""
    wanted: tuple[str, ...] = ()
    """Its challenges."""


class Way(msgspec.Struct, frozen=True):
    """What libav is to open, and with which headers."""

    url: str
    headers: str = ""


Opened = TypeVar("Opened")
Proving = Callable[[Head], str]
"""Makes the header ``Authorization`` that a refusal asks for; empty where there is none."""
Asking = Callable[[Address, Proving | None], Head]
"""Asks as ``head_of`` does."""


def get_in(source: Stream, attempt: Callable[[Way], Opened]) -> Opened:
    """What ``attempt`` opens of a web server with libav: as the site file says, or by the way that
    is found where libav does not get in.

    Raises what ``attempt`` raises, and ``SourceError`` where the server says why it refuses.
    """
    try:
        return _opened(source, attempt, Way(with_login(source.url, source.login)))
    except FFmpegError as error:
        if not isinstance(error, HTTPUnauthorizedError) and error.errno != errno.EIO:
            raise
        way = way_in(source)
        if way == Way(source.url):
            raise
    return _opened(source, attempt, way)


def _opened(source: Stream, attempt: Callable[[Way], Opened], way: Way) -> Opened:
    try:
        return attempt(way)
    except (HTTPServerError, HTTPOtherClientError):
        raise SourceError(why_refused(source)) from None  # libav does not tell the status


def way_in(source: Stream, ask: Asking | None = None) -> Way:
    """How to get in where libav did not.

    Raises ``SourceError`` where nothing helps, ``OSError`` where the server can't be asked.
    """
    address, head = _arrived(source, ask or head_of)
    if head.status != 401:
        return Way(address.url)
    if address.login is None:
        raise SourceError(Reason.REDIRECTED if address.withheld else Reason.LOGIN_MISSING)
    proof = _proof(address, head)
    if not proof:
        raise SourceError(Reason.LOGIN_UNSUPPORTED)
    if address.url == source.url and libav_meets(challenges(head.wanted), address.login):
        raise SourceError(Reason.BAD_CREDENTIALS)
    return Way(address.url, f"Authorization: {proof}\r\n")


def why_refused(source: Stream, ask: Asking | None = None) -> Reason:
    """What the status means with which a server refuses; it is asked over one more line."""
    try:
        status = _arrived(source, ask or head_of, proves=True)[1].status
    except (OSError, SourceError):
        return Reason.CAMERA_FAULT
    # 401: the login can't be given over this line. A lower status: the server is well again.
    return Reason.CAMERA_FAULT if status < 400 or status == 401 else reason_of_status(status)


def _arrived(source: Stream, ask: Asking, proves: bool = False) -> tuple[Address, Head]:
    """Where the redirects of a source lead to, and the answer there; with its login if this
    ``proves`` it."""
    address = Address(source.url, source.login)
    for _ in range(1 + MOST_REDIRECTS):
        head = ask(address, functools.partial(_proof, address) if proves else None)
        if not 300 <= head.status < 400:
            return address, head
        address = redirected(address, head.location, source.login)
    raise SourceError(Reason.REDIRECTED)


def _proof(address: Address, head: Head) -> str:
    """The login as it is wanted; empty if there is none, or not such a one."""
    challenge = best(challenges(head.wanted))
    if challenge is None or address.login is None:
        return ""
    return Pass(challenge, address.login).authorization("GET", _path(address.url))


def head_of(address: Address, prove: Proving | None = None) -> Head:
    """The head of the answer to a request without a login; to one with it where that is wanted,
    ``prove`` can make it, and the server keeps the line."""
    line = _line(address)
    try:
        line.connect()
        line.auto_open = 0
        path = _path(address.url)
        answer = _answer(line, path)
        head = _head(answer)
        if prove is None or head.status != 401 or not _keeps_line(answer):
            return head
        proof = prove(head)
        return _head(_answer(line, path, proof)) if proof else head
    except http.client.RemoteDisconnected:
        raise
    except (http.client.HTTPException, ValueError):  # no HTTP, or a path that it can't hold
        raise SourceError(Reason.BROKEN_DATA) from None
    finally:
        line.close()


def _line(address: Address) -> http.client.HTTPConnection:
    host, port = address.host, address.port
    if not address.is_private:
        return http.client.HTTPConnection(host, port, timeout=WAIT_S)
    return http.client.HTTPSConnection(host, port, timeout=WAIT_S, context=any_certificate())


def _answer(
    line: http.client.HTTPConnection, path: str, proof: str = ""
) -> http.client.HTTPResponse:
    headers = {"User-Agent": "wallctl"} | ({"Authorization": proof} if proof else {})
    line.request("GET", path, headers=headers)
    return line.getresponse()


def _head(answer: http.client.HTTPResponse) -> Head:
    wanted = answer.headers.get_all("WWW-Authenticate") or []
    return Head(answer.status, answer.headers.get("Location", ""), tuple(wanted))


def _keeps_line(answer: http.client.HTTPResponse) -> bool:
    """Read the answer to its end, if it is short; whether another request can follow it."""
    if answer.will_close:
        return False
    answer.read(_MOST_REFUSAL_BYTES)
    return answer.isclosed()


def _path(url: str) -> str:
    """What the request names of an address."""
    split = urlsplit(url)
    return (split.path or "/") + (f"?{split.query}" if split.query else "")
