"""Whether a camera is who the site says: strangers are refused before anything is said to them."""

import contextlib
import socket
import ssl
import threading

import pytest

from tests.support.certificates import CA, fingerprint
from tests.support.scripted_camera import PASSWORD, USER, Camera, Habits, scripted
from tests.support.servers.web_camera import WebCamera, picture, unmeasured, whole
from wallctl.media.http.content_sniffer import fetch
from wallctl.media.network.tls import UntrustedError
from wallctl.media.sources.failure_reason import SourceError, reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.model.site.camera_identity import Trust
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason
from wallctl.model.streams.transport import Carrier

LOGIN = Login(USER, PASSWORD, ("127.0.0.1",))
JPEG = picture()
BLIND = Trust(insecure=True)


def pinned(certificate: str) -> Trust:
    return Trust(fingerprint=fingerprint(certificate))


WELL = [
    *(("camera", Trust(ca=CA)), ("camera", pinned("camera")), ("own", pinned("own"))),
    # whom one knows by the fingerprint may have any name and age
    *(("elsewhere", pinned("elsewhere")), ("expired", pinned("expired"))),
]
STRANGERS = [
    *(("camera", Trust()), ("own", Trust()), ("own", Trust(ca=CA))),
    *(("elsewhere", Trust(ca=CA)), ("expired", Trust(ca=CA))),
    *(("camera", pinned("own")), ("own", pinned("camera")), ("camera", Trust(ca="/nowhere"))),
]


def stream(camera: Camera, trust: Trust, login: Login | None = LOGIN) -> Stream:
    return Stream("main", camera.url, login, trust=trust)


@pytest.mark.parametrize(("certificate", "trust"), WELL)
@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_camera_that_proves_who_it_is_is_shown(
    certificate: str, trust: Trust, scheme: str
) -> None:
    with scripted(Habits(scheme=scheme, certificate=certificate)) as camera:
        calling = call_of(stream(camera, trust))
        with contextlib.closing(calling.call()) as connection:
            coming = connection.packets()
            assert [next(coming).size_bytes > 0 for _ in range(6)] == [True] * 6
        assert Carrier.UNPROVEN not in calling.carrier


@pytest.mark.parametrize(("certificate", "trust"), STRANGERS)
def test_a_stranger_hears_nothing(certificate: str, trust: Trust) -> None:
    with scripted(Habits(scheme="basic", certificate=certificate)) as camera:
        with pytest.raises(UntrustedError) as raised:
            call_of(stream(camera, trust)).call()
        assert camera.requests == []
    assert raised.value.reason is Reason.CERTIFICATE
    assert raised.value.fingerprint == ("" if trust.ca == "/nowhere" else fingerprint(certificate))


@pytest.mark.parametrize(("certificate", "trust"), STRANGERS)
def test_nor_does_a_web_server(certificate: str, trust: Trust) -> None:
    with WebCamera(whole(JPEG), certificate=certificate) as server:
        source = Stream("main", server.url(), LOGIN, trust=trust)
        for attempt in (call_of(source).call, lambda: fetch(source)):
            with pytest.raises(UntrustedError):
                attempt()
        assert server.asked == []


@pytest.mark.parametrize(("certificate", "trust"), WELL)
def test_a_web_server_that_proves_who_it_is(certificate: str, trust: Trust) -> None:
    for answer in (whole(JPEG), unmeasured(JPEG)):
        with WebCamera(answer, certificate=certificate) as server:
            assert fetch(Stream("main", server.url(), trust=trust)) == JPEG


def test_the_system_decides_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", CA)
    monkeypatch.setattr("wallctl.media.network.tls._system", ssl.create_default_context)
    with WebCamera(whole(JPEG), certificate="camera") as server:
        assert fetch(Stream("main", server.url())) == JPEG


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_anybody_may_be_a_camera_of_an_insecure_site_and_gets_no_password_in_clear(
    scheme: str,
) -> None:
    with scripted(Habits(scheme=scheme, certificate="own")) as camera:
        calling = call_of(stream(camera, BLIND))
        if scheme == "digest":
            calling.call().close()
        else:
            with pytest.raises(SourceError) as raised:
                calling.call()
            assert raised.value.reason is Reason.LOGIN_IN_CLEAR
            assert camera.logins() == []
        assert Carrier.UNPROVEN in calling.carrier


def test_a_server_that_speaks_no_tls() -> None:
    def answer(server: socket.socket) -> None:
        peer, _ = server.accept()
        with peer:
            peer.recv(1000)
            peer.sendall(b"RTSP/1.0 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        url = f"rtsps://127.0.0.1:{server.getsockname()[1]}/1"
        with pytest.raises(OSError) as raised:
            call_of(Stream("main", url, LOGIN)).call()
    assert reason_of(raised.value) is Reason.OTHER_PROTOCOL


def test_a_private_line_is_not_left() -> None:
    with scripted() as there, scripted(Habits(certificate="own", redirect=there.url)) as camera:
        with pytest.raises(SourceError) as raised:
            call_of(stream(camera, pinned("own"))).call()
        assert raised.value.reason is Reason.REDIRECTED
        assert there.requests == []
