"""Logins of web servers: what libav can't do, and what keeps a login at home."""

import http.server
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from tests.scripted_camera import PASSWORD, USER
from wallctl.media.calling import Caller
from wallctl.media.camera_address import Address
from wallctl.media.failure import SourceError, reason_of
from wallctl.media.http_login import Head, Way, head_of, way_in, why_refused
from wallctl.media.web_picture import fetch
from wallctl.model.health import Reason
from wallctl.model.site import Login, Stream

LOGIN = Login(USER, PASSWORD)
SHA_256 = 'Digest realm="x", nonce="1", algorithm=SHA-256, qop="auth"'
MD5 = 'Digest realm="x", nonce="1"'
HERE = "http://192.0.2.1/video"


def way(heads: dict[str, Head], login: Login | None = LOGIN) -> Way:
    return way_in(Stream("main", HERE, login), lambda address, _: heads[address.url])


def fault(heads: dict[str, Head], login: Login | None = LOGIN) -> Reason:
    with pytest.raises(SourceError) as raised:
        way(heads, login)
    return raised.value.reason


def test_a_digest_that_libav_does_not_know_is_made_for_it() -> None:
    found = way({HERE: Head(401, wanted=(MD5, SHA_256))})
    assert found.url == HERE
    assert found.headers.startswith("Authorization: Digest username=")
    assert "algorithm=SHA-256" in found.headers
    assert PASSWORD not in found.headers


def test_a_redirect_on_one_machine_takes_the_login_along() -> None:
    there = "http://192.0.2.1:8080/real?a=1"
    found = way({HERE: Head(302, there), there: Head(401, wanted=('Basic realm="x"',))})
    assert found == Way(there, "Authorization: Basic YWRtaW46czNjcmV0\r\n")


@pytest.mark.parametrize(
    ("heads", "login", "reason"),
    [
        ({HERE: Head(401, wanted=(MD5,))}, LOGIN, Reason.BAD_CREDENTIALS),
        ({HERE: Head(401, wanted=(MD5,))}, None, Reason.LOGIN_MISSING),
        ({HERE: Head(401, wanted=("NTLM",))}, LOGIN, Reason.LOGIN_UNSUPPORTED),
        ({HERE: Head(401)}, LOGIN, Reason.LOGIN_UNSUPPORTED),
        ({HERE: Head(302, HERE)}, LOGIN, Reason.REDIRECTED),
        ({HERE: Head(302, "rtsp://192.0.2.1/1")}, LOGIN, Reason.REDIRECTED),
        (
            {HERE: Head(302, "http://192.0.2.9/"), "http://192.0.2.9/": Head(401, wanted=(MD5,))},
            LOGIN,
            Reason.REDIRECTED,
        ),
    ],
)
def test_what_keeps_it_out(heads: dict[str, Head], login: Login | None, reason: Reason) -> None:
    assert fault(heads, login) is reason


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


def test_the_head_of_an_answer() -> None:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(401 if request.path == "/a?b=1" else 500)
        request.send_header("WWW-Authenticate", MD5)
        request.send_header("WWW-Authenticate", SHA_256)
        request.end_headers()

    with serving(answer) as url:
        assert head_of(Address(f"{url}/a?b=1")) == Head(401, "", (MD5, SHA_256))


OF_STATUS = {
    302: Reason.REDIRECTED,
    400: Reason.NO_SUCH_STREAM,
    401: Reason.LOGIN_UNSUPPORTED,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NO_SUCH_STREAM,
    405: Reason.NO_SUCH_STREAM,
    406: Reason.UNSUPPORTED,
    407: Reason.LOGIN_UNSUPPORTED,
    408: Reason.TIMED_OUT,
    410: Reason.NO_SUCH_STREAM,
    418: Reason.CAMERA_FAULT,
    423: Reason.FORBIDDEN,
    429: Reason.BUSY,
    500: Reason.CAMERA_FAULT,
    502: Reason.CAMERA_FAULT,
    503: Reason.BUSY,
    504: Reason.TIMED_OUT,
    509: Reason.BUSY,
    599: Reason.CAMERA_FAULT,
}


def fault_of(open_source: Callable[[], object]) -> Reason:
    with pytest.raises(Exception) as raised:
        open_source()
    return reason_of(raised.value)


def respond(request: http.server.BaseHTTPRequestHandler, status: int, *headers: str) -> None:
    request.send_response(status)
    for header in headers:
        request.send_header(*header.split(": ", 1))
    request.send_header("Content-Length", "0")
    request.end_headers()


@pytest.mark.parametrize("login", [LOGIN, None], ids=["login", "open"])
@pytest.mark.parametrize(("status", "reason"), OF_STATUS.items())
def test_each_status_has_a_reason(status: int, reason: Reason, login: Login | None) -> None:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        respond(request, status, *["Location: /again"] * (status == 302))

    if status == 401 and login is None:
        reason = Reason.LOGIN_MISSING
    with serving(answer) as url:
        source = Stream("main", f"{url}/a", login)
        assert fault_of(Caller(source).call) is reason
        assert fault_of(lambda: fetch(source)) is reason


@pytest.mark.parametrize("challenge", [MD5, SHA_256, 'Basic realm="x"'])
@pytest.mark.parametrize("keeps", [True, False])
def test_a_status_after_the_login_costs_one_more_call(challenge: str, keeps: bool) -> None:
    lines = set[object]()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        lines.add(request.client_address)
        if "Authorization" in request.headers:
            respond(request, 503)
        else:
            kept = "keep-alive" if keeps else "close"
            respond(request, 401, f"WWW-Authenticate: {challenge}", f"Connection: {kept}")

    with serving(answer) as url:
        reason = fault_of(Caller(Stream("main", f"{url}/a", LOGIN)).call)
    assert reason is (Reason.BUSY if keeps else Reason.CAMERA_FAULT)
    before = 4 if challenge == SHA_256 else 2  # libav makes two, and two with a login made for it
    assert len(lines) == before + 1


def test_a_server_that_is_well_when_it_is_asked_again_had_a_fault() -> None:
    assert why_refused(Stream("main", HERE), lambda *_: Head(200)) is Reason.CAMERA_FAULT


def test_a_server_that_can_not_be_asked_again_had_a_fault() -> None:
    def refuse(*_: object) -> Head:
        raise ConnectionRefusedError

    assert why_refused(Stream("main", HERE), refuse) is Reason.CAMERA_FAULT


def test_a_server_that_hangs_up_has_ended_it() -> None:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.close_connection = True

    with serving(answer) as url, pytest.raises(Exception) as raised:
        Caller(Stream("main", f"{url}/a", LOGIN)).call()
    assert reason_of(raised.value) is Reason.ENDED


def _jpeg() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(held, "JPEG")
    return held.getvalue()


@pytest.mark.parametrize("moved", [False, True])
def test_libav_gets_in_with_the_header_that_was_made(moved: bool) -> None:
    picture, asked = _jpeg(), list[str]()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        said = request.headers.get("Authorization", "")
        if moved and request.path == "/a?b=1":
            request.send_response(302)
            request.send_header("Location", "/real")
            request.end_headers()
        elif "algorithm=SHA-256" not in said or f'uri="{request.path}"' not in said:
            request.send_response(401)
            request.send_header("WWW-Authenticate", SHA_256)
            request.end_headers()
        else:
            request.send_response(200)
            request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=x")
            request.end_headers()
            for _ in range(20):
                head = f"--x\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                request.wfile.write(head.encode() + picture + b"\r\n")

    with serving(answer) as url:
        connection = Caller(Stream("main", f"{url}/a?b=1", LOGIN)).call()
        coming = connection.packets()
        assert [next(coming).size_bytes for _ in range(3)] == [len(picture)] * 3
        connection.close()
    assert len(asked) <= 6
