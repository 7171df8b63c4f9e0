"""Web servers as strangers: what they answer, what login they get, and where they redirect."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.support.certificates import CA, private
from tests.support.scripted_camera import PASSWORD, USER
from tests.support.servers.web_camera import (
    Answer,
    WebCamera,
    head,
    picture,
    whole,
)
from tests.support.web_answers import ELSEWHERE, LOGIN, answering, fault_of
from wallctl.media.http.client import WebCaller
from wallctl.media.http.content_sniffer import fetch
from wallctl.media.network.camera_address import MOST_REDIRECTS
from wallctl.media.network.login_challenge import challenges
from wallctl.media.sources.kinds import call_of
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

SHA_256 = 'Digest realm="x", nonce="1", algorithm=SHA-256, qop="auth"'
MD5 = 'Digest realm="x", nonce="1"'
BASIC = 'Basic realm="x"'
JPEG = picture()
OF_STATUS = {
    304: Reason.REDIRECTED,
    400: Reason.NO_SUCH_STREAM,
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


def faults(source: Stream) -> set[Reason]:
    """Of the source as a stream and as a picture."""
    return {fault_of(call_of(source).call), fault_of(lambda: fetch(source))}


@pytest.mark.parametrize(("status", "reason"), OF_STATUS.items())
def test_each_status_has_a_reason(status: int, reason: Reason) -> None:
    with WebCamera(answering(status)) as server:
        assert faults(Stream("main", server.url())) == {reason}
        assert len(server.asked) == 2, "it is asked once a call"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda peer: peer.sendall(b"ICY 200 OK\r\n\r\n"), Reason.OTHER_PROTOCOL),
        (
            lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 999),
            Reason.NO_KNOWN_FORMAT,
        ),
        (lambda peer: peer.sendall(b"HTTP/1.1 200 " + b"a" * 99_999), Reason.NO_KNOWN_FORMAT),
        (lambda peer: peer.close(), Reason.ENDED),
    ],
)
def test_what_is_no_answer(answer: Answer, reason: Reason) -> None:
    with WebCamera(answer) as server:
        assert faults(Stream("main", server.url())) == {reason}


# Logins.


class Guarded:
    """Answers a picture to a right login, asks for one otherwise, and leads elsewhere if told."""

    def __init__(self, *wanted: str, moved: str = "") -> None:
        self.wanted = wanted
        self.moved = moved
        self.server: WebCamera | None = None

    def __call__(self, peer: socket.socket) -> None:
        assert self.server is not None
        asked = self.server.asked[-1]
        if self.moved and "/cam " in asked.splitlines()[0]:
            answering(302, f"Location: {self.moved}")(peer)
        elif any(line.startswith("Authorization: ") for line in asked.splitlines()):
            whole(JPEG)(peer)
        else:
            answering(401, *(f"WWW-Authenticate: {one}" for one in self.wanted))(peer)


@contextlib.contextmanager
def guarded(*wanted: str, moved: str = "", host: str = "127.0.0.1") -> Iterator[WebCamera]:
    answer = Guarded(*wanted, moved=moved)
    with WebCamera(answer, host) as server:
        answer.server = server
        yield server


def said(server: WebCamera) -> list[str]:
    """All that was said of logins."""
    lines = [line for one in server.asked for line in one.splitlines()]
    return [line.partition(": ")[2] for line in lines if line.startswith("Authorization: ")]


@pytest.mark.parametrize("wanted", [[MD5], [SHA_256], [MD5, SHA_256], [BASIC, MD5]])
def test_a_digest_costs_one_more_question(wanted: list[str]) -> None:
    with guarded(*wanted) as server:
        assert fetch(Stream("main", server.url("cam?a=1"), LOGIN)) == JPEG
        assert len(server.asked) == 2
        (given,) = challenges(said(server))
        assert given.fields["uri"] == "/cam?a=1"
        assert given.fields.get("algorithm", "") == ("SHA-256" if SHA_256 in wanted else "")


def test_basic_is_said_only_where_its_file_allows_it() -> None:
    with guarded(BASIC) as server:
        assert faults(Stream("main", server.url(), LOGIN)) == {Reason.LOGIN_IN_CLEAR}
        assert said(server) == []
        allowed = Login(USER, PASSWORD, ("127.0.0.1",), basic=True)
        assert fetch(Stream("main", server.url(), allowed)) == JPEG
        (given,) = said(server)
        assert base64.b64decode(given.removeprefix("Basic ")).decode() == f"{USER}:{PASSWORD}"


@pytest.mark.parametrize(
    ("login", "wanted", "reason"),
    [
        (None, MD5, Reason.LOGIN_MISSING),
        (LOGIN, "NTLM", Reason.LOGIN_UNSUPPORTED),
        (Login(USER, PASSWORD), MD5, Reason.LOGIN_WITHHELD),
        (Login(USER, PASSWORD, (ELSEWHERE, "10.0.0.0/8")), BASIC, Reason.LOGIN_WITHHELD),
    ],
)
def test_where_nothing_is_said(login: Login | None, wanted: str, reason: Reason) -> None:
    with guarded(wanted) as server:
        assert faults(Stream("main", server.url(), login)) == {reason}
        assert said(server) == []


def test_a_wrong_login_is_tried_once() -> None:
    with WebCamera(answering(401, f"WWW-Authenticate: {MD5}")) as server:
        assert fault_of(call_of(Stream("main", server.url(), LOGIN)).call) is Reason.BAD_CREDENTIALS
        assert len(server.asked) == 2


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_its_own_machine_is_followed(status: int) -> None:
    with (
        guarded(MD5) as there,
        WebCamera(answering(status, f"Location: {there.url('real')}")) as server,
    ):
        assert fetch(Stream("main", server.url(), LOGIN)) == JPEG
        assert said(server) == []
    with guarded(MD5, moved="/real?x=1") as server:
        assert fetch(Stream("main", server.url(), LOGIN)) == JPEG


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_machine_is_not_even_asked(status: int) -> None:
    with WebCamera(whole(JPEG), ELSEWHERE) as inner:
        with WebCamera(answering(status, f"Location: {inner.url('admin?reboot=1')}")) as server:
            assert faults(Stream("main", server.url(), LOGIN)) == {Reason.REDIRECTED}
        assert inner.asked == []


@pytest.mark.parametrize("wanted", [BASIC, MD5])
def test_one_that_the_source_names_gets_the_login_if_that_names_it_too(wanted: str) -> None:
    with guarded(wanted, host=ELSEWHERE) as there, guarded(moved=there.url("real")) as server:
        source = Stream("main", server.url(), LOGIN, hosts=(ELSEWHERE,))
        assert faults(source) == {Reason.LOGIN_WITHHELD}
        assert said(there) == []
        both = Login(USER, PASSWORD, ("127.0.0.0/8",), basic=True)
        assert fetch(Stream("main", server.url(), both, hosts=(ELSEWHERE,))) == JPEG


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/hostname", "rtsp://127.0.0.1/1", "tcp://127.0.0.1:1", "data:image/png,x"),
        *("", "http://[::1", "http://127.0.0.1:99999/", "ftp://127.0.0.1/", "//127.0.0.2/x"),
    ],
)
def test_nothing_else_is_a_redirect(location: str) -> None:
    with WebCamera(answering(302, f"Location: {location}")) as server:
        assert faults(Stream("main", server.url())) == {Reason.REDIRECTED}
        assert len(server.asked) == 2


def test_a_circle_is_left() -> None:
    with WebCamera(answering(302, "Location: /cam")) as server:
        assert fault_of(call_of(Stream("main", server.url())).call) is Reason.REDIRECTED
        assert len(server.asked) == 1 + MOST_REDIRECTS


def test_a_chain_of_redirects_is_followed_and_a_name_may_stand_as_it_is() -> None:
    hops = {"/cam": "2?x=1", "/2?x=1": "//127.0.0.1:{}/3#top", "/3": "/图.jpg"}

    def answer(peer: socket.socket) -> None:
        path = server.asked[-1].split(" ")[1]
        if path in hops:
            location = hops[path].format(server.port)
            peer.sendall(head("Location: " + location, status="302 Found"))
        else:
            whole(picture())(peer)

    with WebCamera(answer) as server:
        call_of(Stream("main", server.url())).call().close()
        assert server.asked[-1].startswith("GET /%E5%9B%BE.jpg HTTP")


def test_what_answers_in_another_language_has_another_address() -> None:
    with WebCamera(lambda peer: peer.sendall(b"SSH-2.0-dropbear\r\n")) as server:
        assert fault_of(call_of(Stream("main", server.url())).call) is Reason.OTHER_PROTOCOL


def test_a_session_is_kept() -> None:
    with WebCamera(answering(200, "Set-Cookie: id=7; Path=/", "Set-Cookie: b=\x01")) as server:
        caller = WebCaller(Stream("main", server.url()))
        for _ in range(2):
            caller.get(server.url()).close()
        assert "Cookie: id=7\r\n" in server.asked[1]
        assert "Cookie" not in server.asked[0]


def test_what_was_said_over_a_private_line_is_not_said_over_an_open_one() -> None:
    """At the same port: whoever is on the way can answer there in the server's place."""
    asked = list[str]()

    def answer(peer: socket.socket) -> None:
        """The server to a private line, somebody else to an open one."""
        is_open = peer.recv(1, socket.MSG_PEEK) == b"G"
        with contextlib.suppress(OSError), peer if is_open else private(peer, "camera") as line:
            asked.append(line.recv(4096).decode())
            if "Authorization" in asked[-1] or is_open:
                line.sendall(head("Content-Length: 0", "Set-Cookie: a=1"))
            else:
                line.sendall(head(f"WWW-Authenticate: {BASIC}", status="401 No"))

    with socket.create_server(("127.0.0.1", 0)) as server:
        at = f"://127.0.0.1:{server.getsockname()[1]}/"
        for _ in range(3):
            threading.Thread(target=lambda: answer(server.accept()[0]), daemon=True).start()
        caller = WebCaller(Stream("main", f"http{at}", LOGIN, trust=Trust(ca=CA)))
        caller.get(f"https{at}").close()
        caller.get(f"http{at}").close()
    assert ["Authorization" in one for one in asked] == [False, True, False]
    assert "Cookie" not in asked[-1]
