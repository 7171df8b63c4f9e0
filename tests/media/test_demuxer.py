"""Opening sources: what a URL means, which options libav gets, and what its errors are called."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.media_files import media
from wallctl.media.rtsp.connection import WAIT_S
from wallctl.media.sources.demuxer import Delivery
from wallctl.media.sources.demuxer import options as chosen_options
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.media.sources.file import open_file
from wallctl.media.sources.kinds import OPENED, call_of
from wallctl.media.sources.rtmp import with_login
from wallctl.media.sources.still import read_still
from wallctl.media.sources.test_pattern import SIZE, Pattern
from wallctl.model.site.credential import Login
from wallctl.model.site.site import TEST_PICTURES, Stream, Transport
from wallctl.model.site.source_kind import (
    DATAGRAMS,
    FILE,
    PATTERN,
    RTMP,
    RTSP,
    STILL,
    UNKNOWN,
    WEB,
    SourceKind,
    file_path,
    pattern_name,
    source_kind,
)
from wallctl.model.streams.health import Reason
from wallctl.model.streams.silence_timeout import HOLD_NS, REACH_NS


def stream(url: str, login: Login | None = None) -> Stream:
    return Stream("main", url, login)


def options(source: Stream) -> dict[str, str]:
    return chosen_options(source, OPENED[source_kind(source.url)].opening(source))


KINDS = {
    "rtsp://10.0.0.1/ch1": RTSP,
    "rtsps://10.0.0.1/ch1": RTSP,
    "rtmp://10.0.0.1/live": RTMP,
    "http://10.0.0.1/live.m3u8": WEB,
    "https://10.0.0.1/snapshot.jpg": WEB,
    "udp://239.0.0.1:5000": DATAGRAMS,
    "srt://10.0.0.1:9000": UNKNOWN,
    "/clips/gate.mp4": FILE,
    "clips/大门.264": FILE,
    "file:///clips/gate.mkv": FILE,
    "/logos/fire brigade.PNG": STILL,
    "file:///logos/a%20b.webp": STILL,
    "test:bars": PATTERN,
}


@pytest.mark.parametrize(("url", "kind"), KINDS.items())
def test_the_url_tells_the_kind(url: str, kind: SourceKind) -> None:
    assert source_kind(url) is kind


def test_names_and_paths_in_urls() -> None:
    assert pattern_name("test:grid") == "grid"
    assert file_path("file:///a%20b.png") == "/a b.png"
    assert file_path("a b.png") == "a b.png"
    assert file_path("rtsp://host/a.png") is None


def test_cameras_get_time_outs_and_no_audio() -> None:
    chosen = options(Stream("main", "rtsp://h/1", transport=Transport.UDP))
    assert chosen["rtsp_transport"] == "udp"
    assert chosen["allowed_media_types"] == "video"
    assert options(stream("RTSP://h/1"))["rtsp_transport"] == "tcp"
    assert int(chosen["timeout"]) > HOLD_NS / 1000, "whoever watches the line hangs up first"
    assert options(stream("udp://h:1"))["timeout"] == "3000000"
    assert int(options(stream("rtmp://h/1"))["rw_timeout"]) > REACH_NS / 1000
    assert WAIT_S * 1e9 > REACH_NS
    assert "rw_timeout" not in options(stream("/a.mp4"))


@given(st.text(min_size=1), st.text())
def test_any_account_fits_into_a_url(user: str, password: str) -> None:
    try:
        url = with_login("rtsp://host:554/a?b=c", Login(user, password))
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    account, _, rest = url.removeprefix("rtsp://").partition("@")
    assert rest == "host:554/a?b=c"
    assert account.count(":") == 1
    assert not set(account) & set("/?#@ ")


def test_without_an_account_a_url_stays_as_it_is() -> None:
    assert with_login("rtsp://host/a", None) == "rtsp://host/a"


@contextmanager
def answering(reply: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """An RTSP server with one answer; what it was asked is collected."""
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                while data := _received(peer):
                    asked.append(data)
                    number = next(s for s in data.split(b"\r\n") if s.lower().startswith(b"cseq"))
                    peer.sendall(reply.replace(b"CSEQ", number) + b"\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/stream", asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def _received(peer: socket.socket) -> bytes:
    try:
        return peer.recv(65536)
    except ConnectionError:
        return b""


def failure(source: Stream) -> BaseException:
    with pytest.raises(Exception) as caught:
        call_of(source).call().close()
    return caught.value


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert reason_of(failure(stream(f"rtsp://127.0.0.1:{port}/a"))) is Reason.PORT_CLOSED


def test_files_that_are_none() -> None:
    assert reason_of(failure(stream("/no/such/file.mp4"))) is Reason.FILE_MISSING
    assert reason_of(failure(stream("nosuch://host/a"))) is Reason.UNSUPPORTED
    assert reason_of(failure(stream(__file__))) is Reason.BROKEN_DATA


OF_SYSTEM = {
    errno.ENETUNREACH: Reason.UNREACHABLE,
    errno.EHOSTUNREACH: Reason.UNREACHABLE,
    errno.ENETDOWN: Reason.UNREACHABLE,
    errno.ENOTCONN: Reason.ENDED,
    errno.EPROTO: Reason.ENDED,
    errno.EPROTONOSUPPORT: Reason.NO_TRANSPORT,
    errno.EMFILE: Reason.NO_RESOURCES,
    errno.ENOBUFS: Reason.NO_RESOURCES,
    errno.EADDRINUSE: Reason.NO_RESOURCES,
}

OF_LIBAV = {
    av.error.BSFNotFoundError: Reason.UNSUPPORTED,
    av.error.DecoderNotFoundError: Reason.UNSUPPORTED,
    av.error.DemuxerNotFoundError: Reason.UNSUPPORTED,
    av.error.ProtocolNotFoundError: Reason.UNSUPPORTED,
    av.error.PatchWelcomeError: Reason.UNSUPPORTED,
    av.error.HTTPUnauthorizedError: Reason.BAD_CREDENTIALS,
    av.error.HTTPForbiddenError: Reason.FORBIDDEN,
    av.error.HTTPNotFoundError: Reason.NO_SUCH_STREAM,
    av.error.HTTPBadRequestError: Reason.NO_SUCH_STREAM,
    av.error.HTTPTooManyRequestsError: Reason.BUSY,
    av.error.HTTPOtherClientError: Reason.CAMERA_FAULT,
    av.error.HTTPServerError: Reason.CAMERA_FAULT,
    av.error.BrokenPipeError: Reason.ENDED,
    av.error.ConnectionAbortedError: Reason.ENDED,
    av.error.PermissionError: Reason.FILE_MISSING,
    av.error.IsADirectoryError: Reason.FILE_MISSING,
}


@pytest.mark.parametrize(("kind", "reason"), OF_LIBAV.items())
def test_each_error_of_libav_has_a_reason(kind: type[av.error.FFmpegError], reason: Reason) -> None:
    assert reason_of(kind(1, "x")) is reason


ERRORS = [
    (av.error.TimeoutError(110, "x"), Reason.TIMED_OUT),
    (av.error.ExitError(1, "x"), Reason.TIMED_OUT),
    (av.error.ConnectionResetError(104, "x"), Reason.ENDED),
    (av.error.EOFError(5, "x"), Reason.ENDED),
    (av.error.OSError(113, "x"), Reason.UNREACHABLE),
    (av.error.OSError(101, "x"), Reason.UNREACHABLE),
    (av.error.OSError(5, "x"), Reason.ENDED),
    (ConnectionRefusedError(111, "x"), Reason.PORT_CLOSED),
    (socket.gaierror(-2, "x"), Reason.NAME_UNKNOWN),
    (av.error.DecoderNotFoundError(1, "x"), Reason.UNSUPPORTED),
    (av.error.InvalidDataError(1, "x"), Reason.BROKEN_DATA),
    (IndexError(), Reason.BROKEN_DATA),
    (MemoryError(), Reason.NO_RESOURCES),
    (av.error.MemoryError(12, "x"), Reason.NO_RESOURCES),
    *((OSError(number, "x"), reason) for number, reason in OF_SYSTEM.items()),
    *((av.error.OSError(number, "x"), reason) for number, reason in OF_SYSTEM.items()),
    (UnicodeDecodeError("utf-8", b"x", 0, 1, "x"), Reason.BROKEN_DATA),
    (SourceError(Reason.NO_VIDEO), Reason.NO_VIDEO),
]


@pytest.mark.parametrize(("error", "reason"), ERRORS, ids=lambda value: type(value).__name__)
def test_errors_have_a_reason(error: BaseException, reason: Reason) -> None:
    assert reason_of(error) is reason


def test_sound_alone_is_no_video(tmp_path: object) -> None:
    path = f"{tmp_path}/beep.mkv"
    with av.open(path, "w") as container:
        sound = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=800)
        frame.sample_rate = 8000
        container.mux(sound.encode(frame))
    assert reason_of(failure(stream(path))) is Reason.NO_VIDEO


def test_packets_tell_key_size_and_time() -> None:
    connection = open_file(stream(media("cctv/intel-car-detection.mp4")))
    packets = list(connection.packets())
    connection.close()
    assert len(packets) == 377
    assert sum(coded.key for coded in packets) == 7
    assert packets[1].stamp_ns == 80_000_000
    assert connection.delivery is Delivery.RECORDING
    assert connection.interval_ns == 80_000_000
    assert all(coded.size_bytes > 0 for coded in packets)


def test_a_raw_stream_has_an_interval_and_no_stamps() -> None:
    connection = open_file(stream(media("h264-conformance/BA_MW_D.264")))
    packets = list(connection.packets())
    connection.close()
    assert len(packets) == 100
    assert packets[0].stamp_ns is None
    assert connection.interval_ns == 40_000_000


@pytest.mark.parametrize("name", TEST_PICTURES)
def test_patterns_move_and_count(name: str) -> None:
    pattern = Pattern(name)
    one, two = pattern.picture(1, 5), pattern.picture(2, 6)
    assert one.look.size == SIZE
    assert two.arrival_ns == 6
    assert bytes(memoryview(one.frame.planes[0])) != bytes(memoryview(two.frame.planes[0]))


def test_an_unknown_pattern_is_unsupported() -> None:
    with pytest.raises(SourceError) as caught:
        Pattern("bras")
    assert caught.value.reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "webp"])
def test_still_images_are_read(tmp_path: object, suffix: str) -> None:
    from PIL import Image

    path = f"{tmp_path}/logo.{suffix}"
    Image.new("RGB", (301, 169), (200, 30, 30)).save(path)
    picture = read_still(stream(path), 7)
    assert (picture.look.size.w, picture.look.size.h) == (301, 169)
    assert picture.arrival_ns == 7
