"""Where a redirect or a location leads a call, and which machines get the login."""

import contextlib
import socket
import threading

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.camera_calls import HERE, caller, fault, shown
from tests.support.scripted_camera import PASSWORD, USER, Habits, scripted
from wallctl.media.network.camera_address import (
    MOST_REDIRECTS,
    Address,
    address_of,
    follow_redirect,
)
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

ELSEWHERE = "127.0.0.2"


@pytest.mark.parametrize("scheme", ["", "basic", "digest"])
def test_a_redirect_on_one_machine_takes_the_login_along(scheme: str) -> None:
    with (
        scripted(Habits(scheme="digest", algorithm="SHA-256")) as there,
        scripted(Habits(scheme=scheme, redirect=there.url)) as camera,
    ):
        shown(caller(camera.url))


def test_a_redirect_may_bring_a_login() -> None:
    with scripted(Habits(scheme="digest", user="viewer", password="K:7")) as there:
        location = there.url.replace("//", "//viewer:K%3A7@")
        with scripted(Habits(redirect=location)) as camera:
            shown(caller(camera.url, None))
            assert not camera.logins()


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp", "http"])
def test_no_login_goes_to_a_machine_that_it_does_not_name(scheme: str) -> None:
    heard = bytearray()

    def listen(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                with server.accept()[0] as peer:
                    heard.extend(peer.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=listen, args=(server,), daemon=True).start()
        url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/a"
        login = Login(USER, PASSWORD, ("192.0.2.1",), basic=True)
        fault(caller(url, login))
    assert PASSWORD.encode() not in heard
    assert USER.encode() not in heard


@pytest.mark.parametrize("scheme", ["basic", "digest"])
@pytest.mark.parametrize("first", ["", "basic", "digest"])
def test_no_login_follows_to_another_machine(first: str, scheme: str) -> None:
    with (
        scripted(Habits(scheme=scheme), ELSEWHERE) as there,
        scripted(Habits(scheme=first, redirect=there.url)) as camera,
    ):
        assert fault(caller(camera.url)) is Reason.LOGIN_WITHHELD
        assert there.logins() == []


def test_but_to_one_that_the_login_names() -> None:
    with (
        scripted(Habits(scheme="basic"), ELSEWHERE) as there,
        scripted(Habits(scheme="digest", redirect=there.url)) as camera,
    ):
        shown(caller(camera.url, Login(USER, PASSWORD, (*HERE, ELSEWHERE), basic=True)))


def test_another_machine_without_a_login_is_followed() -> None:
    with scripted(host=ELSEWHERE) as there, scripted(Habits(redirect=there.url)) as camera:
        shown(caller(camera.url))
        assert there.logins() == []


def test_a_circle_is_left_after_some_calls() -> None:
    with scripted() as camera:
        camera.habits.redirect = camera.url
        assert fault(caller(camera.url)) is Reason.REDIRECTED
        assert camera.calls == 1 + MOST_REDIRECTS


@pytest.mark.parametrize(
    "location",
    [
        *(
            "",
            "http://127.0.0.1/x",
            "rtsp://h:99999/x",
            "rtsp://[::1/x",
            "file:///etc",
        ),
        *("rtsp://h:x/y", "rtsp://h/" + "a" * 3000, "unix:/run/x", "rtsp://a\tb/"),
    ],
)
def test_a_location_that_is_none(location: str) -> None:
    with pytest.raises(SourceError) as raised:
        follow_redirect(address_of(OWN), location, OWN)
    assert raised.value.reason is Reason.REDIRECTED


OWN = Stream("main", "rtsp://h:8554/a/b?c=1", Login(USER, PASSWORD, ("h", "192.0.2.0/24")))


def test_a_private_line_is_never_left_for_an_open_one() -> None:
    private = msgspec.structs.replace(OWN, url="rtsps://h/1")
    with pytest.raises(SourceError) as raised:
        follow_redirect(address_of(private), "rtsp://h/2", private)
    assert raised.value.reason is Reason.REDIRECTED
    there = follow_redirect(address_of(OWN), "rtsps://h/3", OWN)
    assert follow_redirect(there, "/4", OWN).login == OWN.login


def test_a_relative_location() -> None:
    there = follow_redirect(address_of(OWN), "/real/2", OWN)
    assert there == Address("rtsp://h:8554/real/2", OWN.login)


@pytest.mark.parametrize(
    ("host", "given"),
    [
        *(("h", True), ("H.", True), ("192.0.2.9", True), ("[::ffff:192.0.2.9]", True)),
        *(("hh", False), ("h.h", False), ("192.0.3.9", False), ("[::1]", False)),
        *(("3221225993", False), ("0xc0.0.2.9", False), ("192.0.2.9.", False)),
    ],
)
def test_a_login_is_for_the_machines_that_it_names(host: str, given: bool) -> None:
    address = address_of(msgspec.structs.replace(OWN, url=f"rtsp://{host}/1"))
    assert (address.login == OWN.login, address.withheld) == (given, not given)
    there = follow_redirect(Address("rtsp://elsewhere/"), f"//{host}/1", OWN)
    assert (there.login == OWN.login, there.withheld) == (given, not given)


@given(st.text())
def test_any_location_is_an_address_or_a_reason(location: str) -> None:
    try:
        there = follow_redirect(address_of(OWN), location, OWN)
    except SourceError:
        return
    assert there.scheme in ("rtsp", "rtsps")
    assert there.login is None or there.host == "h" or there.login != OWN.login
