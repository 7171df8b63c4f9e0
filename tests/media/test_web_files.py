"""What libav opens on web servers: playlists, pieces, keys and recordings."""

import contextlib
import functools
import io
import socket
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from av.error import InvalidDataError

from tests.support.servers.clips import moving_clip
from tests.support.servers.web_camera import (
    Answer,
    WebCamera,
    head,
    picture,
    transport_stream,
    whole,
)
from tests.support.web_answers import ELSEWHERE, LOGIN, answering, fault_of
from wallctl.media.sources.kinds import call_of
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason


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
        peer.sendall(b"Content-Type: image/jpeg\r\n\r\n" + picture() + b"\r\n--frame\r\n")
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
