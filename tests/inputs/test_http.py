"""Alarms over HTTP: what devices, programs and web pages send, and what they are answered."""

import base64
import concurrent.futures
import contextlib
import http.client
import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import pytest

from tests.support import scripted_controller as wishing
from tests.support.attack_size import size
from tests.support.live_wall import eventually
from tests.support.scripted_controller import Wall
from wallctl.api.protocol import Failed
from wallctl.inputs import http as http_input
from wallctl.inputs.alarm_client import TEXT_LEFT_OUT, Raiser
from wallctl.inputs.http import BODY_MAX_BYTES, CALL_S, MOST_CALLERS, AlarmServer, serve
from wallctl.inputs.input_error import InputError
from wallctl.inputs.refusal_log import Refusals
from wallctl.model.site.alarm_input import HttpInput, Maker, Push
from wallctl.model.site.credential import Login
from wallctl.model.wall.commands import command as c

wall, raiser = wishing.wall, wishing.raiser
NVR = Push(Maker.HIKVISION, ("127.0.0.1",), {"1": "gate", "2": "yard", "io1": "door"})


@pytest.fixture
def served(raiser: Raiser) -> Iterator[Callable[..., int]]:
    """Starts servers; their ports."""
    servers: list[AlarmServer] = []

    def serve(login: Login | None = None, pushes: tuple[Push, ...] = ()) -> int:
        server = AlarmServer(HttpInput(0, login, pushes=pushes), raiser)
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        servers.append(server)
        return int(server.server_address[1])

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def post(
    port: int,
    path: str,
    body: bytes = b"",
    method: str = "POST",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, body, dict(headers))
    reply = connection.getresponse()
    told = reply.status, reply.read()
    connection.close()
    return told


def test_a_post_raises_an_alarm(wall: Wall, served: Callable[[None], int]) -> None:
    port = served(None)
    assert post(port, "/alarm/gate") == (200, b'{"ok":true}')
    encoded = "/alarm/%E5%A4%A7%E9%97%A8?text=%E6%9C%89%E4%BA%BA+%E6%91%94%E5%80%92&x=1"
    assert post(port, encoded, b"<event/>" * 1000)[0] == 200
    assert wall.heard == [c.RaiseAlarm("gate"), c.RaiseAlarm("大门", "有人 摔倒")]


def test_a_text_that_nobody_may_tell_is_left_out_and_the_caller_is_told(
    wall: Wall, raiser: Raiser, served: Callable[[None], int]
) -> None:
    raiser.may_tell = False
    status, told = post(served(None), "/alarm/gate?text=everybody+out")
    assert (status, json.loads(told)) == (200, {"ok": True, "message": TEXT_LEFT_OUT})
    assert wall.heard == [c.RaiseAlarm("gate")]


def test_an_address_may_hold_chinese_as_it_is(wall: Wall, served: Callable[[None], int]) -> None:
    with socket.create_connection(("127.0.0.1", served(None)), 5) as caller:
        caller.sendall("POST /alarm/大门 HTTP/1.0\r\n\r\n".encode())
        assert b"200" in caller.recv(100)
    assert wall.heard == [c.RaiseAlarm("大门")]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 404), ("/alarm/", 404), ("/alarms/gate", 404), ("/alarm/%FF", 400)],
)
def test_other_addresses_raise_nothing(
    path: str, status: int, wall: Wall, served: Callable[[None], int]
) -> None:
    assert post(served(None), path)[0] == status
    assert wall.heard == []


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


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("unknown_alarm", 404),
        ("not_allowed", 403),
        ("too_many", 429),
        ("ending", 409),
        ("no_wall", 503),
    ],
)
def test_what_the_wall_says_is_handed_on(
    code: str, status: int, wall: Wall, served: Callable[[None], int]
) -> None:
    wall.answer = lambda _command: Failed(code, "not so")
    assert post(served(None), "/alarm/gate") == (status, b'{"ok":false,"message":"not so"}')


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


@pytest.mark.attack
def test_a_camera_s_large_picture_may_come_first(wall: Wall, served: Callable[..., int]) -> None:
    picture = b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + b"\xff\xd8\n" * size(500_000, 4_000_000)
    alert = b'{"channelID": 1, "eventType": "VMD", "eventState": "active"}'
    body = picture + b"\r\n--b\r\nContent-Type: application/json\r\n\r\n" + alert + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert post(served(pushes=(NVR,)), "/push/hikvision", body, headers=headers)[0] == 200
    assert wall.heard == [c.RaiseAlarm("gate")]


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


def test_a_port_in_use_is_told(raiser: Raiser) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"127.0.0.1:{port} can't be listened at"):
            serve(HttpInput(port), raiser, lambda: None)


def test_what_devices_can_send_raises_an_alarm(wall: Wall, served: Callable[[], int]) -> None:
    port, picture = served(), b"\xff\xd8" + bytes(300_000)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    whole = f"http://127.0.0.1:{port}/alarm/1?text=proxy"
    said = [
        ("GET", "/alarm/1?text=get", b"", {}, "get"),
        ("PUT", "/alarm/1?text=put", picture, {}, "put"),
        ("POST", "/alarm/1/?text=slash", b"", {}, "slash"),
        ("POST", "//alarm/1?text=slashes", b"", {}, "slashes"),
        ("POST", "/ALARM/1?TEXT=large", b"", {}, "large"),
        ("POST", "/alarm/1?text=%D4%BD%BD%E7", b"", {}, "越界"),
        ("POST", "/alarm/1?text=%E4%BA%BA", b"", {}, "人"),
        ("POST", "/alarm/1", b"text=form", form, "form"),
        ("POST", "/alarm/1", b"text=%D4%BD+%BD%E7", form, "越 界"),
        ("POST", "/alarm/1", '{"text": "对象"}'.encode(), {}, "对象"),
        ("POST", "/alarm/1", '{"Message": "gbk 越界"}'.encode("gbk"), {}, "gbk 越界"),
        ("POST", "/alarm/1", "明文".encode(), {"Content-Type": "text/plain"}, "明文"),
        ("POST", whole, b"", {}, "proxy"),
    ]
    for method, path, body, headers, text in said:
        assert post(port, path, body, method, headers)[0] == 200, path
        assert wall.heard.pop() == c.RaiseAlarm("1", text), path
    assert post(port, "/alarm/%B6%AB%C3%C5")[0] == 200
    assert wall.heard.pop() == c.RaiseAlarm("东门")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/alarm/gate?state=off", b""),
        ("POST", "/alarm/gate", b'{"State": "cleared"}'),
        ("POST", "/alarm/gate", b'{"active": false}'),
        ("POST", "/alarm/gate?text=%E6%81%A2%E5%A4%8D", b""),
        ("DELETE", "/alarm/gate", b""),
    ],
)
def test_a_device_says_that_its_alarm_is_over(
    method: str, path: str, body: bytes, wall: Wall, served: Callable[[], int]
) -> None:
    assert post(served(), path, body, method)[0] == 200
    assert wall.heard == [c.EndAlarm("gate")]


def test_a_form_of_several_parts_may_hold_a_text(wall: Wall, served: Callable[[], int]) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = part.format("text", "有人") + part.format("jpg", "\x00" * 100_000) + "--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert post(served(), "/alarm/1", body.encode(), headers=headers)[0] == 200
    assert wall.heard == [c.RaiseAlarm("1", "有人")]


def talk(port: int, *pieces: bytes) -> bytes:
    """What the server answers to a call that is sent piece by piece."""
    with socket.create_connection(("127.0.0.1", port), 5) as caller:
        for piece in pieces:
            caller.sendall(piece)
        answer = b""
        while got := caller.recv(4096):
            answer += got
        return answer


def test_a_body_may_come_in_chunks(wall: Wall, served: Callable[[], int]) -> None:
    head = b"POST /alarm/1?text=a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000;x=y\r\n" + bytes(65_536) + b"\r\n"
    assert b" 200 " in talk(served(), head, *[chunk] * 5, b"0\r\n\r\n")
    for wrong in (b"hello\r\n", b"-1\r\n", b"\r\n", b"99999999999\r\n", b"x" * 5000):
        assert b" 400 " in talk(served(), head, wrong), wrong
    assert b" 413 " in talk(served(), head, b"%x\r\n" % (BODY_MAX_BYTES + 1))
    both = head.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n")
    assert b" 400 " in talk(served(), both, b"0\r\n\r\n")
    assert wall.heard == [c.RaiseAlarm("1", "a")]


def test_a_caller_that_asks_before_it_sends_is_answered(
    wall: Wall, served: Callable[[], int]
) -> None:
    head = b"POST /alarm/1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served()), 5) as caller:
        caller.sendall(head)
        assert caller.recv(100).startswith(b"HTTP/1.1 100 ")
        caller.sendall(b"text=okay")
        assert b" 200 " in caller.recv(1000)
    assert len(wall.heard) == 1


def test_a_call_is_heard_before_its_pictures_are(wall: Wall, served: Callable[[], int]) -> None:
    """A slow line needs seconds for them, and may break."""
    head = b"POST /alarm/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served()), 5) as caller:
        caller.sendall(head + bytes(70_000))
        eventually(lambda: wall.heard == [c.RaiseAlarm("1")], CALL_S)


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


# What cameras push

HIKVISION = """<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<ipAddress>192.0.2.31</ipAddress><channelID>{}</channelID><eventType>{}</eventType>
<eventState>{}</eventState><eventDescription>line crossing</eventDescription>
</EventNotificationAlert>"""


def push(port: int, channel: str, kind: str, state: str) -> int:
    """What a Hikvision device is answered."""
    body = HIKVISION.format(channel, kind, state).encode()
    return post(port, "/push/hikvision", body, headers={"Content-Type": "application/xml"})[0]


def test_what_a_camera_pushes_raises_and_ends_its_alarm(
    wall: Wall, served: Callable[..., int]
) -> None:
    port = served(pushes=(NVR,))
    assert push(port, "1", "linedetection", "active") == 200
    assert push(port, "1", "VMD", "active") == 200
    assert push(port, "1", "videoloss", "inactive") == 200, "a sign of life"
    assert push(port, "1", "VMD", "inactive") == 200
    assert push(port, "1", "linedetection", "inactive") == 200
    assert push(port, "2", "VMD", "inactive") == 200
    assert wall.heard == [c.RaiseAlarm("gate"), c.EndAlarm("gate")]


def test_a_channel_without_an_alarm_is_told_once(
    wall: Wall, served: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    port = served(pushes=(NVR,))
    assert [push(port, "33", "VMD", "active") for _ in range(3)] == [200] * 3
    assert wall.heard == []
    told = "127.0.0.1 pushed 'VMD' of channel '33', which has no alarm in [[inputs.pushes]]"
    assert [one.getMessage() for one in caplog.records] == [told]


def test_only_named_devices_push(wall: Wall, served: Callable[..., int]) -> None:
    far = Push(Maker.HIKVISION, ("192.0.2.0/28",), {"1": "gate"})
    near = Push(Maker.DAHUA, ("127.0.0.0/8",), {"1": "gate"}, ("CrossLineDetection",))
    port = served(pushes=(far, near))
    assert push(port, "1", "VMD", "active") == 403
    for code, status in (("VideoMotion", 200), ("CrossLineDetection", 200)):
        body = f'{{"Code": "{code}", "Action": "Start", "Index": 0}}'.encode()
        assert post(port, "/push/dahua", body)[0] == status
    assert post(port, "/push/dahua", b"hello")[0] == 400
    for alive in (b"", b"Heartbeat", b'{"Code": "Heartbeat", "Action": "Pulse", "Index": 0}'):
        assert post(port, "/push/dahua", alive)[0] == 200
    assert post(port, "/push/axis", b"hello")[0] == 404
    assert wall.heard == [c.RaiseAlarm("gate")]
