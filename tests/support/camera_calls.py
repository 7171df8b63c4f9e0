"""Calls of scripted cameras: what they give, and why they give nothing."""

import pytest

from tests.support.scripted_camera import PASSWORD, USER
from wallctl.media.sources.failure_reason import reason_of
from wallctl.media.sources.kinds import call_of
from wallctl.media.sources.source_interface import Call
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream, Transport
from wallctl.model.streams.health import Reason

HERE = ("127.0.0.1",)
LOGIN = Login(USER, PASSWORD, HERE, basic=True)


def caller(
    url: str, login: Login | None = LOGIN, transport: Transport = Transport.TCP, name: str = ""
) -> Call:
    return call_of(Stream("main", url, login, transport), name)


def shown(calling: Call, packets: int = 4) -> None:
    """The camera gives packets."""
    connection = calling.call()
    try:
        coming = connection.packets()
        for _ in range(packets):
            next(coming)
    finally:
        connection.close()


def fault(calling: Call) -> Reason:
    with pytest.raises(Exception) as raised:
        calling.call()
    return reason_of(raised.value)
