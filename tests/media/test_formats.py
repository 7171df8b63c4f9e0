"""What libav may open of this machine: videos and pictures, and nothing that leads elsewhere."""

import os
import socket
import threading
from pathlib import Path

import pytest

from tests.support.servers.web_camera import picture
from wallctl.media.sources.demuxer import options
from wallctl.media.sources.failure_reason import reason_of
from wallctl.media.sources.kinds import OPENED, call_of
from wallctl.media.sources.still import read_still
from wallctl.model.site.site import Stream
from wallctl.model.site.source_kind import source_kind
from wallctl.model.streams.health import Reason

SECRET = b"user = wall\npassword = s3cret\n" * 40


def fault(path: Path | str) -> Reason:
    with pytest.raises(Exception) as raised:
        call_of(Stream("main", str(path))).call()
    return reason_of(raised.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", SECRET),
        ("notes.nfo", SECRET),
        ("notes", SECRET),
        ("a.ffconcat", b"ffconcat version 1.0\nfile notes.txt\n"),
        ("a.ffconcat", b"ffconcat version 1.0\nfile http://127.0.0.1:{port}/x\n"),
        ("a.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/x.ts\n"),
        ("a.sdp", b"v=0\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video {port} RTP/AVP 26\r\n"),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nhello\n"),
        ("a.vtt", b"WEBVTT\n\n00:00.000 --> 00:09.000\nhello\n"),
        ("a.ans", b"\x1b[31mhello" * 50),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_what_is_no_video_is_not_opened(name: str, text: bytes, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as inner:
        inner.settimeout(0)
        port = str(inner.getsockname()[1]).encode()
        (tmp_path / name).write_bytes(text.replace(b"{port}", port))
        assert fault(tmp_path / name) in (Reason.NO_KNOWN_FORMAT, Reason.BROKEN_DATA)
        with pytest.raises(BlockingIOError):
            inner.accept()


@pytest.mark.parametrize(
    "path",
    [
        *("/dev/zero", "/dev/null", "/proc/self/fd", "concat:/etc/hostname", "data:,x", "pipe:0"),
        *("subfile,,start,0,end,0,,:/etc/hostname", "async:/etc/hostname", "fd:", "lavfi:testsrc"),
    ],
)
def test_nothing_but_a_file_is_a_file(path: str) -> None:
    assert fault(path) is Reason.FILE_MISSING


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ts")
    found = list[Reason]()
    opening = threading.Thread(
        target=lambda: found.append(fault(tmp_path / "pipe.ts")), daemon=True
    )
    opening.start()
    opening.join(5)
    assert found == [Reason.FILE_MISSING]


def test_a_name_with_a_per_cent_sign_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "a1.png").write_bytes(picture("PNG"))
    source = Stream("main", str(tmp_path / "a%d.png"))
    with pytest.raises(FileNotFoundError):
        read_still(source, 0)
    (tmp_path / "a%d.png").write_bytes(picture("PNG", width=64))
    assert read_still(source, 0).look.size.w == 64


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "GIF", "WEBP"])
@pytest.mark.parametrize("name", ["a.{}", "a"])
def test_pictures_are(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name.format(kind.lower())
    path.write_bytes(picture(kind))
    call_of(Stream("main", str(path))).call().close()


@pytest.mark.parametrize(
    "url",
    ["rtsp://h/1", "http://h/1", "/a.mp4", "rtmp://h/1", "udp://h:1", "rtp://h:1"],
)
def test_lists_name_no_way_out(url: str) -> None:
    source = Stream("main", url)
    chosen = options(source, OPENED[source_kind(url)].opening(source))
    formats = set(chosen["format_whitelist"].split(","))
    assert formats.isdisjoint(
        {"tty", "concat", "data", "sdp", "lavfi", "webvtt", "srt", "image2pipe"}
    )
    protocols = set(chosen["protocol_whitelist"].split(","))
    assert protocols.isdisjoint({"http", "https", "tls", "concat", "data", "pipe", "subfile", "fd"})
    assert ("file" in protocols) is (url == "/a.mp4")


def test_a_kind_that_nobody_knows_is_not_opened() -> None:
    assert fault("srt://127.0.0.1:9") is Reason.UNSUPPORTED
