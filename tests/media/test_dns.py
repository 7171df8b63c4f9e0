"""Names of machines: a name server that says nothing costs seconds, and never the worker."""

import socket
import threading
import time

import pytest

from wallctl.media.network.dns import Names
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.streams.health import Reason


def refused(names: Names, host: str) -> Reason:
    with pytest.raises(SourceError) as raised:
        names.check(host)
    return raised.value.reason


@pytest.mark.parametrize("host", ["", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "localhost"])
def test_addresses_and_known_names(host: str) -> None:
    Names().check(host)


@pytest.mark.parametrize("host", ["camera.invalid", "a" * 70, "a..b"])
def test_a_name_without_an_address(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "x")

    if host == "camera.invalid":
        monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert refused(Names(), host) is Reason.NAME_UNKNOWN


def test_a_silent_name_server_is_asked_once_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answered = list[str](), threading.Event()

    def silent(host: str, *_: object, **__: object) -> list[str]:
        asked.append(host)
        answered.wait(5)
        return ["address"]

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    names, began = Names(wait_s=0.05), time.monotonic()
    for _ in range(3):
        assert refused(names, "camera.lan") is Reason.NAME_UNKNOWN
    assert time.monotonic() - began < 2
    assert asked == ["camera.lan"]
    answered.set()
    names.check("camera.lan")
