"""Calls of cameras with habits: what is done about each, and what is said where nothing helps."""

import contextlib
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.camera_calls import HERE, LOGIN, caller, fault, shown
from tests.support.scripted_camera import USER, Habits, scripted
from wallctl.media.network.camera_address import (
    Address,
)
from wallctl.media.rtsp.relay import Relay
from wallctl.media.sources.demuxer import open_url
from wallctl.media.sources.failure_reason import reason_of, reason_of_status
from wallctl.media.sources.rtsp import OPENING
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream, Transport
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier

WRONG = Login(USER, "other", HERE, basic=True)
SHA_256 = 'Digest realm="x", nonce="1", algorithm=SHA-256'
LOGINS = [
    Habits(scheme="basic"),
    Habits(scheme="digest"),
    Habits(scheme="digest", algorithm="MD5", qop="auth"),
    Habits(scheme="digest", algorithm="md5"),
    Habits(scheme="digest", algorithm="MD5-sess", qop="auth"),
    Habits(scheme="digest", algorithm="SHA-256"),
    Habits(scheme="digest", algorithm="SHA-256", qop="auth,auth-int"),
    Habits(scheme="digest", algorithm="SHA-256-sess", qop="auth"),
    Habits(scheme="digest", algorithm="SHA-512-256"),
    Habits(scheme="digest", more_challenges=(SHA_256.replace("SHA-256", "SHA3"),)),
    Habits(scheme="digest", realm='Login to "4K", x; (C=1)', user="a:b"),
    Habits(scheme="digest", realm="r" * 500),
    Habits(scheme="digest", password="密码" * 12),
    Habits(scheme="digest", nonce_for_one=True),
    Habits(scheme="digest", nonce_for_one=True, algorithm="SHA-256", qop="auth"),
    Habits(scheme="digest", algorithm="SHA-256", refuse_transport={"TCP": 461}),
]


@pytest.mark.parametrize("habits", LOGINS, ids=str)
def test_a_right_login_gets_in_whatever_is_wanted(habits: Habits) -> None:
    if habits.realm.startswith("Login"):
        habits.realm = habits.realm.replace('"', "'")
    with scripted(habits) as camera:
        shown(caller(camera.url, Login(habits.user, habits.password, HERE, basic=True)))


@pytest.mark.parametrize("habits", LOGINS[:10], ids=str)
def test_a_wrong_login_costs_one_try_a_call(habits: Habits) -> None:
    with scripted(habits) as camera:
        assert fault(caller(camera.url, WRONG)) is Reason.BAD_CREDENTIALS
        assert (camera.calls, camera.wrong) == (1, 1)


def test_a_camera_of_one_nonce_a_request_is_called_right_from_then_on() -> None:
    with scripted(Habits(scheme="digest", nonce_for_one=True)) as camera:
        calling = caller(camera.url)
        shown(calling)
        camera.calls = camera.wrong = 0
        shown(calling)
        assert camera.calls == 2
        assert camera.wrong <= 1, "by which it is learnt again"


def test_a_session_is_kept_whose_nonces_expire() -> None:
    habits = Habits(scheme="digest", algorithm="SHA-256", nonce_for_one=True, timeout_s=2)
    with scripted(habits) as camera:
        shown(caller(camera.url), 175)  # 3.5 s
        assert camera.methods.count("GET_PARAMETER") >= 2


@pytest.mark.parametrize(
    ("wanted", "login", "reason"),
    [
        ("digest", None, Reason.LOGIN_MISSING),
        ("NTLM", LOGIN, Reason.LOGIN_UNSUPPORTED),
        ("Bearer", None, Reason.LOGIN_MISSING),
    ],
)
def test_what_keeps_it_out_is_said(wanted: str, login: Login | None, reason: Reason) -> None:
    habits = Habits(scheme="digest")
    if wanted != "digest":
        habits = Habits(scheme="digest", algorithm="SHA3", more_challenges=(wanted,))
    with scripted(habits) as camera:
        assert fault(caller(camera.url, login)) is reason
        assert camera.logins() == []


OF_STATUS = {
    301: Reason.REDIRECTED,
    400: Reason.NO_SUCH_STREAM,
    403: Reason.FORBIDDEN,
    404: Reason.NO_SUCH_STREAM,
    406: Reason.UNSUPPORTED,
    408: Reason.TIMED_OUT,
    415: Reason.UNSUPPORTED,
    429: Reason.BUSY,
    451: Reason.NO_SUCH_STREAM,
    453: Reason.BUSY,
    454: Reason.CAMERA_FAULT,
    500: Reason.CAMERA_FAULT,
    503: Reason.BUSY,
    505: Reason.CAMERA_FAULT,
}


@pytest.mark.parametrize(("status", "reason"), OF_STATUS.items())
@pytest.mark.parametrize("method", ["DESCRIBE", "PLAY"])
def test_each_code_has_a_reason(method: str, status: int, reason: Reason) -> None:
    with scripted(Habits(refuse={method: status})) as camera:
        assert fault(caller(camera.url, None)) is reason


@pytest.mark.parametrize("status", [403, 404, 453, 503])
def test_a_code_of_setup_that_is_not_about_the_transport(status: int) -> None:
    with scripted(Habits(refuse={"SETUP": status})) as camera:
        assert fault(caller(camera.url, None)) is OF_STATUS[status]


@given(st.integers(100, 999))
def test_no_code_is_without_a_reason(status: int) -> None:
    assert reason_of_status(status) is not Reason.NONE


@pytest.mark.parametrize("status", [400, 406, 415, 459, 461, 500, 501, 551])
def test_a_camera_of_udp_alone_is_called_so_and_that_is_said_once(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with scripted(Habits(refuse_transport={"TCP": status})) as camera:
        calling = caller(camera.url, None, name="gate/main")
        shown(calling)
        camera.calls = 0
        shown(calling)
        assert camera.calls == 2
        assert calling.carrier == Carrier.UDP | Carrier.FALLBACK
    assert caplog.messages == ["gate/main refuses tcp; udp is used"]


def test_a_camera_of_tcp_alone_is_called_so() -> None:
    with scripted(Habits(refuse_transport={"UDP": 461})) as camera:
        calling = caller(camera.url, None, Transport.UDP)
        shown(calling)
        assert calling.carrier == Carrier.TCP | Carrier.FALLBACK


@pytest.mark.parametrize(
    ("status", "reason"),
    [(461, Reason.NO_TRANSPORT), (406, Reason.NO_TRANSPORT), (500, Reason.CAMERA_FAULT)],
)
def test_a_camera_that_refuses_both(status: int, reason: Reason) -> None:
    with scripted(Habits(refuse_transport={"TCP": status, "UDP": status})) as camera:
        assert fault(caller(camera.url, None)) is reason


@pytest.mark.parametrize("refused", [(1,), (0,), (0, 1)])
def test_a_refused_track_keeps_no_other_one_out(refused: tuple[int, ...]) -> None:
    with scripted(Habits(tracks=3, refuse_tracks=refused, sound=True)) as camera:
        shown(caller(camera.url, None))


@pytest.mark.parametrize("refused", [0, 1])
@pytest.mark.parametrize("status", [461, 406, 500])
def test_a_refused_track_keeps_no_other_transport_out(refused: int, status: int) -> None:
    """A camera of UDP alone refuses one track for good and the other one for the transport."""
    habits = Habits(tracks=2, refuse_tracks=(refused,), refuse_transport={"TCP": status})
    with scripted(habits) as camera:
        shown(caller(camera.url, None))


def test_all_tracks_refused() -> None:
    with scripted(Habits(tracks=2, refuse_tracks=(0, 1))) as camera:
        assert fault(caller(camera.url, None)) is Reason.NO_SUCH_STREAM


def test_stray_bytes_do_no_harm_once_a_call_was_fruitless() -> None:
    with scripted(Habits(junk=b"\0\1\xff$\xff")) as camera:
        calling = caller(camera.url, None)
        calling.brief()
        shown(calling, 30)


def test_a_camera_that_hangs_up_by_relay_too_is_called_without() -> None:
    with scripted() as camera:
        calling = caller(camera.url, None)
        for relayed in (False, True, False, False):
            camera.requests.clear()
            shown(calling)
            asked = [one for one in camera.requests if one.request[0] == "DESCRIBE"]
            assert ({one.first("User-Agent") for one in asked} == {"wallctl"}) is relayed
            assert calling.carrier == Carrier.TCP | (Carrier.RELAYED * relayed)
            calling.brief()


@pytest.mark.parametrize(
    ("url", "carrier"),
    [
        *(("udp://127.0.0.1:9", Carrier.UDP), ("rtp://127.0.0.1:9", Carrier.UDP)),
        *(("http://192.0.2.1/", Carrier.TCP), ("rtmp://192.0.2.1/a", Carrier.TCP)),
        *(("/srv/a.mp4", Carrier.NONE), ("file:///srv/a.mp4", Carrier.NONE)),
    ],
)
def test_what_carries_the_packets_of_other_sources(url: str, carrier: Carrier) -> None:
    assert caller(url, None).carrier is carrier


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
def test_a_camera_that_hangs_up_has_ended_it(method: str) -> None:
    with scripted(Habits(hang_up_at=method)) as camera:
        assert fault(caller(camera.url, None)) is Reason.ENDED


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert fault(caller(f"rtsp://127.0.0.1:{port}/a")) is Reason.PORT_CLOSED
    assert fault(caller(f"http://127.0.0.1:{port}/a")) is Reason.PORT_CLOSED


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "x")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    for scheme in ("rtsp", "http", "rtmp"):
        assert fault(caller(f"{scheme}://camera.lan/1")) is Reason.NAME_UNKNOWN


def test_no_video() -> None:
    with scripted(Habits(tracks=0, sound=True)) as camera:
        assert fault(caller(camera.url, None)) is Reason.NO_VIDEO


def test_a_codec_that_nobody_knows() -> None:
    odd = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 X-SECRET/90000\r\n"
    with scripted(Habits(video=odd)) as camera:
        assert fault(caller(camera.url, None)) is Reason.UNSUPPORTED


def test_what_a_fruitless_call_was_for() -> None:
    with scripted() as camera:
        calling = caller(camera.url, None)
        assert calling.fruitless(Reason.UNREACHABLE, 0) is Reason.UNREACHABLE
        shown(calling)
        assert calling.fruitless(Reason.BROKEN_DATA, 9) is Reason.UNSUPPORTED
        shown(calling)
        assert "TEARDOWN" in camera.methods, "a relay stands between now"
        assert calling.fruitless(Reason.TIMED_OUT, 0) is Reason.TIMED_OUT
        over_udp = caller(camera.url, None, Transport.UDP)
        shown(over_udp)
        assert over_udp.fruitless(Reason.BROKEN_DATA, 9) is Reason.BROKEN_DATA
        assert over_udp.fruitless(Reason.TIMED_OUT, 0) is Reason.NO_TRANSPORT
        camera.requests.clear()
        shown(over_udp)
        asked = next(one for one in camera.requests if one.request[0] == "SETUP")
        assert "TCP" in asked.first("Transport")


CALL = (
    "import socket, sys; one = socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5); "
    "one.settimeout(5); print(one.recv(9))"
)


def test_a_stranger_at_the_port_of_a_relay_keeps_nobody_out() -> None:
    with scripted(Habits(scheme="digest")) as camera:
        relay = Relay(Address(camera.url, LOGIN))
        port = relay.url.split(":")[2].split("/")[0]
        said = subprocess.run(
            [sys.executable, "-c", CALL, port], check=True, capture_output=True, timeout=20
        )
        assert said.stdout == b"b''\n"
        with contextlib.closing(
            open_url(relay.url, Stream("main", camera.url), OPENING, relay)
        ) as opened:
            assert next(opened.packets()).size_bytes


@pytest.mark.parametrize("scheme", ["", "basic", "digest", "NTLM"])
def test_nothing_that_a_camera_says_is_repeated(
    scheme: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07\u202eevil"
    video = f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 {evil}/90000\r\ni={evil}\r\n"
    habits = Habits(scheme=scheme, realm=evil, video=video, more_challenges=(f'Evil "{evil}"',))
    with scripted(habits) as camera:
        with pytest.raises(Exception) as raised:
            caller(camera.url, WRONG, name="gate/main").call()
        assert isinstance(reason_of(raised.value), Reason)
    assert "evil" not in f"{caplog.text}{capfd.readouterr()}"


def test_nobody_else_gets_in_through_a_relay() -> None:
    with scripted(Habits(scheme="digest", algorithm="SHA-256")) as camera:
        relay = Relay(Address(camera.url, LOGIN))
        port = int(relay.url.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), 5) as stranger:
            stranger.sendall(b"DESCRIBE rtsp://127.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\n\r\n")
            stranger.settimeout(5)
            assert stranger.recv(1000) == b""
        relay.close()
        assert camera.logins() == []
