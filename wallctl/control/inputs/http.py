"""Alarms over HTTP: ``POST /alarm/NAME?text=TEXT`` on this machine raises the alarm NAME.

A device that can call an address when something happens needs no more. The body is read and thrown
away. Replies are JSON.
"""

import base64
import hmac
import http.server
import threading
import typing
import urllib.parse
from collections.abc import Callable
from http import HTTPStatus

import msgspec

from wallctl.control.inputs.input_error import InputError
from wallctl.control.inputs.raiser import Raiser
from wallctl.control.protocol import Failed
from wallctl.model.site import HttpInput, Login

HOST = "127.0.0.1"
BODY_MAX_BYTES = 1_048_576
"""Cameras send pictures along; who sends more is told so and not read."""
LONGEST_NUMBER = 10
"""Digits of a body's size; Python refuses to read thousands."""
CHUNK_BYTES = 65_536
PATIENCE_S = 5.0
"""How long a caller may be silent."""
MOST_CALLERS = 16
_PREFIX = "/alarm/"
_STATUS = {"unknown_alarm": HTTPStatus.NOT_FOUND, "too_many": HTTPStatus.TOO_MANY_REQUESTS}


def serve(given: HttpInput, raiser: Raiser, listening: Callable[[], object]) -> None:
    """Answer callers without end. Raises ``InputError`` if the port can't be had."""
    try:
        server = AlarmServer(given, raiser)
    except OSError as error:
        raise InputError(f"port {given.port} can't be listened at: {error.strerror}") from error
    with server:
        listening()
        server.serve_forever()


class AlarmServer(http.server.ThreadingHTTPServer):
    """Listens on this machine only; ``port`` 0 takes a free one."""

    def __init__(self, given: HttpInput, raiser: Raiser) -> None:
        self.raiser = raiser
        self.login = given.login
        self._room = threading.BoundedSemaphore(MOST_CALLERS)
        super().__init__((HOST, given.port), _Call)

    def process_request(self, request: typing.Any, client_address: typing.Any) -> None:
        """Serve a caller in a thread of its own; of too many at once the last is hung up on."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: typing.Any, client_address: typing.Any) -> None:
        """Serve a caller, and make room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: typing.Any, client_address: typing.Any) -> None:
        """A caller that hung up or said nothing is nobody's fault here."""


class _Call(http.server.BaseHTTPRequestHandler):
    timeout = PATIENCE_S
    server_version, sys_version = "wallctl", ""

    def do_POST(self) -> None:
        server = typing.cast(AlarmServer, self.server)
        if not self._read_body():
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
        elif "Origin" in self.headers:
            self._answer(HTTPStatus.FORBIDDEN, "a web page may raise no alarm")
        elif not _may(server.login, self.headers.get("Authorization", "")):
            self._answer(HTTPStatus.UNAUTHORIZED, "user and password are needed")
        else:
            self._raise(server.raiser)

    def _raise(self, raiser: Raiser) -> None:
        try:
            asked = _asked(self.path)
        except ValueError:
            self._answer(HTTPStatus.BAD_REQUEST, "the address is not UTF-8")
            return
        if asked is None:
            self._answer(HTTPStatus.NOT_FOUND, f"only {_PREFIX}NAME is known here")
            return
        failed = raiser.raise_alarm(*asked)
        if failed is None:
            self._answer(HTTPStatus.OK, "")
        else:
            self._answer(_status(failed), failed.message)

    def _read_body(self) -> bool:
        """Read all of a body, so that the caller hears the answer; ``False`` if it is too large."""
        given = self.headers.get("Content-Length", "0")
        if not given.isascii() or not given.isdecimal() or len(given) > LONGEST_NUMBER:
            return False
        left = int(given)
        if left > BODY_MAX_BYTES:
            return False
        while left > 0 and (got := self.rfile.read(min(left, CHUNK_BYTES))):
            left -= len(got)
        return True

    def _answer(self, status: HTTPStatus, message: str) -> None:
        told = {"ok": True} if status is HTTPStatus.OK else {"ok": False, "message": message}
        body = msgspec.json.encode(told)
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="wallctl"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is raised is told by the wall's events, and a line may hold a login."""


def _status(failed: Failed) -> HTTPStatus:
    if failed.code == "no_wall":
        return HTTPStatus.SERVICE_UNAVAILABLE
    return _STATUS.get(failed.code, HTTPStatus.CONFLICT)


def _may(login: Login | None, authorization: str) -> bool:
    """Whether a caller may raise alarms: anybody, or who knows the login (RFC 7617)."""
    if login is None:
        return True
    wanted = base64.b64encode(f"{login.user}:{login.password}".encode())
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "basic" and hmac.compare_digest(given.strip().encode(), wanted)


def _asked(path: str) -> tuple[str, str] | None:
    """The name and the text that an address asks for. ``ValueError`` if it is not UTF-8.

    Characters beyond ASCII may be percent-encoded or, against the rules, as they are.
    """
    parts = urllib.parse.urlsplit(path.encode("latin-1").decode("utf-8"))
    if not parts.path.startswith(_PREFIX) or parts.path == _PREFIX:
        return None
    name = urllib.parse.unquote(parts.path.removeprefix(_PREFIX), errors="strict")
    query = urllib.parse.parse_qs(parts.query, errors="strict")
    return name, query.get("text", [""])[0]
