"""Asks the web servers of one source, and judges their redirects, challenges and certificates.

libav asks no web server itself (``wallctl.media.http.reader``): it follows redirects and playlists
to any machine, tells a password to any server that asks for Basic, and checks no certificate.
"""

import contextlib
import http.client
import re
import socket
import string
from collections.abc import Callable, Iterator
from urllib.parse import quote, urldefrag

from wallctl.media.http.content_encoding import plain
from wallctl.media.network.camera_address import (
    MOST_REDIRECTS,
    Address,
    address_of,
    follow_redirect,
)
from wallctl.media.network.login_challenge import Pass, pass_for
from wallctl.media.network.tls import connect
from wallctl.media.rtsp.connection import WAIT_S
from wallctl.media.sources.failure_reason import SourceError, reason_of_status
from wallctl.model.site.hosts import covers
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

MULTIPART = "multipart/"
"""How the type of a body begins that has parts."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_COOKIES = 16
_COOKIE_CHARS = 4096
Origin = tuple[str, str, int]
"""Scheme, machine and port. A login or cookie of one origin goes to no other one."""
_RAW = re.compile("[\x80-\xff]")
"""Characters that an address can't hold. Headers are read as Latin-1, one character per byte."""
_DIGITS = 16
"""More digits than any length in bytes has."""


class WebAnswer:
    """A successful answer, to be read once."""

    def __init__(self, address: Address, line: "_Line") -> None:
        """``line`` has sent its request. Raises what sockets and ``http.client`` raise."""
        self.address = address
        """Where it came from, after redirects."""
        self._line = line
        self._answer = line.getresponse()
        self.status = self._answer.status
        self._unpacked = plain(self.header("Content-Encoding"), self._answer.read1)
        self.size_bytes = None if self._unpacked is not None else self._size_bytes()
        """The length of all of it, by the server's word; ``None`` if it gives none."""

    @property
    def is_partial(self) -> bool:
        """Whether it begins at the byte that was asked for."""
        return self.status == http.client.PARTIAL_CONTENT

    def _size_bytes(self) -> int | None:
        whole = self.header("Content-Range").rpartition("/")[2]
        known = self.is_partial and whole.isascii() and whole.isdigit() and len(whole) < _DIGITS
        return int(whole) if known else self._answer.length

    def header(self, name: str) -> str:
        """The first value of a header; empty where there is none."""
        return self._answer.headers.get(name, "")

    def all(self, name: str) -> list[str]:
        """All values of a header."""
        return self._answer.headers.get_all(name) or []

    def read(self, most_bytes: int) -> bytes:
        """The next bytes, as soon as some have come; empty at the end.

        Raises what sockets and ``http.client`` raise, and ``SourceError``.
        """
        return (self._unpacked or self._answer.read1)(most_bytes)

    def limit_wait(self, wait_s: float) -> None:
        """Have ``read`` raise ``TimeoutError`` when no more has come for so long."""
        self._line.limit_wait(wait_s)

    def close(self) -> None:
        """Hang up."""
        self._answer.close()
        self._line.close()


class WebCaller:
    """Asks the servers of one source, for as long as it is open."""

    def __init__(self, source: Stream, check_name: Callable[[str], None] = lambda _: None) -> None:
        """``check_name`` looks up a machine's name, and raises ``SourceError``."""
        self._source = source
        self._check_name = check_name
        self._own = address_of(source)
        self._passes: dict[Origin, Pass] = {}
        self._cookies: dict[Origin, dict[str, str]] = {}

    def get(self, url: str, first_byte: int | None = None) -> WebAnswer:
        """Fetch ``url``, from ``first_byte`` on if it is given and the server can do that.

        Raises ``SourceError``, and what sockets raise.
        """
        address = self._resolve(url)
        for _ in range(1 + MOST_REDIRECTS):
            answer = self._ask(address, first_byte)
            if answer.status not in _REDIRECTS:
                break
            answer.close()
            location = _RAW.sub(_percent_encode, answer.header("Location"))
            address = self._judge(follow_redirect(address, location, self._source))
        if 200 <= answer.status < 300:
            return answer
        answer.close()
        raise SourceError(reason_of_status(answer.status))

    def _resolve(self, url: str) -> Address:
        try:
            return self._judge(address_of(self._source, urldefrag(url).url))
        except ValueError:
            raise SourceError(Reason.REDIRECTED) from None

    def _judge(self, address: Address) -> Address:
        """Pass an address on the source's own machine, or on one that the source names. Raises
        ``SourceError`` for any other."""
        hosts = (self._own.host, *self._source.hosts)
        lost = self._own.is_private and not address.is_private
        known = address.scheme in ("http", "https") and address.port > 0
        if not known or lost or not covers(hosts, address.host):
            raise SourceError(Reason.REDIRECTED)
        return address

    def _ask(self, address: Address, first_byte: int | None) -> WebAnswer:
        self._check_name(address.host)
        answer = self._send(address, first_byte)
        if answer.status != http.client.UNAUTHORIZED:
            return answer
        answer.close()
        self._passes[_origin(address)] = pass_for(address, answer.all("WWW-Authenticate"))
        answer = self._send(address, first_byte)
        if answer.status == http.client.UNAUTHORIZED:
            answer.close()
            raise SourceError(Reason.BAD_CREDENTIALS)
        return answer

    def _send(self, address: Address, first_byte: int | None) -> WebAnswer:
        line = _Line(address)
        with _closed_by_faults(line):
            line.request("GET", _quote(address.path), headers=self._headers(address, first_byte))
            answer = WebAnswer(address, line)
        self._take_cookies(answer)
        return answer

    def _headers(self, address: Address, first_byte: int | None) -> dict[str, str]:
        headers = {"User-Agent": "wallctl", "Accept": "*/*", "Connection": "close"}
        if first_byte is not None:
            headers["Range"] = f"bytes={first_byte}-"
        proof = self._passes.get(_origin(address))
        if proof is not None:
            headers["Authorization"] = proof.authorization("GET", _quote(address.path))
        if cookies := self._cookies.get(_origin(address)):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return headers

    def _take_cookies(self, answer: WebAnswer) -> None:
        """Keep cookies: some platforms give pieces only to the session that got the playlist."""
        own = self._cookies.setdefault(_origin(answer.address), {})
        for said in answer.all("Set-Cookie"):
            name, mark, value = said.partition(";")[0].strip().partition("=")
            if mark and said.isprintable() and len(said) < _COOKIE_CHARS:
                own[name] = value
            while len(own) > _MOST_COOKIES:
                del own[next(iter(own))]


def _origin(address: Address) -> Origin:
    return address.scheme, address.host, address.port


class _Line(http.client.HTTPConnection):
    """Connects through ``wallctl.media.network.tls``, which judges the certificate."""

    def __init__(self, address: Address) -> None:
        super().__init__(address.host, address.port, timeout=WAIT_S)
        self._address = address

    def connect(self) -> None:
        self.sock: socket.socket = connect(self._address, WAIT_S)
        self._dialled = self.sock  # the library forgets it when the answer ends with the connection

    def limit_wait(self, wait_s: float) -> None:
        """Wait so long for the other end."""
        self._dialled.settimeout(wait_s)


@contextlib.contextmanager
def _closed_by_faults(line: _Line) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        line.close()
        no_http = isinstance(error, (http.client.HTTPException, ValueError))
        if no_http and not isinstance(error, OSError):
            began = not isinstance(error, http.client.BadStatusLine)
            raise SourceError(Reason.NO_KNOWN_FORMAT if began else Reason.OTHER_PROTOCOL) from None
        raise


def _percent_encode(byte: re.Match[str]) -> str:
    """A byte of a header, as an address holds it. Some servers send names unencoded."""
    return f"%{ord(byte[0]):02X}"


def _quote(path: str) -> str:
    """A path as HTTP can hold it: what is not ASCII, and spaces, percent-encoded."""
    return quote(path, safe=string.punctuation)
