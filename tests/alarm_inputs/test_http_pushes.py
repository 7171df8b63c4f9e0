"""What devices push over HTTP: the forms of three makers, bodies and addresses."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.alarm_inputs.http_bodies import PART_KEPT_BYTES, Part, fields_of, parts
from wallctl.alarm_inputs.http_callers import is_named, may_call
from wallctl.alarm_inputs.http_pushes import Ongoing, PushedEvent, events_of, is_readable
from wallctl.alarm_inputs.http_routes import AlarmAsked, PushAsked, asked
from wallctl.alarm_inputs.login_delay import WrongLogins
from wallctl.alarm_inputs.refusal_log import Refusals
from wallctl.model.site.alarm_input import HttpInput, Maker

XML = """<EventNotificationAlert xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.0.2.31</ipAddress>{}<eventState>{}</eventState></EventNotificationAlert>"""
JSON = b'{"channelID": 2, "eventType": "linedetection", "eventState": "active"}'
MULTIPART = (
    b'--boundary\r\nContent-Disposition: form-data; name="linedetection.xml"\r\n'
    b"Content-Type: application/xml\r\n\r\n%s\r\n--boundary\r\n"
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0\x00<\r\n--boundary--\r\n"
)


def told(maker: Maker, kind: str, body: bytes, piece: int = 1 << 20) -> list[PushedEvent]:
    """What a push tells whose body comes in pieces."""
    pieces = (body[i : i + piece] for i in range(0, len(body), piece))
    return [event for part in parts(kind, pieces) for event in events_of(maker, part)]


def hikvision(fields: str, state: str = "active") -> bytes:
    return XML.format(fields, state).encode()


ALERT = "<channelID>2</channelID><eventType>linedetection</eventType>"
PREFIXED = b"""<ns2:EventNotificationAlert xmlns:ns2="urn:x"><ns2:channelID>2</ns2:channelID>
<ns2:eventType>linedetection</ns2:eventType><ns2:eventState>active</ns2:eventState>
</ns2:EventNotificationAlert>"""


@pytest.mark.parametrize(
    "body",
    [
        hikvision(ALERT + "<channelName>Gate & yard</channelName>"),
        hikvision(f"<!-- <eventType>VMD</eventType> -->{ALERT}"),
        hikvision(ALERT.replace("linedetection", "<![CDATA[linedetection]]>")),
        hikvision(ALERT + "<DetectionRegionList><channelID>9</channelID></DetectionRegionList>"),
        PREFIXED,
        PREFIXED.replace(b' xmlns:ns2="urn:x"', b""),
        hikvision(ALERT).decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>'.decode().encode("utf-16-le")
        + hikvision(ALERT).decode().encode("utf-16-le"),
        b"[" + JSON + b"]",
        b'{"EventNotificationAlert": ' + JSON + b"}",
        b'{"EventNotificationAlertList": [' + JSON + b"]}",
        JSON.replace(b"2", b"2.0"),
    ],
)
def test_what_hikvision_pushes_as_its_devices_write_it(body: bytes) -> None:
    assert told(Maker.HIKVISION, "application/xml", body) == [
        PushedEvent("2", "linedetection", True)
    ]


def test_several_alerts_of_one_part_are_heard() -> None:
    first, second = hikvision(ALERT), hikvision(ALERT.replace("2", "3"), "inactive")
    both = [PushedEvent("2", "linedetection", True), PushedEvent("3", "linedetection", False)]
    assert told(Maker.HIKVISION, "application/xml", first + second) == both
    listed = b"[%s, %s]" % (JSON, JSON.replace(b"2", b"3").replace(b"active", b"inactive"))
    assert told(Maker.HIKVISION, "application/json", listed) == both


def test_what_hikvision_pushes() -> None:
    line = hikvision("<channelID>2</channelID><eventType>linedetection</eventType>")
    for kind, body in (
        ("application/xml", line),
        ("text/xml; charset=UTF-8", b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + line),
        ("", b'<?xml version="1.0" encoding="GB2312"?>' + line),
        ("multipart/form-data; boundary=boundary", MULTIPART % line),
        ("application/json", JSON),
    ):
        assert told(Maker.HIKVISION, kind, body) == [PushedEvent("2", "linedetection", True)]
    nvr = "<dynChannelID>33</dynChannelID><channelID>1</channelID><eventType>VMD</eventType>"
    gone = told(Maker.HIKVISION, "", hikvision(nvr, "inactive"))
    assert gone == [PushedEvent("33", "VMD", False)]
    contact = "<channelID>1</channelID><inputIOPortID>3</inputIOPortID><eventType>IO</eventType>"
    assert told(Maker.HIKVISION, "", hikvision(contact)) == [PushedEvent("io3", "IO", True)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"<a/>",
        b"\xff\xfe<\x00",
        b'{"eventType": "VMD"}',
        b'<!DOCTYPE a [<!ENTITY b "b">]><a><eventType>&b;</eventType></a>',
        b"<eventType>VMD</eventType><eventState>active</eventState>",
        hikvision("<eventType>" + "V" * 70 + "</eventType>"),
        b"<a>" * 100_000,
    ],
)
def test_what_no_camera_sends_is_no_event(body: bytes) -> None:
    for maker in Maker:
        assert told(maker, "application/xml", body) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"Code": "CrossLineDetection", "Action": "Start", "Index": 1, "Data": {}}',
        b'{"Events": [{"Action": "Pulse", "Code": "CrossLineDetection", "Index": 1}]}',
        b"Code=CrossLineDetection;action=Start;index=1;data={\n}",
        b'{"Code": "CrossLineDetection", "Action": "Start", "Index": 1.0}',
        b'{"Code": "CrossLineDetection", "Action": "Start", "Index": [1]}',
        b'[{"Code": "CrossLineDetection", "Action": "Start", "Index": "1"}]',
        '{"Code": "CrossLineDetection", "Action": "Start", "Index": 1}'.encode("utf-16"),
    ],
)
def test_what_dahua_pushes(body: bytes) -> None:
    is_moment = b"Pulse" in body
    once = [PushedEvent("2", "CrossLineDetection", True, is_moment)]
    assert told(Maker.DAHUA, "", body) == once
    whole = b"--x\r\nContent-Type: text/plain\r\n\r\n" + body + b"\r\n--x--"
    assert told(Maker.DAHUA, 'multipart/mixed; boundary="x"', whole) == once


def test_what_happens_in_a_moment_does_not_go_on() -> None:
    ongoing = Ongoing()
    assert ongoing.heard(PushedEvent("1", "CrossLineDetection", True, True)) is True
    assert ongoing.heard(PushedEvent("1", "VideoMotion", True)) is True
    assert ongoing.heard(PushedEvent("1", "videomotion", False)) is False


def test_a_name_that_was_cut_within_a_character_loses_no_event() -> None:
    cut = "大门".encode()[:-1]
    alert = hikvision(
        "<channelID>2</channelID><eventType>VMD</eventType><channelName>@</channelName>"
    )
    assert told(Maker.HIKVISION, "", alert.replace(b"@", cut)) == [PushedEvent("2", "VMD", True)]
    line = b'Code=VideoMotion;action=Start;index=0;data={"Name":"' + cut
    assert told(Maker.DAHUA, "", line) == [PushedEvent("1", "VideoMotion", True)]
    own = b'{"channelID":1,"eventType":"AIOP","eventState":"active","events":[{"a":1}]}'
    assert told(Maker.HIKVISION, "", own) == [PushedEvent("1", "AIOP", True)]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"\xef\xbb\xbf", b"\0\r\n"),
        (b'<?xml version="1.0" encoding="GB2312"?>\r\n', b"\r\n--MIME_boundary--\r\n"),
        (b"--boundary\r\nContent-Type: application/xml\r\n\r\n", b"\r\n--boundary--"),
    ],
)
def test_what_is_around_an_alert_of_hikvision_does_not_matter(before: bytes, behind: bytes) -> None:
    alert = XML.format("<channelID>3</channelID><eventType>VMD</eventType>", "active").encode()
    found = told(Maker.HIKVISION, "application/xml", before + alert + behind)
    assert found == [PushedEvent("3", "VMD", True)]


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=boundary", "", "application/xml"])
@pytest.mark.parametrize("piece", [7, 1000, 1 << 16, 1 << 20])
def test_a_picture_may_stand_before_what_is_said(kind: str, piece: int) -> None:
    """However large it is, in whatever pieces it comes, also where a device tells no boundary."""
    size = 100_000 if piece == 7 else 3_000_000
    picture = b"Content-Type: image/jpeg\r\n\r\n\xff\xd8" + b"\n--bound\xff" * (size // 9)
    alert = hikvision("<channelID>3</channelID><eventType>VMD</eventType>")
    said = b"Content-Type: application/xml\r\n\r\n" + alert
    body = b"--boundary\r\n" + picture + b"\r\n--boundary\r\n" + said + b"\r\n--boundary--\r\n"
    assert told(Maker.HIKVISION, kind, body, piece) == [PushedEvent("3", "VMD", True)]


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 30))
def test_parts_are_the_same_in_whatever_pieces_they_come(found: list[bytes], piece: int) -> None:
    body = b"--b-b\r\n" + b"\r\n--b-b\r\n".join(found) + b"\r\n--b-b--"
    kind = "multipart/mixed; boundary=b-b"
    pieces = [body[i : i + piece] for i in range(0, len(body), piece)]
    assert list(parts(kind, pieces)) == list(parts(kind, [body]))


def test_of_a_body_without_end_little_is_kept() -> None:
    endless = [b"x" * 65_536] * 100
    for kind in ("multipart/mixed; boundary=b", "text/plain"):
        kept = list(parts(kind, [b"--b\n\n", *endless, b"--b\n\n", *endless]))
        assert kept
        assert all(len(part.content) <= PART_KEPT_BYTES for part in kept)
    assert len(list(parts("multipart/mixed; boundary=b", [b"--b"] * 100_000))) <= 16


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"Heartbeat",
        b'{"Action": "Pulse", "Code": "Heartbeat", "Index": 0}',
        b"Code=KeepAlive;action=Pulse;index=0",
        b'{"Reference": "192.0.2.1:80/Subscription/Subscribers/1", "Time": 1780000000}',
        hikvision("<eventType>heartBeat</eventType>"),
        hikvision("<channelID>1</channelID>", "inactive"),
    ],
)
def test_a_sign_of_life_is_read_and_raises_nothing(body: bytes) -> None:
    assert any(is_readable(maker, Part("", "", body)) for maker in Maker)
    for maker in Maker:
        assert told(maker, "", body) == []


@pytest.mark.parametrize(
    "body", [b"hello", b"\xff\xd8\xff\xe0", b"<html></html>", b"{", b"[1", b"\x81", b"5", b'"x"']
)
def test_what_is_no_push_is_not_readable(body: bytes) -> None:
    assert not any(is_readable(maker, Part("", "", body)) for maker in Maker)


def test_dahua_lists_events_and_writes_an_index_as_a_text() -> None:
    body = b'[{"Code": "CrossLineDetection", "Action": "Start", "Index": "1"}, 5, {"Code": 7}]'
    assert told(Maker.DAHUA, "application/json", body) == [
        PushedEvent("2", "CrossLineDetection", True),
        PushedEvent("1", "7", True),
    ]
    for index in (b"-1", b"true", b'"x"', b"1.5"):
        body = b'{"Code": "VideoMotion", "Action": "Start", "Index": ' + index + b"}"
        assert told(Maker.DAHUA, "application/json", body) == []


def test_dahua_says_when_it_is_over() -> None:
    body = b"Code=VideoMotion;action=Stop;index=0\r\nCode=AlarmLocal;action=Start;index=4"
    assert told(Maker.DAHUA, "text/plain", body) == [
        PushedEvent("1", "VideoMotion", False),
        PushedEvent("5", "AlarmLocal", True),
    ]


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("MotionAlarmOn", PushedEvent("3", "Motion", True)),
        ("MotionAlarmOff", PushedEvent("3", "Motion", False)),
        ("VideoLossRecover", PushedEvent("3", "VideoLoss", False)),
        ("InputAlarmOn", PushedEvent("3", "Input", True)),
    ],
)
def test_what_uniview_pushes(kind: str, event: PushedEvent) -> None:
    info = {"AlarmType": kind, "TimeStamp": 1780000000, "AlarmSeq": 7, "AlarmSrcID": 3}
    for body in (
        *({"Reference": "a", "AlarmInfo": info}, info, [info]),
        *({"AlarmInfo": [info]}, {"AlarmInfoList": [{"AlarmInfo": info}]}),
    ):
        assert told(Maker.UNIVIEW, "application/json", json.dumps(body).encode()) == [event]


@given(st.sampled_from(Maker), st.text(max_size=60), st.binary(max_size=400))
def test_whatever_is_pushed_it_is_read_or_left(maker: Maker, kind: str, body: bytes) -> None:
    told(maker, kind, body)
    told(maker, "multipart/form-data; boundary=x", b"--x\r\n\r\n" + body)
    fields_of(kind, body)
    fields_of("multipart/form-data; boundary=x", b"--x\r\n" + body)


@pytest.mark.parametrize("junk", [b";", b'"', b"(", b"a=b;", b"[", b"=?utf-8?q?a?= ", b"a*0=b;"])
@pytest.mark.parametrize("count", [400, 60_000])
def test_no_head_takes_long_to_read(junk: bytes, count: int) -> None:
    head = (b"multipart/form-data; " + junk * count)[:count]
    began_s = time.process_time()
    fields_of(head.decode(), b"--x\r\n\r\nhi\r\n--x--")
    part = b"--x\r\nContent-Disposition: " + head + b"\r\n\r\nhi\r\n"
    fields_of("multipart/form-data; boundary=x", part * 16)
    assert time.process_time() - began_s < 1


def test_an_alarm_is_over_when_all_that_began_has_ended() -> None:
    ongoing = Ongoing()
    heard = [
        ongoing.heard(PushedEvent("1", kind, begins))
        for kind, begins in (("a", False), ("a", True), ("b", True), ("a", False), ("b", False))
    ]
    assert heard == [None, True, True, None, False]


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("/alarm/gate", AlarmAsked("gate", {})),
        ("/alarm/a/b?Text=1&text=2&x", AlarmAsked("a/b", {"text": "1", "x": ""})),
        ("/alarm/%e5%a4%a7#x", AlarmAsked("大", {})),
        ("/push/Hikvision/", PushAsked(Maker.HIKVISION)),
        ("/push/uniview?a=b", PushAsked(Maker.UNIVIEW)),
        ("/LAPI/V1.0/System/Event/Notification/Alarm", PushAsked(Maker.UNIVIEW)),
        ("/push/", None),
        ("/alarm//", None),
        ("*", None),
        ("http://192.0.2.1", None),
    ],
)
def test_what_an_address_asks_for(target: str, what: AlarmAsked | PushAsked | None) -> None:
    assert asked(target) == what


def test_refusals_are_said_once_a_minute_with_their_count() -> None:
    said: list[str] = []
    now = [0]
    refusals = Refusals(said.append, lambda: now[0])
    for at_s in (0, 1, 59, 60, 61, 200):
        now[0] = at_s * 1_000_000_000
        refusals.heard(f"at {at_s}")
    assert said == [
        "at 0",
        "at 60 (and 2 more in the minute before)",
        "at 200 (and 1 more in the minute before)",
    ]


def test_the_pause_after_wrong_logins_grows_and_is_forgotten() -> None:
    slept: list[float] = []
    now = [0]
    wrong = WrongLogins(lambda: now[0], slept.append)
    for _ in range(7):
        wrong.wait("192.0.2.1")
    wrong.wait("192.0.2.2")
    now[0] = 61_000_000_000
    wrong.wait("192.0.2.1")
    assert slept == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 2, 2, 0.1, 0.1])
    for number in range(1000):
        wrong.wait(f"2001:db8::{number:x}")
    assert not wrong.is_crowded("192.0.2.1")


def test_who_may_call() -> None:
    assert is_named("192.0.2.7", ("192.0.2.0/28",))
    assert not is_named("192.0.2.16", ("192.0.2.0/28", "2001:db8::/32"))
    assert is_named("2001:db8::1", ("2001:db8::/32",))
    assert may_call(HttpInput(0), "127.0.0.1")
    assert may_call(HttpInput(0), "::1")
    assert not may_call(HttpInput(0, callers=("192.0.2.1",)), "192.0.2.2")
