"""What leaves the wall, taken by libav itself at the other end: whole, in its colours, at once."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.error import FFmpegError

from tests.support.fakes import Pixels, picture
from tests.support.folders import ROOT
from tests.support.ports import LOOPBACK, free_port
from wallctl.media.encode.mosaic import Inset
from wallctl.media.encode.muxers import SEGMENTS
from wallctl.media.encode.stream_sender import STALLED_NS, StreamSender
from wallctl.media.scale.planes import Plane, planes_of, views
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.model.base.geometry import Rect, Size
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Broadcast
from wallctl.model.streams.health import SECOND_NS, Reason
from wallctl.storage.broadcast_folder import BroadcastFolder, FolderError

SIZE = Size(320, 180)


def to(url: str) -> Broadcast:
    return Broadcast("墙", url, SIZE, 25, 2000)


def paint(outlet: StreamSender, number: int) -> None:
    """A picture that can be told from the one before."""
    for plane, level in zip(outlet.planes, (60 + number % 40 * 4, 100, 150), strict=True):
        plane[...] = level
    outlet.planes[0][:40, :80] = 200


def send(outlet: StreamSender, count: int) -> None:
    for number in range(count):
        paint(outlet, number)
        outlet.send(number * SECOND_NS // 25)


def test_a_transport_stream_over_udp_is_whole_and_each_picture_leaves_at_once() -> None:
    port = free_port(socket.SOCK_DGRAM)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind((LOOPBACK, port))
        receiver.settimeout(5)
        outlet = StreamSender(to(f"udp://{LOOPBACK}:{port}"))
        for number in range(10):
            paint(outlet, number)
            assert outlet.send(number * SECOND_NS // 25) > 0
            datagram = receiver.recv(2000)
            assert datagram[0] == 0x47
            assert len(datagram) <= 1316
        outlet.close()


def test_an_hls_folder_is_made_plays_and_keeps_few_pieces(tmp_path: Path) -> None:
    playlist = tmp_path / "new" / "wall.m3u8"
    playlist.parent.mkdir()
    outlet = StreamSender(to(str(playlist)), BroadcastFolder(playlist))
    send(outlet, 25 * 2 * (SEGMENTS + 3))
    outlet.close()
    pieces = sorted(path.name for path in playlist.parent.glob("wall-*.ts"))
    assert SEGMENTS <= len(pieces) <= SEGMENTS + 2
    text = playlist.read_text()
    assert [line for line in text.splitlines() if line.endswith(".ts")] == pieces[-SEGMENTS:]
    assert {path.name for path in playlist.parent.iterdir()} == {
        *pieces,
        "wall.m3u8",
        ".wall.m3u8.wallctl",
    }
    with av.open(str(playlist)) as source:
        frames = [planes_of(frame) for frame in source.decode(video=0)]
    assert len(frames) >= 25 * 2 * (SEGMENTS - 1)
    assert abs(float(frames[0][1].mean()) - 100) < 3
    assert abs(float(frames[0][2].mean()) - 150) < 3
    assert abs(float(frames[0][0][:32, :64].mean()) - 200) < 3


def test_a_playlist_that_is_not_this_broadcasts_ends_the_stream(tmp_path: Path) -> None:
    playlist = tmp_path / "wall.m3u8"
    shelf = BroadcastFolder(playlist)
    playlist.write_text("precious")
    outlet = StreamSender(to(str(playlist)), shelf)
    with pytest.raises(FolderError, match="has not written"):
        send(outlet, 25 * 2 * 3)
    outlet.close()
    assert playlist.read_text() == "precious"


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file") as error:
        BroadcastFolder(tmp_path / "file" / "wall.m3u8")
    assert reason_of(error.value) is Reason.FILE_MISSING


def test_a_server_that_is_not_there_is_not_reachable() -> None:
    port = free_port()
    with pytest.raises(FFmpegError) as error:
        StreamSender(to(f"rtsp://{LOOPBACK}:{port}/wall"))
    assert reason_of(error.value) is Reason.PORT_CLOSED


@pytest.fixture
def full_server() -> Iterator[int]:
    """The port of a server that takes a stream and reads none of it."""
    script = ROOT / "tests/support/servers" / "rtsp_full.py"
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline().removeprefix("ready "))
        server.kill()


def test_a_server_that_reads_no_more_is_found_out_and_given_up(full_server: int) -> None:
    outlet = StreamSender(to(f"rtsp://{LOOPBACK}:{full_server}/wall"))
    noise = np.random.default_rng(1)
    sent = 0
    while sent < 500 and outlet.may_send(sent):
        outlet.planes[0][...] = noise.integers(0, 255, (SIZE.h, SIZE.w), np.uint8)
        outlet.send(sent * SECOND_NS // 25)
        sent += 1
    assert 0 < sent < 500
    assert not outlet.may_send(sent + STALLED_NS)
    with pytest.raises(SourceError) as error:
        outlet.may_send(sent + STALLED_NS + 1)
    assert error.value.reason is Reason.TIMED_OUT
    outlet.close()


def test_an_inset_is_the_picture_scaled_into_its_place_and_nowhere_else() -> None:
    size, place = Size(128, 72), Rect(64, 36, 64, 36)
    source: Pixels = picture(size, 3)
    out = views(np.full(192 * 108 * 3 // 2, 7, np.uint8), Size(192, 108))
    inset = Inset(size, place)

    def fill(planes: list[Plane]) -> bool:
        for plane, given in zip(planes, views(source, size), strict=True):
            plane[...] = given
        return True

    assert inset.lay(fill, out)
    luma = out[0]
    inside = luma[place.y : place.bottom, place.x : place.right]
    assert abs(float(inside.mean()) - float(views(source, size)[0].mean())) < 3
    outside = luma.copy()
    outside[place.y : place.bottom, place.x : place.right] = 7
    assert set(np.unique(outside)) == {7}
    assert not inset.lay(lambda _planes: False, out)


def test_a_login_is_for_the_servers_that_it_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"rtsp://127.0.0.1:{server.getsockname()[1]}/in"
        broadcast = Broadcast("墙", url, SIZE, 25, 2000, login=Login("u", "p", ("192.0.2.9",)))
        with pytest.raises(SourceError) as raised:
            StreamSender(broadcast)
        assert raised.value.reason is Reason.LOGIN_WITHHELD
        with pytest.raises(BlockingIOError):
            server.accept()
