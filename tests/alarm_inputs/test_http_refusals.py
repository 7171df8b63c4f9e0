"""Alarms over HTTP: who is refused or hung up on, and what the log says of it."""

import base64
import concurrent.futures
import contextlib
import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable

import pytest

from tests.support import alarm_server, scripted_controller
from tests.support.alarm_server import post, talk
from tests.support.attack_size import size
from tests.support.live_wall import eventually
from tests.support.scripted_controller import Wall
from wallctl.alarm_inputs import http_listener as http_input
from wallctl.alarm_inputs.http_listener import BODY_MAX_BYTES, CALL_S, MOST_CALLERS
from wallctl.alarm_inputs.refusal_log import Refusals
from wallctl.api.protocol import Failed
from wallctl.model.site.alarm_input import Maker, Push
from wallctl.model.site.credential import Login

wall, raiser, served = scripted_controller.wall, scripted_controller.raiser, alarm_server.served


def test_who_may_not_is_refused(wall: Wall, served: Callable[[Login | None], int]) -> None:
    port = served(Login("nvr", "hunter2"))

    def basic(words: str) -> str:
        return f"Basic {base64.b64encode(words.encode()).decode()}"

    for said in ({}, {"Authorization": basic("nvr:hunter3")}, {"Authorization": "Basic ~"}):
        status, told = post(port, "/alarm/gate", headers=said)
        assert status == 401
        assert b"hunter2" not in told
    assert post(port, "/alarm/gate", headers={"Authorization": basic("nvr:hunter2")})[0] == 200
    page = {"Origin": "http://example.org", "Authorization": basic("nvr:hunter2")}
    assert post(port, "/alarm/gate", headers=page)[0] == 403
    assert len(wall.heard) == 1


def test_a_body_without_end_is_not_read(wall: Wall, served: Callable[[None], int]) -> None:
    port = served(None)
    for length in (str(BODY_MAX_BYTES + 1), "-1", "many", "9" * 5000):
        with socket.create_connection(("127.0.0.1", port), 5) as caller:
            head = f"POST /alarm/gate HTTP/1.0\r\nContent-Length: {length}\r\n\r\n"
            caller.sendall(head.encode())
            assert b"413" in caller.recv(100)
    assert wall.heard == []


def test_a_caller_that_says_nothing_keeps_nobody_waiting(
    wall: Wall, served: Callable[[None], int]
) -> None:
    port = served(None)
    silent = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(8)]
    assert post(port, "/alarm/gate")[0] == 200
    for caller in silent:
        caller.close()


def test_a_device_that_may_not_push_is_refused_before_its_body(
    wall: Wall, served: Callable[..., int]
) -> None:
    port = served(pushes=(Push(Maker.HIKVISION, ("192.0.2.1",), {"1": "gate"}),))
    with socket.create_connection(("127.0.0.1", port), 5) as caller:
        caller.sendall(b"POST /push/hikvision HTTP/1.1\r\nContent-Length: 16000000\r\n\r\n<")
        assert b" 403 " in caller.recv(100)


@pytest.mark.attack
def test_a_head_without_end_takes_no_memory(wall: Wall, served: Callable[[None], int]) -> None:
    """Whoever may open a connection may send one, without any login."""
    port, line = served(None), b"X: " + b"x" * 60_000 + b"\r\n"
    head = b"POST /alarm/gate HTTP/1.1\r\n" + line * 90 + b"\r\n"
    tracemalloc.start()
    for _ in range(size(4, 64)):
        with socket.create_connection(("127.0.0.1", port), 5) as caller:
            with contextlib.suppress(ConnectionError):
                caller.sendall(head)
            with contextlib.suppress(ConnectionError):
                assert caller.recv(100) == b""
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 2 << 20
    assert wall.heard == []


def test_of_too_many_callers_the_first_is_hung_up_on(
    wall: Wall, served: Callable[[None], int]
) -> None:
    """However many say nothing, and come again: who has something to say is heard."""
    port = served(None)
    silent: list[socket.socket] = []
    for _ in range(4):
        for _ in range(MOST_CALLERS):
            silent.append(socket.create_connection(("127.0.0.1", port), 5))
            silent[-1].settimeout(CALL_S / 2)
        assert post(port, "/alarm/gate")[0] == 200
    assert silent[0].recv(1) == b"", "it was hung up on before its time was over"
    for caller in silent:
        caller.close()
    assert post(port, "/alarm/gate")[0] == 200


def test_a_caller_for_whom_there_is_no_thread_takes_no_room(
    wall: Wall, served: Callable[[None], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = served(None)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _no_thread)
        for _ in range(MOST_CALLERS + 1):
            with socket.create_connection(("127.0.0.1", port), 5) as caller:
                assert caller.recv(1) == b""
    assert post(port, "/alarm/gate")[0] == 200


def _no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "HEAD", "GIVE-ME"])
def test_every_refusal_is_json(method: str, served: Callable[[], int]) -> None:
    port = served()
    answer = talk(port, f"{method} /alarm/1 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    top, _, body = answer.partition(b"\r\n\r\n")
    assert b" 405 " in top
    assert b"Allow: GET, POST, PUT, DELETE" in top
    assert b"Content-Type: application/json" in top
    assert not body if method == "HEAD" else json.loads(body)["ok"] is False
    noise = talk(port, b"\x16\x03\x01 hello\r\n\r\n")
    assert json.loads(noise.partition(b"\r\n\r\n")[2] or noise)["ok"] is False


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Referer": "http://192.0.2.1/map"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_web_page_raises_nothing(
    headers: dict[str, str], wall: Wall, served: Callable[[], int]
) -> None:
    port = served()
    for method in ("GET", "POST"):
        assert post(port, "/alarm/1", method=method, headers=headers)[0] == 403
    assert wall.heard == []
    assert post(port, "/alarm/1", method="GET", headers={"Sec-Fetch-Site": "none"})[0] == 200


def test_who_sends_a_byte_now_and_then_is_hung_up_on(served: Callable[[], int]) -> None:
    began_s = time.monotonic()
    with socket.create_connection(("127.0.0.1", served()), 5) as caller:
        caller.settimeout(0.1)

        def is_over() -> bool:
            try:
                caller.sendall(b"P")
                return caller.recv(1) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        eventually(is_over, CALL_S + 2)
    assert time.monotonic() - began_s >= CALL_S - 0.5


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8088", 200),
        ("[::1]:8088", 200),
        ("LOCALHOST", 200),
        ("", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8088", 421),
        ("[::1", 421),
    ],
)
def test_only_this_machine_is_meant(
    host: str, status: int, wall: Wall, served: Callable[[], int]
) -> None:
    assert post(served(), "/alarm/gate", headers={"Host": host})[0] == status
    assert len(wall.heard) == (status == 200)


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the log says of refusals, a minute of which never passes."""
    lines: list[str] = []
    monkeypatch.setattr(http_input, "refusals", Refusals(lines.append, lambda: 0))
    return lines


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/alarm/gate", "a call from 127.0.0.1 got 404: no alarm is called 'gate'"),
        ("/push/dahua", "a call from 127.0.0.1 got 403: the site names no device of dahua"),
        ("/elsewhere", "a call from 127.0.0.1 got 404: only /alarm/NAME and /push/MAKER"),
        ("/alarm/%FF", "a call from 127.0.0.1 got 400: the address is neither UTF-8 nor GBK"),
    ],
)
def test_the_log_says_which_call_is_refused_and_why(
    path: str, line: str, wall: Wall, served: Callable[[], int], log_lines: list[str]
) -> None:
    wall.answer = lambda _command: Failed("unknown_alarm", "no alarm is called 'gate'")
    assert post(served(), path)[0] >= 400
    assert [said[: len(line)] for said in log_lines] == [line]


def test_the_log_takes_one_line_a_minute_however_many_calls_are_refused(
    served: Callable[[], int], log_lines: list[str]
) -> None:
    port = served()
    for path in ("/elsewhere", "/alarm/%FF", "/push/dahua", "/" + "x" * 9000):
        assert post(port, path)[0] >= 400
    talk(port, b"BREW /alarm/1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert len(log_lines) == 1
    assert len(log_lines[0]) < 200


def test_who_guesses_waits_and_who_knows_does_not(
    wall: Wall, served: Callable[[Login], int], caplog: pytest.LogCaptureFixture
) -> None:
    port = served(Login("nvr", "hunter2"))

    def ask(words: str) -> int:
        said = {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
        return post(port, "/alarm/gate", headers=said)[0]

    began_s = time.monotonic()
    assert [ask(f"nvr:{i}") for i in range(4)] == [401] * 4
    assert time.monotonic() - began_s >= 0.1 + 0.2 + 0.4 + 0.8
    assert ask("nvr:hunter2") == 200
    with concurrent.futures.ThreadPoolExecutor(12) as many:
        answers = list(many.map(ask, [f"nvr:{i}" for i in range(12)]))
    assert set(answers) == {401, 429}
    assert answers.count(401) <= 8
    assert len(caplog.records) <= 1, "one line a minute"
