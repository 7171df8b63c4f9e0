"""Alarms over HTTP: what devices and programs send, and what raises an alarm."""

import json
import socket
from collections.abc import Callable

import pytest

from tests.support import alarm_server, scripted_controller
from tests.support.alarm_server import post, talk
from tests.support.attack_size import size
from tests.support.live_wall import eventually
from tests.support.scripted_controller import Wall
from wallctl.alarm_inputs.alarm_client import TEXT_LEFT_OUT, Raiser
from wallctl.alarm_inputs.http_listener import BODY_MAX_BYTES, CALL_S, serve
from wallctl.alarm_inputs.input_error import InputError
from wallctl.api.protocol import Failed
from wallctl.model.site.alarm_input import HttpInput, Maker, Push
from wallctl.model.wall.commands import command as c

wall, raiser, served = scripted_controller.wall, scripted_controller.raiser, alarm_server.served

NVR = Push(Maker.HIKVISION, ("127.0.0.1",), {"1": "gate", "2": "yard", "io1": "door"})


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


@pytest.mark.attack
def test_a_camera_s_large_picture_may_come_first(wall: Wall, served: Callable[..., int]) -> None:
    picture = b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + b"\xff\xd8\n" * size(500_000, 4_000_000)
    alert = b'{"channelID": 1, "eventType": "VMD", "eventState": "active"}'
    body = picture + b"\r\n--b\r\nContent-Type: application/json\r\n\r\n" + alert + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert post(served(pushes=(NVR,)), "/push/hikvision", body, headers=headers)[0] == 200
    assert wall.heard == [c.RaiseAlarm("gate")]


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
