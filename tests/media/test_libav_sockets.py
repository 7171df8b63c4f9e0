"""The camera's end of a process, on real sockets: found, questioned, guarded and cut."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.live_wall import eventually
from wallctl.media.network.libav_sockets import TcpConnections
from wallctl.media.rtsp.ping import Probe
from wallctl.model.streams.silence_timeout import Echo

URL = "rtsp://camera/stream1"
LIMIT_S = 5.0


@pytest.fixture
def camera() -> Iterator[socket.socket]:
    """A camera that listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LIMIT_S)
        yield server


@pytest.fixture
def line(camera: socket.socket) -> TcpConnections:
    """What this process opens from now on."""
    return TcpConnections()


@pytest.fixture
def call(camera: socket.socket, line: TcpConnections) -> Iterator[socket.socket]:
    """The wall's end of a connection to the camera."""
    with socket.create_connection(camera.getsockname(), LIMIT_S) as connection:
        yield connection


def test_a_call_is_taken_by_the_machine_not_by_its_server(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    assert line.is_taken()
    call.close()
    assert not line.is_taken()


def test_a_cut_ends_a_wait_and_spares_what_was_open_before(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    line.cut()
    assert call.recv(1) == b""
    with socket.create_connection(camera.getsockname(), LIMIT_S):
        camera.accept()[0].close()  # it still listens


def test_a_connection_that_is_still_being_made_is_cut() -> None:
    with ExitStack() as opened:
        full = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        line = TcpConnections()
        taken, waiting = (opened.enter_context(socket.socket()) for _ in range(2))
        for one in (taken, waiting):
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        taken.close()
        assert not line.is_taken()
        line.cut()
        ready, _, _ = select.select([waiting], [], [], LIMIT_S)
        assert ready, "who waits for it is told"


def test_calls_within_this_process_are_not_of_the_camera(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    with ExitStack() as opened:
        relay = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        caller = opened.enter_context(socket.create_connection(relay.getsockname(), LIMIT_S))
        called = opened.enter_context(relay.accept()[0])
        line.cut()
        assert call.recv(1) == b""
        caller.sendall(b"1")
        assert called.recv(1) == b"1"
        call.close()
        assert not line.is_taken()


def test_a_cut_lets_no_datagram_in(line: TcpConnections) -> None:
    family, kind = socket.AF_INET, socket.SOCK_DGRAM
    with socket.socket(family, kind) as listening, socket.socket(family, kind) as sender:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(LIMIT_S)
        sender.sendto(b"before", listening.getsockname())
        assert listening.recv(10) == b"before"
        line.cut()
        sender.sendto(b"behind", listening.getsockname())
        assert select.select([listening], [], [], 0.05)[0] == []
        with socket.socket(family, kind) as other:
            other.bind(("127.0.0.1", 0))
            sender.sendto(b"other", other.getsockname())
            assert select.select([other], [], [], LIMIT_S)[0], "what is opened later is heard"


def test_a_guarded_line_ends_when_the_other_machine_is_gone(
    line: TcpConnections, call: socket.socket
) -> None:
    line.guard()
    assert call.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    idle, interval, count = (
        call.getsockopt(socket.IPPROTO_TCP, name)
        for name in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    )
    assert idle + interval * count <= 4
    assert call.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 4000


def asked(line: TcpConnections, url: str = URL) -> Probe:
    probe = line.ask(url)
    assert probe is not None
    return probe


def test_a_server_that_lives_answers_a_question(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    camera.accept()[0].close()
    probe = asked(line)
    eventually(lambda: probe.echo() is Echo.PENDING, LIMIT_S)
    answering, _ = camera.accept()
    with answering:
        eventually(lambda: probe.echo() is Echo.PENDING, LIMIT_S)
        question = answering.recv(1000)
        assert question.startswith(b"OPTIONS rtsp://camera/stream1 RTSP/1.0\r\n")
        assert probe.echo() is Echo.PENDING
        answering.sendall(b"RTSP/1.0 401 Unauthorized\r\n\r\n")
        eventually(lambda: probe.echo() is Echo.GIVEN, LIMIT_S)
    probe.close()


def test_a_server_that_hangs_up_is_gone(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    camera.accept()[0].close()
    probe = asked(line)
    probe.echo()
    camera.accept()[0].close()
    eventually(lambda: probe.echo() is Echo.GONE, LIMIT_S)
    probe.close()


def test_a_server_that_is_not_there_is_gone(
    camera: socket.socket, line: TcpConnections, call: socket.socket
) -> None:
    answering, _ = camera.accept()
    with answering:
        camera.close()
        probe = asked(line)
        eventually(lambda: probe.echo() is Echo.GONE, LIMIT_S)
        probe.close()


@pytest.mark.parametrize("url", ["rtsps://camera/1", "http://camera/1", "rtmp://camera/1"])
def test_only_rtsp_is_asked(line: TcpConnections, call: socket.socket, url: str) -> None:
    assert line.ask(url) is None


def test_nobody_is_asked_without_a_line(line: TcpConnections) -> None:
    assert line.ask(URL) is None
