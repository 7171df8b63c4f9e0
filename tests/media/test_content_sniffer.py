"""Pictures from web servers: fetched whole, whatever their headers, and nothing else opened."""

import gzip
import socket
import zlib
from pathlib import Path

import pytest

from tests.support.servers.web_camera import (
    Answer,
    WebCamera,
    chunked,
    head,
    picture,
    unmeasured,
    whole,
)
from wallctl.media.http import content_sniffer
from wallctl.media.http.content_sniffer import decode_picture, fetch, look
from wallctl.media.http.jpeg_end import JpegEnd
from wallctl.media.sources.failure_reason import reason_of
from wallctl.model.base.geometry import Size
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

JPEG = picture()
TYPES = ("image/jpeg", "application/octet-stream", "text/html", "multipart/x-mixed-replace")
ENDINGS = {"whole": whole, "unmeasured": unmeasured, "chunked": chunked}


def stream(camera: WebCamera, login: Login | None = None) -> Stream:
    return Stream("main", camera.url(), login)


def failure(camera: WebCamera, login: Login | None = None) -> Reason:
    with pytest.raises(Exception) as caught:
        decode_picture(fetch(stream(camera, login)), 0)
    return reason_of(caught.value)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("content", [*TYPES, ""])
def test_no_header_matters(ending: str, content: str) -> None:
    fields = (f"Content-Type: {content}",) if content else ()
    with WebCamera(ENDINGS[ending](JPEG, *fields)) as camera:
        assert fetch(stream(camera)) == JPEG


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP", "GIF"])
def test_kinds_of_pictures(kind: str) -> None:
    with WebCamera(unmeasured(picture(kind))) as camera:
        got = decode_picture(fetch(stream(camera)), 7)
    assert got.picture.look.size == Size(320, 180)
    assert got.picture.arrival_ns == 7


def test_what_a_camera_appends_is_forgiven() -> None:
    with WebCamera(whole(JPEG + b"\0" * 300 + b"--end\r\n")) as camera:
        assert decode_picture(fetch(stream(camera)), 0).codec == "mjpeg"


def held_open(body: bytes, *fields: str) -> Answer:
    """An answer behind which nothing comes, and the connection stays."""

    def send(peer: socket.socket) -> None:
        peer.sendall(head(*fields) + body)
        peer.recv(1)  # until the other end hangs up

    return send


THUMBNAIL = b"\xff\xd8" + b"\xff\xe1\x00\x08" + JPEG[:2] + b"\xff\xd9\0\0" + JPEG[2:]
"""A picture with a small one inside of it."""
MEASURED_WRONGLY = f"Content-Length: {2 * len(JPEG)}"
WHOLE = {
    "too large a length": unmeasured(JPEG, MEASURED_WRONGLY),
    "too large a length, held open": held_open(JPEG, MEASURED_WRONGLY),
    "no length, held open": held_open(JPEG),
    "one part, held open": held_open(
        b"--b\r\n\r\n" + JPEG + b"\r\n--b--\r\n", "Content-Type: multipart/mixed; boundary=b"
    ),
    "much behind it": whole(JPEG + b"x" * 9000),
    "much behind it and something before it": whole(b"\r\n" + JPEG + b"\0" * 9000),
    "a small picture behind it": whole(JPEG + picture(width=64, height=36)),
    "a small picture inside of it": whole(THUMBNAIL),
    "a wrong length inside of it": whole(JPEG[:2] + b"\xff\xe2\xff\xff\0\0" + JPEG[2:]),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_is_known_by_its_own_end(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_sniffer, "MORE_S", 0.1)
    with WebCamera(WHOLE[name]) as camera:
        assert decode_picture(fetch(stream(camera)), 0).picture.look.size == Size(320, 180)


def test_a_picture_that_breaks_off_behind_the_small_one_inside_of_it_is_none() -> None:
    with WebCamera(unmeasured(THUMBNAIL[:2000] + b"\1" * 5000)) as camera:
        assert failure(camera) is Reason.BROKEN_DATA


def test_a_multipart_that_goes_on_slowly_holds_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_sniffer, "MORE_S", 0.1)
    part = b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + JPEG + b"\r\n--b\r\n"
    for kind in ("multipart/x-mixed-replace; boundary=b", "text/plain"):
        with WebCamera(held_open(part, f"Content-Type: {kind}")) as camera:
            assert look(stream(camera)).answer is content_sniffer.Answer.PICTURES


@pytest.mark.parametrize("step", [1, 7, 4096])
def test_the_end_of_a_picture_is_found_as_it_comes(step: int) -> None:
    lead, data = b"--b\r\n\r\n", bytearray()
    ending, sent = JpegEnd(len(lead)), lead + THUMBNAIL + b"\r\n--b" + JPEG
    found = None
    for at in range(0, len(sent), step):
        data += sent[at : at + step]
        found = ending.find(data)
        if found is not None:
            break
    assert found == len(lead + THUMBNAIL)


CUT_OFF = {
    "unmeasured": unmeasured(JPEG[: len(JPEG) // 2]),
    "measured": lambda peer: peer.sendall(head(f"Content-Length: {len(JPEG)}") + JPEG[:3000]),
    "empty": unmeasured(b""),
    "a page": whole(b"<html><body>Please log in</body></html>", "Content-Type: image/jpeg"),
    "only its first bytes": whole(b"\xff\xd8\xff\xe0" + b"\0" * 8000 + b"\xff\xd9"),
    "a list of other files": whole(b"ffconcat version 1.0\nfile /etc/hostname\n"),
    "a playlist": whole(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"),
}


NOT_DAMAGED = {
    "empty": Reason.ENDED,
    "a page": Reason.NO_KNOWN_FORMAT,
    "a list of other files": Reason.NO_KNOWN_FORMAT,
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_a_part_of_a_picture_is_none(name: str) -> None:
    with WebCamera(CUT_OFF[name]) as camera:
        assert failure(camera) is NOT_DAMAGED.get(name, Reason.BROKEN_DATA)


def test_an_answer_without_end_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_sniffer, "MOST_BYTES", 1 << 20)

    def endless(peer: socket.socket) -> None:
        peer.sendall(head("Content-Type: image/jpeg") + JPEG[:100])
        while True:
            peer.sendall(b"\1" * 65536)

    with WebCamera(endless) as camera:
        assert failure(camera) is Reason.BROKEN_DATA


def test_a_claimed_size_takes_no_memory() -> None:
    huge = bytearray(JPEG)
    at = huge.index(b"\xff\xc0") + 5
    huge[at : at + 4] = b"\xff\xff\xff\xff"
    with WebCamera(whole(bytes(huge))) as camera:
        assert failure(camera) is Reason.BROKEN_DATA


def test_pictures_with_something_between_them_are_told_from_one() -> None:
    part = b"Content-Type: image/jpeg\r\n\r\n" + JPEG + b"\r\n--frame\r\n"
    with WebCamera(unmeasured(part * 3)) as camera:
        assert look(stream(camera)).answer is content_sniffer.Answer.PICTURES
        assert failure(camera) is Reason.BROKEN_DATA


LEADS = {
    "an empty line": (b"\r\n", b""),
    "a byte-order mark": (b"\xef\xbb\xbf", b""),
    "a multipart of one": (b"--b\r\nContent-Type: image/jpeg\r\n\r\n", b"\r\n--b--\r\n"),
}


@pytest.mark.parametrize("name", LEADS)
def test_a_picture_may_have_something_before_it(name: str) -> None:
    lead, trail = LEADS[name]
    with WebCamera(unmeasured(lead + JPEG + trail)) as camera:
        assert decode_picture(fetch(stream(camera)), 0).codec == "mjpeg"


@pytest.mark.parametrize("lead", [b"", b"\r\n"])
def test_a_picture_that_a_server_packs_is_unpacked(lead: bytes) -> None:
    for coding, packed in (("gzip", gzip.compress(lead + JPEG)), ("deflate", zlib.compress(JPEG))):
        with WebCamera(whole(packed, f"Content-Encoding: {coding}")) as camera:
            assert decode_picture(fetch(stream(camera)), 0).codec == "mjpeg"


def test_a_packed_answer_takes_no_more_memory_than_a_plain_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(content_sniffer, "MOST_BYTES", 1 << 20)
    bomb = gzip.compress(JPEG[:100] + bytes(64 << 20))
    with WebCamera(whole(bomb, "Content-Encoding: gzip")) as camera:
        assert failure(camera) is Reason.BROKEN_DATA


def test_what_is_packed_in_an_unknown_way_or_damaged_is_called_so() -> None:
    with WebCamera(whole(JPEG, "Content-Encoding: br")) as camera:
        assert failure(camera) is Reason.UNSUPPORTED
    with WebCamera(whole(JPEG, "Content-Encoding: gzip")) as camera:
        assert failure(camera) is Reason.BROKEN_DATA


def asks_for_a_login(scheme: str) -> bytes:
    return head(f"WWW-Authenticate: {scheme}", "Content-Length: 0", status="401 Unauthorized")


@pytest.mark.parametrize(
    ("scheme", "sent"),
    [
        ('Basic realm="cam"', "Authorization: Basic YWRtaW46cEBzcw=="),
        ('Digest realm="cam", nonce="5f", qop="auth"', 'Authorization: Digest username="admin"'),
        ('Digest realm="cam", nonce="5f", qop="auth", algorithm=SHA-256', "algorithm=SHA-256"),
    ],
)
def test_a_login_reaches_the_camera_and_nothing_else(
    scheme: str, sent: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with WebCamera(unmeasured(b"")) as camera:

        def answer(peer: socket.socket) -> None:
            has_login = "Authorization:" in camera.asked[-1]
            peer.sendall(head(f"Content-Length: {len(JPEG)}") + JPEG if has_login else refused)

        refused = asks_for_a_login(scheme)
        camera.answer = answer
        assert fetch(stream(camera, Login("admin", "p@ss", ("127.0.0.1",), basic=True))) == JPEG
        assert sent in camera.asked[-1]
        assert all("p%40ss" not in asked and "p@ss" not in asked for asked in camera.asked)
    assert "p@ss" not in "".join(capfd.readouterr())


def test_a_wrong_login_is_called_so() -> None:
    with WebCamera(lambda peer: peer.sendall(asks_for_a_login('Basic realm="cam"'))) as camera:
        assert (
            failure(camera, Login("admin", "wrong", ("127.0.0.1",), basic=True))
            is Reason.BAD_CREDENTIALS
        )


def redirect(to: str) -> Answer:
    return lambda peer: peer.sendall(
        head(f"Location: {to}", "Content-Length: 0", status="302 Found")
    )


def test_a_redirect_within_the_web_is_followed() -> None:
    with WebCamera(whole(JPEG)) as target, WebCamera(redirect(target.url("other"))) as camera:
        assert fetch(stream(camera)) == JPEG


@pytest.mark.parametrize("scheme", ["file://", "concat:", "subfile,,start,0,end,9,,:", ""])
def test_a_redirect_never_opens_a_file(scheme: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.jpg"
    path.write_bytes(JPEG)
    with WebCamera(redirect(f"{scheme}{path}")) as camera:
        assert failure(camera) in (Reason.BROKEN_DATA, Reason.UNREACHABLE, Reason.REDIRECTED)


def test_a_ring_of_redirects_ends() -> None:
    with WebCamera(unmeasured(b"")) as camera:
        camera.answer = redirect(camera.url())
        assert failure(camera) is Reason.REDIRECTED
        assert len(camera.asked) < 12
