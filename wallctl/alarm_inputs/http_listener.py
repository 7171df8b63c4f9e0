"""Alarms over HTTP: ``/alarm/NAME`` raises the alarm NAME, cameras push to ``/push/MAKER``.

A device that can call an address when something happens needs no more: GET, POST and PUT raise an
alarm, DELETE or ``state=off`` says that it is over. Replies are JSON.
"""

import collections
import contextlib
import functools
import http.server
import io
import ipaddress
import logging
import socket
import threading
import time
import typing
from collections.abc import Callable, Iterator
from http import HTTPStatus

import msgspec

from wallctl.alarm_inputs import http_routes
from wallctl.alarm_inputs.alarm_client import TEXT_LEFT_OUT, Raiser
from wallctl.alarm_inputs.alarm_signal import AlarmSignal, of_fields
from wallctl.alarm_inputs.http_bodies import fields_of, parts
from wallctl.alarm_inputs.http_callers import is_host, is_web_page, knows_login, may_call, push_of
from wallctl.alarm_inputs.http_connections import Crowd
from wallctl.alarm_inputs.http_pushes import Ongoing, PushedEvent, events_of, is_readable
from wallctl.alarm_inputs.input_error import InputError, refusals
from wallctl.alarm_inputs.login_delay import WrongLogins
from wallctl.alarm_inputs.messages import NO_WALL
from wallctl.api.protocol import Failed
from wallctl.model.site.alarm_input import HttpInput, Maker, Push
from wallctl.model.wall.access.alarm_input_rights import NOT_ALLOWED

BODY_MAX_BYTES = 16_777_216
"""Cameras send pictures along; a call with more is refused."""
BODY_KEPT_BYTES = 65_536
"""What is said stands at a body's beginning; pictures behind it are thrown away."""
HEAD_MAX_BYTES = 16_384
"""What comes before the body; a caller that sends more of it is hung up on. Python takes 0.2 s to
read one line of 60 000 bytes."""
LONGEST_NUMBER = 10
"""Digits of a body's size; Python refuses to read thousands."""
LONGEST_LINE = 1024
"""Bytes of a line that tells a chunk's size."""
CHUNK_BYTES = 65_536
CALL_S = 2.0
"""How long a caller may take to say what happens."""
PICTURES_S = 5.0
"""How long a whole call may take that sends pictures, too."""
NOTHING_SAID = "the state says neither that the alarm is raised nor that it is over"
MOST_CALLERS = 64
MOST_TOLD = 256
"""Channels without an alarm that are logged, each once."""
_ALLOWED = "GET, POST, PUT, DELETE"
_STATUS = {
    "unknown_alarm": HTTPStatus.NOT_FOUND,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    NO_WALL: HTTPStatus.SERVICE_UNAVAILABLE,
}

log = logging.getLogger(__name__)


def serve(given: HttpInput, raiser: Raiser, listening: Callable[[], object]) -> None:
    """Answer callers without end. Raises ``InputError`` if the port can't be had."""
    try:
        server = AlarmServer(given, raiser)
    except OSError as error:
        where = f"{given.listen}:{given.port}"
        raise InputError(f"{where} can't be listened at: {error.strerror}") from error
    with server:
        listening()
        server.serve_forever()


class AlarmServer(http.server.ThreadingHTTPServer):
    """Serves each caller in a thread of its own; ``port`` 0 takes a free one."""

    request_queue_size = 2 * MOST_CALLERS

    def __init__(self, given: HttpInput, raiser: Raiser) -> None:
        self.given = given
        self.raiser = raiser
        self.pushed = PushedAlarms(raiser)
        self.wrong_logins = WrongLogins(time.monotonic_ns, threading.Event().wait)
        self._crowd = Crowd(MOST_CALLERS)
        if ipaddress.ip_address(given.listen).version == 6:
            self.address_family = socket.AF_INET6
        super().__init__((given.listen, given.port), _Call)

    def process_request(self, request: typing.Any, client_address: typing.Any) -> None:
        """Serve a caller, if there is room."""
        if not self._crowd.admit(request):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread could be begun
            self._crowd.leave(request)
            raise

    def process_request_thread(self, request: typing.Any, client_address: typing.Any) -> None:
        """Serve a caller, and make room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._crowd.leave(request)

    def handle_error(self, request: typing.Any, client_address: typing.Any) -> None:
        """A caller that hung up or said nothing is nobody's fault here."""


class PushedAlarms:
    """Turns what devices push into alarms. May be called from several threads."""

    def __init__(self, raiser: Raiser) -> None:
        self._raiser = raiser
        self._lock = threading.Lock()
        self._ongoing: dict[tuple[str, Maker], Ongoing] = collections.defaultdict(Ongoing)
        self._told: set[tuple[str, str]] = set()

    def heard(self, address: str, push: Push, events: list[PushedEvent]) -> Failed | None:
        """Raise or end the alarms of some events; why not, if the wall refused one of them."""
        failed = None
        for event in events:
            alarm = push.alarms.get(event.channel)
            if alarm is None:
                self._tell_once(address, event)
            elif not push.events or event.kind in push.events:
                with self._lock:
                    raised = self._ongoing[address, push.maker].heard(event)
                if raised is not None:
                    failed = self._tell(alarm, raised) or failed
        return failed

    def _tell(self, alarm: str, raised: bool) -> Failed | None:
        return self._raiser.tell(alarm, AlarmSignal(raised), by_table=True)

    def _tell_once(self, address: str, event: PushedEvent) -> None:
        at = (address, event.channel)
        if at not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(at)
            words = "%s pushed %r of channel %r, which has no alarm in [[inputs.pushes]]"
            log.warning(words, address, event.kind, event.channel)


class _RefusedError(Exception):
    """A call is answered with a status and a sentence."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class _Call(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # else a caller that asks "may I?" is never answered
    server_version, sys_version = "wallctl", ""
    server: AlarmServer
    _remark = ""
    """What a caller whose alarm is raised should know."""

    def setup(self) -> None:
        """Read from the caller until a time, however slowly it sends."""
        super().setup()
        self._deadline = _Deadline(self.connection, CALL_S, HEAD_MAX_BYTES)
        self.rfile = io.BufferedReader(self._deadline)

    def do_GET(self) -> None:
        self._answer_call()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def _answer_call(self) -> None:
        try:
            self._check_caller()
            asked = self._asked()
            self._deadline.admit(BODY_MAX_BYTES)
            body = self._body()
            failed = asked(body)
            self._deadline.prolong(PICTURES_S)
            collections.deque(body, maxlen=0)  # so that the caller hears the answer
        except _RefusedError as refused:
            self._refuse(refused.status, refused.message)
        else:
            if failed is None:
                self._answer(HTTPStatus.OK, self._remark)
            else:
                self._refuse(_status(failed), failed.message)

    def _check_caller(self) -> None:
        given = self.server.given
        if is_web_page(dict(self.headers)):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "a web page may raise no alarm")
        if not _is_meant(self.headers.get("Host", ""), given):
            words = "the site gives this machine no such name: add it to hosts of [inputs] http"
            raise _RefusedError(HTTPStatus.MISDIRECTED_REQUEST, words)
        address, wrong = self.client_address[0], self.server.wrong_logins
        if given.login is not None and wrong.is_crowded(address):
            words = "too many wrong logins came from here: ask again later"
            raise _RefusedError(HTTPStatus.TOO_MANY_REQUESTS, words)
        if not knows_login(given.login, self.headers.get("Authorization", "")):
            wrong.wait(address)
            raise _RefusedError(HTTPStatus.UNAUTHORIZED, "user and password are needed")

    def _asked(self) -> Callable[[Iterator[bytes]], Failed | None]:
        """What does with a body what the call asks for; it says why not, if the wall refuses."""
        try:
            asked = http_routes.asked(self.path)
        except ValueError as error:
            words = "the address is neither UTF-8 nor GBK"
            raise _RefusedError(HTTPStatus.BAD_REQUEST, words) from error
        address = self.client_address[0]
        match asked:
            case http_routes.AlarmAsked(name, fields):
                if not may_call(self.server.given, address):
                    words = f"the site lets nobody at {address} raise alarms"
                    raise _RefusedError(HTTPStatus.FORBIDDEN, words)
                return functools.partial(self._raise, name, fields)
            case http_routes.PushAsked(maker):
                push = push_of(self.server.given, maker, address)
                if push is None:
                    words = f"the site names no device of {maker.value} at {address}"
                    raise _RefusedError(HTTPStatus.FORBIDDEN, words)
                return functools.partial(self._push, push)
        known = f"{http_routes.ALARM_PATH}NAME and {http_routes.PUSH_PATH}MAKER"
        raise _RefusedError(HTTPStatus.NOT_FOUND, f"only {known} are known here")

    def _raise(
        self, name: str, fields: dict[str, typing.Any], body: Iterator[bytes]
    ) -> Failed | None:
        said = fields_of(self.headers.get("Content-Type", ""), b"".join(_kept(body)))
        signal = of_fields({**said, **fields})
        if self.command == "DELETE":
            signal = AlarmSignal(raised=False)
        if signal is None:
            self._remark = NOTHING_SAID
            return None
        if signal.text and not self.server.raiser.may_tell:
            self._remark = TEXT_LEFT_OUT
        return self.server.raiser.tell(name, signal)

    def _push(self, push: Push, body: Iterator[bytes]) -> Failed | None:
        """Hear what a device pushes, each part as it comes: pictures may stand before it."""
        self._deadline.prolong(PICTURES_S)
        address, failed, is_understood = self.client_address[0], None, False
        for part in parts(self.headers.get("Content-Type", ""), body):
            events = events_of(push.maker, part)
            failed = self.server.pushed.heard(address, push, events) or failed
            is_understood = is_understood or is_readable(push.maker, part)
        if not is_understood:
            words = f"nothing that {push.maker.value} pushes was found in the body"
            raise _RefusedError(HTTPStatus.BAD_REQUEST, words)
        return failed

    def _body(self) -> Iterator[bytes]:
        """The body in pieces, as much of it as comes in time."""
        length, coding = self.headers.get("Content-Length"), self.headers.get("Transfer-Encoding")
        if coding is None:
            return _in_time(self._measured(_length(length or "0")))
        if coding.strip().casefold() != "chunked" or length is not None:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "the body's length is not told clearly")
        return _in_time(self._chunked())

    def _measured(self, length: int) -> Iterator[bytes]:
        while length > 0 and (got := self.rfile.read1(min(length, CHUNK_BYTES))):
            length -= len(got)
            yield got

    def _chunked(self) -> Iterator[bytes]:
        """The chunks of a body (RFC 9112, 7.1)."""
        left = BODY_MAX_BYTES
        while True:
            line = self.rfile.readline(LONGEST_LINE + 1).partition(b";")[0].strip()
            if not line or len(line) > LONGEST_NUMBER or not _is_hex(line):
                raise _RefusedError(HTTPStatus.BAD_REQUEST, "a chunk of the body has no length")
            length = int(line, 16)
            if length > left:
                raise _too_large()
            left -= length
            if length == 0:
                return
            yield from self._measured(length)
            self.rfile.readline(LONGEST_LINE)

    def send_error(self, code: int, *_: str | None) -> None:
        """Answer a call that is none, as any other: in JSON."""
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, f"a call is one of {_ALLOWED}")
        else:
            self._refuse(status, status.phrase)

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer that nothing was done, and have the log tell whoever sets the device up."""
        refusals.heard(f"a call from {self.client_address[0]} got {status.value}: {message}")
        self._answer(status, message)

    def _answer(self, status: HTTPStatus, message: str) -> None:
        told = {"message": message} if message else {}
        body = msgspec.json.encode({"ok": status is HTTPStatus.OK} | told)
        self.close_connection = True
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="wallctl"')
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", _ALLOWED)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is raised is told by the wall's events, and a line may hold a login."""


class _Deadline(io.RawIOBase):
    """Reads so many bytes of a socket for so long. Raises ``TimeoutError`` after either."""

    def __init__(self, caller: socket.socket, for_s: float, most_bytes: int) -> None:
        self._caller = caller
        self._began_s = time.monotonic()
        self._until_s = self._began_s + for_s
        self._left_bytes = most_bytes

    def prolong(self, for_s: float) -> None:
        """Give the caller so long from its first byte on."""
        self._until_s = self._began_s + for_s

    def admit(self, more_bytes: int) -> None:
        """Let the caller send more, with what surrounds it."""
        self._left_bytes += more_bytes + more_bytes // 8

    def readable(self) -> bool:
        return True

    def readinto(self, into: typing.Any) -> int:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0 or self._left_bytes <= 0:
            raise TimeoutError
        self._caller.settimeout(left_s)
        got = self._caller.recv_into(into)
        self._left_bytes -= got
        return got


def _is_meant(host: str, given: HttpInput) -> bool:
    try:
        return is_host(host, given.hosts)
    except ValueError:
        return False


def _in_time(body: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a body that come before the deadline."""
    with contextlib.suppress(TimeoutError):
        yield from body


def _kept(body: Iterator[bytes]) -> Iterator[bytes]:
    """The beginning of a body."""
    left = BODY_KEPT_BYTES
    while left > 0 and (piece := next(body, b"")):
        left -= len(piece)
        yield piece


def _length(told: str) -> int:
    """The length of a body, as its header says."""
    if not told.isascii() or not told.isdecimal() or len(told) > LONGEST_NUMBER:
        raise _too_large()
    if int(told) > BODY_MAX_BYTES:
        raise _too_large()
    return int(told)


def _is_hex(digits: bytes) -> bool:
    return not digits.strip(b"0123456789abcdefABCDEF")


def _too_large() -> _RefusedError:
    return _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")


def _status(failed: Failed) -> HTTPStatus:
    return _STATUS.get(failed.code, HTTPStatus.CONFLICT)
