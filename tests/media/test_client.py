"""Web servers as strangers: what they answer, and where they may not lead the wall."""

import base64
import contextlib
import functools
import io
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from av.error import InvalidDataError

from tests.support.certificates import CA, private
from tests.support.scripted_camera import PASSWORD, USER
from tests.support.servers.clips import moving_clip
from tests.support.servers.web_camera import (
    Answer,
    WebCamera,
    head,
    picture,
    transport_stream,
    whole,
)
from wallctl.media.http.client import WebCaller
from wallctl.media.http.still_picture import fetch
from wallctl.media.network.camera_address import MOST_REDIRECTS
from wallctl.media.network.login_challenge import challenges
from wallctl.media.sources.failure_reason import reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

ELSEWHERE = "127.0.0.2"
LOGIN = Login(USER, PASSWORD, ("127.0.0.1",))
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


def answering(status: int, *fields: str) -> Answer:
    said = head(*fields, "Content-Length: 0", status=f"{status} As Told")
    return lambda peer: peer.sendall(said)


def fault_of(attempt: Callable[[], object]) -> Reason:
    with pytest.raises(Exception) as raised:
        attempt()
    return reason_of(raised.value)


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


# What libav opens besides.


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A playlist and what it names, clear and encrypted."""
    folder = tmp_path_factory.mktemp("hls")
    (folder / "clip.ts").write_bytes(transport_stream(seconds=2, sound_pid=None))
    return {"clip.ts": (folder / "clip.ts").read_bytes()}


def served(files: dict[str, bytes], server: WebCamera) -> Answer:
    """A folder; what it has not is 404."""

    def answer(peer: socket.socket) -> None:
        name = server.asked[-1].split()[1].lstrip("/")
        whole(files[name])(peer) if name in files else answering(404)(peer)

    return answer


@contextlib.contextmanager
def folder(files: dict[str, bytes], host: str = "127.0.0.1") -> Iterator[WebCamera]:
    with WebCamera(answering(500), host) as server:
        server.answer = served(files, server)
        yield server


def playlist(*pieces: str, key: str = "", ends: bool = True) -> bytes:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2"]
    if key:
        lines.append(f'#EXT-X-KEY:METHOD=AES-128,URI="{key}",IV=0x{"00" * 16}')
    for one in pieces:
        lines += ["#EXTINF:2.0,", one]
    return "\n".join([*lines, *["#EXT-X-ENDLIST"] * ends, ""]).encode()


def packets(source: Stream) -> int:
    with contextlib.closing(call_of(source).call()) as connection:
        return sum(1 for _ in connection.packets())


def test_a_playlist_of_its_own_machine_is_played(pieces: dict[str, bytes]) -> None:
    with folder(pieces) as other:
        with folder({"a.m3u8": playlist("clip.ts", other.url("clip.ts"))} | pieces) as server:
            assert packets(Stream("main", server.url("a.m3u8"))) == 100
        assert len(other.asked) == 1, "another port is of the same machine"


@pytest.mark.parametrize(
    "kind", ["application/vnd.apple.mpegurl", "audio/x-mpegURL; charset=utf-8"]
)
def test_a_playlist_is_known_by_what_its_server_says(kind: str, pieces: dict[str, bytes]) -> None:
    with folder(pieces) as other:
        text = playlist(other.url("clip.ts"))
        with WebCamera(whole(text, f"Content-Type: {kind}")) as server:
            assert packets(Stream("main", server.url("live/12?token=1"))) == 50


def test_jpegs_without_a_first_delimiter_are_known_to_be_none_at_once() -> None:
    """Else libav would wait for a million bytes: 4 s of a camera's."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(head("Content-Type: multipart/x-mixed-replace;boundary=frame"))
        peer.sendall(b"Content-Type: image/jpeg\r\n\r\n" + JPEG + b"\r\n--frame\r\n")
        peer.recv(1)  # until it is hung up on

    with WebCamera(answer) as server, pytest.raises(InvalidDataError):
        call_of(Stream("main", server.url())).call()


def test_a_piece_that_is_not_there_is_left_out(pieces: dict[str, bytes]) -> None:
    with folder({"a.m3u8": playlist("clip.ts", "gone.ts", "clip.ts")} | pieces) as server:
        assert packets(Stream("main", server.url("a.m3u8"))) == 100


def test_an_encrypted_playlist_is_played(pieces: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "the.key").write_bytes(bytes(range(16)))
    (tmp_path / "keys").write_text(f"the.key\n{tmp_path}/the.key\n")
    options = {"hls_key_info_file": f"{tmp_path}/keys", "hls_list_size": "0"}
    with (
        av.open(io.BytesIO(pieces["clip.ts"]), "r") as clear,
        av.open(f"{tmp_path}/a.m3u8", "w", format="hls", options=options) as hidden,
    ):
        track = hidden.add_stream_from_template(clear.streams.video[0])
        for packet in clear.demux(video=0):
            if packet.dts is not None:
                packet.stream = track
                hidden.mux(packet)
    files = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with folder(files) as server:
        assert packets(Stream("main", server.url("a.m3u8"))) == 50
        assert [one.split()[1] for one in server.asked][:3] == ["/a.m3u8", "/the.key", "/a0.ts"]


INNER = "{inner}cgi-bin/admin?reboot=1&x=.ts"
LEADING = {
    "a piece": playlist(INNER),
    "a live piece": playlist(INNER, ends=False),
    "a piece after good ones": playlist("clip.ts", INNER),
    "a key": playlist("clip.ts", key=INNER),
    "a playlist": b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + INNER.encode() + b"\n",
    "a relative piece": playlist("//127.0.0.2:{port}/cgi-bin/admin?reboot=1&x=.ts"),
    "a map": playlist("clip.ts").replace(b"#EXTINF", b'#EXT-X-MAP:URI="{inner}x.mp4"\n#EXTINF'),
    "a concat script": b"ffconcat version 1.0\nfile {inner}x\n",
}


@pytest.mark.parametrize("name", LEADING)
def test_nothing_of_another_machine_is_opened(
    name: str, pieces: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    with WebCamera(whole(pieces["clip.ts"]), ELSEWHERE) as inner:
        text = LEADING[name].replace(b"{inner}", inner.url("").encode())
        text = text.replace(b"{port}", str(inner.port).encode())
        with folder({"a.m3u8": text} | pieces) as server:
            reason = fault_of(lambda: packets(Stream("main", server.url("a.m3u8"), LOGIN)))
        assert inner.asked == []
    assert reason in (Reason.REDIRECTED, Reason.NO_KNOWN_FORMAT, Reason.BROKEN_DATA)
    assert capfd.readouterr() == ("", "")


def test_but_of_one_that_the_source_names(pieces: dict[str, bytes]) -> None:
    with (
        folder(pieces, ELSEWHERE) as there,
        folder({"a.m3u8": playlist(there.url("clip.ts"))}) as server,
    ):
        source = Stream("main", server.url("a.m3u8"), LOGIN, hosts=("127.0.0.2/32",))
        assert packets(source) == 50


@pytest.mark.parametrize(
    "piece",
    [
        *("file:///etc/hostname#.ts", "data:video/mp2t;base64,AAAA", "tcp://127.0.0.1:{port}/.ts"),
        *("concat:/etc/hostname", "subfile,,start,0,end,9,,:/etc/hostname", "udp://127.0.0.1:9"),
        *("crypto:file:///etc/hostname", "rtmp://127.0.0.1:{port}/a/.ts", "http://[::1/.ts"),
    ],
)
def test_nothing_but_the_web_is_a_piece(piece: str) -> None:
    with folder({}) as inner:
        text = playlist(piece.replace("{port}", str(inner.port)))
        with folder({"a.m3u8": text}) as server:
            fault_of(lambda: packets(Stream("main", server.url("a.m3u8"))))
        assert inner.asked == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 9 RTP/AVP 26\r\n"),
        ("text/plain", b"password of the vault: 1234\n" * 90),
        ("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:09.000\nhello\n"),
        ("image/svg+xml", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_what_is_no_video(kind: str, body: bytes) -> None:
    for name in ("a", "a.txt", "a.sdp", "a.srt"):
        with WebCamera(whole(body, f"Content-Type: {kind}")) as server:
            reason = fault_of(functools.partial(packets, Stream("main", server.url(name))))
        assert reason in (Reason.NO_KNOWN_FORMAT, Reason.BROKEN_DATA)


# Files that are read from anywhere.


def ranged(body: bytes, server: WebCamera, most: int = 1 << 30) -> Answer:
    """As servers of files; ``most`` bytes at a time."""

    def answer(peer: socket.socket) -> None:
        lines = server.asked[-1].splitlines()
        said = next(line for line in lines if line.startswith("Range: bytes="))
        first = int(said.removeprefix("Range: bytes=").removesuffix("-"))
        part = body[first : first + most]
        where = f"bytes {first}-{first + len(part) - 1}/{len(body)}"
        fields = (f"Content-Range: {where}", f"Content-Length: {len(part)}")
        peer.sendall(head(*fields, status="206 Partial Content") + part)

    return answer


@pytest.mark.parametrize("most", [1 << 30, 50_000])
def test_a_recording_whose_index_is_at_its_end(most: int, tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", seconds=4, gop=12)
    body = io.BytesIO(clip.read_bytes())
    with WebCamera(answering(500)) as server:
        server.answer = ranged(body.getvalue(), server, most)
        assert packets(Stream("main", server.url("clip.mp4"))) == 100


def test_a_recording_that_breaks_off_has_ended(pieces: dict[str, bytes]) -> None:
    clip = pieces["clip.ts"]
    broken = head(f"Content-Length: {len(clip)}") + clip[: len(clip) // 2]
    with WebCamera(lambda peer: peer.sendall(broken)) as server:
        assert fault_of(lambda: packets(Stream("main", server.url()))) is Reason.ENDED


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
